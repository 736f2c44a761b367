#include "http/pace.h"

#include <atomic>
#include <thread>

#include "base/status_test.h"
#include "base/stop_after_test.h"

namespace tarn::http {
namespace {

using std::chrono::milliseconds;

// Time that passes only by waiting.
struct FakeTime {
  std::chrono::steady_clock::time_point now{};
  World world() {
    World made;
    made.now = [this] { return now; };
    made.wait = [this](milliseconds time, const base::Context&) {
      now += time;
      return base::Status();
    };
    return made;
  }
  int64_t ms() const { return std::chrono::duration_cast<milliseconds>(now.time_since_epoch()).count(); }
};

TEST(Pace, SoManyASecond) {
  FakeTime time;
  const World world = time.world();
  Pace pace(4, 10, world);
  for (int i = 0; i < 11; ++i) ASSERT_OK(pace.enter("a", {}));
  EXPECT_EQ(time.ms(), 1000);
  ASSERT_OK(pace.enter("b", {}));
  EXPECT_EQ(time.ms(), 1000) << "another host has its own";
}

TEST(Pace, SoManyAtOnce) {
  const World world;
  Pace pace(3, 0, world);
  std::atomic<int> inside{0}, most{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 12; ++i) {
    threads.emplace_back([&] {
      const auto turn = pace.enter("a", {});
      ASSERT_OK(turn);
      const int now = ++inside;
      int before = most;
      while (before < now && !most.compare_exchange_weak(before, now)) {
      }
      std::this_thread::sleep_for(milliseconds(5));
      --inside;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(most, 3);
}

TEST(Pace, AHostThatWasAskedTooMuchIsAskedLessAndLater) {
  FakeTime time;
  const World world = time.world();
  Pace pace(4, 0, world);
  pace.asked_too_much("a", milliseconds(7000));
  const Pace::Turn first = take(pace.enter("a", {}));
  EXPECT_EQ(time.ms(), 7000);
  const Pace::Turn second = take(pace.enter("a", {}));
  const base::StopAfter stop(3);
  EXPECT_EQ(pace.enter("a", {.cancel = &stop}).status().code(), base::Code::cancelled)
      << "two at once are half of four";
  for (int i = 0; i < kGoodInARow; ++i) pace.went_well("a");
  ASSERT_OK(pace.enter("a", {}));
}

TEST(Pace, KnowsNoMoreHostsThanItMust) {
  FakeTime time;
  const World world = time.world();
  Pace fast(2, 0, world), slow(2, 10, world);
  for (int i = 0; i < 100; ++i) {
    ASSERT_OK(fast.enter(std::to_string(i), {}));
    ASSERT_OK(slow.enter(std::to_string(i), {}));
    time.now += milliseconds(100);
  }
  EXPECT_EQ(fast.hosts(), 0u);
  EXPECT_EQ(slow.hosts(), 1u) << "the last one's time has not come yet";
  fast.asked_too_much("a", milliseconds(0));
  const Pace::Turn busy = take(fast.enter("b", {}));
  ASSERT_OK(fast.enter("c", {}));
  EXPECT_EQ(fast.hosts(), 2u) << "one that is asked less, and one that is being asked";
}

}  // namespace
}  // namespace tarn::http
