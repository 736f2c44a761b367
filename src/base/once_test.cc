#include "base/once.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <string>
#include <thread>
#include <vector>

namespace tarn::base {
namespace {

TEST(Once, WhoComesMeanwhileWaitsForTheFirst) {
  OncePerKey<std::string, int> once;
  std::latch opening(1), go_on(1);
  std::atomic<int> opened = 0, got = 0;
  const auto open = [&]() -> Result<int> {
    opening.count_down();
    go_on.wait();
    return ++opened;
  };
  std::thread first([&] { got += *once.get("a", open); });
  opening.wait();
  std::vector<std::thread> others;
  for (int i = 0; i < 4; ++i) others.emplace_back([&] { got += *once.get("a", open); });
  // Another key does not wait, though "a" is not open yet.
  EXPECT_EQ(*once.get("b", []() -> Result<int> { return 7; }), 7);
  EXPECT_FALSE(once.known("a").has_value());
  go_on.count_down();
  first.join();
  for (std::thread& other : others) other.join();
  EXPECT_EQ(opened, 1);
  EXPECT_EQ(got, 5);
  EXPECT_EQ(once.known("a"), 1);
}

TEST(Once, AFailureIsToldAndNotKept) {
  Once<int> once;
  EXPECT_EQ(once.get([]() -> Result<int> { return Status(Code::io, "disk"); }).status().code(), Code::io);
  EXPECT_FALSE(once.known().has_value());
  EXPECT_EQ(*once.get([]() -> Result<int> { return 3; }), 3);
  EXPECT_EQ(*once.get([]() -> Result<int> { return Status(Code::io, "disk"); }), 3);
}

TEST(Once, WhoIsToldToStopStopsAlone) {
  OncePerKey<int, int> once;
  Cancel first_stops, third_stops;
  std::latch opening(1), go_on(1);
  std::thread first([&] {
    const auto failed = once.get(1,
                                 [&]() -> Result<int> {
                                   opening.count_down();
                                   go_on.wait();
                                   return first_stops.check();
                                 },
                                 {nullptr, &first_stops});
    EXPECT_EQ(failed.status().code(), Code::cancelled);
  });
  opening.wait();
  std::thread second([&] { EXPECT_EQ(*once.get(1, []() -> Result<int> { return 2; }), 2); });
  // The third waits for the first as well, and not longer than it has to.
  third_stops.request();
  const auto stopped = once.get(1, []() -> Result<int> { return 3; }, {nullptr, &third_stops});
  EXPECT_EQ(stopped.status().code(), Code::cancelled);
  first_stops.request();
  go_on.count_down();
  first.join();
  second.join();
}

TEST(Once, WhatWasForgottenIsOpenedAnew) {
  OncePerKey<int, int> once;
  int opened = 0;
  const auto open = [&]() -> Result<int> { return ++opened; };
  EXPECT_EQ(*once.get(1, open), 1);
  once.forget(1);
  EXPECT_EQ(*once.get(1, open), 2);
  // What is forgotten while it opens goes to who asked for it, and to nobody later.
  EXPECT_EQ(*once.get(2,
                      [&]() -> Result<int> {
                        once.forget(2);
                        return 10;
                      }),
            10);
  EXPECT_EQ(*once.get(2, open), 3);
}

}  // namespace
}  // namespace tarn::base
