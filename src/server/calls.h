// Tool calls that run beside the reading of messages, so that a cancellation can reach them.
// Shape:   a call's id is free before its reply goes out: a client may use it again as soon as it has read that.
// Threads: start(), cancel() and drain() from the reading thread; each call runs on a thread of the pool.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/progress.h"
#include "json/value.h"

namespace tarn::server {

class Calls {
 public:
  using Deliver = std::function<void()>;  // sends the reply; none for a call that was cancelled
  using Work = std::function<Deliver(const base::Cancel& cancel)>;
  Calls(size_t threads, size_t max_waiting) : max_threads_(threads), max_waiting_(max_waiting) {}
  ~Calls();
  Calls(const Calls&) = delete;
  Calls& operator=(const Calls&) = delete;

  enum class Started { yes, full, taken };  // taken: a call of this id is under way
  Started start(const json::Value& id, Work work);
  void cancel(const json::Value& id);  // nothing when there is no such call
  bool drain(std::chrono::milliseconds patience);

 private:
  struct Call {
    json::Value id;
    Work work;
    base::Cancel cancel;
    bool running = false;
  };
  void run();

  const size_t max_threads_, max_waiting_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::list<Call> calls_;  // waiting and running, oldest first
  std::vector<std::thread> threads_;
  size_t idle_ = 0, delivering_ = 0;
  bool ending_ = false;
};

}  // namespace tarn::server
