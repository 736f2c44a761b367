// Forgetting: no byte of the table says afterwards what the row said; whatever stops it, doing it again ends it.
#include "lake/forget.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "delta/state_file.h"
#include "lake/lake_fixture_test.h"
#include "lake/leases.h"
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
      for (const std::string& line :
           query_rows(connection_, "SELECT CAST(t AS VARCHAR) FROM read_parquet(" +
                                       duck::quote_literal(entry.path().string()) + ") AS t")) {
        all += line + "\n";
      }
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
    take(table->optimize(connection_, {}, {}));
    upsert(*table, "SELECT 'r1' AS id, 'new' AS title, 'new' AS body, 8 AS v");
    return table;
  }
  // With what other engines say in a log: bounds of text in a commit and in the checkpoint after it, words in another
  // commit.
  std::shared_ptr<Table> documents_with_bounds() {
    store::Store& store = *environment_.store;
    auto table = documents({{"delta.checkpointInterval", "7"}});
    append(*table, "SELECT 'kanarienvogel' AS id, 'xq-title-9' AS title, 'xq-body-9' AS body, 9 AS v");
    const std::string path = "main/t/_delta_log/00000000000000000006.json";
    std::string log = take(store.read(path));
    const size_t at = log.find("\\\"minValues\\\":{");
    EXPECT_NE(at, std::string::npos) << log;
    log.insert(at + 15, R"(\"id\":\"kanarienvogel\",\"title\":\"xq-title-9\",)");
    EXPECT_OK(store.put(path, log));
    EXPECT_OK(store.remove("main/t/_delta_log/00000000000000000006.crc"));
    table = take(open_table(environment_, "main/t"));
    append(*table, "SELECT 'r10' AS id, 'T' AS title, 'B' AS body, 10 AS v");
    const auto change = table->change(take(table->snapshot()));
    EXPECT_OK(change->delete_keys(connection_, "id", {"r3"}, {}));
    change->set_operation("DELETE", json::Value::object({{"predicate", "[\"(title = 'xq-title-8')\"]"}}));
    take(change->commit({}));
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
  ASSERT_OK(store_->put(delta::state_path("main/t"), "kanarienvogel"));  // as statistics of other writers may have it
  EXPECT_NE(everything(scratch_.path()).find("xq-body-7"), std::string::npos);
  ForgetOptions dry = kCanary;
  dry.dry_run = true;
  ForgetReport report = take(table->forget(connection_, dry, nullptr, {}));
  EXPECT_EQ(report.files.size(), 3U) << "two versions of it and the merged file";
  EXPECT_EQ(report.version.value, 5);
  EXPECT_EQ(rows(*table), before);
  bool called = false;
  report = take(table->forget(connection_, kCanary,
                              [&](const ForgetReport& found) {
                                called = true;
                                EXPECT_EQ(found.texts.at("title"), (std::set<std::string>{"xq-title-7", "xq-title-8"}));
                                EXPECT_NE(everything(scratch_.path()).find("xq-body-7"), std::string::npos)
                                    << "the files are still there";
                                return base::Status();
                              },
                              {}));
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
  report = take(table->forget(connection_, kCanary, nullptr, {}));
  EXPECT_TRUE(report.files.empty());
  EXPECT_EQ(report.version, newest) << "nothing more to do";
}

TEST_F(ForgetTest, ARowThatWasDeletedAndALastRow) {
  const auto table = create_pairs();
  append(*table, "SELECT 'kanarienvogel' AS id, 1 AS v");
  append(*table, "SELECT 'kanarienvogel2' AS id, 1 AS v UNION ALL SELECT 'b', 2");
  delete_keys(*table, {"kanarienvogel2"});
  ForgetReport report = take(table->forget(connection_, kCanary, nullptr, {}));
  EXPECT_EQ(report.files.size(), 1U);
  EXPECT_EQ(rows(*table), (std::vector<std::string>{"b|2"}));
  report = take(table->forget(connection_, {"id", {"kanarienvogel2"}, false}, nullptr, {}));
  EXPECT_EQ(report.files.size(), 1U) << "hidden by a deletion vector, and still there";
  EXPECT_EQ(rows(*table), (std::vector<std::string>{"b|2"}));
  expect_forgotten(scratch_.path());
  expect_clean(*table);
  EXPECT_EQ(table->forget(connection_, {"no_such", {"x"}, false}, nullptr, {}).status().code(), Code::invalid_argument);
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
  ASSERT_OK(change->delete_keys(connection_, "id", {"r3"}, {}));
  change->set_operation("DELETE", json::Value::object({{"predicate", "[\"(title = 'xq-title-8')\"]"}}));
  take(change->commit({}));
  const auto fresh = take(open_table(environment_, "main/t"));
  const ForgetReport report = take(fresh->forget(connection_, kCanary, nullptr, {}));
  EXPECT_EQ(report.rewritten.size(), 2U);
  expect_forgotten(scratch_.path());
  expect_clean(*fresh);
  EXPECT_EQ(take(fresh->history(2))[1].parameters["predicate"].as_string(), "(forgotten)");
}

TEST_F(ForgetTest, ChangeFilesGoToo) {
  const auto table = documents({{"delta.enableChangeDataFeed", "true"}});
  const auto cdc = [&] {
    size_t count = 0;
    for (const auto& [path, file] : take(stored_files(*store_, "main/t", {}))) {
      count += path.starts_with("_change_data/");
    }
    return count;
  };
  EXPECT_EQ(cdc(), 2U);
  take(table->forget(connection_, kCanary, nullptr, {}));
  EXPECT_EQ(cdc(), 1U) << "that of the other row stays";
  expect_forgotten(scratch_.path());
  expect_clean(*table);
}

// A table whose partitions' names say what is forgotten: the log loses these files, and no version with them.
TEST_F(ForgetTest, PartitionsThatSayIt) {
  for (const char* column : {"id", "title"}) {
    SCOPED_TRACE(column);
    fs::remove_all(file("main/t"));
    CreateOptions options;
    options.schema = take(delta::fields_of_select(
        connection_, "SELECT 'a' AS id, 'a' AS title, 'a' AS city, 'a' AS body, 1::BIGINT AS v"));
    options.partition_columns = {column, "city"};
    options.configuration = {{"delta.checkpointInterval", "4"}, {"delta.enableChangeDataFeed", "true"}};
    const auto table = take(create_table(environment_, "main/t", options));
    append(*table,
           "SELECT 'r' || i AS id, 'Title ' || i AS title, 'Graz' AS city, 'Body ' || i AS body, i AS v FROM range(3) "
           "t(i)");
    const std::string canary =
        "SELECT 'kanarienvogel' AS id, 'xq-title-7' AS title, 'Graz' AS city, 'xq-body' AS body, ";
    append(*table, canary + "7 AS v");
    append(*table, "SELECT 'r8' AS id, 'T' AS title, 'Linz' AS city, 'B' AS body, 8 AS v");
    delete_keys(*table, {"7"}, "v");  // 4: a checkpoint, a change file
    append(*table, canary + "9 AS v UNION ALL SELECT 'r10', 'T', 'Linz', 'B', 10");
    append(*table, canary + "11 AS v");
    // A file that was never committed, and sums that Hadoop keeps.
    const std::string directory =
        std::string("main/t/") + column + (column[0] == 'i' ? "=kanarienvogel" : "=xq-title-7");
    ASSERT_TRUE(fs::exists(file(directory))) << directory;
    const auto change = table->change(take(table->snapshot()));
    ASSERT_OK(change->append(connection_, canary + "12 AS v", {}));
    clock_.advance_us(2 * kOrphanAgeUs);
    ASSERT_OK(store_->put("main/t/_delta_log/.00000000000000000002.json.crc", "sum"));
    auto expected = rows(*table), earlier = rows(*table, base::Version(3));
    for (auto* lines : {&expected, &earlier}) {
      std::erase_if(*lines, [](const std::string& line) { return line.starts_with("kanarienvogel"); });
    }
    const auto before = take(table->snapshot())->version;

    const ForgetReport report = take(table->forget(connection_, kCanary, nullptr, {}));
    EXPECT_EQ(report.version.value, before.value + 1);
    expect_forgotten(scratch_.path());
    EXPECT_FALSE(fs::exists(file(directory)));
    EXPECT_FALSE(fs::exists(file("main/t/_delta_log/.00000000000000000002.json.crc")));
    const auto fresh = take(open_table(environment_, "main/t"));
    EXPECT_EQ(rows(*fresh), expected);
    EXPECT_EQ(rows(*fresh, base::Version(3)), earlier) << "a version is read without it";
    EXPECT_TRUE(report.lost.empty());
    expect_clean(*fresh);
    EXPECT_TRUE(fs::exists(file("main/t/_delta_log/00000000000000000006.crc")));
    append(*fresh, "SELECT 'later' AS id, 'T' AS title, 'Graz' AS city, 'B' AS body, 1 AS v");
    expect_clean(*fresh);
    EXPECT_TRUE(take(fresh->forget(connection_, kCanary, nullptr, {})).files.empty());
  }
}

// A partition that other rows have as well says nothing of the one that goes.
TEST_F(ForgetTest, PartitionsThatOthersHaveStay) {
  CreateOptions options;
  options.schema = take(delta::fields_of_select(connection_, "SELECT 'a' AS id, 'a' AS city"));
  options.partition_columns = {"city"};
  const auto table = take(create_table(environment_, "main/t", options));
  append(*table, "SELECT 'kanarienvogel' AS id, 'Graz' AS city UNION ALL SELECT 'r1', 'Graz'");
  append(*table, "SELECT 'kanarienvogel' AS id, 'Graz' AS city");
  const ForgetReport report = take(table->forget(connection_, kCanary, nullptr, {}));
  EXPECT_EQ(report.lost, (std::vector<int64_t>{1, 2}));
  EXPECT_EQ(rows(*table), std::vector<std::string>{"r1|Graz"});
  expect_forgotten(scratch_.path());
  expect_clean(*table);
}

// Logs as Spark and deltalake write them: bounds of text in the checkpoints of each form, in sidecars, in compacted
// commits and in what a dead writer left of a checkpoint.
TEST_F(ForgetTest, CheckpointsOfOtherFormsAreCut) {
  for (const char* form : {"classic", "structs", "multi-part", "json", "sidecars", "two with one sidecar"}) {
    SCOPED_TRACE(form);
    const std::string wanted = form;
    fs::remove_all(file("main/t"));
    const auto table = documents({{"delta.checkpointInterval", "1000"}});
    const auto newest = take(table->snapshot());
    const auto before = rows(*table);
    const std::string log = "main/t/_delta_log/", version = "00000000000000000005";
    // The state, with bounds.
    std::vector<std::string> whole, files;
    for (int64_t i = 0; i <= newest->version.value; ++i) {
      char name[32];
      std::snprintf(name, sizeof name, "%020lld.json", static_cast<long long>(i));
      std::istringstream lines(take(store_->read(log + name)));
      for (std::string line; std::getline(lines, line);) {
        const auto action = take(json::parse(line));
        if (action.contains("protocol") || action.contains("metaData")) whole.push_back(line);
      }
    }
    json::Value bounded = json::Value::object();
    for (const auto& [path, data_file] : newest->files) {
      json::Value stats = take(json::parse(data_file.stats));
      stats.set("minValues", json::Value::object({{"id", "kanarienvogel"}}));
      stats.set("maxValues", json::Value::object({{"id", "r9"}, {"title", "xq-title-8"}}));
      delta::Add add{data_file, false};
      add.file.stats = json::write(stats);
      json::Value action = delta::add_action(add);
      if (wanted == "structs") {
        json::Value body = action["add"];
        json::Value without = json::Value::object();
        for (const auto& [key, value] : body.members()) {
          if (key != "stats") without.set(key, value);
        }
        without.set("stats_parsed", stats);
        action.set("add", without);
      }
      files.push_back(json::write(action));
    }
    const auto parquet = [&](const std::vector<std::string>& lines, const std::string& path) {
      fs::create_directories(fs::path(file(path)).parent_path());
      std::string values;
      for (const std::string& line : lines) values += (values.empty() ? "(" : ", (") + duck::quote_literal(line) + ")";
      const std::string staged = take(store_->stage("main/t/_delta_log"));
      std::ofstream(staged) << [&] {
        std::string text;
        for (const std::string& line : lines) text += line + "\n";
        return text;
      }();
      const std::string tags = "MAP(VARCHAR, VARCHAR)",
                        dv = "STRUCT(storageType VARCHAR, pathOrInlineDv VARCHAR, \"offset\" INTEGER, sizeInBytes "
                             "INTEGER, cardinality BIGINT)";
      const std::string stats = wanted == "structs"
                                    ? "stats_parsed STRUCT(numRecords BIGINT, minValues STRUCT(id VARCHAR), maxValues "
                                      "STRUCT(id VARCHAR, title VARCHAR))"
                                    : "stats VARCHAR";
      take(connection_.write_parquet("SELECT * FROM read_json(" + duck::quote_literal(staged) +
                                         ", format='newline_delimited', columns={protocol: 'STRUCT(minReaderVersion "
                                         "INTEGER, minWriterVersion INTEGER, "
                                         "readerFeatures VARCHAR[], writerFeatures VARCHAR[])', metaData: 'STRUCT(id "
                                         "VARCHAR, format STRUCT(provider "
                                         "VARCHAR, options MAP(VARCHAR, VARCHAR)), schemaString VARCHAR, "
                                         "partitionColumns VARCHAR[], createdTime BIGINT, "
                                         "configuration MAP(VARCHAR, VARCHAR))', sidecar: 'STRUCT(path VARCHAR, "
                                         "sizeInBytes BIGINT, modificationTime "
                                         "BIGINT)', add: 'STRUCT(path VARCHAR, partitionValues MAP(VARCHAR, VARCHAR), "
                                         "size BIGINT, modificationTime "
                                         "BIGINT, dataChange BOOLEAN, " +
                                         stats + ", tags " + tags + ", deletionVector " + dv + ")'})",
                                     file(path)));
      store_->discard(staged);
    };
    const std::string uuid = ".checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.",
                      other = ".checkpoint.11111111-7026-4e79-81be-64bd76c43a11.";
    const std::string side = R"({"sidecar":{"path":"side.parquet","sizeInBytes":1,"modificationTime":1}})";
    std::string pointer = R"({"version":5,"size":9})";
    std::vector<std::string> all = whole;
    all.insert(all.end(), files.begin(), files.end());
    if (wanted == "classic" || wanted == "structs") parquet(all, log + version + ".checkpoint.parquet");
    if (wanted == "multi-part") {
      parquet(whole, log + version + ".checkpoint.0000000001.0000000002.parquet");
      parquet(files, log + version + ".checkpoint.0000000002.0000000002.parquet");
      pointer = R"({"version":5,"size":9,"parts":2})";
    }
    std::string text;
    for (const std::string& line : wanted == "json" ? all : whole) text += line + "\n";
    if (wanted == "json") ASSERT_OK(store_->put(log + version + uuid + "json", text));
    if (wanted == "sidecars" || wanted == "two with one sidecar") {
      parquet(files, log + "_sidecars/side.parquet");
      ASSERT_OK(store_->put(log + version + uuid + "json", text + side + "\n"));
      std::vector<std::string> top = whole;
      top.push_back(side);
      if (wanted != "sidecars") parquet(top, log + version + other + "parquet");
    }
    // What others leave beside it.
    parquet(files, log + "_sidecars/dead.parquet");
    parquet(files, log + "00000000000000000004.checkpoint.0000000002.0000000003.parquet");
    ASSERT_OK(store_->put(log + "00000000000000000001.00000000000000000003.compacted.json", files[0] + "\n"));
    ASSERT_OK(store_->put(log + "_last_checkpoint", pointer));
    ASSERT_OK(store_->put(log + "." + version + ".checkpoint.parquet.crc", "sum"));
    clock_.advance_us(2 * kOrphanAgeUs);
    EXPECT_NE(everything(file("main/t/_delta_log")).find("kanarienvogel"), std::string::npos);
    // The log begins with the checkpoint: it is what is read.
    for (int i = 0; i < 5; ++i) fs::remove(file(log + "0000000000000000000" + std::to_string(i) + ".json"));
    for (int i = 0; i < 5; ++i) fs::remove(file(log + "0000000000000000000" + std::to_string(i) + ".crc"));

    const auto opened = take(open_table(environment_, "main/t"));
    EXPECT_EQ(rows(*opened), before);
    take(opened->forget(connection_, kCanary, nullptr, {}));
    expect_forgotten(scratch_.path());
    EXPECT_FALSE(fs::exists(file(log + "." + version + ".checkpoint.parquet.crc")));
    const auto fresh = take(open_table(environment_, "main/t"));
    auto expected = before;
    std::erase_if(expected, [](const std::string& line) { return line.starts_with("kanarienvogel"); });
    EXPECT_EQ(rows(*fresh), expected);
    expect_clean(*fresh);
    const auto last = take(json::parse(take(store_->read(log + "_last_checkpoint"))));
    EXPECT_EQ(last["version"].as_int(), 5);
    EXPECT_TRUE(last["parts"].is_null());
  }
}

TEST_F(ForgetTest, APieceOfACheckpointThatIsBeingWrittenIsNotTaken) {
  const auto table = documents();
  ASSERT_OK(store_->put("main/t/_delta_log/00000000000000000005.checkpoint.0000000001.0000000002.parquet", "half"));
  const auto report = table->forget(connection_, kCanary, nullptr, {});
  EXPECT_EQ(report.status().code(), Code::conflict);
  EXPECT_NE(report.status().message().find(".checkpoint."), std::string::npos) << report.status().message();
}

TEST_F(ForgetTest, AFileThatIsAboutToBeCommittedIsNotTaken) {
  const auto table = documents();
  const auto change = table->change(take(table->snapshot()));
  ASSERT_OK(
      change->upsert(connection_, "SELECT 'kanarienvogel' AS id, 'late' AS title, 'late' AS body, 1 AS v", "id", {}));
  EXPECT_EQ(table->forget(connection_, kCanary, nullptr, {}).status().code(), Code::conflict);
  take(change->commit({}));
  expect_clean(*table);
  take(table->forget(connection_, kCanary, nullptr, {}));
  expect_forgotten(scratch_.path());
  expect_clean(*table);
}

TEST_F(ForgetTest, APowerCutAtEveryStepAndThenAgain) {
  const store::ScratchDirectory root, scratch;
  store::RecordingStore recording(root.path());
  use(&recording);
  std::vector<std::string> before;
  {
    const auto table = documents_with_bounds();
    before = rows(*table);
    recording.mark("ready");
    take(table->forget(connection_, kCanary, nullptr, {}));
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
        take(table->forget(connection_, kCanary, nullptr, {}));
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
    documents_with_bounds();
  }
  bool done = false;
  uint64_t failures = 0;
  const uint64_t step = std::getenv("TARN_SOAK") != nullptr ? 1 : 7;  // all in a soak
  for (uint64_t nth = 3; !done; nth += step) {
    ASSERT_LT(nth, 600U);
    const store::ScratchDirectory root;
    fs::copy(prepared.path(), root.path(), fs::copy_options::recursive);
    store::FaultStore store(root.path());
    use(&store);
    const auto table = take(open_table(environment_, "main/t"));
    store.arm(store::Fault::io_error, nth);
    const auto report = table->forget(connection_, kCanary, nullptr, {});
    done = !store.fired();
    failures += report.ok() ? 0 : 1;
    SCOPED_TRACE("call " + std::to_string(nth) + ", at " + (done ? "nothing" : store.fired_at()));
    store.disarm();
    expect_clean(*table);
    take(table->forget(connection_, kCanary, nullptr, {}));
    expect_forgotten(root.path());
    expect_clean(*table);
    if (HasFailure()) return;
  }
  EXPECT_GT(failures, 10U);
  use(store_.get());
}

}  // namespace
}  // namespace tarn::lake
