#include "worker/call.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <limits>
#include <mutex>

#include "worker/frame.h"

namespace tarn::worker {
namespace {

using base::Code;
using base::Status;

constexpr int64_t kForever = std::numeric_limits<int64_t>::max();

int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

void say_once_that_there_is_no_filter(const std::string& why) {
  static std::once_flag said;
  std::call_once(said, [&] {
    std::fprintf(stderr, "warning: workers run without a system call filter (seccomp: %s)\n", why.c_str());
  });
}

class ProcessCall final : public Call {
 public:
  ProcessCall(std::unique_ptr<Process> process, std::string_view job, std::string_view request, GiveBack give_back)
      : process_(std::move(process)), job_(job), give_back_(std::move(give_back)), limits_(process_->limits()) {
    allow(process_->greeted ? limits_.job_timeout_ms : kStartTimeoutMs);
    // What went wrong shows when something is received.
    cut_short_ = send_start(process_->fd(), job_, request, patience()) != Transfer::done;
  }

  ~ProcessCall() override {
    cancel();
    for (;;) {
      const auto rest = receive();
      if (!rest.ok() || !*rest) return;
    }
  }

  Status send(std::string_view message) override { return send_kind(FrameKind::data, message); }
  Status end() override { return send_kind(FrameKind::end, {}); }

  base::Result<std::optional<std::string>> receive() override {
    while (!over_) {
      Frame frame;
      Transfer got = Transfer::timed_out;
      // Asked here as well: a worker that always has something to say is never waited for.
      if (left_ms() > 0) got = receive_frame(process_->fd(), limits_.reply_bytes, patience(), &frame);
      if (got != Transfer::done) {
        finish(why_it_failed(got), false);
      } else if (frame.kind == FrameKind::data && process_->greeted) {
        return std::optional(std::move(frame.body));
      } else if (frame.kind == FrameKind::result && process_->greeted) {
        reply_ = std::move(frame.body);
        finish(frame.status(), true);
      } else if (frame.kind == FrameKind::greeting && !process_->greeted) {
        process_->greeted = true;
        if (!frame.text.empty()) say_once_that_there_is_no_filter(frame.text);
        allow(limits_.job_timeout_ms);
      } else {
        finish(why_it_failed(Transfer::malformed), false);
      }
    }
    TARN_TRY(result_);
    return std::optional<std::string>();
  }

  const std::string& reply() const override { return reply_; }

  void cancel() override {
    if (over_) return;
    if (!cancelled_.exchange(true)) grace_end_ = now_ms() + kCancelGraceMs;
    static_cast<void>(send_kind(FrameKind::cancel, {}));
  }

  void allow(int ms) override {
    allowed_ms_ = ms;
    deadline_ = ms > 0 ? now_ms() + ms : kForever;
  }

 private:
  int64_t left_ms() const { return std::min(deadline_.load(), grace_end_.load()) - now_ms(); }
  Patience patience() {
    return [this] { return left_ms(); };
  }

  Status send_kind(FrameKind kind, std::string_view body) {
    const std::lock_guard lock(sending_);
    if (!over_ && !cut_short_) {
      if (send_frame(process_->fd(), kind, {}, body, patience()) == Transfer::done) return base::ok();
      cut_short_ = true;
    }
    return {Code::unavailable, "job '" + job_ + "': the call is over"};
  }

  Status why_it_failed(Transfer how) {
    switch (how) {
      case Transfer::timed_out:
        if (cancelled_) {
          return {Code::cancelled, "job '" + job_ + "': stopped on request; it did not end within " +
                                       std::to_string(kCancelGraceMs) + " ms, and its worker was killed"};
        }
        if (!process_->greeted) return {Code::internal, "a worker did not start: it did not greet"};
        return {Code::exhausted,
                "job '" + job_ + "': over the limit job_timeout_ms (" + std::to_string(allowed_ms_) + ")"};
      case Transfer::malformed:
        return {Code::internal, "job '" + job_ + "': the worker's reply is no frame"};
      case Transfer::too_large:
        return reply_too_large(job_, limits_.reply_bytes);
      case Transfer::closed:
      case Transfer::done:
        break;
    }
    return process_->describe_death(job_);
  }

  // The process is another call's from here on. A thread that sends has let go of it: the worker reads to the end of a
  // message, or time is over, or the socket is closed.
  void finish(Status result, bool usable) {
    result_ = std::move(result);
    const std::lock_guard lock(sending_);
    over_ = true;
    if (!usable || cut_short_) process_.reset();
    give_back_(std::move(process_));
  }

  std::unique_ptr<Process> process_;
  const std::string job_;
  const GiveBack give_back_;
  const Limits limits_;
  std::mutex sending_;
  bool cut_short_ = false;  // a frame to the worker was not sent whole: nothing can follow it
  std::atomic<int64_t> deadline_{kForever}, grace_end_{kForever};
  std::atomic<int> allowed_ms_{0};
  std::atomic<bool> cancelled_{false}, over_{false};
  Status result_;
  std::string reply_;
};

}  // namespace

std::unique_ptr<Call> make_call(std::unique_ptr<Process> process, std::string_view job, std::string_view request,
                                GiveBack give_back) {
  return std::make_unique<ProcessCall>(std::move(process), job, request, std::move(give_back));
}

}  // namespace tarn::worker
