// Sources of one table that lie in each other: one file is one row, whichever of them is pulled.
#include "ingest/shared_rows.h"

#include <gtest/gtest.h>

#include "ingest/scratch_lake_test.h"

namespace tarn::ingest {
namespace {

using Bodies = std::map<std::string, std::string>;

class SharedRowsTest : public testing::Test {
 protected:
  void SetUp() override { lake.environment.extract_threads = 1; }
  void TearDown() override { lake.expect_clean(); }

  PullReport pull(const std::string& below) {
    lake.request.source.url = below.empty() ? lake.folder.path() : lake.folder.at(below);
    return lake.pull();
  }
  std::string source_of(const std::string& row_uri) {
    for (const auto& row : lake.select("main.docs", {"uri", "source"})) {
      if (row[0] == duck::Cell(row_uri)) return std::get<std::string>(row[1].value);
    }
    return "";
  }
  std::string url(const std::string& below) { return connector::file_url(lake.folder.at(below)); }
  ScratchLake lake;
};

TEST_F(SharedRowsTest, TheFolderAroundTakesOver) {
  lake.folder.write("job/plan.md", "plan");
  lake.folder.write("diary.md", "diary");
  pull("job");
  const auto before = lake.rows();
  PullReport report = pull("");
  EXPECT_EQ(report.taken_over, 1u);
  EXPECT_EQ(report.added, 1u);
  ASSERT_EQ(report.notes.size(), 1u);
  EXPECT_NE(report.notes[0].find("took over 1 document of " + url("job")), std::string::npos) << report.notes[0];
  EXPECT_EQ(lake.bodies(), (Bodies{{lake.uri("job/plan.md"), "plan"}, {lake.uri("diary.md"), "diary"}}));
  EXPECT_EQ(lake.rows()[lake.uri("job/plan.md")].id, before.at(lake.uri("job/plan.md")).id) << "its id is kept";
  EXPECT_EQ(source_of(lake.uri("job/plan.md")), connector::file_url(lake.folder.path()));

  // Neither makes it twice nor deletes it, and both come to rest.
  for (int i = 0; i < 2; ++i) {
    pull("job");
    pull("");
    EXPECT_EQ(lake.rows().size(), 2u);
  }
  EXPECT_EQ(pull("job").commits, 0U);
  EXPECT_EQ(pull("").commits, 0U);
}

TEST_F(SharedRowsTest, DeletedAndPulledByEitherItIsGone) {
  for (const char* by : {"job", ""}) {
    lake.folder.write("job/plan.md", "plan");
    lake.folder.write("job/other.md", "other");
    pull("job");
    pull("");
    lake.folder.remove("job/plan.md");
    EXPECT_EQ(pull(by).deleted, 1u) << by;
    EXPECT_EQ(lake.bodies(), Bodies({{lake.uri("job/other.md"), "other"}})) << by;
    pull("");
    pull("job");
    EXPECT_EQ(lake.rows().size(), 1u) << by;
  }
}

TEST_F(SharedRowsTest, ManyRowsOfTheWiderOneAreDoubtedToo) {
  lake.folder.write("diary.md", "diary");
  for (int i = 0; i < 20; ++i) lake.folder.write("job/" + std::to_string(i) + ".md", "plan " + std::to_string(i));
  pull("");
  pull("job");
  for (int i = 0; i < 20; ++i) lake.folder.remove("job/" + std::to_string(i) + ".md");
  EXPECT_EQ(pull("job").doubted, 20u);
  EXPECT_EQ(pull("").doubted, 20u);
  EXPECT_EQ(lake.rows().size(), 21u);
  lake.request.believe_deletions = 20;
  EXPECT_EQ(pull("job").deleted, 20u);
}

TEST_F(SharedRowsTest, ChangedRenamedAndAddedByTheNarrowerOne) {
  lake.folder.write("job/a.md", "a");
  lake.folder.write("job/b.md", "b");
  lake.folder.write("c.md", "c");
  pull("");
  PullReport first = pull("job");
  EXPECT_EQ(first.added + first.changed + first.deleted, 0u);
  EXPECT_EQ(first.unchanged, 2u);
  ASSERT_EQ(first.notes.size(), 1u) << "said once";
  EXPECT_NE(first.notes[0].find("stay its rows"), std::string::npos) << first.notes[0];
  const auto before = lake.rows();
  lake.folder.write("job/a.md", "a changed");
  lake.folder.rename("job/b.md", "job/sub/b2.md");
  lake.folder.write("job/new.md", "new");
  PullReport report = pull("job");
  EXPECT_EQ(report.changed, 1u);
  EXPECT_EQ(report.renamed, 1u);
  EXPECT_EQ(report.added, 1u);
  EXPECT_TRUE(report.notes.empty());
  const Bodies want{{lake.uri("job/a.md"), "a changed"},
                    {lake.uri("job/sub/b2.md"), "b"},
                    {lake.uri("job/new.md"), "new"},
                    {lake.uri("c.md"), "c"}};
  EXPECT_EQ(lake.bodies(), want);
  EXPECT_EQ(lake.rows()[lake.uri("job/sub/b2.md")].id, before.at(lake.uri("job/b.md")).id);
  EXPECT_EQ(lake.rows()[lake.uri("job/a.md")].id, before.at(lake.uri("job/a.md")).id);
  EXPECT_EQ(source_of(lake.uri("job/a.md")), connector::file_url(lake.folder.path()));
  report = pull("");
  EXPECT_EQ(report.taken_over, 1u) << "the new one";
  EXPECT_EQ(report.changed + report.renamed + report.deleted + report.added, 0u);
  EXPECT_EQ(lake.bodies(), want);
}

TEST_F(SharedRowsTest, TheSameFolderByAnotherWay) {
  lake.folder.write("notes/a.md", "a");
  lake.folder.write("notes/sub/b.md", "b");
  lake.folder.link("notes", "current");
  pull("notes");
  for (const char* way : {"current", "notes/sub/..", "notes/"}) {
    PullReport report = pull(way);
    EXPECT_EQ(report.added + report.taken_over + report.deleted, 0u) << way;
    EXPECT_EQ(lake.bodies(), (Bodies{{lake.uri("notes/a.md"), "a"}, {lake.uri("notes/sub/b.md"), "b"}})) << way;
  }
  lake.folder.remove("notes/a.md");
  lake.folder.write("notes/c.md", "c");
  pull("current");
  EXPECT_EQ(lake.rows().size(), 2u);
  pull("notes");
  EXPECT_EQ(lake.rows().size(), 2u);
  EXPECT_EQ(pull("notes").commits, 0U);
  // The link leads elsewhere: what it shows now is its own, also where bytes and names are the same.
  lake.folder.write("other/sub/b.md", "b");
  lake.folder.remove("current");
  lake.folder.link("other", "current");
  pull("current");
  EXPECT_EQ(lake.bodies()[lake.uri("current/sub/b.md")], "b");
  pull("notes");
  EXPECT_EQ(lake.rows().size(), 3u);
}

TEST_F(SharedRowsTest, AFileAndItsFolder) {
  lake.folder.write("notes/a.md", "a");
  lake.folder.write("notes/b.md", "b");
  lake.folder.link("notes/a.md", "shortcut.md");
  pull("notes/a.md");
  pull("notes");
  EXPECT_EQ(lake.rows().size(), 2u);
  EXPECT_EQ(source_of(lake.uri("notes/a.md")), url("notes"));
  lake.folder.write("notes/a.md", "a changed");
  pull("notes/a.md");
  EXPECT_EQ(lake.bodies(), (Bodies{{lake.uri("notes/a.md"), "a changed"}, {lake.uri("notes/b.md"), "b"}}));
  pull("shortcut.md");
  EXPECT_EQ(lake.rows().size(), 2u);
  lake.folder.remove("notes/a.md");
  pull("notes");
  EXPECT_EQ(lake.bodies(), Bodies({{lake.uri("notes/b.md"), "b"}}));
}

TEST_F(SharedRowsTest, WhatOneLeavesOutStaysTheOthers) {
  lake.folder.write("job/a.md", "a");
  lake.folder.write("job/b.md", "b");
  pull("job");
  lake.option("exclude", json::Value::array({"b.md"}));
  pull("");
  EXPECT_EQ(lake.rows().size(), 2u);
  EXPECT_EQ(source_of(lake.uri("job/b.md")), url("job"));
  EXPECT_EQ(source_of(lake.uri("job/a.md")), connector::file_url(lake.folder.path()));
  lake.option("exclude", json::Value::array({"a.md"}));
  pull("job");  // leaves out what belongs to the other by now
  EXPECT_EQ(lake.rows().size(), 2u);
  // What the wider one takes no more, the narrower one brings again.
  lake.option("exclude", json::Value::array({"job/"}));
  pull("");
  EXPECT_EQ(lake.bodies(), Bodies({{lake.uri("job/b.md"), "b"}}));
  lake.option("exclude", {});
  pull("job");
  EXPECT_EQ(lake.rows().size(), 2u);
}

TEST_F(SharedRowsTest, AnotherTableIsNoOverlap) {
  lake.folder.write("job/a.md", "a");
  pull("job");
  lake.request.table = "other";
  EXPECT_EQ(pull("").added, 1u);
  EXPECT_EQ(lake.rows("main.docs").size(), 1u);
  EXPECT_EQ(lake.rows("main.other").size(), 1u);
}

TEST_F(SharedRowsTest, NeighboursAndNamesThatBeginAlikeAreApart) {
  lake.folder.write("job/a.md", "a");
  lake.folder.write("job2/a.md", "b");
  pull("job");
  EXPECT_EQ(pull("job2").added, 1u);
  EXPECT_EQ(lake.rows().size(), 2u);
  lake.folder.write("job/b.md", "new");
  pull("job");
  lake.connections_asked = 0;
  EXPECT_EQ(pull("job2").commits, 0U);
  EXPECT_EQ(lake.connections_asked, 0) << "its bookmark can be relied on";
}

TEST_F(SharedRowsTest, DryRunTellsAndWritesNothing) {
  lake.folder.write("job/a.md", "a");
  pull("job");
  const int64_t version = lake.version();
  lake.request.dry_run = true;
  PullReport report = pull("");
  EXPECT_EQ(report.taken_over, 1u);
  ASSERT_EQ(report.changes.size(), 1u);
  EXPECT_EQ(kind_name(report.changes[0].kind), "taken over");
  EXPECT_EQ(lake.version(), version);
}

TEST_F(SharedRowsTest, WhatCannotBeReadStaysAsItIs) {
  lake.folder.write("job/a.md", "a");
  pull("job");
  lake.disk.unreadable[lake.folder.at("job")] = {base::Code::permission_denied, "Permission denied"};
  EXPECT_EQ(pull("").rejected, 1u);
  EXPECT_EQ(lake.rows().size(), 1u);
  lake.disk.unreadable.clear();
  lake.folder.write("job/a.md", "BAD");
  EXPECT_EQ(pull("").rejected, 1u);
  EXPECT_EQ(lake.bodies(), Bodies({{lake.uri("job/a.md"), "a"}}));
  lake.folder.write("job/a.md", "good");
  EXPECT_EQ(pull("").taken_over, 1u);
  EXPECT_TRUE(lake.rejects().empty());
}

TEST_F(SharedRowsTest, AFirstPullOfAnEmptiedFolder) {
  lake.folder.write("d/a.md", "a");
  lake.folder.link("d", "link");
  pull("d");
  lake.folder.remove("d/a.md");
  std::filesystem::create_directories(lake.folder.at("d"));
  pull("link");
  EXPECT_TRUE(lake.rows().empty()) << "deleted, and pulled by another way to the folder";
}

TEST_F(SharedRowsTest, AwayAndBackBetweenTheTwo) {
  lake.folder.write("job/a.md", "a");
  pull("job");
  pull("");
  lake.folder.rename("job/a.md", "../" + std::filesystem::path(lake.lake_dir.path()).filename().string() + "/kept.md");
  pull("job");
  EXPECT_TRUE(lake.rows().empty());
  std::filesystem::rename(lake.lake_dir.at("kept.md"), lake.folder.at("job/a.md"));  // the same bytes, times and inode
  pull("");
  EXPECT_EQ(lake.rows().size(), 1u) << "its bookmark knows the file, but its row was deleted";
}

// Random changes, pulled by one of five ways at random and sometimes killed: what lies below the source that was pulled
// is in the table exactly once, as it is on disk.
TEST_F(SharedRowsTest, RandomHistories) {
  const std::map<std::string, std::string> ways = {{"", ""},        {"d0", "d0/"}, {"d0/e", "d0/e/"},
                                                   {"link", "d1/"}, {"d1", "d1/"}, {"d0/e/f0.md", "d0/e/f0.md"}};
  uint64_t taken_over = 0, killed = 0;
  for (const uint64_t seed : {11, 12, 13}) {
    SCOPED_TRACE(seed);
    std::string history;
    base::Random random(seed);
    lake.request.table = "t" + std::to_string(seed);
    const std::string table = "main." + lake.request.table;
    lake.request.commit_every = 1;
    for (const char* before : {"d0", "d1", "link", "f0.md", "f1.md", "f2.md"}) lake.folder.remove(before);
    lake.folder.link("d1", "link");
    lake.option("exclude", json::Value::array({"/link"}));
    std::map<std::string, std::string> on_disk;
    const auto name = [&] {
      static constexpr const char* kFolders[] = {"d0/", "d0/e/", "d1/", "d1/e/", ""};
      return kFolders[random.below(5)] + ("f" + std::to_string(random.below(3)) + ".md");
    };
    for (const char* first : {"d0/e/f0.md", "d1/f0.md"}) lake.folder.write(first, on_disk[first] = "first");
    for (int step = 0; step < 40; ++step) {
      for (uint64_t n = random.below(4); n > 0; --n) {
        const std::string a = name(), b = name();
        switch (random.below(3)) {
          case 0:
            lake.folder.write(a, on_disk[a] = "text " + std::to_string(random.below(20)));
            history += "\nwrite " + a + ": " + on_disk[a];
            break;
          case 1:
            if (a != "d0/e/f0.md" && on_disk.erase(a) > 0) {
              lake.folder.remove(a);
              history += "\nremove " + a;
            }
            break;
          default:
            if (on_disk.contains(a) && a != b && a != "d0/e/f0.md") {
              lake.folder.rename(a, b);
              on_disk[b] = on_disk[a];
              on_disk.erase(a);
              history += "\nrename " + a + " to " + b;
            }
        }
      }
      std::filesystem::create_directories(lake.folder.at("d1"));
      auto way = ways.begin();
      std::advance(way, static_cast<int64_t>(random.below(ways.size())));
      if (random.below(3) == 0) {  // killed at the first or second commit
        uint64_t left = 1 + random.below(2);
        lake.commits.at_file = [&] {
          if (--left == 0) lake.cancel->request();
        };
        lake.request.source.url = way->first.empty() ? lake.folder.path() : lake.folder.at(way->first);
        const bool ended = lake.try_pull().ok();
        killed += ended ? 0 : 1;
        history += "\npull '" + way->first + "'" + (ended ? "" : ", killed");
        lake.commits.at_file = nullptr;
        lake.cancel = std::make_unique<base::Cancel>();
        if (random.below(2) == 0) continue;
      }
      const PullReport report = pull(way->first);
      taken_over += report.taken_over;
      history += "\n" + said(report);
      std::map<std::string, std::string> want, got;
      for (const auto& [path, body] : on_disk) {
        if (path.starts_with(way->second)) want[path] = body;
      }
      for (const auto& [row_uri, row] : lake.rows(table)) {
        std::string path = *connector::decode_path(row_uri.substr(lake.uri("").size()));
        if (path.starts_with("link/")) path = "d1/" + path.substr(5);
        if (path.starts_with(way->second)) {
          EXPECT_TRUE(got.emplace(path, row.body).second) << "twice: " << path;
        }
      }
      ASSERT_EQ(got, want) << "step " << step << " by '" << way->first << "'" << history;
    }
    pull("");
    for (const auto& [way, below] : ways) pull(way);
    for (const auto& [way, below] : ways) EXPECT_EQ(pull(way).commits, 0U) << "it comes to rest: " << way;
  }
  EXPECT_GT(taken_over, 0u);
  EXPECT_GT(killed, 0u);
}

}  // namespace
}  // namespace tarn::ingest
