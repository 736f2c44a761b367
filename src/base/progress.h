// How long work tells how far it is, how it learns that it should stop, and for whom it is done. One Context goes down
// by argument from the face that took the call; nothing keeps it past the call.
// Errors:  check() gives cancelled when it was asked to stop, exhausted when its time is over; once it fails, it fails
//          for good.
// Threads: all of it is called from any thread.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"

namespace tarn::base {

class Progress {
 public:
  virtual ~Progress() = default;
  // `total` is 0 when it is not known. `unit` is a plural noun: "documents", "passages". Until another phase is named,
  // or the same one begins again with `done` 0 (the next file), `done` never goes down and `total` stays.
  virtual void update(std::string_view phase, uint64_t done, uint64_t total, std::string_view unit) = 0;
};

class Cancel {
 public:
  virtual ~Cancel() = default;
  void request() { requested_.store(true, std::memory_order_relaxed); }  // also from a signal's handler
  bool requested() const { return requested_.load(std::memory_order_relaxed); }
  // What work asks where it can stop. Virtual for tests, which count.
  virtual Status check() const { return requested() ? Status(Code::cancelled, "stopped on request") : Status(); }

 private:
  std::atomic<bool> requested_{false};
};

inline constexpr std::string_view kLocalUser = "local";

struct Context {
  Progress* progress = nullptr;                                        // may be null
  const Cancel* cancel = nullptr;                                      // may be null
  std::optional<std::chrono::steady_clock::time_point> deadline = {};  // obeyed wherever cancel is
  std::string principal = std::string(kLocalUser);                     // on whose behalf: opaque here

  // Where work can stop with nothing half done.
  Status check() const {
    if (cancel != nullptr) TARN_TRY(cancel->check());
    return late() ? Status(Code::exhausted, "the time for it is over", "give it more time, or ask for less") : Status();
  }
  // The same for who only watches others' work.
  bool stopped() const { return (cancel != nullptr && cancel->requested()) || late(); }
  // Why work failed: what is to stop fails in many ways (a statement that was interrupted), and this is the one to
  // tell.
  Status reason(Status failure) const {
    if (failure.ok() || !stopped()) return failure;
    const Status stop = check();
    return stop.ok() ? failure : stop;
  }
  void update(std::string_view phase, uint64_t done, uint64_t total, std::string_view unit) const {
    if (progress != nullptr) progress->update(phase, done, total, unit);
  }
  // For a part of the work whose own progress would only confuse.
  Context silent() const {
    Context part = *this;
    part.progress = nullptr;
    return part;
  }

 private:
  bool late() const { return deadline && std::chrono::steady_clock::now() >= *deadline; }
};

}  // namespace tarn::base
