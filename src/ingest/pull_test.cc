#include <gtest/gtest.h>

#include "base/hash.h"
#include "document/reader.h"
#include "ingest/rejects.h"
#include "ingest/scratch_lake_test.h"
#include "ingest/state.h"

namespace tarn::ingest {
namespace {

class PullTest : public testing::Test {
 protected:
  void TearDown() override { lake.expect_clean(); }
  ScratchLake lake;
};

using Bodies = std::map<std::string, std::string>;

TEST_F(PullTest, ThreePullsOfAnUnchangedFolderAreOneVersion) {  // C10
  lake.folder.write("a.md", "# A");
  lake.folder.write("x/b.md", "# B");
  PullReport first = lake.pull();
  EXPECT_EQ(first.added, 2u);
  EXPECT_EQ(first.table, "main.docs");
  ASSERT_EQ(first.commits, 1U);
  EXPECT_EQ(lake.bodies(), (Bodies{{lake.uri("a.md"), "# A"}, {lake.uri("x/b.md"), "# B"}}));
  int asked = lake.connections_asked;
  for (int i = 0; i < 2; ++i) {
    PullReport again = lake.pull();
    EXPECT_EQ(again.unchanged, 2u);
    EXPECT_EQ(again.commits, 0U);
    EXPECT_EQ(again.version, first.version);
  }
  EXPECT_EQ(lake.connections_asked, asked);  // DuckDB is not opened for it
  EXPECT_EQ(lake.version(), first.version->value);
  EXPECT_EQ(lake.extracted, 2u);
}

TEST_F(PullTest, EveryFieldIsThere) {
  lake.folder.write("sub/a.md", "Title\nand text");
  lake.pull();
  auto rows =
      lake.select("main.docs", {"id",     "source",     "uri",        "title",          "body",   "mime",   "lang",
                                "author", "created_at", "updated_at", "source_version", "labels", "parent", "hash",
                                "extra",  "pulled_at",  "extractor",  "reader",         "part",   "anchors"});
  ASSERT_EQ(rows.size(), 1u);
  auto& row = rows[0];
  std::string source = connector::file_url(lake.folder.path());
  EXPECT_EQ(row[0], duck::Cell(base::hash128(connector::source_id(source) + '\0' + lake.uri("sub/a.md")).hex()));
  EXPECT_EQ(row[1], duck::Cell(source));
  EXPECT_EQ(row[3], duck::Cell(std::string("Title")));
  EXPECT_EQ(row[5], duck::Cell(std::string("text/markdown")));
  EXPECT_TRUE(row[6].is_null() && row[7].is_null() && row[8].is_null() && row[12].is_null());
  EXPECT_EQ(row[9], duck::Cell(int64_t{1'600'000'000'000'000}));
  EXPECT_EQ(row[10], duck::Cell(base::hash128("Title\nand text").hex()));
  EXPECT_EQ(row[11], duck::Cell(duck::CellList{duck::Cell(std::string("test"))}));
  EXPECT_EQ(row[13], row[10]);  // here the body is the file
  auto extra = json::parse(std::get<std::string>(row[14].value));
  ASSERT_TRUE(extra.ok());
  EXPECT_EQ((*extra)["path"].as_string(), "its own");
  EXPECT_EQ((*extra)["source.path"].as_string(), "sub/a.md");
  EXPECT_EQ((*extra)["size_bytes"].as_int(), 14);
  EXPECT_EQ(row[15], duck::Cell(lake.clock.now_us()));
  EXPECT_EQ(row[16], duck::Cell(int64_t{document::reader_of("text/markdown")->version}));
  EXPECT_EQ(row[17], duck::Cell(std::string("markdown")));
  EXPECT_EQ(row[18], duck::Cell(std::string()));
  EXPECT_TRUE(row[19].is_null());
}

TEST_F(PullTest, ChangesDeletionsAndRenamesAreOneCommit) {
  for (const char* name : {"a", "b", "c", "d"}) lake.folder.write(std::string(name) + ".md", name);
  lake.pull();
  auto before = lake.rows();
  int64_t version = lake.version();
  lake.folder.write("a.md", "a changed");
  lake.folder.remove("b.md");
  lake.folder.rename("c.md", "sub/c2.md");
  lake.folder.write("e.md", "e");
  PullReport report = lake.pull();
  EXPECT_EQ(report.added, 1u);
  EXPECT_EQ(report.changed, 1u);
  EXPECT_EQ(report.deleted, 1u);
  EXPECT_EQ(report.renamed, 1u);
  EXPECT_EQ(report.unchanged, 1u);
  EXPECT_EQ(lake.version(), version + 1);
  auto after = lake.rows();
  EXPECT_EQ(lake.bodies(), (Bodies{{lake.uri("a.md"), "a changed"},
                                   {lake.uri("d.md"), "d"},
                                   {lake.uri("e.md"), "e"},
                                   {lake.uri("sub/c2.md"), "c"}}));
  EXPECT_EQ(after[lake.uri("a.md")].id, before[lake.uri("a.md")].id);
  EXPECT_EQ(after[lake.uri("sub/c2.md")].id, before[lake.uri("c.md")].id);
  EXPECT_EQ(lake.pull().commits, 0U);
}

TEST_F(PullTest, ANewDocumentUnderTheNameOfARenamedOneHasItsOwnId) {
  lake.folder.write("a.md", "first");
  lake.pull();
  lake.folder.rename("a.md", "b.md");
  lake.pull();
  lake.folder.write("a.md", "second");
  lake.pull();
  auto rows = lake.rows();
  std::string key = connector::source_id(connector::file_url(lake.folder.path())) + '\0' + lake.uri("a.md");
  EXPECT_EQ(rows[lake.uri("b.md")].id, base::hash128(key).hex());
  EXPECT_EQ(rows[lake.uri("a.md")].id, base::hash128(key + '\0' + "1").hex());
}

TEST_F(PullTest, TouchedFilesCommitNothing) {
  lake.folder.write("a.md", "a");
  lake.pull();
  lake.folder.age("a.md", 1'700'000'000);
  for (int i = 0; i < 2; ++i) {
    PullReport report = lake.pull();
    EXPECT_EQ(report.commits, 0U);
    EXPECT_EQ(report.unchanged, 1u);
  }
}

TEST_F(PullTest, RejectsComeStayAndGo) {
  lake.folder.write("a.md", "good");
  lake.folder.write("bad.md", "BAD");
  lake.folder.write("new\nline.md", "x\nBAD");
  lake.folder.write("tide.mp4", std::string("\0\0\0\x18"
                                            "ftyp",
                                            8));
  lake.folder.link("nothing", "dangling.md");
  PullReport report = lake.pull();
  EXPECT_EQ(report.added, 1u);
  EXPECT_EQ(report.rejected, 2u);
  EXPECT_EQ(report.skipped, 2u) << "a film is no failure, nor is a link to nothing";
  ASSERT_EQ(report.notes.size(), 1u);
  EXPECT_EQ(report.notes[0], lake.uri("dangling.md") + " is passed over: a symbolic link to nothing");
  ASSERT_EQ(report.rejects.size(), 4u);
  auto rejects = lake.rejects();
  EXPECT_EQ(rejects.size(), 4u);
  EXPECT_EQ(rejects[lake.uri("bad.md")], "it says BAD at byte 0");
  EXPECT_EQ(rejects[lake.uri("new\nline.md")], "it says BAD at byte 2");
  EXPECT_EQ(rejects[lake.uri("dangling.md")], "a symbolic link to nothing");
  int64_t version = lake.version("tarn.rejects"), main = lake.version();

  PullReport again = lake.pull();  // the same rejects: nothing is written
  EXPECT_EQ(again.rejected, 2u);
  EXPECT_EQ(again.skipped, 2u);
  EXPECT_TRUE(again.notes.empty()) << "said once";
  EXPECT_EQ(again.unchanged, 1u);
  EXPECT_EQ(lake.version("tarn.rejects"), version);
  EXPECT_EQ(lake.version(), main);

  lake.folder.write("bad.md", "better now");
  lake.folder.write("new\nline.md", "xy\nBAD");
  lake.folder.remove("dangling.md");
  report = lake.pull();
  EXPECT_EQ(report.added, 1u);
  EXPECT_EQ(report.rejected, 1u);
  EXPECT_EQ(report.skipped, 1u);
  rejects = lake.rejects();
  EXPECT_EQ(rejects.size(), 2u);
  EXPECT_EQ(rejects[lake.uri("new\nline.md")], "it says BAD at byte 3");
  EXPECT_EQ(lake.version("tarn.rejects"), version + 1);

  lake.folder.remove("tide.mp4");
  lake.folder.remove("new\nline.md");
  lake.pull();
  EXPECT_TRUE(lake.rejects().empty());
  EXPECT_EQ(lake.pull().commits, 0U);
}

TEST_F(PullTest, AFailureThatIsOverIsNoReject) {
  for (const char* name : {"a.md", "b.md", "shut/c.md"}) lake.folder.write(name, name);
  lake.pull();
  const auto rows = lake.rows();
  const base::Status denied{base::Code::permission_denied, "Permission denied"},
      io{base::Code::io, "Input/output error"};
  lake.disk.unreadable = {
      {lake.folder.at("a.md"), denied}, {lake.folder.at("b.md"), io}, {lake.folder.at("shut"), denied}};
  lake.folder.age("a.md", 1'700'000'000);  // a change of rights leaves another time
  lake.folder.age("b.md", 1'700'000'000);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(lake.pull().rejected, 3u);
    EXPECT_EQ(lake.rows(), rows) << "nothing stored is lost";
  }
  lake.disk.unreadable.erase(lake.folder.at("b.md"));
  EXPECT_EQ(lake.pull().rejected, 2u);
  lake.disk.unreadable.clear();
  PullReport report = lake.pull();
  EXPECT_EQ(report.rejected, 0u);
  EXPECT_EQ(report.unchanged, 3u);
  EXPECT_TRUE(lake.rejects().empty());
  EXPECT_EQ(lake.rows(), rows);
  EXPECT_EQ(lake.pull().commits, 0U);
  // One that could not be read at first sight.
  lake.folder.write("d.md", "d");
  lake.disk.unreadable[lake.folder.at("d.md")] = denied;
  EXPECT_EQ(lake.pull().rejected, 1u);
  lake.folder.remove("d.md");
  EXPECT_EQ(lake.pull().rejected, 0u) << "and went";
  EXPECT_TRUE(lake.rejects().empty());
  // One that is too large, until the limit is another.
  lake.request.run.max_item_bytes = 4;
  EXPECT_EQ(lake.pull().unchanged, 3u) << "what is as it was is not measured";
  lake.folder.write("e.md", "12345");
  EXPECT_EQ(lake.pull().rejected, 1u);
  lake.request.run.max_item_bytes = 5;
  EXPECT_EQ(lake.pull().added, 1u);
  EXPECT_TRUE(lake.rejects().empty());
}

TEST_F(PullTest, AnExtractionThatFailedIsTriedAgainWhenTheFileIsTouched) {
  lake.folder.write("a.md", "a");
  int failures = 1;
  auto extract = lake.environment.extract;
  lake.environment.extract = [&](std::string_view bytes, std::string_view mime, std::string_view name,
                                 const document::ExtractOptions& options, const document::Sink& sink) -> base::Status {
    if (failures-- > 0) return base::Status(base::Code::exhausted, "it took too long");
    return extract(bytes, mime, name, options, sink);
  };
  EXPECT_EQ(lake.pull().rejected, 1u);
  EXPECT_EQ(lake.pull().rejected, 1u) << "the same bytes are not tried at every pull";
  lake.folder.age("a.md", 1'700'000'000);
  EXPECT_EQ(lake.pull().added, 1u);
  EXPECT_TRUE(lake.rejects().empty());
}

TEST_F(PullTest, ThingsThatAreNoFilesAreToldOnceAndCounted) {
  lake.folder.write("a.md", "a");
  lake.folder.link("self", "self");
  lake.folder.link(".", "again");
  lake.folder.link("/etc/hostname", "out.md");
  ASSERT_EQ(::mkfifo(lake.folder.at("pipe").c_str(), 0600), 0);
  for (int i = 0; i < 12; ++i) lake.folder.link("nothing", "dangling" + std::to_string(i) + ".md");
  PullReport report = lake.pull();
  EXPECT_EQ(report.rejected, 0u);
  EXPECT_EQ(report.skipped, 16u);
  EXPECT_EQ(lake.rejects().size(), 16u);
  ASSERT_EQ(report.notes.size(), 11u);
  EXPECT_NE(report.notes.back().find("6 more"), std::string::npos);
  EXPECT_TRUE(lake.pull().notes.empty());
  lake.folder.write("target.md", "now it is there");
  lake.folder.remove("dangling0.md");
  lake.folder.link("target.md", "dangling0.md");
  report = lake.pull();
  EXPECT_EQ(report.added, 2u);
  EXPECT_EQ(report.skipped, 15u);
  lake.folder.remove("target.md");
  report = lake.pull();
  EXPECT_EQ(report.deleted, 2u) << "a link to nothing is no document";
  EXPECT_EQ(report.notes.size(), 1u) << "it is new again";
}

TEST_F(PullTest, ARejectAloneIsRememberedOnce) {
  lake.folder.write("a.md", "good");
  lake.pull();
  lake.folder.link("nothing", "dangling.md");
  PullReport report = lake.pull();
  EXPECT_EQ(report.commits, 1U);  // the bookmark
  EXPECT_EQ(lake.rejects().size(), 1u);
  EXPECT_EQ(lake.pull().commits, 0U);
  EXPECT_EQ(lake.rejects().size(), 1u);
}

TEST_F(PullTest, WhatCannotBeReadNowKeepsItsRow) {
  lake.folder.write("a.md", "a");
  lake.folder.write("shut/b.md", "b");
  lake.folder.write("c.md", "c");
  lake.folder.write("gone.md", "g");
  lake.pull();
  lake.disk.unreadable[lake.folder.at("shut")] = {base::Code::permission_denied, "Permission denied"};
  lake.disk.unreadable[lake.folder.at("a.md")] = {base::Code::io, "Input/output error"};
  lake.folder.write("a.md", "a changed");
  lake.folder.write("c.md", "c BAD");
  lake.folder.remove("gone.md");
  PullReport report = lake.pull();
  EXPECT_EQ(report.deleted, 1u);
  EXPECT_EQ(report.kept, 3u);
  EXPECT_EQ(lake.bodies(), (Bodies{{lake.uri("a.md"), "a"}, {lake.uri("shut/b.md"), "b"}, {lake.uri("c.md"), "c"}}));
  EXPECT_EQ(lake.rejects().size(), 3u);
  lake.disk.unreadable.clear();
  lake.folder.write("c.md", "c mended");
  report = lake.pull();
  EXPECT_EQ(report.changed, 2u);
  EXPECT_EQ(lake.bodies(),
            (Bodies{{lake.uri("a.md"), "a changed"}, {lake.uri("shut/b.md"), "b"}, {lake.uri("c.md"), "c mended"}}));
  EXPECT_TRUE(lake.rejects().empty());
}

TEST_F(PullTest, AVanishedRootDeletesNothing) {
  lake.folder.write("root/a.md", "a");
  lake.folder.write("root/b.md", "b");
  lake.request.source.url = lake.folder.at("root");
  lake.pull();
  int64_t version = lake.version();
  lake.folder.write("root/a.md", "a changed");
  lake.folder.write("root/b.md", "b changed");
  lake.disk.before_read = [&](const std::string& path) {  // after a.md was taken
    if (path.ends_with("b.md")) lake.folder.remove("root");
  };
  auto report = lake.try_pull();
  EXPECT_EQ(report.status().code(), base::Code::not_found);
  report = lake.try_pull();
  EXPECT_EQ(report.status().code(), base::Code::not_found);
  EXPECT_EQ(lake.version(), version);
  EXPECT_EQ(lake.rows().size(), 2u);
}

TEST_F(PullTest, DryRunTellsAndWritesNothing) {
  lake.folder.write("a.md", "a");
  lake.folder.write("b.md", "b");
  lake.request.dry_run = true;
  lake.environment.lake = {};  // there is no lake yet
  PullReport report = lake.pull();
  EXPECT_EQ(report.added, 2u);
  ASSERT_EQ(report.changes.size(), 2u);
  EXPECT_EQ(report.changes[0].uri, lake.uri("a.md"));
  EXPECT_EQ(lake.extracted, 0u);
  EXPECT_EQ(lake.connections_asked, 0);

  lake.environment = lake.make_environment();
  lake.pull();
  EXPECT_EQ(lake.version(), -1);
  lake.request.dry_run = false;
  lake.pull();
  int64_t version = lake.version();
  lake.request.dry_run = true;
  lake.folder.write("a.md", "a changed");
  lake.folder.rename("b.md", "c.md");
  lake.folder.write("d.md", "d");
  report = lake.pull();
  EXPECT_EQ(report.changed, 1u);
  EXPECT_EQ(report.renamed, 1u);
  EXPECT_EQ(report.added, 1u);
  EXPECT_EQ(report.deleted, 0u);
  EXPECT_FALSE(report.version.has_value());
  EXPECT_EQ(lake.version(), version);
  EXPECT_EQ(lake.rows().size(), 2u);
}

TEST_F(PullTest, TwoSourcesShareATable) {
  connector::folder::ScratchFolder other;
  lake.folder.write("a.md", "a");
  other.write("b.md", "b");
  lake.pull();
  lake.request.source.url = other.path();
  lake.pull();
  EXPECT_EQ(lake.rows().size(), 2u);
  other.remove("b.md");
  other.write("c.md", "c");
  lake.pull();
  EXPECT_EQ(lake.bodies(), (Bodies{{lake.uri("a.md"), "a"}, {connector::file_url(other.at("c.md")), "c"}}));
}

TEST_F(PullTest, OfTwoPullsOfOneSourceTheSecondLoses) {
  for (int i = 0; i < 6; ++i) lake.folder.write("f" + std::to_string(i) + ".md", std::to_string(i));
  lake.environment.extract_threads = 1;
  for (uint64_t every : {0, 2}) {  // the other one commits before our first commit
    for (int i = 0; i < 6; ++i) {
      lake.folder.write("f" + std::to_string(i) + ".md", std::to_string(i) + " of " + std::to_string(every));
    }
    lake.request.commit_every = every;
    std::atomic<bool> once{false};
    lake.at_extract = [&](std::string_view) {
      if (once.exchange(true)) return;
      ScratchLake* self = &lake;
      Environment other = lake.make_environment();
      duck::Options options;
      options.threads = 1;
      auto database = duck::open(options);
      auto connection = (*database)->connect();
      other.connection = [&]() -> base::Result<duck::Connection*> { return connection->get(); };
      other.extract_threads = 1;
      auto report = ingest::pull(lake.request, other, {nullptr, lake.cancel.get()});
      EXPECT_TRUE(report.ok()) << report.status().to_string();
      static_cast<void>(self);
    };
    auto report = lake.try_pull();
    EXPECT_EQ(report.status().code(), base::Code::conflict);
    EXPECT_NE(report.status().message().find("another pull"), std::string::npos) << report.status().to_string();
    EXPECT_FALSE(report.status().hint().empty());
    lake.at_extract = nullptr;
    EXPECT_EQ(lake.rows().size(), 6u);
    EXPECT_EQ(lake.pull().commits, 0U);
  }
}

TEST_F(PullTest, TablesThatCannotTakeDocuments) {
  lake.folder.write("a.md", "a");
  lake::CreateOptions options;
  options.schema = rejects_schema();
  ASSERT_TRUE(lake::create_table(lake.environment.lake, "main/other", options).ok());
  lake.request.table = "other";
  auto report = lake.try_pull();
  EXPECT_EQ(report.status().code(), base::Code::invalid_argument);
  EXPECT_NE(report.status().message().find("body string"), std::string::npos) << report.status().to_string();
  for (const char* bad : {"", "a.b.c", "a b", "../x", "_x", ".x", "x.", "a.-b"}) {
    lake.request.table = bad;
    EXPECT_EQ(lake.try_pull().status().code(), base::Code::invalid_argument) << bad;
  }
}

TEST_F(PullTest, AnEmptyFolderIsAPullToo) {
  PullReport report = lake.pull();
  EXPECT_EQ(report.commits, 1U);
  EXPECT_EQ(lake.pull().commits, 0U);
  lake.folder.write("a.md", "a");
  EXPECT_EQ(lake.pull().added, 1u);
}

TEST_F(PullTest, ADamagedBookmarkIsReadAroundIt) {
  lake.folder.write("a.md", "a");
  lake.folder.write("b.md", "b");
  lake.pull();
  auto before = lake.rows();
  std::string id = connector::source_id(connector::file_url(lake.folder.path()));
  std::string path = "main/docs/_tarn/bookmarks/" + id;
  auto files = lake.store->list(path);
  ASSERT_TRUE(files.ok());
  ASSERT_EQ(files->size(), 1u);
  ASSERT_TRUE(lake.store->put(path + "/" + (*files)[0].name, "{ damaged").ok());
  lake.folder.remove("b.md");
  PullReport report = lake.pull();
  EXPECT_EQ(report.deleted, 1u);
  EXPECT_EQ(report.unchanged, 1u);
  EXPECT_EQ(lake.rows()[lake.uri("a.md")], before[lake.uri("a.md")]);
  EXPECT_EQ(lake.pull().commits, 0U);
  // What check() says of it from now on is true, and taking the file away is the remedy: a newer one took its place.
  ASSERT_TRUE(lake.store->remove(path + "/" + (*files)[0].name).ok());
}

TEST_F(PullTest, AnUnavailableExtractionIsNotTheDocumentsFault) {
  lake.folder.write("a.md", "a");
  lake.environment.extract = [](std::string_view, std::string_view, std::string_view, const document::ExtractOptions&,
                                const document::Sink&) -> base::Status {
    return base::Status(base::Code::unavailable, "no worker could be started");
  };
  EXPECT_EQ(lake.try_pull().status().code(), base::Code::unavailable);
  EXPECT_EQ(lake.version(), -1);
}

}  // namespace
}  // namespace tarn::ingest
