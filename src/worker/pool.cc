#include "worker/pool.h"

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <thread>
#include <vector>

#include "worker/frame.h"
#include "worker/process.h"

namespace tarn::worker {
namespace {

void say_once_that_there_is_no_filter(const std::string& why) {
  static std::once_flag said;
  std::call_once(said, [&] {
    std::fprintf(stderr, "warning: workers run without a system call filter (seccomp: %s)\n", why.c_str());
  });
}

class ProcessPool final : public Pool {
 public:
  ProcessPool(int count, const Limits& limits) : limits_(limits), slots_(static_cast<size_t>(std::max(count, 1))) {
    for (size_t i = 0; i < slots_.size(); ++i) free_.push_back(i);
    keeper_ = std::thread([this] { keep(); });
  }

  ~ProcessPool() override {
    {
      std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    keeper_.join();
  }

  base::Result<std::string> run(std::string_view job, std::string_view request) override {
    if (job.size() > kMaxNameBytes) return base::Status(base::Code::internal, "a job's name is too long");
    size_t slot = take();
    auto result = run_in(slot, job, request);
    give(slot);
    return result;
  }

 private:
  struct Slot {
    std::unique_ptr<Process> process;
    bool wanted = false;   // its process is to be started by the keeper
    base::Status failure;  // why it could not be
  };

  size_t take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !free_.empty(); });
    size_t slot = free_.back();  // the last one used: its process is warm
    free_.pop_back();
    return slot;
  }

  void give(size_t slot) {
    {
      std::lock_guard lock(mutex_);
      free_.push_back(slot);
    }
    changed_.notify_all();
  }

  base::Result<std::string> run_in(size_t index, std::string_view job, std::string_view request) {
    Slot& slot = slots_[index];
    if (slot.process && !slot.process->idle_and_alive()) slot.process.reset();
    if (!slot.process) {
      std::unique_lock lock(mutex_);
      slot.wanted = true;
      changed_.notify_all();
      changed_.wait(lock, [&] { return !slot.wanted; });
      if (!slot.process) return slot.failure;
    }
    bool usable = false;
    auto result = slot.process->exchange(job, request, &usable);
    if (!usable) slot.process.reset();
    return result;
  }

  // All workers are spawned by this thread, which lives as long as the pool: the kernel ends a worker with the thread that made it.
  void keep() {
    std::unique_lock lock(mutex_);
    for (;;) {
      auto wanted = std::find_if(slots_.begin(), slots_.end(), [](const Slot& s) { return s.wanted; });
      if (wanted == slots_.end()) {
        if (stopping_) break;
        changed_.wait(lock);
        continue;
      }
      lock.unlock();
      std::string why_no_filter;
      auto process = Process::spawn(limits_, &why_no_filter);
      if (process.ok() && !why_no_filter.empty()) say_once_that_there_is_no_filter(why_no_filter);
      lock.lock();
      wanted->failure = process.status();
      if (process.ok()) wanted->process = std::move(process).value();
      wanted->wanted = false;
      changed_.notify_all();
    }
    slots_.clear();
  }

  const Limits limits_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Slot> slots_;
  std::vector<size_t> free_;
  bool stopping_ = false;
  std::thread keeper_;
};

}  // namespace

std::unique_ptr<Pool> make_pool(int count, const Limits& limits) {
  return std::make_unique<ProcessPool>(count, limits);
}

}  // namespace tarn::worker
