// Progress of long work: one line on the terminal, rewritten in place; nothing when stderr is no terminal.
// Shape:   shows itself after kPatienceMs; phase, count, share, rate and the time left.
// Threads: update() from any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

#include "base/progress.h"
#include "cli/terminal.h"

namespace tarn::cli {

inline constexpr int64_t kPatienceMs = 1000;
inline constexpr int64_t kRedrawMs = 100;

class ProgressLine final : public base::Progress {
 public:
  // `now_ms` of a steady clock; tests give their own.
  ProgressLine(Output& err, bool shown, size_t width, std::function<int64_t()> now_ms);
  ~ProgressLine() override { clear(); }
  void update(std::string_view phase, uint64_t done, uint64_t total, std::string_view unit) override;
  // Takes the line away, so that something else can be written.
  void clear();

 private:
  std::string line(uint64_t done, uint64_t total, std::string_view unit, int64_t now) const;

  Output& err_;
  const bool shown_;
  const size_t width_;
  const std::function<int64_t()> now_ms_;
  std::mutex mutex_;
  const int64_t started_ms_;
  int64_t phase_started_ms_ = 0, drawn_ms_ = 0;
  uint64_t phase_began_at_ = 0, done_ = 0;
  std::string phase_;
  bool visible_ = false;
};

}  // namespace tarn::cli
