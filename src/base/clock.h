// Time as an argument, so that tests choose it.
// Units:   microseconds since 1970-01-01T00:00:00Z, unless the name says ms.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.h"

namespace tarn::base {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual int64_t now_us() const = 0;
};

const Clock& system_clock();

class FixedClock final : public Clock {
 public:
  explicit FixedClock(int64_t us) : us_(us) {}
  int64_t now_us() const override { return us_; }
  void advance_us(int64_t by) { us_ += by; }

 private:
  int64_t us_;
};

// "2026-11-22T10:00:00Z", with ".123" or ".123456" when the time has them.
std::string format_utc(int64_t us);
// RFC 3339 with any offset, or a date alone ("2026-11-22" is its first microsecond, UTC). invalid_argument otherwise.
Result<int64_t> parse_utc(std::string_view text);

// A length of time: a number and a unit (s, m or min, h, d, w, or their words), "7d", "12 hours"; "0" needs none. In
// microseconds; invalid_argument otherwise, and beyond kMaxDurationUs.
inline constexpr int64_t kMaxDurationUs = int64_t{100} * 365 * 24 * 3600 * 1'000'000;
Result<int64_t> parse_duration(std::string_view text);

// Milliseconds of the steady clock since construction.
class Stopwatch {
 public:
  double elapsed_ms() const {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace tarn::base
