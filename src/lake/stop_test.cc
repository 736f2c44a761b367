// Stopping: reading a long log, check(), statements of DuckDB that run long, deadlines. What changes a table is stopped
//           in crash_test.cc,
// where everything else happens to it.
#include "base/stop_after_test.h"
#include "lake/lake_fixture_test.h"

namespace tarn::lake {
namespace {

using Names = std::vector<std::string>;

class StopTest : public EveryStoreTest {
 protected:
  // Runs `work` with a cancel at its first check, its second, … until it gets through; how often it was stopped.
  int stop_everywhere(const std::function<base::Status(const base::Context&)>& work) {
    for (int stops = 0;; ++stops) {
      base::StopAfter stop(static_cast<uint64_t>(stops) + 1);
      const base::Status status = work({nullptr, &stop});
      if (!stop.requested()) {
        EXPECT_OK(status);
        return stops;
      }
      EXPECT_EQ(status.code(), base::Code::cancelled) << "check " << stops + 1 << ": " << status.to_string();
      if (HasFailure() || stops == 5000) return stops;
    }
  }
  static base::Context late() {
    base::Context context;
    context.deadline = std::chrono::steady_clock::time_point::min();
    return context;
  }
  static void expect_late(const base::Status& status) {
    EXPECT_EQ(status.code(), base::Code::exhausted) << status.to_string();
    EXPECT_EQ(status.message(), "the time for it is over");
  }
};

TEST_P(StopTest, ReadingALongLog) {
  const auto table =
      create_pairs("main/t", {{"delta.checkpointInterval", "30"}, {"delta.autoOptimize.autoCompact", "false"}});
  for (int i = 0; i < 70; ++i) append(*table, "SELECT 'r' || " + std::to_string(i) + " AS id, 1 AS v");
  const auto whole = rows(*table);
  for (const auto version : {std::optional<base::Version>(), std::optional(base::Version(29))}) {
    const int stops = stop_everywhere([&](const base::Context& context) {
      return base::as_status(open_table(environment_, "main/t", version, context));
    });
    // From a checkpoint, or commit by commit.
    EXPECT_GT(stops, version ? 29 : 10);
    base::ToldProgress progress;
    ASSERT_OK(open_table(environment_, "main/t", version, {&progress}));
    EXPECT_EQ(progress.phases(), version ? Names{"reading the log"} : Names{});
  }
  // A table that was open sees what others committed, or is stopped and sees it later.
  const auto other = take(open_table(environment_, "main/t"));
  for (int i = 0; i < 10; ++i) append(*table, "SELECT 's' || " + std::to_string(i) + " AS id, 1 AS v");
  stop_everywhere([&](const base::Context& context) { return base::as_status(other->snapshot({}, context)); });
  EXPECT_EQ(rows(*other), rows(*table));
  EXPECT_EQ(rows(*take(open_table(environment_, "main/t")), base::Version(70)), whole);
  expect_clean(*table);
}

TEST_P(StopTest, Check) {
  const auto table = create_pairs("main/t", {{"delta.checkpointInterval", "3"}});
  for (int i = 0; i < 4; ++i) append(*table, "SELECT 'r' || i AS id, 1 AS v FROM range(10) r(i)");
  delete_keys(*table, {"r1"});
  take(table->optimize(connection_, {}, {}));
  EXPECT_GT(stop_everywhere(
                [&](const base::Context& context) { return base::as_status(table->check(connection_, context)); }),
            15);
  base::ToldProgress progress;
  EXPECT_TRUE(take(table->check(connection_, {&progress})).empty());
  EXPECT_EQ(progress.phases(), (Names{"checking the log", "checking", "checking older files"}));
}

TEST_P(StopTest, MergingTellsHowFarItIs) {
  const auto table = create_pairs();
  for (int i = 0; i < 5; ++i) append(*table, "SELECT 'r' || i AS id, 1 AS v FROM range(10) r(i)");
  base::ToldProgress progress;
  take(table->optimize(connection_, {}, {&progress}));
  EXPECT_EQ(progress.phases(), Names{"merging"});
}

// Without an end, unless it is interrupted.
TEST_P(StopTest, AStatementThatRunsLong) {
  const auto table = create_pairs();
  append(*table, "SELECT 'a' AS id, 1 AS v");
  const auto database = take(duck::open({}));
  const auto connection = take(database->connect());
  base::Cancel stop;
  ASSERT_OK(connection->add(duck::ScalarFunction{
      "request_stop", {"BIGINT"}, "BIGINT", [&](const std::vector<duck::Cell>& row) -> base::Result<duck::Cell> {
        stop.request();
        return row[0];
      }}));
  const auto change = table->change(take(table->snapshot()));
  const base::Status status = change->append(
      *connection, "SELECT 'x' AS id, sum(request_stop(i))::BIGINT AS v FROM range(1000000000000000) r(i)",
      {nullptr, &stop});
  EXPECT_EQ(status.code(), base::Code::cancelled);
  EXPECT_EQ(status.message(), "stopped on request");
  EXPECT_EQ(change->commit({nullptr, &stop}).status().code(), base::Code::cancelled);
  EXPECT_EQ(rows(*table), Names{"a|1"});
  EXPECT_EQ(take(store_->list("main/t")).size(), 2U) << "the log and one data file: what was staged is gone";
  expect_clean(*table);
}

TEST_P(StopTest, ADeadlineThatIsOver) {
  const auto table = create_pairs();
  for (int i = 0; i < 2; ++i) append(*table, "SELECT 'a' AS id, 1 AS v");
  const auto change = table->change(take(table->snapshot()));
  expect_late(change->append(connection_, "SELECT 'b' AS id, 1 AS v", late()));
  ASSERT_OK(change->append(connection_, "SELECT 'b' AS id, 1 AS v", {}));
  expect_late(change->commit(late()).status());
  expect_late(table->optimize(connection_, {}, late()).status());
  expect_late(table->vacuum({0, false}, late()).status());
  expect_late(table->restore(base::Version(1), late()).status());
  expect_late(table->forget(connection_, {"id", {"a"}, false}, nullptr, late()).status().with_hint(""));
  expect_late(table->check(connection_, late()).status());
  expect_late(open_table(environment_, "main/t", {}, late()).status());
  EXPECT_EQ(take(table->snapshot())->version.value, 2);
  EXPECT_EQ(late().principal, "local");
}

INSTANTIATE_TEST_SUITE_P(Stores, StopTest, every_store(), store_name);

}  // namespace
}  // namespace tarn::lake
