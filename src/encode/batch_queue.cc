#include "encode/batch_queue.h"

#include <algorithm>

namespace tarn::encode {

struct BatchQueue::Call {
  const size_t batches;
  const base::Context& context;
  const Work& work;
  std::deque<Call*>& line;
  size_t next = 0;     // the batch that begins next
  size_t running = 0;  // batches that have begun and not ended
  base::Status failure = {};
  std::condition_variable ended = {};

  bool is_done() const { return next == batches && running == 0; }
};

BatchQueue::BatchQueue(size_t streams) {
  for (size_t s = 0; s < streams; ++s) streams_.emplace_back([this, s] { serve(s); });
}

BatchQueue::~BatchQueue() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  wake_.notify_all();
  for (std::thread& stream : streams_) stream.join();
}

base::Status BatchQueue::run(size_t batches, Urgency urgency, const base::Context& context, const Work& work) {
  if (batches == 0) return {};
  std::unique_lock lock(mutex_);
  Call call{batches, context, work, urgency == Urgency::urgent ? urgent_ : bulk_};
  call.line.push_back(&call);
  wake_.notify_all();
  while (!call.is_done()) {
    call.ended.wait_for(lock, kCancelPoll);
    if (call.next == batches) continue;
    if (base::Status status = context.check(); !status.ok()) drop(&call, std::move(status));
  }
  return call.failure;
}

size_t BatchQueue::waiting() const {
  const std::lock_guard lock(mutex_);
  return urgent_.size() + bulk_.size();
}

void BatchQueue::serve(size_t stream) {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return closing_ || !urgent_.empty() || !bulk_.empty(); });
    if (closing_) return;
    Call* const call = take();
    const size_t batch = call->next++;
    ++call->running;
    if (call->next < call->batches) call->line.push_back(call);
    lock.unlock();
    base::Status status = call->context.check();
    if (status.ok()) status = call->work(stream, batch);
    lock.lock();
    --call->running;
    if (!status.ok()) drop(call, std::move(status));
    // Under the lock: the caller's stack holds the call, and goes on only when it has the lock.
    if (call->is_done()) call->ended.notify_one();
  }
}

BatchQueue::Call* BatchQueue::take() {
  const bool bulk_waits = !bulk_.empty();
  const bool bulk = bulk_waits && (urgent_.empty() || urgent_run_ == kUrgentRun);
  urgent_run_ = bulk || !bulk_waits ? 0 : urgent_run_ + 1;
  std::deque<Call*>& line = bulk ? bulk_ : urgent_;
  Call* const call = line.front();
  line.pop_front();
  return call;
}

void BatchQueue::drop(Call* call, base::Status why) {
  if (call->failure.ok()) call->failure = std::move(why);
  call->next = call->batches;
  std::erase(call->line, call);
}

}  // namespace tarn::encode
