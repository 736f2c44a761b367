#include "document/office/number_format.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cmath>

#include "base/ascii.h"

namespace tarn::document::office {
namespace {

constexpr double kMaxSerial = 2'958'466;  // 31 December 9999
constexpr int64_t kDaySeconds = 86'400;

std::string clock(int64_t seconds) {
  const int64_t h = seconds / 3'600, m = seconds / 60 % 60, s = seconds % 60;
  return s == 0 ? fmt::format("{:02}:{:02}", h, m) : fmt::format("{:02}:{:02}:{:02}", h, m, s);
}

std::string date(int64_t day, bool from_1904) {
  using namespace std::chrono;
  // 1900 is taken for a leap year there: days before its 29 February lie a day later.
  const sys_days first = from_1904  ? sys_days{year{1904} / 1 / 1}
                         : day < 60 ? sys_days{year{1899} / 12 / 31}
                                    : sys_days{year{1899} / 12 / 30};
  const year_month_day d{first + days{day}};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(d.year()), static_cast<unsigned>(d.month()),
                     static_cast<unsigned>(d.day()));
}

}  // namespace

NumberKind kind_of_format(int id) {
  if (id == 9 || id == 10) return NumberKind::percent;
  if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 58)) return NumberKind::date;
  if ((id >= 18 && id <= 21) || id == 45 || id == 47 || (id >= 32 && id <= 35)) return NumberKind::time;
  if (id == 22) return NumberKind::date_time;
  if (id == 46) return NumberKind::duration;
  return NumberKind::number;
}

NumberKind kind_of_format(std::string_view code) {
  bool day = false, hour = false, percent = false, month = false;
  for (size_t i = 0; i < code.size(); ++i) {
    const char c = base::lower(code[i]);
    if (c == ';') break;  // how negative ones are written
    if (c == '"') {
      i = std::min(code.find('"', i + 1), code.size());
    } else if (c == '\\' || c == '_' || c == '*') {
      ++i;
    } else if (c == '[') {
      const size_t end = std::min(code.find(']', i), code.size());
      const std::string inner = base::lower(code.substr(i + 1, end - i - 1));
      if (!inner.empty() && inner.find_first_not_of("hms") == std::string::npos) return NumberKind::duration;
      i = end;
    } else if (base::lower(code.substr(i, 7)) == "general") {
      i += 6;
    } else {
      day |= c == 'y' || c == 'd' || c == 'e';
      hour |= c == 'h' || c == 's';
      month |= c == 'm';
      percent |= c == '%';
      // 0.00E+00 has no year.
      if (c == 'e' && i + 1 < code.size() && (code[i + 1] == '+' || code[i + 1] == '-')) return NumberKind::number;
    }
  }
  if (hour) return day ? NumberKind::date_time : NumberKind::time;
  if (day || month) return NumberKind::date;
  return percent ? NumberKind::percent : NumberKind::number;
}

std::string number_text(std::string_view raw, NumberKind kind, bool from_1904) {
  double number = 0;
  const auto [end, error] = std::from_chars(raw.data(), raw.data() + raw.size(), number);
  if (error != std::errc() || end != raw.data() + raw.size() || !std::isfinite(number)) return std::string(raw);
  constexpr size_t kExactDigits = 16;  // what is longer came of binary fractions, or is whole
  const bool as_written =
      raw.find_first_not_of(raw.size() <= kExactDigits ? "0123456789.-" : "0123456789-") == std::string_view::npos;
  if (kind == NumberKind::number && as_written) return std::string(raw);
  return number_text(number, kind, from_1904);
}

std::string number_text(double number, NumberKind kind, bool from_1904) {
  if (kind == NumberKind::number || !std::isfinite(number)) return fmt::format("{:.15g}", number);
  if (kind == NumberKind::percent) return fmt::format("{:.12g}%", number * 100);
  if (number < 0 || number >= kMaxSerial) return fmt::format("{:.15g}", number);
  const auto seconds = static_cast<int64_t>(std::llround(number * static_cast<double>(kDaySeconds)));
  if (kind == NumberKind::duration) return clock(seconds);
  const int64_t day = seconds / kDaySeconds, rest = seconds % kDaySeconds;
  if (kind == NumberKind::time && day == 0) return clock(rest);
  if (rest == 0 && kind != NumberKind::time) return date(day, from_1904);
  return date(day, from_1904) + " " + clock(rest);
}

}  // namespace tarn::document::office
