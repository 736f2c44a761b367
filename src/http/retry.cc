#include "http/retry.h"

#include <algorithm>
#include <charconv>

#include "base/ascii.h"
#include "base/clock.h"
#include "http/curl.h"

namespace tarn::http {

using std::chrono::milliseconds;

namespace {

constexpr milliseconds kFirst{500}, kLongest{30'000};
constexpr int64_t kFirstDate = 1'000'000'000;      // seconds since 1970, in 2001; less is a time from now
constexpr int64_t kMaxSeconds = int64_t{1} << 40;  // so that microseconds do not overflow

std::optional<int64_t> number(std::string_view text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0 || value > kMaxSeconds) return {};
  return value;
}

milliseconds until(int64_t then_us, int64_t now_us) {
  return milliseconds(std::max<int64_t>(0, then_us - now_us) / 1000);
}

}  // namespace

bool is_passing(int status) {
  return status == 408 || status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
}

std::optional<milliseconds> asked_wait(const Head& head, int64_t now_us) {
  if (const auto after = head.header("retry-after")) {
    if (const auto seconds = number(*after)) return milliseconds(*seconds * 1000);
    const auto library = curl();
    const time_t date =
        library.ok() && !after->empty() ? (*library)->getdate(std::string(*after).c_str(), nullptr) : -1;
    if (date >= 0 && date < kMaxSeconds) return until(int64_t{date} * 1'000'000, now_us);
  }
  if (const auto reset = head.header("x-ratelimit-reset"); reset && head.status == 429) {
    if (const auto seconds = number(*reset)) {
      return *seconds < kFirstDate ? milliseconds(*seconds * 1000) : until(*seconds * 1'000'000, now_us);
    }
    if (const auto time = base::parse_utc(*reset); time.ok()) return until(*time, now_us);
  }
  return {};
}

milliseconds backoff(int repetition, base::Random* random) {
  const milliseconds full = std::min(kLongest, kFirst * (int64_t{1} << std::clamp(repetition - 1, 0, 10)));
  return full / 2 + milliseconds(random->below(static_cast<uint64_t>(full.count() / 2) + 1));
}

std::optional<std::string_view> find(const std::vector<Header>& headers, std::string_view name) {
  const std::string wanted = base::lower(name);
  const auto at = std::find_if(headers.begin(), headers.end(),
                               [&](const Header& header) { return base::lower(header.name) == wanted; });
  if (at == headers.end()) return {};
  return at->value;
}

}  // namespace tarn::http
