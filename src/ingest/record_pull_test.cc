// Records: a file of JSON lines into a table of its own, and what becomes of its rows.
#include "connector/jsonl/jsonl.h"
#include "ingest/scratch_lake_test.h"

namespace tarn::ingest {
namespace {

using Rows = std::vector<std::vector<duck::Cell>>;

class RecordPullTest : public testing::Test {
 protected:
  RecordPullTest() {
    lake.connectors.push_back(connector::jsonl::descriptor());
    lake.request.source.url = "jsonl:" + lake.folder.at("ships.jsonl");
    lake.request.table = "ships";
  }
  void TearDown() override { lake.expect_clean(); }
  void write(std::string_view lines) { lake.folder.write("ships.jsonl", lines); }
  Rows rows(const std::vector<std::string>& columns) { return lake.select("main.ships", columns); }
  ScratchLake lake;
};

TEST_F(RecordPullTest, EachLineIsARowAndEachMemberAColumn) {
  write(R"({"id":1,"name":"Anna","metres":12,"docked":true,"crew":["a","b"]}
{"id":2,"name":"Berta","metres":7.5,"docked":false,"note":"leaks"}

{"id":3,"name":null,"metres":1}
)");
  const PullReport report = lake.pull();
  EXPECT_EQ(report.added, 3u);
  EXPECT_EQ(report.commits, 1U);
  EXPECT_EQ(rows({"id", "name", "metres", "docked", "crew", "note"}),
            (Rows{{int64_t{1}, "Anna", 12.0, true, R"(["a","b"])", {}},
                  {int64_t{2}, "Berta", 7.5, false, {}, "leaks"},
                  {int64_t{3}, {}, 1.0, {}, {}, {}}}));
}

TEST_F(RecordPullTest, OnlyWhatMovedIsWritten) {
  write("{\"id\":1,\"v\":\"a\"}\n{\"id\":2,\"v\":\"b\"}\n{\"id\":3,\"v\":null}\n{\"id\":4,\"v\":\"d\"}\n");
  lake.pull();
  const int asked = lake.connections_asked;
  EXPECT_EQ(lake.pull().commits, 0U);
  EXPECT_EQ(lake.pull().unchanged, 4u);
  EXPECT_EQ(lake.connections_asked, asked) << "DuckDB is not asked when the file is the same";
  write("{\"id\":4,\"v\":\"D\"}\n{\"id\":1,\"v\":\"a\"}\n{\"id\":3,\"v\":null}\n{\"id\":5,\"v\":\"e\"}\n");
  const PullReport report = lake.pull();
  EXPECT_EQ(std::tuple(report.added, report.changed, report.deleted, report.unchanged), std::tuple(1u, 1u, 1u, 2u));
  EXPECT_EQ(rows({"id", "v"}), (Rows{{int64_t{1}, "a"}, {int64_t{3}, {}}, {int64_t{4}, "D"}, {int64_t{5}, "e"}}));
}

TEST_F(RecordPullTest, NewColumnsComeLastAndTypesStay) {
  write("{\"id\":1,\"n\":1.5,\"t\":\"x\"}\n{\"id\":2,\"n\":2.5,\"t\":\"y\"}\n");
  lake.pull();
  write("{\"id\":1,\"n\":1.5,\"t\":\"x\"}\n{\"id\":2,\"n\":3,\"t\":4,\"more\":true}\n");
  const PullReport report = lake.pull();
  EXPECT_EQ(report.changed, 1u);
  EXPECT_EQ(rows({"id", "n", "t", "more"}), (Rows{{int64_t{1}, 1.5, "x", {}}, {int64_t{2}, 3.0, "4", true}}));
  write("{\"id\":1,\"n\":\"one\"}\n");
  const base::Status status = lake.try_pull().status();
  EXPECT_EQ(status.code(), base::Code::invalid_argument);
  EXPECT_NE(status.message().find("column 'n' of main.ships is double"), std::string::npos) << status.message();
}

TEST_F(RecordPullTest, BadLinesAreRejectsWithTheirPlace) {
  write("{\"id\":1}\nnot json\n[1]\n{\"name\":\"no key\"}\n{\"id\":2}\n");
  const PullReport report = lake.pull();
  EXPECT_EQ(report.added, 2u);
  EXPECT_EQ(report.rejected, 1u) << "one item: the file";
  ASSERT_EQ(report.rejects.size(), 1u);
  EXPECT_EQ(report.rejects[0].place, "line 2");
  EXPECT_NE(report.rejects[0].reason.find("(and 2 more: line 3, line 4)"), std::string::npos)
      << report.rejects[0].reason;
  const int64_t version = lake.version("main.ships");
  EXPECT_EQ(lake.pull().rejected, 1u) << "it is still so";
  EXPECT_EQ(lake.version("main.ships"), version);
  write("{\"id\":1}\n{\"id\":2}\n");
  EXPECT_EQ(lake.pull().rejected, 0u);
  EXPECT_TRUE(lake.rejects().empty());
}

TEST_F(RecordPullTest, ALineThatCannotBeReadDeletesNothing) {
  write("{\"id\":1,\"v\":\"a\"}\n{\"id\":2,\"v\":\"b\"}\n{\"id\":3,\"v\":\"c\"}\n");
  lake.pull();
  write("{\"id\":1,\"v\":\"A\"}\n{\"id\":2,\"v\":\"b}\n");
  const PullReport report = lake.pull();
  EXPECT_EQ(std::tuple(report.changed, report.deleted, report.rejected), std::tuple(1u, 0u, 1u));
  EXPECT_EQ(rows({"id", "v"}), (Rows{{int64_t{1}, "A"}, {int64_t{2}, "b"}, {int64_t{3}, "c"}}));
  write("{\"id\":1,\"v\":\"A\"}\n{\"id\":2,\"v\":\"b\"}\n");
  EXPECT_EQ(lake.pull().deleted, 1u) << "the whole file says what is gone";
  EXPECT_EQ(rows({"id", "v"}), (Rows{{int64_t{1}, "A"}, {int64_t{2}, "b"}}));
}

TEST_F(RecordPullTest, TheLastOfAKeyCounts) {
  write("{\"id\":\"a\",\"v\":1}\n{\"id\":\"b\",\"v\":1}\n{\"id\":\"a\",\"v\":2}\n");
  const PullReport first = lake.pull();
  EXPECT_EQ(first.added, 2u);
  EXPECT_EQ(first.notes, std::vector<std::string>{"1 record has a key that a later one has: the last of a key counts"});
  EXPECT_EQ(lake.pull().unchanged, 2u) << "rows, not lines";
  EXPECT_EQ(rows({"id", "v"}), (Rows{{"a", int64_t{2}}, {"b", int64_t{1}}}));
  write("{\"id\":\"a\",\"v\":2}\n{\"id\":\"b\",\"v\":1}\n");
  const PullReport last = lake.pull();
  EXPECT_EQ(last.unchanged, 2u);
  EXPECT_TRUE(last.notes.empty());
}

// By SQL, by forget, by restore: the source is what the table is held against, not the last pull.
TEST_F(RecordPullTest, WhatOthersDidToTheTableIsSeen) {
  write("{\"id\":1,\"v\":\"a\"}\n{\"id\":2,\"v\":\"b\"}\n");
  lake.pull();
  const auto as_others = [&](const std::function<base::Status(lake::Change&)>& act) {
    auto table = lake::open_table(lake.environment.lake, "main/ships");
    ASSERT_TRUE(table.ok());
    auto change = (*table)->change(*(*table)->snapshot());
    ASSERT_TRUE(act(*change).ok());
    ASSERT_TRUE(change->commit({}).ok());
  };
  as_others([&](lake::Change& change) { return change.delete_keys(*lake.connect(), "id", {"2"}, {}); });
  lake.request.dry_run = true;
  EXPECT_EQ(lake.pull().added, 1u);
  lake.request.dry_run = false;
  const PullReport report = lake.pull();
  EXPECT_EQ(std::tuple(report.added, report.changed, report.unchanged), std::tuple(1u, 0u, 1u));
  EXPECT_EQ(rows({"id", "v"}), (Rows{{int64_t{1}, "a"}, {int64_t{2}, "b"}}));
  as_others([&](lake::Change& change) {
    return change.upsert(*lake.connect(), "SELECT 1::BIGINT AS id, 'other' AS v", "id", {});
  });
  EXPECT_EQ(lake.pull().changed, 1u);
  EXPECT_EQ(rows({"id", "v"}), (Rows{{int64_t{1}, "a"}, {int64_t{2}, "b"}}));
  EXPECT_EQ(lake.pull().commits, 0U);

  auto table = lake::open_table(lake.environment.lake, "main/ships");
  ASSERT_TRUE(table.ok());
  const int64_t version = lake.version("main.ships");
  ASSERT_TRUE((*table)->optimize(*lake.connect(), {}, {}).ok());
  ASSERT_GT(lake.version("main.ships"), version);
  const int asked = lake.connections_asked;
  EXPECT_EQ(lake.pull().unchanged, 2u);
  EXPECT_EQ(lake.connections_asked, asked) << "the same rows in other files are no change";
}

TEST_F(RecordPullTest, TheKeyIsAnOptionThatStays) {
  write("{\"number\":7,\"v\":1}\n");
  EXPECT_EQ(lake.pull().rejected, 1u) << "there is no 'id'";
  lake.option("key", "number");
  EXPECT_EQ(lake.pull().added, 1u);
  lake.option("key", {});
  write("{\"number\":7,\"v\":2}\n");
  const PullReport report = lake.pull();
  EXPECT_EQ(report.changed, 1u);
  EXPECT_EQ(report.reading, "--key number");
  lake.option("include", json::Value::array({"*.md"}));
  EXPECT_EQ(lake.try_pull().status().hint(), "it takes: --key");
}

TEST_F(RecordPullTest, ATableOfRecordsHasOneSource) {
  write("{\"id\":1}\n");
  lake.request.table = "docs";
  EXPECT_EQ(lake.try_pull().status().code(), base::Code::invalid_argument);
  lake.request.table = "ships";
  lake.pull();
  lake.folder.write("more.jsonl", "{\"id\":2}\n");
  lake.request.source.url = "jsonl:" + lake.folder.at("more.jsonl");
  const base::Status status = lake.try_pull().status();
  EXPECT_EQ(status.code(), base::Code::invalid_argument);
  EXPECT_NE(status.message().find("was not made by"), std::string::npos);
  lake.folder.write("docs/a.md", "a");
  lake.request.source.url = lake.folder.at("docs");
  EXPECT_EQ(lake.try_pull().status().code(), base::Code::invalid_argument);
  EXPECT_EQ(rows({"id"}), (Rows{{int64_t{1}}}));
}

TEST_F(RecordPullTest, NothingGoesWhereTheSourceTellsOfNoDeletions) {
  write("{\"id\":1}\n{\"id\":2}\n");
  lake.connectors.back().deletions = connector::Deletions::never;
  lake.pull();
  write("{\"id\":2}\n");
  EXPECT_EQ(lake.pull().deleted, 0u);
  EXPECT_EQ(rows({"id"}).size(), 2u);
}

TEST_F(RecordPullTest, AFileThatIsEmptyNowDeletesNothing) {
  write("{\"id\":1}\n");
  lake.pull();
  write("");
  EXPECT_EQ(lake.try_pull().status().code(), base::Code::unavailable);
  EXPECT_EQ(rows({"id"}).size(), 1u);
}

TEST_F(RecordPullTest, ADryRunSaysWhatWouldBe) {
  write("{\"id\":1}\n{\"id\":2}\n");
  lake.request.dry_run = true;
  PullReport report = lake.pull();
  EXPECT_EQ(report.added, 2u);
  EXPECT_EQ(lake.version("main.ships"), -1);
  lake.request.dry_run = false;
  lake.pull();
  write("{\"id\":2,\"v\":1}\n");
  lake.request.dry_run = true;
  report = lake.pull();
  EXPECT_EQ(std::tuple(report.changed, report.deleted), std::tuple(1u, 1u));
  ASSERT_EQ(report.changes.size(), 1u);
  EXPECT_TRUE(report.changes[0].uri.ends_with("#2")) << report.changes[0].uri;
  EXPECT_EQ(rows({"id"}).size(), 2u);
}

TEST_F(RecordPullTest, ManyRecordsKeepWithTheirKeys) {
  std::string lines;
  for (int i = 0; i < 5000; ++i) {
    lines += R"({"id":)" + std::to_string(i) + R"(,"v":")" + std::string(300, 'v') + "\"}\n";
  }
  write(lines);
  EXPECT_EQ(lake.pull().added, 5000u);
  lines.insert(lines.size() - 3, "w");
  write(lines);
  const PullReport report = lake.pull();
  EXPECT_EQ(std::tuple(report.changed, report.unchanged), std::tuple(1u, 4999u));
  EXPECT_EQ(std::get<std::string>(rows({"id", "v"})[4999][1].value), std::string(300, 'v') + "w");
}

}  // namespace
}  // namespace tarn::ingest
