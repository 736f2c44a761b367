#include "worker/pool.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "worker/call.h"
#include "worker/frame.h"
#include "worker/process.h"

namespace tarn::worker {
namespace {

class ProcessPool final : public Pool {
 public:
  ProcessPool(int count, const std::optional<Limits>& limits)
      : limits_(limits), slots_(static_cast<size_t>(std::max(count, 1))) {
    for (size_t i = 0; i < slots_.size(); ++i) free_.push_back(i);
    keeper_ = std::thread([this] { keep(); });
  }

  ~ProcessPool() override {
    {
      std::lock_guard lock(mutex_);
      TARN_CHECK(free_.size() == slots_.size());
      stopping_ = true;
    }
    changed_.notify_all();
    keeper_.join();
  }

  base::Result<std::string> run(std::string_view job, std::string_view request) override {
    TARN_ASSIGN(const auto call, start(job, request, {}));
    for (;;) {
      TARN_ASSIGN(const auto message, call->receive());
      if (!message) return call->reply();
    }
  }

  base::Result<std::unique_ptr<Call>> start(std::string_view job, std::string_view request,
                                            const std::optional<Limits>& given) override {
    if (job.size() > kMaxTextBytes) return base::Status(base::Code::internal, "a job's name is too long");
    const Limits limits = given ? *given : limits_ ? *limits_ : declared_limits(job);
    const size_t index = take(limits);
    Slot& slot = slots_[index];
    if (slot.process && !(slot.process->fits(limits) && slot.process->idle_and_alive())) slot.process.reset();
    if (!slot.process) {
      std::unique_lock lock(mutex_);
      slot.wanted = limits;
      changed_.notify_all();
      changed_.wait(lock, [&] { return !slot.wanted; });
    }
    if (!slot.process) {
      base::Status failure = slot.failure;
      give(index, nullptr);
      return failure;
    }
    slot.process->begin(limits);
    return make_call(std::move(slot.process), job, request,
                     [this, index](std::unique_ptr<Process> process) { give(index, std::move(process)); });
  }

 private:
  struct Slot {
    std::unique_ptr<Process> process;
    std::optional<Limits> wanted;  // a process with these is to be started by the keeper
    base::Status failure;          // why it could not be
  };

  // The last one used whose process fits; else one without a process, so that none is ended for nothing; else any.
  size_t take(const Limits& limits) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !free_.empty(); });
    const auto find = [&](const auto& good) { return std::find_if(free_.rbegin(), free_.rend(), good); };
    auto chosen = find([&](size_t i) { return slots_[i].process && slots_[i].process->fits(limits); });
    if (chosen == free_.rend()) chosen = find([&](size_t i) { return !slots_[i].process; });
    if (chosen == free_.rend()) chosen = free_.rbegin();
    const size_t slot = *chosen;
    free_.erase(std::next(chosen).base());
    return slot;
  }

  void give(size_t slot, std::unique_ptr<Process> process) {
    {
      std::lock_guard lock(mutex_);
      slots_[slot].process = std::move(process);
      free_.push_back(slot);
    }
    changed_.notify_all();
  }

  // All workers are spawned by this thread, which lives as long as the pool: the kernel ends a worker with the thread
  // that made it.
  void keep() {
    std::unique_lock lock(mutex_);
    for (;;) {
      auto wanted = std::find_if(slots_.begin(), slots_.end(), [](const Slot& s) { return s.wanted.has_value(); });
      if (wanted == slots_.end()) {
        if (stopping_) break;
        changed_.wait(lock);
        continue;
      }
      const Limits limits = *wanted->wanted;
      lock.unlock();
      auto process = Process::spawn(limits);
      lock.lock();
      wanted->failure = process.status();
      if (process.ok()) wanted->process = std::move(process).value();
      wanted->wanted.reset();
      changed_.notify_all();
    }
    slots_.clear();
  }

  const std::optional<Limits> limits_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Slot> slots_;
  std::vector<size_t> free_;
  bool stopping_ = false;
  std::thread keeper_;
};

}  // namespace

std::unique_ptr<Pool> make_pool(int count, const std::optional<Limits>& limits) {
  return std::make_unique<ProcessPool>(count, limits);
}

}  // namespace tarn::worker
