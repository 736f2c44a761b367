#include "http/retry.h"

#include <gtest/gtest.h>

#include "base/clock.h"
#include "base/status_test.h"

namespace tarn::http {
namespace {

using std::chrono::milliseconds;

const int64_t kNow = take(base::parse_utc("2026-11-30T12:00:00Z"));

std::optional<milliseconds> asked(const char* name, const std::string& value) {
  return asked_wait({429, {{"Date", "whenever"}, {name, value}}, ""}, kNow);
}

TEST(Retry, WhatAServerAsksFor) {
  EXPECT_EQ(asked("Retry-After", "7"), milliseconds(7000));
  EXPECT_EQ(asked("retry-after", "0"), milliseconds(0));
  EXPECT_EQ(asked("Retry-After", "Mon, 30 Nov 2026 12:00:30 GMT"), milliseconds(30'000));
  EXPECT_EQ(asked("Retry-After", "Mon, 30 Nov 2026 11:00:00 GMT"), milliseconds(0));
  EXPECT_EQ(asked("X-RateLimit-Reset", "2026-11-30T12:01Z").has_value(), false);
  EXPECT_EQ(asked("X-RateLimit-Reset", "2026-11-30T12:01:00Z"), milliseconds(60'000));
  EXPECT_EQ(asked("X-RateLimit-Reset", std::to_string(kNow / 1'000'000 + 5)), milliseconds(5000));
  EXPECT_EQ(asked("X-RateLimit-Reset", "60"), milliseconds(60'000)) << "from now";
  EXPECT_EQ(asked("X-RateLimit-Reset", std::to_string(kNow / 1'000'000 - 5)), milliseconds(0));
  for (const char* nonsense : {"", "soon", "-5", "1e9", "7 seconds", "99999999999999999999", "9999999999999"}) {
    EXPECT_EQ(asked("Retry-After", nonsense), std::nullopt) << nonsense;
  }
  EXPECT_EQ(asked_wait({}, kNow), std::nullopt);
}

TEST(Retry, ALimitThatWasNotReachedAsksForNothing) {
  const std::string in_an_hour = std::to_string(kNow / 1'000'000 + 3600);
  for (const int status : {500, 502, 503}) {
    EXPECT_EQ(asked_wait({status, {{"X-RateLimit-Reset", in_an_hour}}, ""}, kNow), std::nullopt) << status;
    EXPECT_EQ(asked_wait({status, {{"Retry-After", "7"}}, ""}, kNow), milliseconds(7000)) << status;
  }
}

TEST(Retry, WaitsGrowAndDiffer) {
  base::Random random(5);
  for (int repetition = 1; repetition < 20; ++repetition) {
    const milliseconds full = std::min(milliseconds(30'000), milliseconds(500) * (1 << std::min(repetition - 1, 10)));
    milliseconds least = full, most{0};
    for (int i = 0; i < 200; ++i) {
      const milliseconds wait = backoff(repetition, &random);
      least = std::min(least, wait);
      most = std::max(most, wait);
    }
    EXPECT_GE(least, full / 2);
    EXPECT_LE(most, full);
    EXPECT_LT(least, full * 6 / 10) << "waits do not differ";
    EXPECT_GT(most, full * 9 / 10) << "waits do not differ";
  }
}

TEST(Retry, WhatMayPass) {
  for (const int status : {408, 429, 500, 502, 503, 504}) EXPECT_TRUE(is_passing(status)) << status;
  for (const int status : {200, 304, 400, 401, 403, 404, 410, 501}) EXPECT_FALSE(is_passing(status)) << status;
}

}  // namespace
}  // namespace tarn::http
