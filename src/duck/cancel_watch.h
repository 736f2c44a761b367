// Interrupts what runs on a connection while a context is stopped (cancelled, or past its deadline); asks every 20 ms,
// again and again, because an interrupt that comes between two statements is lost. Until it is destroyed.
// Errors:  none; without a cancel and a deadline it does nothing. The statement says cancelled: Context::reason() says
//          why.
// Threads: `interrupt` is called from a thread of its own.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "base/progress.h"
#include "duck/connection.h"

namespace tarn::duck {

class CancelWatch {
 public:
  // Both outlive it.
  CancelWatch(Connection& connection, const base::Context& context);
  CancelWatch(std::function<void()> interrupt, const base::Context& context);
  ~CancelWatch();
  CancelWatch(const CancelWatch&) = delete;
  CancelWatch& operator=(const CancelWatch&) = delete;

 private:
  std::mutex mutex_;
  std::condition_variable done_;
  bool over_ = false;
  std::thread thread_;
};

}  // namespace tarn::duck
