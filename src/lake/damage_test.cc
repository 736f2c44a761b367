// D1, D2: damage to any file of a table is found by check() and never read as something else; refusals by name (S1).
#include <filesystem>
#include <fstream>

#include "delta/deletion_vector.h"
#include "lake/lake_fixture_test.h"

namespace tarn::lake {
namespace {

namespace fs = std::filesystem;

class DamageTest : public LakeTest {
 protected:
  DamageTest() : table_(create_pairs("main/t", {{"delta.checkpointInterval", "2"}})) {
    append(*table_, "SELECT 'r' || i AS id, i AS v FROM range(2000) t(i)");
    std::vector<std::string> keys;
    for (int i = 0; i < 2000; i += 3) keys.push_back("r" + std::to_string(i));
    delete_keys(*table_, keys);
    const auto base = take(table_->snapshot());
    const auto change = table_->change(base);
    EXPECT_OK(change->upsert(connection_, "SELECT 'r1' AS id, 9 AS v", "id", {}));
    change->set_transaction("s", take(table_->put_next_bookmark(*base, "s", json::Value::object({{"at", 1}}))));
    take(change->commit({}));
    expect_clean(*table_);
  }
  std::vector<std::string> files() {
    std::vector<std::string> paths;
    for (const auto& entry : fs::recursive_directory_iterator(file("main/t"))) {
      if (entry.is_regular_file()) paths.push_back(entry.path().string());
    }
    return sorted(paths);
  }
  std::shared_ptr<Table> table_;
};

TEST_F(DamageTest, EveryFlippedBitIsFound) {
  base::Random random(9);
  const auto before = rows(*table_);
  for (const std::string& path : files()) {
    const std::string good = [&] {
      std::ifstream in(path, std::ios::binary);
      return std::string(std::istreambuf_iterator<char>(in), {});
    }();
    // Readers do without these: what matters beside the finding is that the table's rows stand.
    const bool aid = path.find(".checkpoint.") != std::string::npos || path.ends_with("_last_checkpoint");
    for (int i = 0; i < 12; ++i) {
      std::string bad = good;
      if (i < 2) {
        bad.resize(i == 0 ? 0 : random.below(good.size()));
      } else {
        const uint64_t bit = random.below(good.size() * 8);
        bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
      }
      std::ofstream(path, std::ios::binary | std::ios::trunc) << bad;
      const auto table = open_table(environment_, "main/t");
      const auto found =
          table.ok() ? (*table)->check(connection_, {}) : base::Result<std::vector<Finding>>(table.status());
      EXPECT_TRUE(!found.ok() || !found->empty()) << path << " variant " << i;
      if (aid) {
        EXPECT_EQ(rows(*take(table)), before) << path << " variant " << i;
      }
    }
    std::ofstream(path, std::ios::binary | std::ios::trunc) << good;
  }
  expect_clean(*take(open_table(environment_, "main/t")));
}

TEST_F(DamageTest, EveryMissingFileIsFound) {
  const auto before = rows(*table_);
  std::string live_vector = "none";
  for (const auto& [path, file] : take(table_->snapshot())->files) {
    if (file.deletion_vector && file.deletion_vector->storage == "u") {
      live_vector = take(delta::deletion_vector_path(*file.deletion_vector));
    }
  }
  for (const std::string& path : files()) {
    if (path.ends_with(".crc")) continue;  // an aid: readers and check() do without
    fs::rename(path, path + "-away");
    const auto table = open_table(environment_, "main/t");
    const auto found =
        table.ok() ? (*table)->check(connection_, {}) : base::Result<std::vector<Finding>>(table.status());
    // An older version's deletion vector may have been vacuumed; readers do without the others.
    const bool may_miss = path.ends_with("_last_checkpoint") || path.find(".checkpoint.") != std::string::npos ||
                          (path.ends_with(".bin") && path.find(live_vector) == std::string::npos);
    EXPECT_TRUE(may_miss || !found.ok() || !found->empty()) << path;
    if (may_miss) {
      EXPECT_EQ(rows(*take(table)), before) << path;
    }
    fs::rename(path + "-away", path);
  }
}

TEST_F(DamageTest, ADamagedCheckpointIsPassedOver) {
  const auto before = rows(*table_);
  std::ofstream(file("main/t/_delta_log/00000000000000000002.checkpoint.parquet"), std::ios::trunc)
      << "PAR1 nothing PAR1";
  std::ofstream(file("main/t/_delta_log/_last_checkpoint"), std::ios::trunc) << "{";
  const auto table = take(open_table(environment_, "main/t"));
  EXPECT_EQ(rows(*table), before);
  EXPECT_EQ(take(table->check(connection_, {})).size(), 2U);
}

TEST_F(DamageTest, ForeignPathsAreRefused) {
  const std::string log = "main/t/_delta_log/00000000000000000004.json";
  for (const char* path :
       {"../t2/x.parquet", "/etc/passwd", "file:///etc/passwd", "s3://bucket/x", "%2e%2e/x", "a/..%2f..%2f../x"}) {
    ASSERT_OK(store_->put(log, std::string(R"({"add":{"path":")") + path +
                                   R"(","partitionValues":{},"size":1,"modificationTime":1,"dataChange":true}})" +
                                   "\n"));
    for (const auto& table : {open_table(environment_, "main/t")}) {
      EXPECT_EQ(table.status().code(), base::Code::permission_denied) << path;
      EXPECT_NE(table.status().message().find("not a file below the table"), std::string::npos)
          << table.status().message();
    }
    // Also for one who had the table open before.
    EXPECT_EQ(table_->snapshot().status().code(), base::Code::permission_denied);
  }
}

TEST_F(DamageTest, UnknownFeaturesAreNamed) {
  const auto with = [&](const std::string& protocol) {
    EXPECT_OK(store_->put("main/t/_delta_log/00000000000000000004.json", "{\"protocol\":" + protocol + "}\n"));
    return open_table(environment_, "main/t");
  };
  const auto reader = with(
      R"({"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["timeTravelMachine"],"writerFeatures":["timeTravelMachine"]})");
  EXPECT_EQ(reader.status().code(), base::Code::unsupported);
  EXPECT_NE(reader.status().message().find("'timeTravelMachine'"), std::string::npos);
  const auto version = with(R"({"minReaderVersion":4,"minWriterVersion":8})");
  EXPECT_EQ(version.status().code(), base::Code::unsupported);
  // An unknown writer feature: read, and not written.
  const auto table = take(with(
      R"({"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["deletionVectors"],"writerFeatures":["deletionVectors","rowDreams"]})"));
  EXPECT_EQ(rows(*table).size(), rows(*table_, base::Version(3)).size());
  const auto change = table->change(take(table->snapshot()));
  const auto refused = change->append(connection_, "SELECT 'x' AS id, 1 AS v", {});
  EXPECT_EQ(refused.code(), base::Code::unsupported);
  EXPECT_NE(refused.message().find("'rowDreams'"), std::string::npos) << refused.message();
  change->set_transaction("s", 9);
  EXPECT_EQ(change->commit({}).status().code(), base::Code::unsupported);
}

TEST_F(DamageTest, AppendOnlyAndConstraintsAreRespected) {
  const auto table = create_pairs("main/only", {{"delta.appendOnly", "true"}});
  append(*table, "SELECT 'x' AS id, 1 AS v");
  const auto change = table->change(take(table->snapshot()));
  EXPECT_EQ(change->delete_keys(connection_, "id", {"x"}, {}).code(), base::Code::permission_denied);
  EXPECT_EQ(change->upsert(connection_, "SELECT 'x' AS id, 2 AS v", "id", {}).code(), base::Code::permission_denied);
  EXPECT_EQ(table->restore(base::Version(0), {}).status().code(), base::Code::permission_denied);
  EXPECT_EQ(take(table->restore(base::Version(1), {})).value, 1);  // nothing would go
  EXPECT_EQ(rows(*table), std::vector<std::string>{"x|1"});
  CreateOptions options;
  options.schema = take(delta::fields_of_select(connection_, "SELECT 1 AS a"));
  options.configuration["delta.constraints.positive"] = "a > 0";
  const auto checked = take(create_table(environment_, "main/checked", options));
  const auto wrong = checked->change(take(checked->snapshot()))->append(connection_, "SELECT -1 AS a", {});
  EXPECT_EQ(wrong.code(), base::Code::invalid_argument);
  EXPECT_NE(wrong.message().find("'positive' (a > 0) must hold, and a row has a = -1"), std::string::npos)
      << wrong.message();
  append(*checked, "SELECT 1 AS a");
  EXPECT_EQ(rows(*checked), std::vector<std::string>{"1"});
  expect_clean(*checked);
  options.configuration["delta.constraints.positive"] = "myfunction(a)";
  EXPECT_EQ(create_table(environment_, "main/other", options).status().code(), base::Code::unsupported);
  EXPECT_EQ(open_table(environment_, "main/other").status().code(), base::Code::not_found);
  options.configuration.clear();
  options.schema[0].nullable = false;
  const auto strict = take(create_table(environment_, "main/strict", options));
  const auto nulls = strict->change(take(strict->snapshot()));
  EXPECT_EQ(nulls->append(connection_, "SELECT NULL::INTEGER AS a", {}).code(), base::Code::invalid_argument);
}

// What is left of a log is damage, and no place for a new table.
TEST_F(DamageTest, ALogOfRemainsIsNamed) {
  for (const char* left : {"00000000000000000003.checkpoint.0000000001.0000000002.parquet", "_last_checkpoint",
                           "00000000000000000007.crc"}) {
    const std::string path = std::string("main/r") + std::to_string(std::string_view(left).size());
    ASSERT_OK(store_->put_if_absent(path + "/_delta_log/" + left, "{}"));
    const base::Status opened = open_table(environment_, path).status();
    EXPECT_EQ(opened.code(), base::Code::corruption) << left;
    EXPECT_NE(opened.message().find(left), std::string::npos) << opened.message();
    EXPECT_EQ(take(check_table(environment_, path, connection_, {})).size(), 1U);
    CreateOptions options;
    options.schema = take(delta::fields_of_select(connection_, "SELECT 1 AS a"));
    EXPECT_EQ(create_table(environment_, path, options).status().code(), base::Code::corruption);
    const auto all = take(list_tables(*store_));
    EXPECT_NE(std::find(all.begin(), all.end(), path), all.end());
  }
  ASSERT_OK(
      store_->put_if_absent("main/none/_delta_log/00000000000000000000.json#1", "{}"));  // another's temporary file
  EXPECT_EQ(open_table(environment_, "main/none").status().code(), base::Code::not_found);
}

TEST_F(DamageTest, NamesThatDifferByCaseOnly) {
  create_pairs("main/docs");
  CreateOptions options;
  options.schema = take(delta::fields_of_select(connection_, "SELECT 1 AS a"));
  for (const char* path : {"main/Docs", "Main/docs", "MAIN/DOCS"}) {
    EXPECT_EQ(create_table(environment_, path, options).status().code(), base::Code::already_exists) << path;
  }
  ASSERT_OK(create_table(environment_, "Main/other", options));
  const auto cased = delta::read_schema(
      R"({"type":"struct","fields":[{"name":"a","type":"long","nullable":true,"metadata":{}},{"name":"A","type":"long","nullable":true,"metadata":{}}]})");
  EXPECT_NE(cased.status().message().find("'a' and 'A' differ by case only"), std::string::npos);
  const auto inside = delta::read_schema(
      R"({"type":"struct","fields":[{"name":"l","type":{"type":"array","elementType":{"type":"struct","fields":[)"
      R"({"name":"x","type":"long","nullable":true,"metadata":{}},{"name":"X","type":"long","nullable":true,"metadata":{}}]},"containsNull":true},)"
      R"("nullable":true,"metadata":{}}]})");
  EXPECT_EQ(inside.status().code(), base::Code::unsupported);
}

}  // namespace
}  // namespace tarn::lake
