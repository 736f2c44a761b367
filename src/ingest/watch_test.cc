#include <gtest/gtest.h>

#include <thread>

#include "ingest/scratch_lake_test.h"

namespace tarn::ingest {
namespace {

class WatchPulls : public testing::Test {
 protected:
  void TearDown() override { lake.expect_clean(); }
  ScratchLake lake;
};

TEST_F(WatchPulls, EachSettledBatchIsOnePull) {
  lake.folder.write("a.md", "a");
  std::vector<std::string> seen;
  base::Context context{nullptr, lake.cancel.get()};
  base::Status status = watch(lake.request, lake.environment, context, [&](const base::Result<PullReport>& report) {
    EXPECT_TRUE(report.ok()) << report.status().to_string();
    if (!report.ok()) return false;
    seen.push_back(std::to_string(report->added) + " " + std::to_string(report->changed) + " " +
                   std::to_string(report->deleted));
    if (seen.size() == 1) {
      lake.folder.write("b.md", "b", false);
      lake.folder.write("sub/c.md", "c", false);
      lake.folder.write("a.md", "a changed", false);
    }
    if (seen.size() == 2) lake.folder.remove("sub");
    return seen.size() < 3;
  });
  EXPECT_TRUE(status.ok()) << status.to_string();
  EXPECT_EQ(seen, (std::vector<std::string>{"1 0 0", "2 1 0", "0 0 1"}));
  EXPECT_EQ(lake.rows().size(), 2u);
}

TEST_F(WatchPulls, AFailedPullIsToldAndTheWatchGoesOn) {
  lake.folder.write("a.md", "a");
  int calls = 0;
  base::Context context{nullptr, lake.cancel.get()};
  base::Status status = watch(lake.request, lake.environment, context, [&](const base::Result<PullReport>& report) {
    ++calls;
    if (calls == 1) {
      lake.environment.extract = [](std::string_view, std::string_view, std::string_view,
                                    const document::ExtractOptions&, const document::Sink&) -> base::Status {
        return base::Status(base::Code::unavailable, "no worker could be started");
      };
      lake.folder.write("b.md", "b", false);
    } else if (calls == 2) {
      EXPECT_EQ(report.status().code(), base::Code::unavailable);
      lake.environment = lake.make_environment();
      lake.folder.write("c.md", "c", false);
    } else {
      EXPECT_TRUE(report.ok()) << report.status().to_string();
      return false;
    }
    return true;
  });
  EXPECT_TRUE(status.ok()) << status.to_string();
  EXPECT_EQ(calls, 3);
  EXPECT_EQ(lake.rows().size(), 3u);
}

TEST_F(WatchPulls, CancelEndsIt) {
  lake.folder.write("a.md", "a");
  base::Context context{nullptr, lake.cancel.get()};
  base::Status status = watch(lake.request, lake.environment, context, [&](const base::Result<PullReport>&) {
    lake.cancel->request();
    return true;
  });
  EXPECT_EQ(status.code(), base::Code::cancelled);
  lake.request.source.url = "/no/such/folder";
  EXPECT_EQ(watch(lake.request, lake.environment, {}, [](const auto&) { return true; }).code(), base::Code::not_found);
}

}  // namespace
}  // namespace tarn::ingest
