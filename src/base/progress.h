// How long work tells how far it is, and how it learns that it should stop.
// Threads: both are called from any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>

#include "base/status.h"

namespace tarn::base {

class Progress {
 public:
  virtual ~Progress() = default;
  // `total` is 0 when it is not known. `unit` is a plural noun: "documents", "passages".
  virtual void update(std::string_view phase, uint64_t done, uint64_t total, std::string_view unit) = 0;
};

class Cancel {
 public:
  void request() { requested_.store(true, std::memory_order_relaxed); }
  bool requested() const { return requested_.load(std::memory_order_relaxed); }
  Status check() const { return requested() ? Status(Code::cancelled, "stopped on request") : Status(); }

 private:
  std::atomic<bool> requested_{false};
};

// What an operation carries down: progress may be null, cancel never is.
struct Context {
  Progress* progress = nullptr;
  const Cancel* cancel = nullptr;
  Status check() const { return cancel ? cancel->check() : Status(); }
  void update(std::string_view phase, uint64_t done, uint64_t total, std::string_view unit) const {
    if (progress) progress->update(phase, done, total, unit);
  }
};

}  // namespace tarn::base
