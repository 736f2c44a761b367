// Small files are merged as they arise: the policy by itself over ten thousand pulls, and the lake with it.
#include "lake/compaction.h"

#include <cstdlib>
#include <functional>
#include <utility>

#include "lake/lake_fixture_test.h"
#include "store/fault_store.h"
#include "store/recording.h"

namespace tarn::lake {
namespace {

DataFile small_file(const std::string& path, int64_t rows, int64_t modified_ms) {
  DataFile file;
  file.path = path;
  file.size_bytes = 300 + rows * 20;
  file.modified_ms = modified_ms;
  file.stats = "{\"numRecords\":" + std::to_string(rows) + "}";
  return file;
}

struct Simulation {
  Snapshot snapshot;
  int64_t appended = 0, written = 0, most_files = 0, name = 0;

  void add(Snapshot* to, int64_t rows) {
    const std::string path = "f" + std::to_string(name++);
    to->files[path] = small_file(path, rows, name);
    written += rows;
  }
  void pull(int64_t rows) {
    Snapshot before = snapshot;
    add(&snapshot, rows);
    appended += rows;
    while (true) {
      const auto merges = plan_due(before, snapshot, {});
      if (merges.empty()) break;
      before = snapshot;
      for (const Merge& merge : merges) {
        int64_t merged_rows = 0;
        for (const DataFile& input : merge.inputs) {
          merged_rows += *input.row_count();
          ASSERT_EQ(snapshot.files.erase(input.path), 1U);
        }
        add(&snapshot, merged_rows);
      }
    }
    most_files = std::max(most_files, static_cast<int64_t>(snapshot.files.size()));
  }
};

TEST(CompactionTest, TenThousandPullsLeaveFewFilesEachRowWrittenFewTimes) {
  Simulation simulation;
  for (int i = 0; i < 10'000; ++i) simulation.pull(20);
  EXPECT_LT(simulation.most_files, 100);
  EXPECT_LE(static_cast<double>(simulation.written), 5.0 * static_cast<double>(simulation.appended));
  int64_t rows = 0;
  for (const auto& [path, file] : simulation.snapshot.files) rows += *file.row_count();
  EXPECT_EQ(rows, 200'000);
}

TEST(CompactionTest, PullsOfAnySizeKeepTheBounds) {
  const uint64_t seed = 77;
  SCOPED_TRACE("seed " + std::to_string(seed));
  base::Random random(seed);
  Simulation simulation;
  for (int i = 0; i < 5'000; ++i)
    simulation.pull(1 + static_cast<int64_t>(random.below(uint64_t{1} << random.below(12))));
  EXPECT_LT(simulation.most_files, 100);
  EXPECT_LE(static_cast<double>(simulation.written), 5.0 * static_cast<double>(simulation.appended));
}

TEST(CompactionTest, OnlyTheCommitThatFillsALevelMerges) {
  Snapshot before;
  for (size_t i = 0; i + 1 < kFanIn; ++i)
    before.files["f" + std::to_string(i)] = small_file("f" + std::to_string(i), 20, 1);
  Snapshot after = before;
  after.files["last"] = small_file("last", 20, 2);
  const auto merges = plan_due(before, after, {});
  ASSERT_EQ(merges.size(), 1U);
  EXPECT_EQ(merges[0].inputs.size(), kFanIn);
  EXPECT_EQ(merges[0].inputs.back().path, "last");
  // One that comes while that merge is under way, and one in another partition, leave it alone.
  Snapshot later = after;
  later.files["more"] = small_file("more", 20, 3);
  EXPECT_TRUE(plan_due(after, later, {}).empty());
  Snapshot other = before;
  other.files["last"] = small_file("last", 20, 2);
  other.files["last"].partition_values["p"] = "x";
  EXPECT_TRUE(plan_due(before, other, {}).empty());
  // Nobody merged: the next multiple takes them all.
  for (size_t i = 0; i + 1 < kFanIn; ++i)
    later.files["g" + std::to_string(i)] = small_file("g" + std::to_string(i), 20, 4);
  const auto all = plan_due(after, later, {});
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].inputs.size(), 2 * kFanIn);
}

TEST(CompactionTest, AFileIsRewrittenOnceHalfOfItIsDeleted) {
  Snapshot before;
  before.files["big"] = small_file("big", 2'000'000, 1);
  ASSERT_GE(before.files["big"].size_bytes, OptimizeOptions().small_bytes);
  Snapshot after = before;
  after.files["big"].deletion_vector = DeletionVector{"u", "x", 1, 10, 1'000'000};
  EXPECT_TRUE(plan_due(before, after, {}).empty());
  after.files["big"].deletion_vector->cardinality = 1'000'001;
  ASSERT_EQ(plan_due(before, after, {}).size(), 1U);
  Snapshot later = after;
  later.files["big"].deletion_vector->cardinality = 1'000'002;
  EXPECT_TRUE(plan_due(after, later, {}).empty());
}

class MaintenanceTest : public LakeTest {
 protected:
  size_t file_count(const Table& table) { return take(table.snapshot())->files.size(); }
};

TEST_F(MaintenanceTest, PullsEndWithFewFiles) {
  const int pulls = std::getenv("TARN_SOAK") != nullptr ? 10'000 : 100;
  const auto table = create_pairs();
  std::map<std::string, int64_t> expected;
  size_t most = 0;
  for (int i = 0; i < pulls; ++i) {
    const std::string first = std::to_string(i * 15);
    // Twenty rows, five of them the last pull's again.
    upsert(*table, "SELECT 'r' || (" + first + " + j) AS id, " + std::to_string(i) + " AS v FROM range(20) t(j)");
    for (int j = 0; j < 20; ++j) expected["r" + std::to_string(i * 15 + j)] = i;
    most = std::max(most, file_count(*table));
  }
  EXPECT_LT(most, 100U);
  std::vector<std::string> lines;
  for (const auto& [id, value] : expected) lines.push_back(id + "|" + std::to_string(value));
  EXPECT_EQ(rows(*table), sorted(lines));
  expect_clean(*table);
}

TEST_F(MaintenanceTest, IsSwitchedOffByTheTablesProperty) {
  const auto table = create_pairs("main/t", {{"delta.autoOptimize.autoCompact", "false"}});
  for (size_t i = 0; i < kFanIn + 2; ++i) append(*table, "SELECT 'a' AS id, 1 AS v");
  EXPECT_EQ(file_count(*table), kFanIn + 2);
}

TEST_F(MaintenanceTest, APowerCutInAMergeLosesNothing) {
  const store::ScratchDirectory root, scratch;
  store::RecordingStore recording(root.path());
  use(&recording);
  {
    const auto table = create_pairs();
    for (size_t i = 0; i < kFanIn; ++i) {
      append(*table, "SELECT 'r" + std::to_string(i) + "' AS id, 1 AS v");
      recording.mark("appended");
    }
    ASSERT_EQ(file_count(*table), 1U);
  }
  size_t merged = 0, apart = 0;
  const std::vector<store::Variant> variants{{store::Unsynced::lost, store::Names::lost, 0},
                                             {store::Unsynced::mixed, store::Names::mixed, 11}};
  const auto visited =
      store::for_each_power_cut(recording.recording(), variants, scratch.path(), [&](const store::PowerCut& cut) {
        if (cut.marks.size() + 1 < kFanIn) return;  // before the last append
        SCOPED_TRACE(cut.describe());
        const auto store = take(store::open_local(cut.directory));
        use(store.get());
        const auto table = take(open_table(environment_, "main/t"));
        const size_t count = rows(*table).size();
        EXPECT_GE(count, cut.marks.size());
        EXPECT_LE(count, kFanIn);
        ++(file_count(*table) == 1 ? merged : apart);
        expect_clean(*table);
      });
  use(store_.get());
  ASSERT_TRUE(visited.ok()) << visited.status().to_string();
  EXPECT_GT(merged, 0U);
  EXPECT_GT(apart, 5U);
}

// Others commit while a merge is written: at the moment when its output is durable and not yet committed.
struct Meanwhile final : Observer {
  base::Status file_written(const Table&, const Snapshot*, const DataFile&) override { return {}; }
  base::Status files_merged(const Table&, const Snapshot&, const std::vector<DataFile>&, const DataFile&) override {
    if (const auto once = std::exchange(work, nullptr)) once();
    return {};
  }
  void file_removed(const Table&, const std::string&) override {}
  std::function<void()> work;
};

TEST_F(MaintenanceTest, RowsDeletedMeanwhileAreDeletedInTheMergedFile) {
  const auto other = create_pairs();
  for (size_t i = 0; i + 1 < kFanIn; ++i)
    append(*other, "SELECT 'r' || (10 * " + std::to_string(i) + " + j) AS id, j AS v FROM range(10) t(j)");
  delete_keys(*other, {"r3", "r41"});
  Meanwhile observer;
  observer.work = [&] {
    upsert(*other, "SELECT 'r77' AS id, 777 AS v");
    delete_keys(*other, {"r5", "r40", "r49"});
    std::vector<std::string> whole;  // a file that goes as a whole
    for (int i = 20; i < 30; ++i) whole.push_back("r" + std::to_string(i));
    delete_keys(*other, whole);
  };
  environment_.observer = &observer;
  const auto table = take(open_table(environment_, "main/t"));
  append(*table, "SELECT 'last' AS id, 0 AS v");
  std::vector<std::string> expected{"last|0", "r77|777"};
  for (int i = 0; i < 150; ++i) {
    const bool gone = i == 3 || i == 41 || i == 5 || i == 40 || i == 49 || (i >= 20 && i < 30) || i == 77;
    if (!gone) expected.push_back("r" + std::to_string(i) + "|" + std::to_string(i % 10));
  }
  EXPECT_EQ(rows(*table), sorted(expected));
  EXPECT_EQ(file_count(*table), 2U) << "all that there was in one, and the upsert";
  expect_clean(*table);
}

}  // namespace
}  // namespace tarn::lake
