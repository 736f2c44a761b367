// Vacuum takes what nothing needs and nothing else: against tags, leases, writers, crashes and failing calls. Restore
// beside it.
#include "lake/vacuum.h"

#include <filesystem>
#include <fstream>
#include <thread>

#include "lake/lake_fixture_test.h"
#include "lake/leases.h"
#include "lake/tags.h"
#include "store/fault_store.h"

namespace tarn::lake {
namespace {

using base::Code;
namespace fs = std::filesystem;

constexpr int64_t kHour = int64_t{3600} * 1'000'000;
constexpr VacuumOptions kNow{0, false};

class VacuumTest : public LakeTest {
 protected:
  // Files get the system's time: the table's clock goes along with it.
  VacuumTest() { clock_.advance_us(base::system_clock().now_us() - clock_.now_us()); }

  void later(int64_t us = kHour) { clock_.advance_us(us); }

  std::set<std::string> stored(const std::string& table = "main/t") {
    std::set<std::string> paths;
    for (const auto& [path, file] : take(stored_files(*store_, table, {}))) paths.insert(path);
    return paths;
  }
  // Three versions with rows, the newest with one file: 0 empty, 1 a, 2 a b, 3 merged.
  std::shared_ptr<Table> three_versions() {
    const auto table = create_pairs();
    later();
    append(*table, "SELECT 'a' AS id, 1 AS v");
    later();
    append(*table, "SELECT 'b' AS id, 2 AS v");
    later();
    EXPECT_EQ(take(table->optimize(connection_, {}, {})).value, 3);
    later();
    return table;
  }
  std::vector<std::string> operations(Table& table) {
    std::vector<std::string> names;
    for (const delta::Commit& commit : take(table.history(100))) names.push_back(commit.operation);
    return names;
  }
};

TEST_F(VacuumTest, TakesWhatNoVersionWithinTheRetentionHas) {
  const auto table = three_versions();
  EXPECT_EQ(stored().size(), 3U);
  VacuumReport report = take(table->vacuum({}, {}));
  EXPECT_TRUE(report.removed.empty()) << "a week is kept";
  EXPECT_EQ(report.version.value, 3) << "and nothing was written";
  report = take(table->vacuum({kHour + kHour / 2, false}, {}));
  EXPECT_TRUE(report.removed.empty()) << "version 2 was the newest until an hour ago";
  report = take(table->vacuum({kHour / 2, true}, {}));
  EXPECT_EQ(report.removed.size(), 2U);
  EXPECT_EQ(stored().size(), 3U) << "a dry run";
  report = take(table->vacuum({kHour / 2, false}, {}));
  EXPECT_EQ(report.removed.size(), 2U);
  EXPECT_GT(report.removed[0].size_bytes, 0);
  EXPECT_EQ(stored().size(), 1U);
  EXPECT_EQ(rows(*table), (std::vector<std::string>{"a|1", "b|2"}));
  EXPECT_EQ(report.version.value, 5);
  EXPECT_EQ(operations(*table),
            (std::vector<std::string>{"VACUUM END", "VACUUM START", "OPTIMIZE", "WRITE", "WRITE", "CREATE TABLE"}));
  EXPECT_TRUE(take(table->vacuum(kNow, {})).removed.empty());
  EXPECT_EQ(take(table->snapshot())->version.value, 5) << "a second one writes nothing";
  expect_clean(*table);
}

TEST_F(VacuumTest, HeedsTheTablesOwnRetention) {
  const auto table = create_pairs("main/t", {{"delta.deletedFileRetentionDuration", "interval 2 hours"}});
  append(*table, "SELECT 'a' AS id, 1 AS v");
  later();
  delete_keys(*table, {"a"});
  later();
  EXPECT_TRUE(take(table->vacuum({}, {})).removed.empty());
  later(2 * kHour);
  EXPECT_EQ(take(table->vacuum({}, {})).removed.size(), 1U);
}

TEST_F(VacuumTest, TakesDeletionVectorsAndLeavesWhatIsNotItsOwn) {
  const auto table = create_pairs();
  append(*table, "SELECT 'r' || i AS id, i AS v FROM range(3000) t(i)");
  std::vector<std::string> keys;
  for (int i = 0; i < 3000; i += 3) keys.push_back("r" + std::to_string(i));
  delete_keys(*table, keys);
  delete_keys(*table, {"r1"});
  EXPECT_EQ(stored().size(), 3U) << "a data file and two vectors";
  for (const char* name : {"notes.txt", "_other.parquet/part.parquet", ".hidden/part.parquet", "x.bin"}) {
    fs::create_directories(fs::path(file(std::string("main/t/") + name)).parent_path());
    std::ofstream(file(std::string("main/t/") + name)) << "mine";
  }
  later();
  EXPECT_EQ(take(table->vacuum(kNow, {})).removed.size(), 1U);
  EXPECT_EQ(rows(*table).size(), 1999U);
  for (const char* name : {"notes.txt", "_other.parquet/part.parquet", ".hidden/part.parquet", "x.bin"}) {
    EXPECT_TRUE(fs::exists(file(std::string("main/t/") + name))) << name;
  }
  expect_clean(*table);
}

TEST_F(VacuumTest, TakesChangeFilesOfCommitsThatAreNotKept) {
  const auto table = create_pairs("main/t", {{"delta.enableChangeDataFeed", "true"}});
  append(*table, "SELECT 'r' || i AS id, i AS v FROM range(9) t(i)");
  later();
  delete_keys(*table, {"r1"});  // 2
  later();
  delete_keys(*table, {"r2"});  // 3
  later();
  delete_keys(*table, {"r3"});  // 4
  later();
  const auto change_files = [&] {
    size_t count = 0;
    for (const std::string& path : stored()) count += path.starts_with("_change_data/") ? 1 : 0;
    return count;
  };
  EXPECT_EQ(change_files(), 3U);
  fs::create_directories(file("main/t/_change_data/part=a"));
  for (const char* name : {"notes.txt", "part=a/cdc-other.parquet"}) {
    std::ofstream(file(std::string("main/t/_change_data/") + name)) << "mine";
  }
  ASSERT_OK(
      put_tag(*store_, {"keep", clock_.now_us(), {{"main/t", {take(table->snapshot())->table_id, base::Version(2)}}}}));
  const VacuumOptions some{2 * kHour + kHour / 2, false};
  VacuumReport report = take(table->vacuum({some.retain_us, true}, {}));
  ASSERT_EQ(report.removed.size(), 1U) << "version 2 was the newest then";
  EXPECT_EQ(report.removed[0].path, "_change_data/part=a/cdc-other.parquet") << "it was never committed";
  EXPECT_EQ(change_files(), 4U) << "a dry run";
  EXPECT_EQ(take(table->vacuum(some, {})).removed.size(), 1U);
  later();
  report = take(table->vacuum(some, {}));
  ASSERT_EQ(report.removed.size(), 1U) << "the feed of version 3; a tag keeps that of 2";
  EXPECT_EQ(report.kept_by_tags, 1);
  EXPECT_EQ(change_files(), 2U);
  ASSERT_OK(delete_tag(*store_, "keep"));
  EXPECT_EQ(take(table->vacuum(kNow, {})).removed.size(), 2U);
  EXPECT_EQ(change_files(), 0U);
  EXPECT_TRUE(fs::exists(file("main/t/_change_data/notes.txt")));
  EXPECT_EQ(rows(*table).size(), 6U);
  expect_clean(*table);
}

TEST_F(VacuumTest, TakesBookmarksThatNoKeptVersionNames) {
  const auto table = create_pairs();
  const auto pull = [&](const char* source, int64_t at) {
    const auto base = take(table->snapshot());
    const auto n = take(table->put_next_bookmark(*base, source, json::Value::object({{"at", at}})));
    const auto change = table->change(base);
    change->set_transaction(source, n);
    take(change->commit({}));
    later();
    return n;
  };
  const auto bookmarks = [&] {
    std::set<std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(file("main/t/_tarn/bookmarks"))) {
      if (entry.is_regular_file()) found.insert(entry.path().string().substr(file("main/t/_tarn/bookmarks/").size()));
    }
    return found;
  };
  pull("a", 1);  // version 1
  pull("b", 1);  // 2
  take(table->put_next_bookmark(*take(table->snapshot()), "a", json::Value("of a pull that died")));
  pull("a", 3);  // 3: the number 2 is taken
  pull("a", 4);  // 4
  fs::create_directories(file("main/t/_tarn/bookmarks/notes"));
  std::ofstream(file("main/t/_tarn/bookmarks/notes/x.json")) << "mine";
  const std::set<std::string> all{"a/1.json", "a/2.json", "a/3.json", "a/4.json", "b/1.json", "notes/x.json"};
  EXPECT_EQ(bookmarks(), all);
  later();
  ASSERT_OK(
      put_tag(*store_, {"keep", clock_.now_us(), {{"main/t", {take(table->snapshot())->table_id, base::Version(2)}}}}));
  EXPECT_TRUE(take(table->vacuum({}, {})).removed.empty()) << "a week is kept";
  // Three hours ago version 2 was the newest, and had the first bookmark of a.
  VacuumReport report = take(table->vacuum({3 * kHour + kHour / 2, true}, {}));
  ASSERT_EQ(report.removed.size(), 1U);
  EXPECT_EQ(report.removed[0].path, "_tarn/bookmarks/a/2.json");
  report = take(table->vacuum({kHour + kHour / 2, false}, {}));
  ASSERT_EQ(report.removed.size(), 2U);
  EXPECT_EQ(report.removed[0].path, "_tarn/bookmarks/a/2.json");
  EXPECT_EQ(report.removed[1].path, "_tarn/bookmarks/a/3.json");
  EXPECT_EQ(report.kept_by_tags, 1);
  EXPECT_EQ(bookmarks(), (std::set<std::string>{"a/1.json", "a/4.json", "b/1.json", "notes/x.json"}));
  EXPECT_EQ((*take(table->bookmark(*take(table->snapshot(base::Version(2))), "a")))["at"], json::Value(1));
  ASSERT_OK(delete_tag(*store_, "keep"));
  EXPECT_EQ(take(table->vacuum(kNow, {})).removed.size(), 1U);
  EXPECT_EQ((*take(table->bookmark(*take(table->snapshot()), "a")))["at"], json::Value(4));
  EXPECT_EQ((*take(table->bookmark(*take(table->snapshot()), "b")))["at"], json::Value(1));
  expect_clean(*table);
}

TEST_F(VacuumTest, AFileThatWasNeverCommittedStaysAnHourAtLeast) {
  const auto table = create_pairs();
  auto change = table->change(take(table->snapshot()));
  ASSERT_OK(change->append(connection_, "SELECT 'a' AS id, 1 AS v", {}));
  EXPECT_TRUE(take(table->vacuum(kNow, {})).removed.empty()) << "its writer is about to commit it";
  take(change->commit({}));
  change = table->change(take(table->snapshot()));
  // Its writer neither commits it nor takes it back.
  ASSERT_OK(change->append(connection_, "SELECT 'b' AS id, 1 AS v", {}));
  later(2 * kHour);
  EXPECT_TRUE(take(table->vacuum({}, {})).removed.empty()) << "the retention is a week";
  EXPECT_EQ(take(table->vacuum(kNow, {})).removed.size(), 1U);
  EXPECT_EQ(rows(*table), (std::vector<std::string>{"a|1"}));
  expect_clean(*table);
}

TEST_F(VacuumTest, NeverTakesWhatATagNames) {
  const auto table = three_versions();
  const std::string id = take(table->snapshot())->table_id;
  ASSERT_OK(put_tag(*store_, {"keep", clock_.now_us(), {{"main/t", {id, base::Version(1)}}}}));
  ASSERT_OK(put_tag(*store_, {"other", clock_.now_us(), {{"main/t", {"of another table", base::Version(2)}}}}));
  const VacuumReport report = take(table->vacuum(kNow, {}));
  EXPECT_EQ(report.removed.size(), 1U);
  EXPECT_EQ(report.kept_by_tags, 1);
  EXPECT_EQ(rows(*table, base::Version(1)), (std::vector<std::string>{"a|1"}));
  ASSERT_OK(table->check_files(*take(table->snapshot(base::Version(1)))));
  const base::Status gone = table->check_files(*take(table->snapshot(base::Version(2))));
  EXPECT_EQ(gone.code(), Code::not_found);
  EXPECT_NE(gone.message().find("1 of its 2 files"), std::string::npos) << gone.message();
  ASSERT_OK(delete_tag(*store_, "keep"));
  EXPECT_EQ(take(table->vacuum(kNow, {})).removed.size(), 1U);
  expect_clean(*table);
}

TEST_F(VacuumTest, ATagWhoseVersionCannotBeReadStopsIt) {
  const auto table = three_versions();
  const std::string id = take(table->snapshot())->table_id;
  ASSERT_OK(put_tag(*store_, {"lost", clock_.now_us(), {{"main/t", {id, base::Version(77)}}}}));
  const auto report = table->vacuum(kNow, {});
  EXPECT_EQ(report.status().code(), Code::not_found);
  EXPECT_NE(report.status().message().find("tag 'lost'"), std::string::npos) << report.status().message();
  EXPECT_EQ(stored().size(), 3U);
}

TEST_F(VacuumTest, NeverTakesWhatALiveReaderHolds) {
  const auto table = create_pairs();
  append(*table, "SELECT 'a' AS id, 1 AS v");
  later();
  LeaseHolder holder(*store_, clock_, random_);
  auto reading = holder.hold();
  const auto snapshot = take(table->snapshot());
  later(60'000'000);
  delete_keys(*table, {"a"});
  later(60'000'000);
  VacuumReport report = take(table->vacuum(kNow, {}));
  EXPECT_TRUE(report.removed.empty());
  EXPECT_EQ(report.kept_by_leases, 1);
  EXPECT_EQ(rows(*table, snapshot->version), (std::vector<std::string>{"a|1"}));
  later(kLeaseLifeUs + 2 * kClockSkewUs);
  EXPECT_EQ(take(table->vacuum(kNow, {})).removed.size(), 1U) << "the reader died: its lease has expired";

  // A version by name.
  append(*table, "SELECT 'b' AS id, 1 AS v");
  const auto older = take(table->snapshot());
  delete_keys(*table, {"b"});
  later();
  reading = holder.hold();
  holder.add_version("main/t", older->version);
  EXPECT_TRUE(take(table->vacuum(kNow, {})).removed.empty());
  reading.reset();
  holder.release_idle();
  EXPECT_EQ(take(table->vacuum(kNow, {})).removed.size(), 1U);
  expect_clean(*table);
}

TEST_F(VacuumTest, ATagIsRefusedWhileOneIsUnderWay) {
  const auto table = three_versions();
  ASSERT_OK(table->check_no_vacuum());
  // A vacuum that was killed after its START.
  const auto change = table->change(take(table->snapshot()));
  ASSERT_OK(change->append(connection_, "SELECT 'c' AS id, 3 AS v", {}));
  change->set_operation("VACUUM START", json::Value::object());
  take(change->commit({}));
  EXPECT_EQ(table->check_no_vacuum().code(), Code::conflict);
  EXPECT_EQ(table->restore(base::Version(2), {}).status().code(), Code::conflict);
  later();
  take(table->vacuum(kNow, {}));
  ASSERT_OK(table->check_no_vacuum());
}

TEST_F(VacuumTest, RestoreNamesTheOldFilesAgain) {
  const auto table = create_pairs();
  append(*table, "SELECT 'r' || i AS id, i AS v FROM range(4) t(i)");
  const auto n = take(table->put_next_bookmark(*take(table->snapshot()), "s", json::Value::object({{"at", 1}})));
  auto change = table->change(take(table->snapshot()));
  change->set_transaction("s", n);
  take(change->commit({}));                       // 2
  upsert(*table, "SELECT 'r1' AS id, 100 AS v");  // 3
  const auto m = take(table->put_next_bookmark(*take(table->snapshot()), "s", json::Value::object({{"at", 2}})));
  change = table->change(take(table->snapshot()));
  change->set_transaction("s", m);
  take(change->commit({}));     // 4
  delete_keys(*table, {"r0"});  // 5
  const auto files = stored();
  EXPECT_EQ(take(table->restore(base::Version(2), {})).value, 6);
  EXPECT_EQ(stored(), files) << "nothing is written but the log";
  EXPECT_EQ(rows(*table), rows(*table, base::Version(2)));
  EXPECT_EQ((*take(table->bookmark(*take(table->snapshot()), "s")))["at"], json::Value(1));
  EXPECT_GT(take(table->snapshot())->transactions.at("s"), m);
  EXPECT_EQ(take(table->history(1))[0].operation, "RESTORE");
  EXPECT_EQ(take(table->restore(base::Version(2), {})).value, 6) << "it is so already";
  // Before the source was pulled it was not read at all.
  EXPECT_EQ(take(table->restore(base::Version(1), {})).value, 7);
  EXPECT_EQ(*take(table->bookmark(*take(table->snapshot()), "s")), json::Value::object());
  EXPECT_EQ(take(table->restore(base::Version(5), {})).value, 8);
  EXPECT_EQ(rows(*table), rows(*table, base::Version(5)));
  EXPECT_EQ(table->restore(base::Version(99), {}).status().code(), Code::not_found);
  EXPECT_EQ(table->restore(base::Version(-1), {}).status().code(), Code::not_found);
  expect_clean(*table);
}

TEST_F(VacuumTest, RestoreToAVacuumedVersionSaysSo) {
  const auto table = three_versions();
  take(table->vacuum(kNow, {}));
  const auto restored = table->restore(base::Version(2), {});
  EXPECT_EQ(restored.status().code(), Code::not_found);
  EXPECT_NE(restored.status().message().find("can no longer be read in full"), std::string::npos)
      << restored.status().message();
  EXPECT_EQ(rows(*table), (std::vector<std::string>{"a|1", "b|2"}));
  expect_clean(*table);
}

TEST_F(VacuumTest, RestoreBringsTheOldColumnsBack) {
  const auto table = create("main/t", "SELECT 'a' AS id");
  append(*table, "SELECT 'a' AS id");
  // A table with another schema, written by hand as another engine would.
  const auto state = take(table->snapshot());
  std::string log = take(store_->read("main/t/_delta_log/00000000000000000000.json"));
  const size_t at = log.find("\\\"fields\\\":[");
  ASSERT_NE(at, std::string::npos);
  const size_t line = log.rfind('\n', at) + 1, end = log.find('\n', at);
  std::string metadata = log.substr(line, end - line + 1);
  metadata.insert(metadata.find("\\\"fields\\\":[") + 12,
                  R"({\"name\":\"extra\",\"type\":\"string\",\"nullable\":true,\"metadata\":{}},)");
  ASSERT_OK(store_->put_if_absent("main/t/_delta_log/00000000000000000002.json",
                                  "{\"commitInfo\":{\"timestamp\":1,\"operation\":\"ADD COLUMNS\"}}\n" + metadata));
  EXPECT_EQ(take(table->snapshot())->schema.size(), 2U);
  EXPECT_EQ(take(table->restore(base::Version(1), {})).value, 3);
  EXPECT_EQ(take(table->snapshot())->schema.size(), 1U);
  EXPECT_EQ(rows(*table), (std::vector<std::string>{"a"}));
}

// C2: whatever a cut leaves opens, is whole at its newest version, keeps the tag, and the next vacuum ends the work.
TEST_F(VacuumTest, APowerCutAtEveryStepLosesNothingThatIsNeeded) {
  const store::ScratchDirectory root, scratch;
  store::RecordingStore recording(root.path());
  use(&recording);
  {
    const auto table = three_versions();
    ASSERT_OK(put_tag(recording, {"keep", 0, {{"main/t", {take(table->snapshot())->table_id, base::Version(1)}}}}));
    recording.mark("ready");
    take(table->vacuum(kNow, {}));
    recording.mark("vacuumed");
    take(table->restore(base::Version(1), {}));
    recording.mark("restored");
  }
  size_t judged = 0;
  const auto visited = store::for_each_power_cut(recording.recording(),
                                                 {{store::Unsynced::lost, store::Names::lost, 0},
                                                  {store::Unsynced::torn, store::Names::kept, 0},
                                                  {store::Unsynced::mixed, store::Names::mixed, 7}},
                                                 scratch.path(), [&](const store::PowerCut& cut) {
                                                   if (cut.marks.empty()) return;
                                                   SCOPED_TRACE(cut.describe());
                                                   const auto store = take(store::open_local(cut.directory));
                                                   use(store.get());
                                                   const auto table = take(open_table(environment_, "main/t"));
                                                   const auto now = rows(*table);
                                                   const std::vector<std::string> both{"a|1", "b|2"}, one{"a|1"};
                                                   EXPECT_TRUE(now == both || (now == one && cut.marks.size() >= 2))
                                                       << now.size();
                                                   EXPECT_TRUE(now == one || cut.marks.size() < 3);
                                                   EXPECT_EQ(rows(*table, base::Version(1)), one);
                                                   expect_clean(*table);
                                                   take(table->vacuum(kNow, {}));
                                                   ASSERT_OK(table->check_no_vacuum());
                                                   EXPECT_EQ(rows(*table), now);
                                                   expect_clean(*table);
                                                   ++judged;
                                                 });
  use(store_.get());
  EXPECT_GT(take(visited), 50U);
  EXPECT_GT(judged, 10U);
}

TEST_F(VacuumTest, EveryCallMayFail) {
  const store::ScratchDirectory prepared;
  {
    const auto plain = take(store::open_local(prepared.path()));
    use(plain.get());
    three_versions();
  }
  uint64_t failures = 0;
  for (const auto fault : {store::Fault::io_error, store::Fault::no_space}) {
    bool done = false;
    for (uint64_t nth = 1; !done; ++nth) {
      ASSERT_LT(nth, 400U);
      const store::ScratchDirectory root;
      fs::copy(prepared.path(), root.path(), fs::copy_options::recursive);
      store::FaultStore store(root.path());
      use(&store);
      const auto table = take(open_table(environment_, "main/t"));
      store.arm(fault, nth);
      const auto report = table->vacuum(kNow, {});
      done = !store.fired();
      failures += report.ok() ? 0 : 1;
      SCOPED_TRACE("call " + std::to_string(nth) + ", at " + (done ? "nothing" : store.fired_at()));
      store.disarm();
      EXPECT_EQ(rows(*table), (std::vector<std::string>{"a|1", "b|2"}));
      expect_clean(*table);
      take(table->vacuum(kNow, {}));
      ASSERT_OK(table->check_no_vacuum());
      EXPECT_EQ(take(stored_files(store, "main/t", {})).size(), 1U);
      if (HasFailure()) return;
    }
  }
  EXPECT_GT(failures, 10U);
  use(store_.get());
}

// Vacuums with no retention beside a writer that upserts and merges, and a reader with a lease: the reader never misses
// a file.
TEST_F(VacuumTest, BesideAReaderAndAWriter) {
  const int rounds = std::getenv("TARN_SOAK") != nullptr ? 300 : 12;
  const Environment system{store_.get(), &base::system_clock(),        &random_, nullptr,
                           false,        duck::shared_duckdb().connect};
  {
    const auto made = create_pairs();
    append(*made, "SELECT 'r' || i AS id, 0 AS v FROM range(20) t(i)");
  }
  std::atomic<bool> over = false;
  std::atomic<int> reads = 0, vacuums = 0;
  std::thread reader([&] {
    const auto database = take(duck::open({1, uint64_t{256} << 20, {}, {}}));
    const auto connection = take(database->connect());
    const auto table = take(open_table(system, "main/t"));
    base::Random random(3);
    LeaseHolder holder(*store_, base::system_clock(), random);
    while (!over) {
      const auto reading = holder.hold();
      const auto snapshot = take(table->snapshot());
      const auto lines = query_rows(*connection, "SELECT count(*), count(DISTINCT v) FROM (" +
                                                     take(table->select(*snapshot, {}, false)).sql + ")");
      EXPECT_EQ(lines, (std::vector<std::string>{"20|1"}));
      ++reads;
    }
  });
  std::thread cleaner([&] {
    const auto table = take(open_table(system, "main/t"));
    while (!over) {
      EXPECT_OK(table->vacuum(kNow, {}));
      ++vacuums;
    }
  });
  const auto table = take(open_table(system, "main/t"));
  for (int i = 1; i <= rounds; ++i) {
    upsert(*table, "SELECT 'r' || i AS id, " + std::to_string(i) + " AS v FROM range(20) t(i)");
    if (i % 4 == 0) take(table->optimize(connection_, {}, {}));
  }
  over = true;
  reader.join();
  cleaner.join();
  EXPECT_GT(reads.load(), 0);
  EXPECT_GT(vacuums.load(), 0);
  EXPECT_EQ(rows(*table).size(), 20U);
  expect_clean(*table);
}

}  // namespace
}  // namespace tarn::lake
