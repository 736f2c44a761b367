#include "duck/cancel_watch.h"

#include <chrono>
#include <utility>

namespace tarn::duck {
namespace {

constexpr auto kCancelPoll = std::chrono::milliseconds(20);

}  // namespace

CancelWatch::CancelWatch(Connection& connection, const base::Context& context)
    : CancelWatch([&connection] { connection.interrupt(); }, context) {}

CancelWatch::CancelWatch(std::function<void()> interrupt, const base::Context& context) {
  if (context.cancel == nullptr && !context.deadline) return;
  thread_ = std::thread([this, interrupt = std::move(interrupt), &context] {
    std::unique_lock lock(mutex_);
    while (!done_.wait_for(lock, kCancelPoll, [this] { return over_; })) {
      if (context.stopped()) interrupt();
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

}  // namespace tarn::duck
