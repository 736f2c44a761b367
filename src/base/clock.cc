#include "base/clock.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdio>

#include "base/ascii.h"

namespace tarn::base {
namespace {

class SystemClock final : public Clock {
 public:
  int64_t now_us() const override {
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
  }
};

constexpr int64_t kDayUs = 86'400'000'000;

Status not_a_time(std::string_view text) {
  return {Code::invalid_argument, fmt::format("'{}' is not a time", text),
          "write it as 2026-11-22T10:00:00Z or 2026-11-22"};
}

// A fixed-width run of digits; -1 when it is not one.
int digits(std::string_view text, size_t at, size_t width) {
  if (at + width > text.size()) return -1;
  int v = 0;
  for (char c : text.substr(at, width)) {
    if (c < '0' || c > '9') return -1;
    v = v * 10 + (c - '0');
  }
  return v;
}

}  // namespace

const Clock& system_clock() {
  static const SystemClock clock;
  return clock;
}

std::string format_utc(int64_t us) {
  int64_t day = us / kDayUs, rest = us % kDayUs;
  if (rest < 0) {
    rest += kDayUs;
    --day;
  }
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
  const int64_t second = rest / 1'000'000, fraction = rest % 1'000'000;
  std::string text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                                 static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), second / 3600,
                                 second / 60 % 60, second % 60);
  if (fraction % 1000 != 0) {
    text += fmt::format(".{:06}", fraction);
  } else if (fraction != 0) {
    text += fmt::format(".{:03}", fraction / 1000);
  }
  return text + "Z";
}

Result<int64_t> parse_utc(std::string_view text) {
  const int year = digits(text, 0, 4), month = digits(text, 5, 2), dom = digits(text, 8, 2);
  if (year < 0 || month < 0 || dom < 0 || text[4] != '-' || text[7] != '-') return not_a_time(text);
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(dom)}};
  if (!date.ok()) return not_a_time(text);
  int64_t us = std::chrono::sys_days{date}.time_since_epoch().count() * kDayUs;
  if (text.size() == 10) return us;
  const int hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
  if ((text[10] != 'T' && text[10] != ' ') || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
      second > 60 || text[13] != ':' || text[16] != ':') {
    return not_a_time(text);
  }
  us += (hour * 3600 + minute * 60 + second) * int64_t{1'000'000};
  size_t at = 19;
  if (at < text.size() && text[at] == '.') {
    int64_t scale = 100'000;
    for (++at; at < text.size() && is_digit(text[at]); ++at, scale /= 10) us += (text[at] - '0') * scale;
  }
  if (at == text.size()) return us;  // no zone: UTC
  if (text.substr(at) == "Z") return us;
  const int zone_hour = digits(text, at + 1, 2), zone_minute = digits(text, at + 4, 2);
  if ((text[at] != '+' && text[at] != '-') || zone_hour < 0 || zone_minute < 0 || at + 6 != text.size()) {
    return not_a_time(text);
  }
  const int64_t offset = (zone_hour * 60 + zone_minute) * int64_t{60'000'000};
  return text[at] == '+' ? us - offset : us + offset;
}

Result<int64_t> parse_duration(std::string_view text) {
  const auto wrong = [&] {
    return Status(Code::invalid_argument, fmt::format("not a length of time: '{}'", text), "write 30d, 12h, 45m or 0");
  };
  size_t at = 0;
  int64_t count = 0;
  while (at < text.size() && is_digit(text[at]) && at < 10) count = count * 10 + (text[at++] - '0');
  if (at == 0) return wrong();
  std::string_view unit = text.substr(at);
  while (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
  int64_t seconds = -1;
  for (const auto& [names, length] :
       std::initializer_list<std::pair<std::string_view, int64_t>>{{" s sec second seconds ", 1},
                                                                   {" m min minute minutes ", 60},
                                                                   {" h hour hours ", 3600},
                                                                   {" d day days ", 86'400},
                                                                   {" w week weeks ", 7 * 86'400}}) {
    const std::string word = " " + std::string(unit) + " ";
    if (!unit.empty() && unit.find(' ') == std::string_view::npos && names.find(word) != std::string_view::npos) {
      seconds = length;
    }
  }
  if (unit.empty() && count == 0) return int64_t{0};
  if (seconds < 0 || count > kMaxDurationUs / 1'000'000 / seconds) return wrong();
  return count * seconds * 1'000'000;
}

}  // namespace tarn::base
