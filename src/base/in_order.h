// Does work in several threads and hands the results out in the order in which the tasks came.
// Limits:  at most `ahead` tasks that are not handed out, and `bytes` of them, but always one; no further one is begun
//          while results of more than `bytes` wait to be. put() hands out the oldest when there are as many.
// Errors:  what `ready` returned; what Context::check() says while the oldest is waited for. Then nothing more is
//          handed out: the destructor waits for the work that is under way and drops the rest.
// Threads: put() and finish() belong to one thread, in which `ready` is called; `work` is called in the others.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/progress.h"
#include "base/status.h"

namespace tarn::base {

template <typename Task, typename Made>
class InOrder {
 public:
  struct Limits {
    size_t threads = 1, ahead = 64;
    uint64_t bytes = uint64_t{128} << 20;
  };
  using Work = std::function<Made(Task&)>;
  // What it holds in memory: a task when it is put, a result when it is made.
  struct Size {
    std::function<uint64_t(const Task&)> of_task = [](const Task&) { return uint64_t{0}; };
    std::function<uint64_t(const Made&)> of_result = [](const Made&) { return uint64_t{0}; };
  };
  using Ready = std::function<Status(Task, Made)>;

  InOrder(const Limits& limits, Work work, Size size, Ready ready)
      : limits_(limits), work_(std::move(work)), size_(std::move(size)), ready_(std::move(ready)) {
    TARN_CHECK(limits.threads > 0 && limits.ahead > 0);
  }
  ~InOrder() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }
  InOrder(const InOrder&) = delete;
  InOrder& operator=(const InOrder&) = delete;

  Status put(Task task, const Context& context) {
    const uint64_t bytes = size_.of_task(task);
    while (slots_.size() >= limits_.ahead || (!slots_.empty() && task_bytes_ + bytes > limits_.bytes)) {
      TARN_TRY(hand_out(context));
    }
    auto slot = std::make_shared<Slot>(std::move(task), bytes);
    task_bytes_ += bytes;
    slots_.push_back(slot);
    {
      const std::lock_guard lock(mutex_);
      todo_.push_back(std::move(slot));
    }
    changed_.notify_all();
    // A thread for each task until there are all of them: little work needs few.
    if (threads_.size() < limits_.threads) threads_.emplace_back([this] { run(); });
    return {};
  }
  Status finish(const Context& context) {
    while (!slots_.empty()) TARN_TRY(hand_out(context));
    return {};
  }

 private:
  struct Slot {
    Slot(Task t, uint64_t task_bytes) : task(std::move(t)), bytes(task_bytes) {}
    Task task;
    const uint64_t bytes;
    std::optional<Made> made;  // nothing while it is waited for
  };

  void run() {
    for (;;) {
      std::shared_ptr<Slot> slot;
      {
        std::unique_lock lock(mutex_);
        // Tasks are begun in their order, so the oldest never waits for the room that only it can make.
        changed_.wait(lock, [&] { return stop_ || (!todo_.empty() && waiting_bytes_ <= limits_.bytes); });
        if (stop_) return;
        slot = std::move(todo_.front());
        todo_.pop_front();
      }
      Made made = work_(slot->task);
      {
        const std::lock_guard lock(mutex_);
        waiting_bytes_ += size_.of_result(made);
        slot->made.emplace(std::move(made));
      }
      changed_.notify_all();
    }
  }

  Status hand_out(const Context& context) {
    const std::shared_ptr<Slot> slot = slots_.front();
    {
      std::unique_lock lock(mutex_);
      while (!slot->made) {
        TARN_TRY(context.check());
        changed_.wait_for(lock, std::chrono::milliseconds(50));
      }
      waiting_bytes_ -= size_.of_result(*slot->made);
    }
    changed_.notify_all();
    slots_.pop_front();
    task_bytes_ -= slot->bytes;
    TARN_TRY(context.check());
    return ready_(std::move(slot->task), std::move(*slot->made));
  }

  const Limits limits_;
  const Work work_;
  const Size size_;
  const Ready ready_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<Slot>> slots_;  // oldest first; of the caller's thread alone
  std::deque<std::shared_ptr<Slot>> todo_;
  uint64_t task_bytes_ = 0;     // of slots_; of the caller's thread alone
  uint64_t waiting_bytes_ = 0;  // of results
  bool stop_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace tarn::base
