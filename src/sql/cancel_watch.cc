#include "sql/cancel_watch.h"

#include <chrono>
#include <utility>

namespace tarn::sql {
namespace {

constexpr auto kCancelPoll = std::chrono::milliseconds(20);

}  // namespace

CancelWatch::CancelWatch(std::function<void()> interrupt, const base::Cancel* cancel) {
  if (!cancel) return;
  thread_ = std::thread([this, interrupt = std::move(interrupt), cancel] {
    std::unique_lock lock(mutex_);
    while (!done_.wait_for(lock, kCancelPoll, [this] { return over_; })) {
      if (cancel->requested()) interrupt();
    }
  });
}

CancelWatch::~CancelWatch() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  done_.notify_one();
  thread_.join();
}

}  // namespace tarn::sql
