#include "server/calls.h"

#include <algorithm>

namespace tarn::server {

Calls::~Calls() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    calls_.remove_if([](const Call& call) { return !call.running; });
    for (Call& call : calls_) call.cancel.request();
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

Calls::Started Calls::start(const json::Value& id, Work work) {
  {
    const std::lock_guard lock(mutex_);
    size_t waiting = 0;
    for (const Call& call : calls_) {
      if (call.id == id) return Started::taken;
      waiting += call.running ? 0 : 1;
    }
    if (waiting >= max_waiting_) return Started::full;
    Call& call = calls_.emplace_back();
    call.id = id;
    call.work = std::move(work);
    if (waiting + 1 > idle_ && threads_.size() < max_threads_) threads_.emplace_back([this] { run(); });
  }
  changed_.notify_all();
  return Started::yes;
}

void Calls::cancel(const json::Value& id) {
  const std::lock_guard lock(mutex_);
  for (Call& call : calls_) {
    if (call.id == id) call.cancel.request();
  }
}

bool Calls::drain(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, patience, [&] { return calls_.empty() && delivering_ == 0; });
}

void Calls::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    const auto next = [&] {
      return std::find_if(calls_.begin(), calls_.end(), [](const Call& call) { return !call.running; });
    };
    ++idle_;
    changed_.wait(lock, [&] { return ending_ || next() != calls_.end(); });
    --idle_;
    if (ending_) return;
    const auto call = next();
    call->running = true;
    Work work = std::move(call->work);
    lock.unlock();
    Deliver deliver = work(call->cancel);
    lock.lock();
    calls_.erase(call);
    ++delivering_;
    lock.unlock();
    if (deliver) deliver();
    deliver = nullptr;  // and with the work goes its share of a batch, which the last one sends
    work = nullptr;
    lock.lock();
    --delivering_;
    changed_.notify_all();
  }
}

}  // namespace tarn::server
