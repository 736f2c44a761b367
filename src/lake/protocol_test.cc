// What the protocol asks of a log as a whole: clean-up, checkpoints that disagree, times, row ids, change data, linked
// files.
#include <algorithm>
#include <filesystem>
#include <fstream>

#include "lake/lake_fixture_test.h"
#include "lake/leases.h"
#include "lake/log_cleanup.h"
#include "lake/tags.h"

namespace tarn::lake {
namespace {

using Lines = std::vector<std::string>;
namespace fs = std::filesystem;

constexpr int64_t kDayUs = int64_t{24} * 3600 * 1'000'000;

class ProtocolTest : public LakeTest {
 protected:
  std::string commit_file(int64_t version) {
    char name[80];
    std::snprintf(name, sizeof name, "main/t/_delta_log/%020lld.json", static_cast<long long>(version));
    return name;
  }
  json::Value actions(int64_t version, const std::string& kind) {
    json::Value found = json::Value::array();
    std::ifstream in(file(commit_file(version)));
    for (std::string line; std::getline(in, line);) {
      const auto parsed = take(json::parse(line));
      if (parsed.contains(kind)) found.push(parsed[kind]);
    }
    return found;
  }
};

TEST_F(ProtocolTest, CleanUpKeepsWhatTheNewestCheckpointNeeds) {
  const auto table =
      create_pairs("main/t", {{"delta.checkpointInterval", "3"}, {"delta.logRetentionDuration", "interval 2 days"}});
  for (int i = 0; i < 7; ++i) {
    append(*table, "SELECT 'a" + std::to_string(i) + "' AS id, 1 AS v");  // checkpoints at 3, 6
  }
  const auto before = rows(*table);
  // The files' times are the machine's; the clock goes to five days after them, and two more commits make the
  // checkpoint at 9.
  const auto age = take(store_->stat(commit_file(7))).modified_us;
  clock_.advance_us(age + 5 * kDayUs - clock_.now_us());
  append(*table, "SELECT 'b' AS id, 1 AS v");
  EXPECT_TRUE(fs::exists(file(commit_file(0))));
  append(*table, "SELECT 'c' AS id, 1 AS v");
  // All commits are as old as the retention: the newest checkpoint and its commit stay.
  for (int i = 0; i < 9; ++i) EXPECT_FALSE(fs::exists(file(commit_file(i)))) << i;
  EXPECT_TRUE(fs::exists(file(commit_file(9))));
  EXPECT_FALSE(fs::exists(file("main/t/_delta_log/00000000000000000006.checkpoint.parquet")));
  const auto again = take(open_table(environment_, "main/t"));
  EXPECT_EQ(rows(*again).size(), before.size() + 2);
  const auto gone = again->snapshot(base::Version(4));
  EXPECT_EQ(gone.status().code(), base::Code::not_found);
  EXPECT_NE(gone.status().message().find("cleaned up"), std::string::npos) << gone.status().message();
  expect_clean(*again);
  append(*again, "SELECT 'd' AS id, 1 AS v");
  expect_clean(*again);
}

TEST_F(ProtocolTest, CleanUpKeepsTheLogFromTheOldestTagsCheckpointOn) {
  const auto table =
      create_pairs("main/t", {{"delta.checkpointInterval", "3"}, {"delta.logRetentionDuration", "interval 2 days"}});
  for (int i = 0; i < 10; ++i) {
    append(*table, "SELECT 'a" + std::to_string(i) + "' AS id, 1 AS v");  // checkpoints at 3, 6, 9
  }
  const std::string id = take(table->snapshot())->table_id;
  const auto tag = [&](const std::string& name, int64_t version, const std::string& of) {
    ASSERT_OK(put_tag(*store_, {name, 0, {{"main/t", {of, base::Version(version)}}}}));
  };
  tag("first", 5, id);
  tag("second", 7, id);
  tag("other", 1, "of another table");
  clock_.advance_us(take(store_->stat(commit_file(9))).modified_us + 5 * kDayUs - clock_.now_us());
  const auto first_commit = [&] {
    int64_t version = 0;
    while (!fs::exists(file(commit_file(version)))) ++version;
    return version;
  };
  const auto five = rows(*table, base::Version(5)), seven = rows(*table, base::Version(7));
  for (int i = 0; i < 2; ++i) append(*table, "SELECT 'b' AS id, 1 AS v");  // a checkpoint at 12
  EXPECT_EQ(first_commit(), 3) << "the checkpoint before the oldest tag";
  for (int64_t version = 3; version <= 12; ++version) EXPECT_TRUE(fs::exists(file(commit_file(version)))) << version;
  const auto opened = take(open_table(environment_, "main/t"));
  EXPECT_EQ(rows(*opened, base::Version(5)), five);
  EXPECT_EQ(rows(*opened, base::Version(7)), seven);
  EXPECT_EQ(opened->snapshot(base::Version(2)).status().code(), base::Code::not_found);
  expect_clean(*opened);
  // A reader counts as a tag does.
  ASSERT_OK(delete_tag(*store_, "first"));
  {
    LeaseHolder holder(*store_, clock_, random_);
    const auto reading = holder.hold();
    holder.add_version("main/t", base::Version(4));
    for (int i = 0; i < 3; ++i) append(*table, "SELECT 'c' AS id, 1 AS v");  // 15
    EXPECT_EQ(first_commit(), 3);
  }
  for (int i = 0; i < 3; ++i) append(*table, "SELECT 'd' AS id, 1 AS v");  // 18
  EXPECT_EQ(first_commit(), 6);
  EXPECT_EQ(rows(*take(open_table(environment_, "main/t")), base::Version(7)), seven);
  ASSERT_OK(delete_tag(*store_, "second"));
  for (int i = 0; i < 3; ++i) append(*table, "SELECT 'e' AS id, 1 AS v");  // 21
  EXPECT_EQ(first_commit(), 21);
  expect_clean(*take(open_table(environment_, "main/t")));
}

TEST_F(ProtocolTest, CleanUpStaysAwayWhereItMust) {
  for (const char* why : {"switched off", "young", "a tag that cannot be read", "unreadable"}) {
    fs::remove_all(file("main/t"));
    std::map<std::string, std::string> configuration{{"delta.checkpointInterval", "2"}};
    if (why == std::string("switched off")) configuration["delta.enableExpiredLogCleanup"] = "false";
    if (why == std::string("a tag that cannot be read")) ASSERT_OK(store_->put("_tarn/tags/x.json", "{}"));
    const auto table = create_pairs("main/t", configuration);
    const int64_t now =
        take(store_->stat(commit_file(0))).modified_us + (why == std::string("young") ? 20 : 60) * kDayUs;
    clock_.advance_us(now - clock_.now_us());
    if (why == std::string("unreadable")) {
      // A second form of the checkpoint to be, damaged: then the log is not what it should be, and nothing goes.
      ASSERT_OK(store_->put(
          "main/t/_delta_log/00000000000000000002.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json", "{"));
    }
    for (int i = 0; i < 3; ++i) append(*table, "SELECT 'a' AS id, 1 AS v");
    EXPECT_TRUE(fs::exists(file(commit_file(0)))) << why;
    fs::remove_all(file("_tarn"));
  }
}

TEST_F(ProtocolTest, CheckpointsThatDisagreeAreNamed) {
  const auto table = create_pairs("main/t", {{"delta.checkpointInterval", "2"}});
  append(*table, "SELECT 'a' AS id, 1 AS v");
  append(*table, "SELECT 'b' AS id, 2 AS v");
  append(*table, "SELECT 'c' AS id, 3 AS v");
  const auto before = rows(*table);
  // Another form of the same version, without one of the files.
  std::string other;
  for (const char* kind : {"protocol", "metaData"}) {
    other += json::write(json::Value::object({{kind, actions(0, kind).items()[0]}})) + "\n";
  }
  other += json::write(json::Value::object({{"add", actions(1, "add").items()[0]}})) + "\n";
  ASSERT_OK(store_->put("main/t/_delta_log/00000000000000000002.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json",
                        other));
  // While the commits are there they tell what is right.
  EXPECT_EQ(rows(*take(open_table(environment_, "main/t"))), before);
  EXPECT_EQ(take(table->check(connection_, {})).size(), 1U);
  for (int i = 0; i < 3; ++i) fs::remove(file(commit_file(i)));
  const auto opened = open_table(environment_, "main/t");
  EXPECT_EQ(opened.status().code(), base::Code::corruption);
  EXPECT_NE(opened.status().message().find("of version 2 disagree"), std::string::npos) << opened.status().message();
  EXPECT_FALSE(opened.status().hint().empty());
}

TEST_F(ProtocolTest, WhatIsNoDeltaTableIsSaid) {
  ASSERT_OK(store_->put("main/folder/x.parquet", "PAR1"));
  const auto opened = open_table(environment_, "main/folder");
  EXPECT_EQ(opened.status().code(), base::Code::not_found);
  EXPECT_NE(opened.status().message().find("is not a Delta table"), std::string::npos) << opened.status().message();
  EXPECT_FALSE(opened.status().hint().empty());
}

TEST_F(ProtocolTest, CommitTimesOnlyGrow) {
  const auto table = create_pairs("main/t", {{"delta.enableInCommitTimestamps", "true"}});
  const int64_t start = clock_.now_us();
  append(*table, "SELECT 'a' AS id, 1 AS v");  // the clock stands still
  clock_.advance_us(-3'600'000'000);           // and goes back
  append(*table, "SELECT 'b' AS id, 1 AS v");
  for (int64_t version = 0; version < 3; ++version) {
    std::ifstream in(file(commit_file(version)));
    std::string first;
    std::getline(in, first);
    const auto info = take(json::parse(first))["commitInfo"];
    EXPECT_EQ(info["inCommitTimestamp"].as_int(), start / 1000 + version);
    EXPECT_EQ(take(table->version_at(start + version * 1000)).value, version);
  }
  expect_clean(*table);
}

TEST_F(ProtocolTest, ChangesAreTold) {
  const auto table = create("main/t", "SELECT 'a' AS id, 1::BIGINT AS v",
                            {{"delta.enableChangeDataFeed", "true"}, {"delta.columnMapping.mode", "name"}});
  append(*table, "SELECT 'a' AS id, 1 AS v UNION ALL SELECT 'b', 2 UNION ALL SELECT 'c', 3");
  EXPECT_EQ(actions(1, "cdc").items().size(), 0U);  // its new file says it
  const auto changes = [&](int64_t version) {
    Lines found;
    const auto snapshot = take(table->snapshot());
    const json::Value files = actions(version, "cdc");
    for (const json::Value& cdc : files.items()) {
      const std::string path = duck::quote_literal(file("main/t/" + cdc["path"].as_string()));
      const std::string id = snapshot->schema[0].metadata["delta.columnMapping.physicalName"].as_string();
      const std::string v = snapshot->schema[1].metadata["delta.columnMapping.physicalName"].as_string();
      for (std::string& line :
           query_rows(connection_, "SELECT \"" + id + "\", \"" + v + "\", _change_type FROM " + path)) {
        found.push_back(std::move(line));
      }
    }
    return sorted(found);
  };
  upsert(*table, "SELECT 'b' AS id, 20 AS v UNION ALL SELECT 'd', 4");
  EXPECT_EQ(changes(2), (Lines{"b|20|update_postimage", "b|2|update_preimage", "d|4|insert"}));
  const auto change = table->change(take(table->snapshot()));
  EXPECT_OK(change->upsert(connection_, "SELECT 'a' AS id, 10 AS v UNION ALL SELECT 'x', 1", "id", {}));
  EXPECT_OK(change->delete_keys(connection_, "id", {"c", "x"}, {}));
  take(change->commit({}));
  EXPECT_EQ(changes(3), (Lines{"a|10|update_postimage", "a|1|update_preimage", "c|3|delete"}));
  EXPECT_OK(table->optimize(connection_, {}, {}));
  EXPECT_EQ(actions(4, "cdc").items().size(), 0U);
  delete_keys(*table, {"a", "b", "d"});
  EXPECT_EQ(changes(5), (Lines{"a|10|delete", "b|20|delete", "d|4|delete"}));
  append(*table, "SELECT 'f' AS id, 6 AS v UNION ALL SELECT 'g', 7 UNION ALL SELECT 'h', 8");
  // As MERGE does: one row updated, one deleted, one inserted.
  const auto base = take(table->snapshot());
  const auto merge = table->change(base);
  EXPECT_OK(merge->delete_rows(base->files.begin()->first, {0}, Feed::update));
  EXPECT_OK(merge->append(connection_, {"SELECT 'f' AS id, 60 AS v", Order::any, Feed::update}, {}));
  merge->set_operation("MERGE", json::Value::object());
  EXPECT_OK(merge->delete_rows(base->files.begin()->first, {2}));
  EXPECT_OK(merge->append(connection_, "SELECT 'i' AS id, 9 AS v", {}));
  take(merge->commit({}));
  EXPECT_EQ(changes(7), (Lines{"f|60|update_postimage", "f|6|update_preimage", "h|8|delete", "i|9|insert"}));
  expect_clean(*table);
  EXPECT_EQ(create_table(
                environment_, "main/u",
                {{{"_change_type", "string", true, json::Value::object()}}, {{"delta.enableChangeDataFeed", "true"}}})
                .status()
                .code(),
            base::Code::invalid_argument);
}

TEST_F(ProtocolTest, RowsKeepTheirIds) {
  const auto table = create_pairs("main/t", {{"delta.feature.rowTracking", "supported"},
                                             {"delta.feature.domainMetadata", "supported"},
                                             {"delta.checkpointInterval", "4"}});
  append(*table, "SELECT 'a' AS id, 1 AS v UNION ALL SELECT 'b', 2");
  append(*table, "SELECT 'c' AS id, 3 AS v");
  delete_keys(*table, {"a"});
  append(*table, "SELECT 'd' AS id, 4 AS v");
  EXPECT_EQ(actions(1, "add").items()[0]["baseRowId"].as_int(-1), 0);
  EXPECT_EQ(actions(2, "add").items()[0]["baseRowId"].as_int(-1), 2);
  EXPECT_EQ(actions(2, "add").items()[0]["defaultRowCommitVersion"].as_int(-1), 2);
  EXPECT_EQ(actions(3, "add").items()[0]["baseRowId"].as_int(-1), 0);
  EXPECT_EQ(actions(3, "remove").items()[0]["baseRowId"].as_int(-1), 0);
  EXPECT_EQ(actions(3, "domainMetadata").items().size(), 0U);
  EXPECT_EQ(actions(4, "domainMetadata").items()[0]["configuration"].as_string(), R"({"rowIdHighWaterMark":3})");
  // Also from a checkpoint.
  for (int i = 0; i < 4; ++i) fs::remove(file(commit_file(i)));
  const auto again = take(open_table(environment_, "main/t"));
  std::set<int64_t> ids;
  for (const auto& [path, data_file] : take(again->snapshot())->files) ids.insert(data_file.base_row_id.value_or(-1));
  EXPECT_EQ(ids, (std::set<int64_t>{0, 2, 3}));
  EXPECT_EQ(take(again->snapshot())->domains.count("delta.rowTracking"), 1U);
  expect_clean(*again);
}

TEST_F(ProtocolTest, TransactionsExpireButNotBookmarks) {
  const auto table = create_pairs(
      "main/t", {{"delta.checkpointInterval", "3"}, {"delta.setTransactionRetentionDuration", "interval 1 hour"}});
  for (const char* id : {"other-engine", "source"}) {
    const auto change = table->change(take(table->snapshot()));
    if (id == std::string("source")) ASSERT_OK(table->put_bookmark(id, 1, json::Value::object({{"at", 1}})));
    change->set_transaction(id, 1);
    take(change->commit({}));
  }
  clock_.advance_us(2 * kDayUs);
  append(*table, "SELECT 'a' AS id, 1 AS v");
  expect_clean(*table);
  for (int i = 0; i < 3; ++i) fs::remove(file(commit_file(i)));
  const auto again = take(open_table(environment_, "main/t"));
  const auto transactions = take(again->snapshot())->transactions;
  EXPECT_EQ(transactions.count("other-engine"), 0U);
  EXPECT_EQ(transactions.count("source"), 1U);
}

TEST_F(ProtocolTest, LinkedTablesReadFilesElsewhere) {
  const auto table = create_pairs();
  append(*table, "SELECT 'a' AS id, 1 AS v");
  fs::create_directories(file("else where"));
  std::string path;
  for (const auto& [name, data_file] : take(table->snapshot())->files) path = name;
  fs::rename(file("main/t/" + path), file("else where/x.parquet"));
  auto add = actions(1, "add").items()[0];
  for (const std::string& outside : {file("else%20where/x.parquet"), "file://" + file("else%20where/x.parquet")}) {
    add.set("path", outside);
    ASSERT_OK(store_->put(commit_file(1), json::write(json::Value::object({{"add", add}})) + "\n"));
    EXPECT_EQ(open_table(environment_, "main/t").status().code(), base::Code::permission_denied);
    Environment linked = environment_;
    linked.foreign_files = true;
    const auto opened = take(open_table(linked, "main/t"));
    EXPECT_EQ(rows(*opened), Lines{"a|1"});
    EXPECT_EQ(query_rows(connection_, "SELECT tarn_file FROM (" +
                                          take(opened->select(*take(opened->snapshot()), {}, true)).sql + ")"),
              Lines{file("else where/x.parquet")});
    EXPECT_EQ(opened->change(take(opened->snapshot()))->append(connection_, "SELECT 'b' AS id", {}).code(),
              base::Code::permission_denied);
  }
  for (const char* outside : {"s3://bucket/x", "../x.parquet", "http://host/x", "file:///a/../b"}) {
    add.set("path", outside);
    ASSERT_OK(store_->put(commit_file(1), json::write(json::Value::object({{"add", add}})) + "\n"));
    Environment linked = environment_;
    linked.foreign_files = true;
    EXPECT_EQ(open_table(linked, "main/t").status().code(), base::Code::permission_denied) << outside;
  }
}

}  // namespace
}  // namespace tarn::lake
