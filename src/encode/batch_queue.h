// The batches of many callers on a fixed number of streams.
// Order:   urgent batches before bulk ones: an urgent call waits for a running bulk batch at most. Callers of one class
//          take turns, one batch each. While bulk batches wait, at most kUrgentRun urgent ones begin in a row, so that
//          a flood of queries slows a pull and does not stop it.
// Errors:  a call gets the first failure of its own batches, or cancelled; then those of its batches that have not
//          begun never begin. Other calls go on.
// Threads: run() from any thread. Each stream is a thread, which runs one batch at a time.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/progress.h"
#include "base/status.h"
#include "encode/encoder.h"

namespace tarn::encode {

class BatchQueue {
 public:
  static constexpr size_t kUrgentRun = 32;
  // A caller whose batches do not begin hears of its cancel after this time.
  static constexpr std::chrono::milliseconds kCancelPoll{20};

  explicit BatchQueue(size_t streams);
  ~BatchQueue();  // no run() is under way
  BatchQueue(const BatchQueue&) = delete;
  BatchQueue& operator=(const BatchQueue&) = delete;

  using Work = std::function<base::Status(size_t stream, size_t batch)>;
  // Calls `work` for each batch from 0 to `batches` − 1 once, several at once; returns when none of them runs any more.
  base::Status run(size_t batches, Urgency urgency, const base::Context& context, const Work& work);

  // Calls with batches that have not begun.
  size_t waiting() const;

 private:
  struct Call;

  void serve(size_t stream);
  Call* take();
  void drop(Call* call, base::Status why);

  mutable std::mutex mutex_;  // over all below
  std::condition_variable wake_;
  std::deque<Call*> urgent_, bulk_;  // with batches that have not begun; the front one's turn is next
  size_t urgent_run_ = 0;            // urgent batches begun in a row while bulk ones waited
  bool closing_ = false;
  std::vector<std::thread> streams_;
};

}  // namespace tarn::encode
