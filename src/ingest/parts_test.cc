// Items with parts, readers that change, and tables from before there were either.
#include <gtest/gtest.h>

#include <set>

#include "base/hash.h"
#include "document/part.h"
#include "document/reader.h"
#include "ingest/scratch_lake_test.h"
#include "ingest/state.h"
#include "lake/table_name.h"
#include "lake/text_table.h"

namespace tarn::ingest {
namespace {

class PartsTest : public testing::Test {
 protected:
  // A line "+name text" of a file is a part of it.
  void SetUp() override {
    lake.at_parts = [](std::string_view bytes, const document::Sink& sink) -> base::Status {
      for (size_t at = bytes.find("\n+"); at != std::string_view::npos; at = bytes.find("\n+", at + 1)) {
        const std::string_view line = bytes.substr(at + 2, bytes.find('\n', at + 2) - at - 2);
        document::Document d;
        d.part = line.substr(0, line.find(' '));
        d.title = d.part;
        d.body = line.substr(line.find(' ') + 1);
        d.mime = "text/plain";
        d.anchors = {{0, "page", "1"}, {3, "page", "ii"}};
        if (d.body == "locked") d.extra = json::Value::object({{"not_read", "it is encrypted"}});
        if (d.body == "picture") d.extra = json::Value::object({{"not_read", document::kTypeNotRead}});
        TARN_TRY(sink(std::move(d)));
      }
      return base::ok();
    };
  }
  void TearDown() override { lake.expect_clean(); }

  // "name: body" of each row, and its id.
  std::map<std::string, std::string> parts() {
    std::map<std::string, std::string> found;
    for (const auto& row : lake.select("main.docs", {"part", "body", "id"})) {
      const auto text = [&](size_t i) { return row[i].is_null() ? "" : std::get<std::string>(row[i].value); };
      if (text(0).empty()) continue;
      EXPECT_TRUE(found.emplace(text(0) + ": " + text(1), text(2)).second);
    }
    return found;
  }
  std::set<std::string> names() {
    std::set<std::string> found;
    for (const auto& [name, id] : parts()) found.insert(name);
    return found;
  }
  ScratchLake lake;
};

using Names = std::set<std::string>;

TEST_F(PartsTest, APartThatCouldNotBeReadIsARejectOfItsPlaceAndNoFailure) {
  lake.folder.write("pack.md", "Pack\n+a.txt locked\n+b.png picture\n+c.txt calm\n");
  const auto report = lake.pull();
  EXPECT_EQ(report.added, 1u);
  EXPECT_EQ(report.rejected, 0u);
  ASSERT_EQ(report.notes.size(), 1u);
  EXPECT_EQ(report.notes[0], lake.uri("pack.md") + ", part 'a.txt', is passed over: it is encrypted");
  const auto rejects = lake.select("tarn.rejects", {"item", "place", "reason"});
  ASSERT_EQ(rejects.size(), 1u);
  EXPECT_EQ(rejects[0][1], duck::Cell(std::string("part 'a.txt'")));
  EXPECT_EQ(rejects[0][2], duck::Cell(std::string("it is encrypted")));
  const auto again = lake.pull();
  EXPECT_EQ(again.commits, 0u);
  EXPECT_EQ(again.unchanged, 1u);
  lake.folder.write("pack.md", "Pack\n+c.txt calm\n");
  lake.pull();
  EXPECT_EQ(lake.select("tarn.rejects", {"item"}).size(), 0u);
}

TEST_F(PartsTest, ComeStayAndGoWithTheirItem) {
  lake.folder.write("mail.md", "Mail\n+a one\n+b two\n");
  lake.folder.write("plain.md", "Plain");
  EXPECT_EQ(lake.pull().added, 2u) << "items are counted, not rows";
  EXPECT_EQ(names(), (Names{"a: one", "b: two"}));
  const auto before = parts();
  const std::string key = connector::source_id(connector::file_url(lake.folder.path())) + '\0' + lake.uri("mail.md");
  EXPECT_EQ(before.at("a: one"), base::hash128(key + std::string(2, '\0') + "a").hex());
  auto rows = lake.select("main.docs", {"uri", "part", "source_version", "anchors"});
  EXPECT_EQ(rows.size(), 4u);
  for (const auto& row : rows) EXPECT_EQ(row[3].is_null(), row[1] == duck::Cell(std::string()));
  EXPECT_EQ(lake.pull().commits, 0U);

  lake.folder.write("mail.md", "Mail\n+b changed\n+c three\n");
  EXPECT_EQ(lake.pull().changed, 1u);
  EXPECT_EQ(names(), (Names{"b: changed", "c: three"}));
  EXPECT_EQ(parts().at("b: changed"), before.at("b: two"));

  lake.folder.rename("mail.md", "moved.md");
  EXPECT_EQ(lake.pull().renamed, 1u);
  EXPECT_EQ(parts().at("b: changed"), before.at("b: two"));
  for (const auto& row : lake.select("main.docs", {"uri", "part"})) {
    EXPECT_NE(row[0], duck::Cell(lake.uri("mail.md"))) << "a part stayed behind";
  }

  lake.folder.write("moved.md", "BAD\n+d four\n");
  EXPECT_EQ(lake.pull().rejected, 1u);
  EXPECT_EQ(names(), (Names{"b: changed", "c: three"})) << "what was read before stays";

  lake.folder.remove("moved.md");
  EXPECT_EQ(lake.pull().deleted, 1u);
  EXPECT_EQ(names(), Names());
}

TEST_F(PartsTest, AnItemAndItsPartsAreOneCommit) {
  lake.request.commit_every = 1;
  for (const char* name : {"1.md", "2.md", "3.md"}) {
    lake.folder.write(name, "x\n+" + std::string(name) + " part\n+z z\n");
  }
  lake.environment.extract_threads = 1;
  uint64_t files = 0;
  lake.commits.at_file = [&] {
    if (++files == 2) lake.cancel->request();
  };
  EXPECT_EQ(lake.try_pull().status().code(), base::Code::cancelled);
  lake.cancel = std::make_unique<base::Cancel>();
  lake.commits.at_file = nullptr;
  EXPECT_EQ(lake.select("main.docs", {"id"}).size(), 3u);
  lake.pull();
  EXPECT_EQ(lake.select("main.docs", {"id"}).size(), 9u);
}

// The new rows of an item are there, and its pull was killed before it took what the item has no more.
TEST_F(PartsTest, WhatAKilledPullLeftOfAnItemGoes) {
  lake.environment.extract_threads = 1;
  lake.folder.write("1.md", "x\n+gone old\n+stays old\n");
  lake.folder.write("2.md", "x");
  lake.pull();
  lake.folder.write("1.md", "x\n+stays new\n");
  lake.folder.write("2.md", "y");
  lake.request.commit_every = 1;
  uint64_t files = 0;
  lake.commits.at_file = [&] {
    if (++files == 2) lake.cancel->request();
  };
  EXPECT_EQ(lake.try_pull().status().code(), base::Code::cancelled);
  lake.cancel = std::make_unique<base::Cancel>();
  lake.commits.at_file = nullptr;
  EXPECT_EQ(names(), (Names{"gone: old", "stays: new"}));
  EXPECT_EQ(lake.pull().unchanged, 1u);
  EXPECT_EQ(names(), (Names{"stays: new"}));
}

TEST_F(PartsTest, AWiderSourceTakesThemOver) {
  lake.folder.write("in/mail.md", "Mail\n+a one\n");
  lake.request.source.url = lake.folder.at("in");
  lake.pull();
  const auto before = parts();
  lake.request.source.url = lake.folder.path();
  EXPECT_EQ(lake.pull().taken_over, 1u);
  EXPECT_EQ(parts(), before);
  lake.request.source.url = lake.folder.at("in");
  lake.folder.remove("in/mail.md");
  EXPECT_EQ(lake.pull().deleted, 1u);
  EXPECT_EQ(lake.select("main.docs", {"id"}).size(), 0u);
}

// Rewrites what the last pull noted of the readers, as an older program would have.
void set_readers(ScratchLake& lake, const json::Value& readers) {
  auto table = *lake::open_table(lake.environment.lake, lake::path_of_table("main.docs"));
  auto snapshot = *table->snapshot();
  const std::string id = connector::source_id(connector::file_url(lake.folder.path()));
  json::Value bookmark = **table->bookmark(*snapshot, id);
  json::Value older = json::Value::object();
  for (const auto& [key, value] : bookmark.members()) {
    if (key != "readers" && key != "extractor") older.set(key, value);
  }
  for (const auto& [key, value] : readers.members()) older.set(key, value);
  auto change = table->change(snapshot);
  change->set_transaction(id, *table->put_next_bookmark(*snapshot, id, older));
  change->set_operation("WRITE", json::Value::object());
  ASSERT_TRUE(change->commit({}).ok());
}

TEST_F(PartsTest, ANewReaderReadsAgainWhatIsItsOnly) {
  lake.folder.write("a.md", "A");
  lake.folder.write("b.txt", "B");
  lake.pull();
  const auto now = [&](const char* name) { return document::reader_of(name)->version; };
  lake.extracted = 0;

  // One version for all, from before each had its own, and before there were readers of other types: each item is named
  // again, for what may be theirs, and none is read again.
  set_readers(lake, json::Value::object({{"extractor", 3}}));
  EXPECT_EQ(lake.pull().unchanged, 2u);
  EXPECT_EQ(lake.extracted, 0u);
  EXPECT_EQ(lake.pull().commits, 0U);

  // A reader that there was not: each item is named again, none is read again.
  set_readers(lake, json::Value::object({{"readers", json::Value::object({{"markdown", now("text/markdown")}})}}));
  EXPECT_EQ(lake.pull().unchanged, 2u);
  EXPECT_EQ(lake.extracted, 0u);
  EXPECT_EQ(lake.pull().commits, 0U);

  // Rows of an older reader.
  auto* connection = lake.connect();
  auto table = *lake::open_table(lake.environment.lake, lake::path_of_table("main.docs"));
  auto change = table->change(*table->snapshot());
  const lake::Select select = *table->select(**table->snapshot(), {}, false);
  ASSERT_TRUE(
      change
          ->upsert(*connection,
                   "SELECT * REPLACE (extractor - 1 AS extractor) FROM (" + select.sql + ") WHERE uri LIKE '%.txt'",
                   "id", {})
          .ok());
  change->set_operation("MERGE", json::Value::object());
  ASSERT_TRUE(change->commit({}).ok());
  EXPECT_EQ(lake.select("main.docs", {"uri", "extractor"})[1][1], duck::Cell(int64_t{now("text/plain") - 1}));
  set_readers(lake, json::Value::object({{"readers", json::Value::object({{"text", now("text/plain") - 1}})}}));
  const PullReport report = lake.pull();
  EXPECT_EQ(report.changed, 1u);
  EXPECT_EQ(report.unchanged, 1u);
  EXPECT_EQ(lake.extracted, 1u);
}

TEST_F(PartsTest, ATableFromBeforeGetsTheColumnsWithItsNextRows) {
  auto older = lake::text_schema();
  older.resize(older.size() - 3);
  lake::CreateOptions create;
  create.schema = older;
  lake.connect();
  ASSERT_TRUE(lake::create_table(lake.environment.lake, lake::path_of_table("main.docs"), create).ok());
  EXPECT_TRUE(lake::lacks_columns(older));
  EXPECT_TRUE(lake::check_schema(older, lake::text_schema(), "docs").ok());
  auto other = older;
  other.push_back({"part", json::Value("integer")});
  const base::Status refused = lake::check_schema(other, lake::text_schema(), "docs");
  EXPECT_NE(refused.message().find("part string"), std::string::npos) << refused.to_string();

  // A row as an older program wrote it.
  lake.folder.write("a.md", "A");
  lake.request.table = "now";
  lake.pull();
  auto now = *lake::open_table(lake.environment.lake, lake::path_of_table("main.now"));
  auto table = *lake::open_table(lake.environment.lake, lake::path_of_table("main.docs"));
  auto change = table->change(*table->snapshot());
  ASSERT_TRUE(change
                  ->append(*lake.connect(),
                           "SELECT * EXCLUDE (reader, part, anchors) FROM (" +
                               now->select(**now->snapshot(), {}, false)->sql + ")",
                           {})
                  .ok());
  ASSERT_TRUE(change->commit({}).ok());

  lake.request.table = "docs";
  lake.extracted = 0;
  EXPECT_EQ(lake.pull().unchanged, 1u);
  EXPECT_EQ(lake.extracted, 0u);
  EXPECT_TRUE(lake::lacks_columns((*table->snapshot())->schema)) << "no row came";
  lake.folder.write("b.md", "B\n+p part");
  EXPECT_EQ(lake.pull().added, 1u);
  EXPECT_FALSE(lake::lacks_columns((*table->snapshot())->schema));
  EXPECT_EQ(lake.select("main.docs", {"id"}).size(), 3u);
  EXPECT_EQ(names(), (Names{"p: part"}));
  EXPECT_EQ(lake.pull().unchanged, 2u);
}

}  // namespace
}  // namespace tarn::ingest
