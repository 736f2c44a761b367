// What DROP and a dead CREATE TABLE leave goes in time, and nothing else does.
#include "lake/dropped.h"

#include <filesystem>
#include <fstream>

#include "lake/lake_fixture_test.h"
#include "lake/leases.h"
#include "lake/tags.h"
#include "store/fault_store.h"
#include "store/recording.h"
#include "store/without_rename_test.h"

namespace tarn::lake {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kHour = int64_t{3600} * 1'000'000, kDay = 24 * kHour;
constexpr VacuumOptions kNow{0, false};

class DroppedTest : public LakeTest {
 protected:
  // Files get the system's time: the table's clock goes along with it.
  DroppedTest() { clock_.advance_us(base::system_clock().now_us() - clock_.now_us()); }

  void make(const std::string& path = "main/t", std::map<std::string, std::string> configuration = {}) {
    const auto table = create_pairs(path, std::move(configuration));
    append(*table, "SELECT 'a' AS id, 1 AS v");
    ASSERT_OK(table->put_bookmark("s", 1, json::Value(1)));
  }
  std::string drop(const std::string& path = "main/t") {
    std::string to = dropped_path(path, clock_.now_us());
    EXPECT_OK(environment_.store->rename_directory(path, to));
    return to;
  }
  void sweep_with_failures_and_cuts(bool in_place);
  size_t left(const std::string& path) {
    size_t files = 0;
    if (!fs::exists(file(path))) return 0;
    for (const auto& entry : fs::recursive_directory_iterator(file(path))) files += entry.is_regular_file() ? 1 : 0;
    return files;
  }
};

TEST_F(DroppedTest, NamesAreReadBack) {
  for (const char* name :
       {"_dropped-t", "_dropped-t-20261126", "_dropped-t-20261126T999999Z", "_dropped--20261126T031500Z",
        "_creating-t-1", "_creating-t-0123456789012345678901234567890123456", "_other-t-1"}) {
    fs::create_directories(file(std::string("main/") + name));
  }
  EXPECT_TRUE(take(list_aside(*store_)).empty()) << "somebody else's: " << take(list_aside(*store_))[0].path;
  for (const int64_t time :
       {int64_t{1'790'000'000'000'000}, int64_t{1'790'000'000'500'000}, int64_t{1'790'000'000'123'456}}) {
    fs::create_directories(file(dropped_path("main/a-b", time)));
  }
  const std::string id = random_.uuid();
  fs::create_directories(file(creating_path("main/a-b", id)));
  const auto all = take(list_aside(*store_));
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[0].path, "main/_creating-a-b-" + id);
  EXPECT_FALSE(all[0].dropped_at_us);
  std::set<int64_t> times;
  for (const AsideTable& one : all) {
    EXPECT_EQ(one.table, "main/a-b");
    if (one.dropped_at_us) times.insert(*one.dropped_at_us);
  }
  EXPECT_EQ(times, (std::set<int64_t>{1'790'000'000'000'000, 1'790'000'000'123'456, 1'790'000'000'500'000}));
}

TEST_F(DroppedTest, ADroppedTableGoesWhenItsRetentionIsOver) {
  make();
  make("main/kept");
  const std::string aside = drop();
  clock_.advance_us(6 * kDay);
  EXPECT_TRUE(take(sweep_aside(environment_, {}, {})).removed.empty());
  clock_.advance_us(2 * kDay);
  const size_t files = left(aside);
  auto report = take(sweep_aside(environment_, {{}, true}, {}));
  ASSERT_EQ(report.removed.size(), 1U);
  EXPECT_EQ(report.removed[0].table.table, "main/t");
  EXPECT_EQ(report.removed[0].files, static_cast<int64_t>(files));
  EXPECT_GT(report.removed[0].size_bytes, 0);
  EXPECT_EQ(left(aside), files) << "a dry run";
  EXPECT_EQ(take(sweep_aside(environment_, {}, {})).removed.size(), 1U);
  EXPECT_FALSE(fs::exists(file(aside)));
  EXPECT_TRUE(take(sweep_aside(environment_, {}, {})).removed.empty());
  expect_clean(*take(open_table(environment_, "main/kept")));
}

TEST_F(DroppedTest, TheTableSaysHowLongUnlessToldOtherwise) {
  make("main/t", {{"delta.deletedFileRetentionDuration", "interval 30 days"}});
  drop();
  clock_.advance_us(8 * kDay);
  EXPECT_TRUE(take(sweep_aside(environment_, {}, {})).removed.empty());
  EXPECT_TRUE(take(sweep_aside(environment_, {9 * kDay, false}, {})).removed.empty());
  EXPECT_EQ(take(sweep_aside(environment_, {7 * kDay, false}, {})).removed.size(), 1U);
}

TEST_F(DroppedTest, ATagOrALiveReaderKeepsIt) {
  make();
  const std::string id = take(take(open_table(environment_, "main/t"))->snapshot())->table_id;
  ASSERT_OK(put_tag(*store_, {"keep", 0, {{"main/t", {id, base::Version(1)}}}}));
  ASSERT_OK(put_tag(*store_, {"other", 0, {{"main/t", {"of another table", base::Version(1)}}}}));
  LeaseHolder holder(*store_, clock_, random_);
  auto reading = holder.hold();
  drop();
  auto report = take(sweep_aside(environment_, kNow, {}));
  EXPECT_TRUE(report.removed.empty());
  EXPECT_EQ(report.kept_by_tags, 1);
  EXPECT_EQ(report.kept_by_leases, 1);
  ASSERT_OK(delete_tag(*store_, "keep"));
  report = take(sweep_aside(environment_, kNow, {}));
  EXPECT_TRUE(report.removed.empty());
  EXPECT_EQ(report.kept_by_tags, 0) << "the other tag is of another table";
  reading.reset();
  holder.release_idle();
  EXPECT_EQ(take(sweep_aside(environment_, kNow, {})).removed.size(), 1U);
}

TEST_F(DroppedTest, WhatWasNeverMadeInFullStaysAnHourAtLeast) {
  const std::string aside = creating_path("main/t", random_.uuid());
  make(aside);
  clock_.advance_us(kHour / 2);
  EXPECT_TRUE(take(sweep_aside(environment_, kNow, {})).removed.empty()) << "somebody fills it";
  clock_.advance_us(kHour);
  EXPECT_TRUE(take(sweep_aside(environment_, {}, {})).removed.empty()) << "the retention is a week";
  const auto report = take(sweep_aside(environment_, kNow, {}));
  ASSERT_EQ(report.removed.size(), 1U);
  EXPECT_FALSE(report.removed[0].table.dropped_at_us);
  EXPECT_FALSE(fs::exists(file(aside)));
}

TEST_F(DroppedTest, OneThatHasOnlyStagedRowsYetStaysAsLong) {
  const std::string aside = creating_path("main/t", random_.uuid());
  std::ofstream(take(store_->stage(aside))) << "rows";
  EXPECT_TRUE(take(sweep_aside(environment_, kNow, {})).removed.empty());
  clock_.advance_us(2 * kHour);
  EXPECT_TRUE(take(sweep_aside(environment_, {}, {})).removed.empty()) << "the retention is a week";
  EXPECT_EQ(take(sweep_aside(environment_, kNow, {})).removed.size(), 1U);
}

TEST_F(DroppedTest, WhatAWriterLeftThatDiedBeforeItsTableWasThereGoesAndNothingElse) {
  const auto put = [&](const std::string& path) { ASSERT_OK(store_->put(path, "rows")); };
  // Copied in by hand, its log not yet: nobody marked it as being made.
  put("main/copied/part-1.parquet");
  put("main/dead/part-1.parquet");
  put(creating_mark("main/dead", random_.uuid()));
  make("main/kept");
  put(creating_mark("main/kept", random_.uuid()));
  const size_t kept = left("main/kept");
  EXPECT_EQ(take(list_tables(*store_)), std::vector<std::string>{"main/kept"});
  EXPECT_TRUE(take(sweep_aside(environment_, kNow, {})).removed.empty()) << "somebody fills it";
  clock_.advance_us(2 * kHour);
  const auto report = take(sweep_aside(environment_, kNow, {}));
  ASSERT_EQ(report.removed.size(), 1U);
  EXPECT_EQ(report.removed[0].table.path, "main/dead");
  EXPECT_EQ(left("main/dead"), 0U);
  EXPECT_EQ(left("main/copied"), 1U);
  EXPECT_EQ(left("main/kept"), kept);
}

TEST_F(DroppedTest, ATableThatWasCopiedInIsATable) {
  make();
  fs::copy(file("main/t"), file("main/copy"), fs::copy_options::recursive);
  EXPECT_EQ(take(list_tables(*store_)), (std::vector<std::string>{"main/copy", "main/t"}));
  const auto copy = take(open_table(environment_, "main/copy"));
  EXPECT_EQ(rows(*copy), std::vector<std::string>{"a|1"});
  append(*copy, "SELECT 'b' AS id, 2 AS v");
  expect_clean(*copy);
  EXPECT_EQ(rows(*take(open_table(environment_, "main/t"))).size(), 1U);
}

TEST_F(DroppedTest, ALinkGoesAsALinkAndNothingBehindIt) {
  make();
  const store::ScratchDirectory elsewhere;
  std::ofstream(elsewhere.path() + "/mine.txt") << "mine";
  fs::create_directory_symlink(elsewhere.path(), file("main/t/beside"));
  const std::string aside = drop();
  clock_.advance_us(kDay);
  EXPECT_EQ(take(sweep_aside(environment_, kNow, {})).removed.size(), 1U);
  EXPECT_FALSE(fs::exists(file(aside)));
  EXPECT_TRUE(fs::exists(elsewhere.path() + "/mine.txt"));
}

// With `in_place`: on a store that renames no directory.
void DroppedTest::sweep_with_failures_and_cuts(bool in_place) {
  const store::ScratchDirectory prepared;
  {
    const auto plain = take(store::open_local(prepared.path()));
    store::WithoutRename without(plain.get());
    use(plain.get());
    make();
    make("main/kept");
    if (in_place) use(&without);
    ASSERT_OK(drop_table(environment_, "main/t"));
    EXPECT_EQ(take(list_tables(*plain)), std::vector<std::string>{"main/kept"});
    EXPECT_EQ(take(list_aside(*plain))[0].path == "main/t", in_place);
  }
  clock_.advance_us(30 * kDay);
  size_t failures = 0;
  for (uint64_t nth = 1;; ++nth) {
    ASSERT_LT(nth, 200U);
    const store::ScratchDirectory root;
    fs::copy(prepared.path(), root.path(), fs::copy_options::recursive);
    store::FaultStore store(root.path());
    use(&store);
    store.arm(store::Fault::io_error, nth);
    const auto report = sweep_aside(environment_, {}, {});
    const bool fired = store.fired();
    store.disarm();
    failures += report.ok() ? 0 : 1;
    take(sweep_aside(environment_, {}, {}));
    EXPECT_TRUE(take(list_aside(store)).empty()) << nth;
    expect_clean(*take(open_table(environment_, "main/kept")));
    if (!fired) break;
  }
  EXPECT_GT(failures, 5U);

  const store::ScratchDirectory root, scratch;
  fs::copy(prepared.path(), root.path(), fs::copy_options::recursive);
  store::RecordingStore recording(root.path());
  use(&recording);
  take(sweep_aside(environment_, {}, {}));
  const auto states = store::for_each_power_cut(
      recording.recording(),
      {{store::Unsynced::lost, store::Names::lost, 0}, {store::Unsynced::mixed, store::Names::mixed, 5}},
      scratch.path(), [&](const store::PowerCut& cut) {
        SCOPED_TRACE(cut.describe());
        const auto store = take(store::open_local(cut.directory));
        use(store.get());
        take(sweep_aside(environment_, {}, {}));
        EXPECT_TRUE(take(list_aside(*store)).empty());
        expect_clean(*take(open_table(environment_, "main/kept")));
      });
  EXPECT_GT(take(states), 5U);
  use(store_.get());
}

TEST_F(DroppedTest, EveryCallMayFailAndEveryCutMayCome) { sweep_with_failures_and_cuts(false); }
TEST_F(DroppedTest, EveryCallMayFailAndEveryCutMayComeWithoutARename) { sweep_with_failures_and_cuts(true); }

}  // namespace
}  // namespace tarn::lake
