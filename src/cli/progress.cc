#include "cli/progress.h"

#include <cstdio>

#include "cli/layout.h"

namespace tarn::cli {
namespace {

std::string clock_text(int64_t seconds) {
  char text[32];
  if (seconds >= 3600) {
    std::snprintf(text, sizeof text, "%d:%02d:%02d", static_cast<int>(seconds / 3600),
                  static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60));
  } else {
    std::snprintf(text, sizeof text, "%d:%02d", static_cast<int>(seconds / 60), static_cast<int>(seconds % 60));
  }
  return text;
}

}  // namespace

ProgressLine::ProgressLine(Output& err, bool shown, size_t width, std::function<int64_t()> now_ms)
    : err_(err), shown_(shown), width_(width), now_ms_(std::move(now_ms)), started_ms_(now_ms_()) {}

void ProgressLine::update(std::string_view phase, uint64_t done, uint64_t total, std::string_view unit) {
  if (!shown_) return;
  const std::lock_guard lock(mutex_);
  const int64_t now = now_ms_();
  if (phase != phase_ || done < done_) {
    phase_ = phase;
    phase_started_ms_ = now;
    phase_began_at_ = done;
  }
  done_ = done;
  if (now - started_ms_ < kPatienceMs || (visible_ && now - drawn_ms_ < kRedrawMs)) return;
  drawn_ms_ = now;
  visible_ = true;
  err_.erase_line();
  err_.write(cut(line(done, total, unit, now), width_ > 1 ? width_ - 1 : 1));
  err_.flush();
}

std::string ProgressLine::line(uint64_t done, uint64_t total, std::string_view unit, int64_t now) const {
  std::string made = one_line(phase_) + "  " + count_text(static_cast<int64_t>(done));
  if (total > 0) made += "/" + count_text(static_cast<int64_t>(total));
  made += " " + one_line(unit);
  if (total > 0) made += "  " + std::to_string(std::min<uint64_t>(100, done * 100 / total)) + " %";
  const int64_t elapsed = now - phase_started_ms_;
  if (elapsed < 500 || done <= phase_began_at_) return made;
  const double rate = static_cast<double>(done - phase_began_at_) * 1000 / static_cast<double>(elapsed);
  char text[48];
  std::snprintf(text, sizeof text, rate < 10 ? "  %.1f/s" : "  %.0f/s", rate);
  made += text;
  if (total > done) {
    made += "  " + clock_text(static_cast<int64_t>(static_cast<double>(total - done) / rate) + 1) + " left";
  }
  return made;
}

void ProgressLine::clear() {
  const std::lock_guard lock(mutex_);
  if (!visible_) return;
  visible_ = false;
  err_.erase_line();
  err_.flush();
}

}  // namespace tarn::cli
