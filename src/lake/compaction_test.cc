// Small files are merged as they arise: the policy by itself over ten thousand pulls, and the lake with it.
#include "lake/compaction.h"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <utility>

#include "lake/lake_fixture_test.h"
#include "store/fault_store.h"
#include "store/recording.h"

namespace tarn::lake {
namespace {

delta::DataFile small_file(const std::string& path, int64_t rows, int64_t modified_ms) {
  delta::DataFile file;
  file.path = path;
  file.size_bytes = 300 + rows * 20;
  file.modified_ms = modified_ms;
  file.stats = "{\"numRecords\":" + std::to_string(rows) + "}";
  return file;
}

struct Simulation {
  delta::Snapshot snapshot;
  int64_t appended = 0, written = 0, most_files = 0, name = 0;

  void add(delta::Snapshot* to, int64_t rows) {
    const std::string path = "f" + std::to_string(name++);
    to->files[path] = small_file(path, rows, name);
    written += rows;
  }
  void pull(int64_t rows) {
    delta::Snapshot before = snapshot;
    add(&snapshot, rows);
    appended += rows;
    while (true) {
      const auto merges = plan_due(before, snapshot, {});
      if (merges.empty()) break;
      before = snapshot;
      for (const Merge& merge : merges) {
        int64_t merged_rows = 0;
        for (const delta::DataFile& input : merge.inputs) {
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
  for (int i = 0; i < 5'000; ++i) {
    simulation.pull(1 + static_cast<int64_t>(random.below(uint64_t{1} << random.below(12))));
  }
  EXPECT_LT(simulation.most_files, 100);
  EXPECT_LE(static_cast<double>(simulation.written), 5.0 * static_cast<double>(simulation.appended));
}

TEST(CompactionTest, OnlyTheCommitThatFillsALevelMerges) {
  delta::Snapshot before;
  for (size_t i = 0; i + 1 < kFanIn; ++i) {
    before.files["f" + std::to_string(i)] = small_file("f" + std::to_string(i), 20, 1);
  }
  delta::Snapshot after = before;
  after.files["last"] = small_file("last", 20, 2);
  const auto merges = plan_due(before, after, {});
  ASSERT_EQ(merges.size(), 1U);
  EXPECT_EQ(merges[0].inputs.size(), kFanIn);
  EXPECT_EQ(merges[0].inputs.back().path, "last");
  // One that comes while that merge is under way, and one in another partition, leave it alone.
  delta::Snapshot later = after;
  later.files["more"] = small_file("more", 20, 3);
  EXPECT_TRUE(plan_due(after, later, {}).empty());
  delta::Snapshot other = before;
  other.files["last"] = small_file("last", 20, 2);
  other.files["last"].partition_values["p"] = "x";
  EXPECT_TRUE(plan_due(before, other, {}).empty());
  // Nobody merged: the next multiple takes them all.
  for (size_t i = 0; i + 1 < kFanIn; ++i) {
    later.files["g" + std::to_string(i)] = small_file("g" + std::to_string(i), 20, 4);
  }
  const auto all = plan_due(after, later, {});
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].inputs.size(), 2 * kFanIn);
}

TEST(CompactionTest, AFileIsRewrittenOnceHalfOfItIsDeleted) {
  delta::Snapshot before;
  before.files["big"] = small_file("big", 2'000'000, 1);
  ASSERT_GE(before.files["big"].size_bytes, OptimizeOptions().small_bytes);
  delta::Snapshot after = before;
  after.files["big"].deletion_vector = delta::DeletionVector{"u", "x", 1, 10, 1'000'000};
  EXPECT_TRUE(plan_due(before, after, {}).empty());
  after.files["big"].deletion_vector->cardinality = 1'000'001;
  ASSERT_EQ(plan_due(before, after, {}).size(), 1U);
  delta::Snapshot later = after;
  later.files["big"].deletion_vector->cardinality = 1'000'002;
  EXPECT_TRUE(plan_due(after, later, {}).empty());
}

class MaintenanceTest : public EveryStoreTest {
 protected:
  size_t file_count(const TableReader& table) { return take(table.snapshot())->files.size(); }
};

TEST_P(MaintenanceTest, PullsEndWithFewFiles) {
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

TEST_P(MaintenanceTest, IsSwitchedOffByTheTablesProperty) {
  const auto table = create_pairs("main/t", {{"delta.autoOptimize.autoCompact", "false"}});
  for (size_t i = 0; i < kFanIn + 2; ++i) append(*table, "SELECT 'a' AS id, 1 AS v");
  EXPECT_EQ(file_count(*table), kFanIn + 2);
}

TEST_P(MaintenanceTest, APowerCutInAMergeLosesNothing) {
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

class ClusterTest : public EveryStoreTest {
 protected:
  // The live files' bounds of a column, from the log, in order.
  std::vector<std::pair<int64_t, int64_t>> bounds(const TableReader& table, const char* column) {
    std::vector<std::pair<int64_t, int64_t>> found;
    for (const auto& [path, file] : take(table.snapshot())->files) {
      const auto stats = take(json::parse(file.stats));
      found.emplace_back(stats["minValues"][column].as_int(), stats["maxValues"][column].as_int());
    }
    std::sort(found.begin(), found.end());
    return found;
  }
};

TEST_P(ClusterTest, FilesDoNotOverlapInTheColumn) {
  const auto table = create("main/t", "SELECT 1::BIGINT AS k, 1::BIGINT AS v, 'a' AS t");
  for (int i = 0; i < 4; ++i) {
    append(*table, "SELECT (hash(i + " + std::to_string(i * 20'000) +
                       ") % 5000)::BIGINT AS k, i AS v, md5(i::VARCHAR) AS t FROM range(20000) r(i)");
  }
  append(*table, "SELECT NULL::BIGINT AS k, -1 AS v, 'nulls' AS t FROM range(10)");
  const auto change = table->change(take(table->snapshot()));
  ASSERT_OK(change->delete_rows(take(table->snapshot())->files.begin()->first, {0, 5, 7}));
  take(change->commit({}));
  const auto before = rows(*table);
  OptimizeOptions options;
  options.cluster_by = "K";
  options.target_bytes = 400'000;
  const auto version = take(table->optimize(connection_, options, {}));
  EXPECT_EQ(rows(*table), before);
  const auto after = bounds(*table, "k");
  EXPECT_GE(after.size(), 3u);
  for (size_t i = 1; i < after.size(); ++i) {
    EXPECT_GT(after[i].first, after[i - 1].second) << "no value is in two files";
  }
  for (const auto& [path, file] : take(table->snapshot())->files) EXPECT_LT(file.size_bytes, 2 * options.target_bytes);
  EXPECT_EQ(take(table->optimize(connection_, options, {})), version) << "it stands so already";
  EXPECT_EQ(take(table->history(1))[0].parameters["clusterBy"].as_string(), "[\"k\"]");
  expect_clean(*table);
  // New rows bring it out of order; another column is another order.
  append(*table, "SELECT 7::BIGINT AS k, 7 AS v, 'new' AS t");
  EXPECT_GT(take(table->optimize(connection_, options, {})), version);
  options.cluster_by = "t";
  take(table->optimize(connection_, options, {}));
  EXPECT_EQ(rows(*table).size(), before.size() + 1);
  expect_clean(*table);
  options.cluster_by = "nothing";
  EXPECT_EQ(table->optimize(connection_, options, {}).status().code(), base::Code::invalid_argument);
}

TEST_P(ClusterTest, EachPartitionByItself) {
  CreateOptions create;
  create.schema = {{"p", json::Value("string")}, {"k", json::Value("long")}};
  create.partition_columns = {"p"};
  const auto table = take(create_table(environment_, "main/p", create));
  append(*table, "SELECT ['a', 'b'][1 + i % 2] AS p, 1000 - i AS k FROM range(1000) r(i)");
  append(*table, "SELECT 'a' AS p, 5000 AS k");
  const auto before = rows(*table);
  OptimizeOptions options;
  options.cluster_by = "k";
  take(table->optimize(connection_, options, {}));
  EXPECT_EQ(rows(*table), before);
  EXPECT_EQ(take(table->snapshot())->files.size(), 2u);
  expect_clean(*table);
  options.cluster_by = "p";
  EXPECT_EQ(table->optimize(connection_, options, {}).status().code(), base::Code::invalid_argument);
}

TEST_P(ClusterTest, GivesWayToWhoChangesItsFiles) {
  const auto table = create_pairs("main/t");
  append(*table, "SELECT 'r' || i AS id, i AS v FROM range(100) r(i)");
  append(*table, "SELECT 's' || i AS id, i AS v FROM range(100) r(i)");
  int times = 0;
  // Once the first output is durable, another deletes a row of an input: the order is made anew, without it.
  struct Meddler final : Observer {
    std::function<void()> then;
    base::Status file_written(const TableReader&, const delta::Snapshot*, const delta::DataFile&,
                              const base::Context&) override {
      return then(), base::Status();
    }
    base::Status files_merged(const TableReader&, const delta::Snapshot&, const std::vector<delta::DataFile>&,
                              const delta::DataFile&, const base::Context&) override {
      return {};
    }
  } meddler;
  meddler.then = [&] {
    if (++times == 1) delete_keys(*table, {"r5"});
  };
  Environment environment = environment_;
  environment.observer = &meddler;
  const auto watched = take(open_table(environment, "main/t"));
  OptimizeOptions options;
  options.cluster_by = "v";
  take(watched->optimize(connection_, options, {}));
  EXPECT_EQ(times, 2);
  EXPECT_EQ(rows(*table).size(), 199u);
  EXPECT_EQ(take(table->snapshot())->files.size(), 1u);
  expect_clean(*table);
}

// Others commit while a merge is written: at the moment when its output is durable and not yet committed.
struct Meanwhile final : Observer {
  base::Status file_written(const TableReader&, const delta::Snapshot*, const delta::DataFile&,
                            const base::Context&) override {
    return {};
  }
  base::Status files_merged(const TableReader&, const delta::Snapshot&, const std::vector<delta::DataFile>&,
                            const delta::DataFile&, const base::Context&) override {
    if (const auto once = std::exchange(work, nullptr)) once();
    return {};
  }
  std::function<void()> work;
};

TEST_P(MaintenanceTest, RowsDeletedMeanwhileAreDeletedInTheMergedFile) {
  const auto other = create_pairs();
  for (size_t i = 0; i + 1 < kFanIn; ++i) {
    append(*other, "SELECT 'r' || (10 * " + std::to_string(i) + " + j) AS id, j AS v FROM range(10) t(j)");
  }
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

INSTANTIATE_TEST_SUITE_P(Stores, MaintenanceTest, every_store(), store_name);
INSTANTIATE_TEST_SUITE_P(Stores, ClusterTest, every_store(), store_name);

}  // namespace
}  // namespace tarn::lake
