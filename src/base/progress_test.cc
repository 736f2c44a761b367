#include "base/stop_after_test.h"

namespace tarn::base {
namespace {

TEST(Context, SaysWhetherToStopAndWhy) {
  Cancel cancel;
  Context context{nullptr, &cancel};
  EXPECT_TRUE(context.check().ok());
  EXPECT_FALSE(context.stopped());
  const Status failure(Code::io, "disk");
  EXPECT_EQ(context.reason(failure).code(), Code::io);
  // Nobody's cancel, and a time that is over or not.
  Context timed;
  timed.deadline = std::chrono::steady_clock::time_point::max();
  EXPECT_TRUE(timed.check().ok());
  timed.deadline = std::chrono::steady_clock::time_point::min();
  EXPECT_EQ(timed.check().code(), Code::exhausted);
  EXPECT_TRUE(timed.stopped());
  EXPECT_EQ(timed.reason(failure).code(), Code::exhausted);
  EXPECT_TRUE(timed.reason(Status()).ok()) << "what is done is done";
  EXPECT_EQ(timed.silent().check().code(), Code::exhausted);
  cancel.request();
  EXPECT_EQ(context.check().code(), Code::cancelled);
  EXPECT_EQ(context.reason(failure).message(), "stopped on request");
}

TEST(Context, StopAfterStopsForGood) {
  StopAfter stop(3);
  const Context context{nullptr, &stop};
  EXPECT_TRUE(context.check().ok());
  EXPECT_TRUE(context.check().ok());
  EXPECT_FALSE(context.stopped()) << "who only watches is not counted";
  EXPECT_EQ(context.check().code(), Code::cancelled);
  EXPECT_EQ(context.check().code(), Code::cancelled);
  EXPECT_TRUE(context.stopped());
}

}  // namespace
}  // namespace tarn::base
