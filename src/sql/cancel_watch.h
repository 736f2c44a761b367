// Interrupts a statement while a cancel is requested; asks every 20 ms, again and again, because an interrupt that comes between two
// statements is lost. Until it is destroyed.
// Errors:  none; without a cancel it does nothing.
// Threads: `interrupt` is called from a thread of its own.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "base/progress.h"

namespace tarn::sql {

class CancelWatch {
 public:
  CancelWatch(std::function<void()> interrupt, const base::Cancel* cancel);
  ~CancelWatch();
  CancelWatch(const CancelWatch&) = delete;
  CancelWatch& operator=(const CancelWatch&) = delete;

 private:
  std::mutex mutex_;
  std::condition_variable done_;
  bool over_ = false;
  std::thread thread_;
};

}  // namespace tarn::sql
