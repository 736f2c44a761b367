#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "base/hash.h"
#include "ingest/scratch_lake_test.h"

namespace tarn::ingest {
namespace {

using Bodies = std::map<std::string, std::string>;

class ResumeTest : public testing::Test {
 protected:
  void SetUp() override {
    lake.environment.extract_threads = 1;
    lake.request.commit_every = 3;
  }
  void TearDown() override { lake.expect_clean(); }

  void write_files(int count, const std::string& what) {
    for (int i = 0; i < count; ++i) {
      lake.folder.write("f" + std::to_string(100 + i) + ".md", what + " " + std::to_string(i));
    }
  }
  // The pull is stopped in the middle of the commit that follows the given number of them.
  void pull_and_stop(uint64_t count) {
    lake.commits.at_file = [&] {
      if (count-- == 0) lake.cancel->request();
    };
    auto report = lake.try_pull();
    EXPECT_EQ(report.status().code(), base::Code::cancelled);
    EXPECT_NE(report.status().message().find("commits stay"), std::string::npos) << report.status().to_string();
    lake.cancel = std::make_unique<base::Cancel>();
    lake.commits.at_file = nullptr;
  }
  Bodies on_disk() {
    Bodies out;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(lake.folder.path())) {
      if (entry.is_regular_file()) {
        std::ifstream file(entry.path(), std::ios::binary);
        out[connector::file_url(entry.path().string())] = std::string((std::istreambuf_iterator<char>(file)), {});
      }
    }
    return out;
  }
  ScratchLake lake;
};

// With the extraction that ships: nothing of a page's text depends on which pages came before it.
TEST_F(ResumeTest, TheSameBodiesPulledWholeOneByOneOrKilled) {
  lake.environment.extract = document::read;
  const auto page = [](int i) {
    std::string html = "<html><head><title>Page " + std::to_string(i) + "</title></head><body><div class=top>";
    for (int k = 0; k < 8; ++k) {
      html += "<a href=p" + std::to_string(k) + ".html>Chapter " + std::to_string(k) + "</a> ";
    }
    html += "</div><main><h1>Page " + std::to_string(i) + "</h1><p>The text of page " + std::to_string(i) +
            (i % 3 == 0 ? " and an article.</p><article><h2>Comments</h2><p>One.</p></article>" : ".</p>") +
            "</main><div id=foot><a href=a.html>Imprint</a> <a href=b.html>Contact</a></div></body></html>";
    return html;
  };
  const int count = 12;
  std::vector<std::string> tables;
  const auto into = [&](const std::string& table) {
    lake.request.table = table;
    tables.push_back("main." + table);
    for (int i = 0; i < count; ++i) lake.folder.remove("p" + std::to_string(i) + ".html");
  };
  const auto write = [&](int i) { lake.folder.write("p" + std::to_string(i) + ".html", page(i)); };
  into("whole");
  for (int i = 0; i < count; ++i) write(i);
  lake.pull();
  into("each");
  for (int i = count; i-- > 0;) {
    write(i);
    lake.pull();
  }
  into("killed");
  for (int i = 0; i < count; ++i) write(i);
  pull_and_stop(2);
  lake.pull();
  const auto want = lake.rows(tables[0]);
  EXPECT_EQ(want.size(), 12u);
  for (const auto& [uri, row] : want) EXPECT_NE(row.body.find("The text of page"), std::string::npos) << uri;
  for (const std::string& table : tables) EXPECT_EQ(lake.rows(table), want) << table;
}

TEST_F(ResumeTest, EveryNDocumentsOneCommit) {
  write_files(10, "x");
  PullReport report = lake.pull();
  EXPECT_EQ(report.commits, 4U);  // 3 + 3 + 3 + the last with the bookmark
  EXPECT_EQ(report.added, 10u);
  EXPECT_EQ(lake.bodies(), on_disk());
  EXPECT_EQ(lake.pull().commits, 0U);
}

TEST_F(ResumeTest, AStoppedFirstPullGoesOn) {
  write_files(20, "x");
  pull_and_stop(2);
  size_t committed = lake.rows().size();
  auto before = lake.rows();
  EXPECT_GE(committed, 6u);
  EXPECT_LT(committed, 20u);
  lake.extracted = 0;
  PullReport report = lake.pull();
  EXPECT_EQ(report.unchanged, committed);
  EXPECT_EQ(report.added, 20 - committed);
  EXPECT_EQ(lake.extracted, 20 - committed);  // what was committed is not extracted again
  EXPECT_EQ(lake.bodies(), on_disk());
  for (const auto& [uri, row] : before) EXPECT_EQ(lake.rows()[uri], row);
  EXPECT_EQ(lake.pull().commits, 0U);
}

TEST_F(ResumeTest, WhatVanishedMeanwhileGoesToo) {
  write_files(20, "x");
  pull_and_stop(2);
  lake.folder.remove("f100.md");  // committed by the stopped pull, in no bookmark
  PullReport report = lake.pull();
  EXPECT_EQ(report.deleted, 1u);
  EXPECT_EQ(lake.bodies(), on_disk());
}

TEST_F(ResumeTest, EvenWhenTheFolderIsAsTheBookmarkSays) {
  write_files(4, "x");
  lake.pull();
  auto before = lake.rows();
  for (int i = 0; i < 10; ++i) lake.folder.write("a" + std::to_string(i) + ".md", "added");
  lake.folder.write("f100.md", "changed for a while");
  pull_and_stop(2);
  EXPECT_GT(lake.rows().size(), 4u);
  for (int i = 0; i < 10; ++i) lake.folder.remove("a" + std::to_string(i) + ".md");
  lake.folder.write("f100.md", "x 0");
  PullReport report = lake.pull();
  EXPECT_GT(report.deleted, 0u);
  EXPECT_EQ(lake.rows(), before);
  EXPECT_EQ(lake.pull().commits, 0U);
}

TEST_F(ResumeTest, AStoppedUpdateIsFinished) {
  write_files(20, "x");
  lake.pull();
  auto before = lake.rows();
  write_files(20, "y");
  lake.folder.remove("f119.md");
  lake.folder.rename("f118.md", "zz.md");  // its bytes are new too: not a rename
  pull_and_stop(3);
  EXPECT_EQ(lake.rows().size(), 20u);  // deletions come last
  lake.pull();
  EXPECT_EQ(lake.bodies(), on_disk());
  for (const auto& [uri, row] : lake.rows()) EXPECT_TRUE(!before.contains(uri) || row.id == before[uri].id) << uri;
}

TEST_F(ResumeTest, AStoppedRenameKeepsItsId) {
  write_files(12, "x");
  lake.pull();
  auto before = lake.rows();
  for (int i = 0; i < 12; ++i) {
    std::string name = "f" + std::to_string(100 + i) + ".md";
    lake.folder.rename(name, "new/" + name);
  }
  pull_and_stop(2);
  PullReport report = lake.pull();
  EXPECT_GT(report.renamed, 0u);
  EXPECT_EQ(report.added, 0u);
  EXPECT_EQ(lake.bodies(), on_disk());
  for (int i = 0; i < 12; ++i) {
    std::string name = "f" + std::to_string(100 + i) + ".md";
    EXPECT_EQ(lake.rows()[lake.uri("new/" + name)].id, before[lake.uri(name)].id);
  }
}

// The obvious model of what a pull does to ids and rows, told by two listings of the disk.
class Model {
 public:
  explicit Model(std::string source_id) : source_id_(std::move(source_id)) {}
  std::map<std::string, ScratchLake::Row> rows;  // by uri

  void pull(const Bodies& disk) {
    std::map<std::string, std::vector<std::string>> gone, fresh;  // body → uris
    for (const auto& [uri, row] : rows) {
      if (!disk.contains(uri)) gone[row.body].push_back(uri);
    }
    for (const auto& [uri, body] : disk) {
      if (!rows.contains(uri)) fresh[body].push_back(uri);
    }
    std::set<std::string> ids;
    for (const auto& [uri, row] : rows) ids.insert(row.id);
    std::map<std::string, ScratchLake::Row> next;
    for (const auto& [uri, body] : disk) {
      ScratchLake::Row row;
      row.title = body.substr(0, body.find('\n'));
      row.body = body;
      if (rows.contains(uri)) {
        row.id = rows[uri].id;
      } else if (gone[body].size() == 1 && fresh[body].size() == 1) {
        row.id = rows[gone[body][0]].id;
      } else {
        for (int counter = 0; row.id.empty(); ++counter) {
          std::string key = source_id_ + '\0' + uri + (counter ? '\0' + std::to_string(counter) : "");
          std::string id = base::hash128(key).hex();
          if (ids.insert(id).second) row.id = id;
        }
      }
      next[uri] = row;
    }
    rows = std::move(next);
  }

 private:
  std::string source_id_;
};

class Histories : public ResumeTest {
 protected:
  void mutate(base::Random& random) {
    auto name = [&] { return "d" + std::to_string(random.below(2)) + "/f" + std::to_string(random.below(9)) + ".md"; };
    for (uint64_t n = random.below(6); n > 0; --n) {
      std::string a = name(), b = name();
      bool exists = std::filesystem::exists(lake.folder.at(a));
      switch (random.below(4)) {
        case 0:
        case 1:
          lake.folder.write(a, "title " + std::to_string(random.below(25)) + "\nbody");
          break;
        case 2:
          if (exists) lake.folder.remove(a);
          break;
        default:
          if (exists && a != b) lake.folder.rename(a, b);
      }
    }
  }
  static int steps() {
    const char* many = std::getenv("TARN_SOAK");
    return many ? std::max(1, std::atoi(many)) : 12;
  }
};

TEST_F(Histories, RowsAndIdsAreTheModels) {
  uint64_t seed = 90210;
  SCOPED_TRACE(seed);
  base::Random random(seed);
  Model model(connector::source_id(connector::file_url(lake.folder.path())));
  int quiet = 0;
  for (int step = 0; step < steps(); ++step) {
    mutate(random);
    Bodies disk = on_disk();
    Bodies before;
    for (const auto& [uri, row] : model.rows) before[uri] = row.body;
    bool same = step > 0 && disk == before;
    lake.request.commit_every = random.below(3) == 0 ? 2 : 0;
    PullReport report = lake.pull();
    model.pull(disk);
    ASSERT_EQ(lake.rows(), model.rows) << "step " << step;
    EXPECT_EQ(report.commits == 0, same) << "step " << step << " " << said(report);
    quiet += same;
    EXPECT_EQ(lake.pull().commits, 0U) << "step " << step;
  }
  EXPECT_GT(quiet, 0);
}

TEST_F(Histories, StoppedAnywhereNothingIsLostOrDoubled) {
  uint64_t seed = 424243;
  SCOPED_TRACE(seed);
  base::Random random(seed);
  int stopped = 0;
  for (int step = 0; step < steps(); ++step) {
    for (int i = 0; i < 4; ++i) mutate(random);
    lake.request.commit_every = 1 + random.below(2);
    uint64_t stop_after = 1 + random.below(3);
    lake.commits.at_file = [&] {
      if (--stop_after == 0) lake.cancel->request();
    };
    auto before = lake.rows();
    auto report = lake.try_pull();
    lake.commits.at_file = nullptr;
    lake.cancel = std::make_unique<base::Cancel>();
    if (!report.ok()) {
      ASSERT_EQ(report.status().code(), base::Code::cancelled) << report.status().to_string();
      ++stopped;
    }
    if (random.below(2)) mutate(random);
    lake.pull();
    Bodies disk = on_disk();
    auto rows = lake.rows();
    Bodies bodies;
    for (const auto& [uri, row] : rows) bodies[uri] = row.body;
    ASSERT_EQ(bodies, disk) << "step " << step;
    for (const auto& [uri, row] : before) {
      EXPECT_TRUE(!rows.contains(uri) || rows[uri].body != row.body || rows[uri].id == row.id)
          << uri << " in step " << step;
    }
    ASSERT_EQ(lake.pull().commits, 0U) << "step " << step;
  }
  EXPECT_GT(stopped, steps() / 6);
}

}  // namespace
}  // namespace tarn::ingest
