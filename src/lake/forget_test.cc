// Forgetting: no byte of the table says afterwards what the row said; whatever stops it, doing it again ends it.
#include "lake/forget.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "lake/lake_fixture_test.h"
#include "lake/leases.h"
#include "lake/state_file.h"
#include "lake/tags.h"
#include "lake/vacuum.h"
#include "store/fault_store.h"

namespace tarn::lake {
namespace {

using base::Code;
namespace fs = std::filesystem;

class ForgetTest : public LakeTest {
 protected:
  ForgetTest() { clock_.advance_us(base::system_clock().now_us() - clock_.now_us()); }

  // Everything that lies under a directory: raw, and what Parquet files hold when read.
  std::string everything(const std::string& directory) {
    std::string all;
    for (const auto& entry : fs::recursive_directory_iterator(directory)) {
      if (!entry.is_regular_file()) continue;
      all += entry.path().string() + "\n";
      std::ifstream file(entry.path(), std::ios::binary);
      all.append(std::istreambuf_iterator<char>(file), {});
      if (entry.path().extension() != ".parquet") continue;
      for (const std::string& line : query_rows(connection_, "SELECT CAST(t AS VARCHAR) FROM read_parquet(" +
                                                                 duck::quote_literal(entry.path().string()) + ") AS t"))
        all += line + "\n";
    }
    return all;
  }
  std::shared_ptr<Table> documents(std::map<std::string, std::string> configuration = {}) {
    const auto table = create("main/t", "SELECT 'a' AS id, 'a' AS title, 'a' AS body, 1::BIGINT AS v", configuration);
    append(*table, "SELECT 'r' || i AS id, 'Title ' || i AS title, 'Body ' || i AS body, i AS v FROM range(5) t(i)");
    append(*table, "SELECT 'kanarienvogel' AS id, 'xq-title-7' AS title, repeat('xq-body-7 ', 50) AS body, 7 AS v");
    upsert(*table,
           "SELECT 'kanarienvogel' AS id, 'xq-title-8' AS title, 'xq-body-8' AS body, 8 AS v UNION ALL "
           "SELECT 'r9', 'T', 'B', 9");
    take(table->optimize(connection_, {}));
    upsert(*table, "SELECT 'r1' AS id, 'new' AS title, 'new' AS body, 8 AS v");
    return table;
  }
  void expect_forgotten(const std::string& directory) {
    const std::string all = everything(directory);
    for (const char* word : {"kanarienvogel", "xq-title", "xq-body"}) {
      const size_t at = all.find(word);
      EXPECT_EQ(at, std::string::npos) << word << ": …" << all.substr(at < 200 ? 0 : at - 200, 300);
    }
  }
};

const ForgetOptions kCanary{"id", {"kanarienvogel"}, false};

TEST_F(ForgetTest, NothingOfTheRowIsLeft) {
  const auto table = documents({{"delta.checkpointInterval", "2"}});
  const auto before = rows(*table);
  ASSERT_OK(put_tag(*store_, {"keep", 0, {{"main/t", {take(table->snapshot())->table_id, base::Version(3)}}}}));
  ASSERT_OK(store_->put(state_path("main/t"), "kanarienvogel"));  // as statistics of other writers may have it
  EXPECT_NE(everything(scratch_.path()).find("xq-body-7"), std::string::npos);
  ForgetOptions dry = kCanary;
  dry.dry_run = true;
  ForgetReport report = take(table->forget(connection_, dry, nullptr));
  EXPECT_EQ(report.files.size(), 3U) << "two versions of it and the merged file";
  EXPECT_EQ(report.version.value, 5);
  EXPECT_EQ(rows(*table), before);
  bool called = false;
  report = take(table->forget(connection_, kCanary, [&](const ForgetReport& found) {
    called = true;
    EXPECT_EQ(found.texts.at("title"), (std::set<std::string>{"xq-title-7", "xq-title-8"}));
    EXPECT_NE(everything(scratch_.path()).find("xq-body-7"), std::string::npos) << "the files are still there";
    return base::Status();
  }));
  EXPECT_TRUE(called);
  EXPECT_EQ(report.lost, (std::vector<int64_t>{2, 3, 4, 5}));
  expect_forgotten(scratch_.path());
  auto expected = before;
  std::erase_if(expected, [](const std::string& line) { return line.starts_with("kanarienvogel"); });
  EXPECT_EQ(rows(*table), expected);
  EXPECT_EQ(rows(*table, base::Version(1)).size(), 5U) << "a version that never had it is whole";
  EXPECT_EQ(table->check_files(*take(table->snapshot(base::Version(3)))).code(), Code::not_found);
  EXPECT_EQ(take(table->history(1))[0].operation, "FORGET");
  expect_clean(*table);
  const auto newest = take(table->snapshot())->version;
  report = take(table->forget(connection_, kCanary, nullptr));
  EXPECT_TRUE(report.files.empty());
  EXPECT_EQ(report.version, newest) << "nothing more to do";
}

TEST_F(ForgetTest, ARowThatWasDeletedAndALastRow) {
  const auto table = create_pairs();
  append(*table, "SELECT 'kanarienvogel' AS id, 1 AS v");
  append(*table, "SELECT 'kanarienvogel2' AS id, 1 AS v UNION ALL SELECT 'b', 2");
  delete_keys(*table, {"kanarienvogel2"});
  ForgetReport report = take(table->forget(connection_, kCanary, nullptr));
  EXPECT_EQ(report.files.size(), 1U);
  EXPECT_EQ(rows(*table), (std::vector<std::string>{"b|2"}));
  report = take(table->forget(connection_, {"id", {"kanarienvogel2"}, false}, nullptr));
  EXPECT_EQ(report.files.size(), 1U) << "hidden by a deletion vector, and still there";
  EXPECT_EQ(rows(*table), (std::vector<std::string>{"b|2"}));
  expect_forgotten(scratch_.path());
  expect_clean(*table);
  EXPECT_EQ(table->forget(connection_, {"no_such", {"x"}, false}, nullptr).status().code(), Code::invalid_argument);
}

TEST_F(ForgetTest, TheLogsOfOtherWritersAreCut) {
  const auto table = documents();
  // As Spark writes: bounds of text columns, a predicate in commitInfo, a checksum that lists files.
  const std::string path = "main/t/_delta_log/00000000000000000002.json";
  std::string log = take(store_->read(path));
  const size_t at = log.find("\\\"minValues\\\":{");
  ASSERT_NE(at, std::string::npos) << log;
  log.insert(at + 15, R"(\"id\":\"kanarienvogel\",\"title\":\"xq-title-7\",)");
  ASSERT_OK(store_->put(path, log));
  fs::remove(file("main/t/_delta_log/00000000000000000002.crc"));
  ASSERT_OK(store_->put("main/t/_delta_log/00000000000000000001.crc", R"({"allFiles":["kanarienvogel"]})"));
  const auto change = table->change(take(table->snapshot()));
  ASSERT_OK(change->delete_keys(connection_, "id", {"r3"}));
  change->set_operation("DELETE", json::Value::object({{"predicate", "[\"(title = 'xq-title-8')\"]"}}));
  take(change->commit());
  const auto fresh = take(open_table(environment_, "main/t"));
  const ForgetReport report = take(fresh->forget(connection_, kCanary, nullptr));
  EXPECT_EQ(report.rewritten.size(), 2U);
  expect_forgotten(scratch_.path());
  expect_clean(*fresh);
  EXPECT_EQ(take(fresh->history(2))[1].parameters["predicate"].as_string(), "(forgotten)");
}

TEST_F(ForgetTest, AFileThatIsAboutToBeCommittedIsNotTaken) {
  const auto table = documents();
  const auto change = table->change(take(table->snapshot()));
  ASSERT_OK(change->upsert(connection_, "SELECT 'kanarienvogel' AS id, 'late' AS title, 'late' AS body, 1 AS v", "id"));
  EXPECT_EQ(table->forget(connection_, kCanary, nullptr).status().code(), Code::conflict);
  take(change->commit());
  expect_clean(*table);
  take(table->forget(connection_, kCanary, nullptr));
  expect_forgotten(scratch_.path());
  expect_clean(*table);
}

TEST_F(ForgetTest, APowerCutAtEveryStepAndThenAgain) {
  const store::ScratchDirectory root, scratch;
  store::RecordingStore recording(root.path());
  use(&recording);
  std::vector<std::string> before;
  {
    const auto table = documents({{"delta.checkpointInterval", "5"}});
    before = rows(*table);
    recording.mark("ready");
    take(table->forget(connection_, kCanary, nullptr));
    recording.mark("forgotten");
  }
  auto after = before;
  std::erase_if(after, [](const std::string& line) { return line.starts_with("kanarienvogel"); });
  size_t judged = 0;
  const auto visited = store::for_each_power_cut(
      recording.recording(),
      {{store::Unsynced::lost, store::Names::lost, 0}, {store::Unsynced::mixed, store::Names::mixed, 7}},
      scratch.path(), [&](const store::PowerCut& cut) {
        if (cut.marks.empty()) return;
        SCOPED_TRACE(cut.describe());
        const auto store = take(store::open_local(cut.directory));
        use(store.get());
        const auto table = take(open_table(environment_, "main/t"));
        const auto now = rows(*table);
        EXPECT_TRUE(now == before || now == after);
        expect_clean(*table);
        take(table->forget(connection_, kCanary, nullptr));
        EXPECT_EQ(rows(*table), after);
        // What a dead writer left under a temporary name goes when it is old enough; here nothing did.
        expect_forgotten(cut.directory + "/main/t");
        expect_clean(*table);
        ++judged;
      });
  use(store_.get());
  EXPECT_GT(take(visited), 20U);
  EXPECT_GT(judged, 8U);
}

TEST_F(ForgetTest, EveryCallMayFail) {
  const store::ScratchDirectory prepared;
  {
    const auto plain = take(store::open_local(prepared.path()));
    use(plain.get());
    documents();
  }
  bool done = false;
  uint64_t failures = 0;
  for (uint64_t nth = 1; !done; ++nth) {
    ASSERT_LT(nth, 400U);
    const store::ScratchDirectory root;
    fs::copy(prepared.path(), root.path(), fs::copy_options::recursive);
    store::FaultStore store(root.path());
    use(&store);
    const auto table = take(open_table(environment_, "main/t"));
    store.arm(store::Fault::io_error, nth);
    const auto report = table->forget(connection_, kCanary, nullptr);
    done = !store.fired();
    failures += report.ok() ? 0 : 1;
    SCOPED_TRACE("call " + std::to_string(nth) + ", at " + (done ? "nothing" : store.fired_at()));
    store.disarm();
    expect_clean(*table);
    take(table->forget(connection_, kCanary, nullptr));
    expect_forgotten(root.path());
    expect_clean(*table);
    if (HasFailure()) return;
  }
  EXPECT_GT(failures, 10U);
  use(store_.get());
}

}  // namespace
}  // namespace tarn::lake
