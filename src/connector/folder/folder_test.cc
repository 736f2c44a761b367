#include "connector/folder/folder.h"

#include <gtest/gtest.h>

#include <optional>

#include "base/hash.h"
#include "base/random.h"
#include "connector/folder/scratch_folder_test.h"
#include "connector/uri.h"

namespace tarn::connector::folder {
namespace {

// Writes down what it is told.
class Recorder final : public Sink {
 public:
  std::map<std::string, Item> upserted;
  std::map<std::string, std::string> renamed;  // old → new
  std::set<std::string> wanted, same, kept, kept_below, vanished;
  std::map<std::string, std::string> rejected;
  std::map<std::string, uint64_t> same_below;
  std::function<void()> at_upsert;

  base::Status upsert(Item item) override {
    if (at_upsert) at_upsert();
    std::string uri = item.uri;
    EXPECT_TRUE(upserted.emplace(uri, std::move(item)).second) << uri;
    return {};
  }
  base::Status rename(const std::string& old_uri, Item item) override {
    renamed[old_uri] = item.uri;
    return upsert(std::move(item));
  }
  bool wants_again(const std::string& uri) override { return wanted.contains(uri); }
  void unchanged(const std::string& uri) override { EXPECT_TRUE(same.insert(uri).second); }
  void unchanged_below(const std::string& prefix, uint64_t items) override { same_below[prefix] = items; }
  void keep(const std::string& uri) override { kept.insert(uri); }
  void keep_below(const std::string& prefix) override { kept_below.insert(prefix); }
  void vanish(const std::string& uri) override { EXPECT_TRUE(vanished.insert(uri).second); }
  void reject(Reject reject) override { rejected[reject.item] = reject.reason; }
};

class FolderTest : public testing::Test {
 protected:
  std::string uri(std::string_view name) const { return file_url(folder.at(name)); }

  base::Result<std::unique_ptr<Connector>> open() {
    const Descriptor kind = descriptor(disk);
    TARN_ASSIGN(const std::string url, kind.locate(source.empty() ? folder.path() : source));
    return kind.open({url, given});
  }
  // One run; the bookmark goes on.
  Recorder run(const RunOptions& options = {}) {
    Recorder recorder;
    auto status = run_into(recorder, options);
    EXPECT_TRUE(status.ok()) << status.to_string();
    return recorder;
  }
  base::Status run_into(Recorder& recorder, const RunOptions& options = {}) {
    auto connector = open();
    if (!connector.ok()) return connector.status();
    disk.was_read.clear();
    auto outcome = (*connector)->run(bookmark, options, recorder, context);
    if (!outcome.ok()) return outcome.status();
    auto reread = json::parse(json::write(outcome->bookmark));  // it survives being stored
    EXPECT_TRUE(reread.ok());
    bookmark = std::move(*reread);
    moved = outcome->found == Found::news;
    return {};
  }

  ScratchFolder folder;
  FaultyDisk disk;
  std::string source;
  json::Value given = json::Value::object();  // options
  json::Value bookmark;
  bool moved = false;
  base::Cancel cancel;
  base::Context context{nullptr, &cancel};
};

TEST_F(FolderTest, FirstRunNamesEverythingSecondNothing) {  // C10
  folder.write("a.md", "# A");
  folder.write("x/b.md", "# B");
  folder.write("empty.md", "");
  Recorder first = run();
  EXPECT_TRUE(moved);
  ASSERT_EQ(first.upserted.size(), 3u);
  const Item& item = first.upserted.at(uri("x/b.md"));
  EXPECT_EQ(item.bytes, "# B");
  EXPECT_EQ(item.name, "b.md");
  EXPECT_EQ(item.source_version, base::hash128("# B").hex());
  EXPECT_EQ(item.modified_at_us, 1'600'000'000'000'000);
  EXPECT_EQ(item.extra["path"].as_string(), "x/b.md");

  Recorder second = run();
  EXPECT_FALSE(moved);
  EXPECT_TRUE(second.upserted.empty() && second.vanished.empty());
  EXPECT_EQ(second.same.size(), 3u);
  EXPECT_TRUE(disk.was_read.empty());  // by their stat alone
}

TEST_F(FolderTest, ChangedVanishedAndNew) {
  folder.write("a.md", "1");
  folder.write("b.md", "2");
  folder.write("c.md", "3");
  run();
  folder.write("a.md", "1 changed");
  folder.remove("b.md");
  folder.write("d.md", "4");
  Recorder r = run();
  EXPECT_EQ(r.upserted.size(), 2u);
  EXPECT_TRUE(r.upserted.contains(uri("a.md")) && r.upserted.contains(uri("d.md")));
  EXPECT_EQ(r.vanished, std::set<std::string>{uri("b.md")});
  EXPECT_EQ(r.same, std::set<std::string>{uri("c.md")});
  EXPECT_TRUE(r.renamed.empty());
}

TEST_F(FolderTest, TouchedWithTheSameBytesIsUnchanged) {
  folder.write("a.md", "1");
  run();
  folder.age("a.md", 1'700'000'000);
  Recorder r = run();
  EXPECT_FALSE(moved);
  EXPECT_EQ(r.same.size(), 1u);
  EXPECT_EQ(disk.was_read.size(), 1u);
  run();
  EXPECT_TRUE(disk.was_read.empty());  // the new bookmark knows the new time
}

TEST_F(FolderTest, AFileOfThisVeryMomentIsReadAgain) {
  disk.ahead_ns = 0;
  folder.write("a.md", "one", false);
  run();
  // The same size, inode and times: only the bytes tell.
  struct stat before{};
  ASSERT_EQ(::stat(folder.at("a.md").c_str(), &before), 0);
  Recorder r = run();
  EXPECT_EQ(disk.was_read.size(), 1u);
  EXPECT_TRUE(r.upserted.empty());
  folder.age("a.md", 4'000'000'000);  // a time in the future never settles
  run();
  run();
  EXPECT_EQ(disk.was_read.size(), 1u);
  disk.ahead_ns = 3'600'000'000'000;
  folder.age("a.md");
  run();
  run();
  EXPECT_TRUE(disk.was_read.empty());
}

TEST_F(FolderTest, Renames) {
  folder.write("a.md", "the same bytes");
  folder.write("stays.md", "stays");
  run();
  folder.rename("a.md", "sub/b.md");
  Recorder r = run();
  EXPECT_EQ(r.renamed, (std::map<std::string, std::string>{{uri("a.md"), uri("sub/b.md")}}));
  EXPECT_TRUE(r.vanished.empty());
  run();
  EXPECT_FALSE(moved);
}

TEST_F(FolderTest, AmbiguousRenamesAreDeletesAndAdds) {
  folder.write("a.md", "twin");
  folder.write("b.md", "twin");
  folder.write("c.md", "single");
  run();
  folder.rename("a.md", "a2.md");
  folder.rename("b.md", "b2.md");
  folder.rename("c.md", "c2.md");
  folder.write("c3.md", "single");
  Recorder r = run();
  EXPECT_TRUE(r.renamed.empty());
  EXPECT_EQ(r.vanished.size(), 3u);
  EXPECT_EQ(r.upserted.size(), 4u);
}

TEST_F(FolderTest, ARenameOverAnExistingFileIsAChange) {
  folder.write("a.md", "first");
  folder.write("b.md", "second");
  run();
  folder.rename("a.md", "b.md");
  Recorder r = run();
  EXPECT_TRUE(r.renamed.empty());
  EXPECT_EQ(r.vanished, std::set<std::string>{uri("a.md")});
  EXPECT_EQ(r.upserted.at(uri("b.md")).bytes, "first");
}

TEST_F(FolderTest, UnreadableFilesAreKeptAndTriedAgain) {
  folder.write("a.md", "1");
  folder.write("dir/b.md", "2");
  folder.write("dir/c.md", "3");
  run();
  folder.write("a.md", "1 changed");
  disk.unreadable[folder.at("a.md")] = {base::Code::permission_denied, "Permission denied"};
  disk.unreadable[folder.at("dir")] = {base::Code::io, "Input/output error"};
  for (int i = 0; i < 2; ++i) {
    Recorder r = run();
    EXPECT_FALSE(moved);
    EXPECT_TRUE(r.vanished.empty() && r.upserted.empty());
    EXPECT_EQ(r.rejected.at(uri("a.md")), "Permission denied");
    EXPECT_EQ(r.rejected.at(uri("dir/")), "Input/output error");
    EXPECT_TRUE(r.kept.contains(uri("a.md")) && r.kept.contains(uri("dir/b.md")) && r.kept.contains(uri("dir/c.md")));
    EXPECT_TRUE(r.kept_below.contains(uri("dir/")));
  }
  disk.unreadable.clear();
  folder.remove("dir/b.md");
  Recorder r = run();
  EXPECT_EQ(r.upserted.at(uri("a.md")).bytes, "1 changed");
  EXPECT_EQ(r.same, std::set<std::string>{uri("dir/c.md")});
  EXPECT_EQ(r.vanished, std::set<std::string>{uri("dir/b.md")});
}

// What failed is wanted again as soon as it has to be read again, and not before.
TEST_F(FolderTest, WhatFailedIsGivenAgainWhenItIsReadAgain) {
  folder.write("a.md", "1");
  folder.write("b.md", "2");
  run();
  Recorder untouched;
  untouched.wanted = {uri("a.md")};
  ASSERT_TRUE(run_into(untouched).ok());
  EXPECT_EQ(untouched.same.size(), 2u);
  EXPECT_TRUE(disk.was_read.empty());
  folder.age("a.md", 1'700'000'000);
  folder.age("b.md", 1'700'000'000);
  Recorder touched;
  touched.wanted = {uri("a.md")};
  ASSERT_TRUE(run_into(touched).ok());
  EXPECT_TRUE(touched.upserted.contains(uri("a.md")));
  EXPECT_EQ(touched.same, std::set<std::string>{uri("b.md")});
  // And after a failure to read that leaves no trace on the file.
  disk.unreadable[folder.at("a.md")] = {base::Code::io, "Input/output error"};
  folder.age("a.md", 1'800'000'000);
  EXPECT_EQ(run().rejected.size(), 1u);
  disk.unreadable.clear();
  Recorder again;
  again.wanted = {uri("a.md")};
  ASSERT_TRUE(run_into(again).ok());
  EXPECT_TRUE(again.upserted.contains(uri("a.md")));
}

TEST_F(FolderTest, NamesThatDifferByUnicodeFormAreTwoFiles) {
  folder.write("caf\xC3\xA9.md", "composed");
  folder.write("cafe\xCC\x81.md", "decomposed");
  Recorder r = run();
  ASSERT_EQ(r.upserted.size(), 2u);
  EXPECT_EQ(r.upserted.at(uri("caf\xC3\xA9.md")).bytes, "composed");
  EXPECT_EQ(r.upserted.at(uri("cafe\xCC\x81.md")).bytes, "decomposed");
  folder.remove("caf\xC3\xA9.md");
  r = run();
  EXPECT_EQ(r.vanished, std::set<std::string>{uri("caf\xC3\xA9.md")});
  EXPECT_EQ(r.same, std::set<std::string>{uri("cafe\xCC\x81.md")});
}

TEST_F(FolderTest, AFolderThatIsEmptyByTheRulesAboveItSaysSo) {
  folder.write(".git/HEAD", "ref: refs/heads/main");
  folder.write(".gitignore", "*");
  folder.write("notes/a.md", "1");
  source = folder.at("notes");
  auto connector = open();
  ASSERT_TRUE(connector.ok());
  Recorder r;
  auto outcome = (*connector)->run({}, {}, r, context);
  ASSERT_TRUE(outcome.ok());
  ASSERT_EQ(outcome->notes.size(), 1u);
  EXPECT_NE(outcome->notes[0].find("--no-ignore"), std::string::npos);
  EXPECT_NE(outcome->notes[0].find(folder.path()), std::string::npos) << outcome->notes[0];
}

TEST_F(FolderTest, AnUnreadableRenameKeepsTheOldName) {
  folder.write("a.md", "bytes");
  run();
  folder.rename("a.md", "b.md");
  int reads = 0;
  disk.before_read = [&](const std::string& path) {  // the search for renames reads it, then it shuts
    if (path == folder.at("b.md") && ++reads == 2) {
      disk.unreadable[path] = {base::Code::permission_denied, "Permission denied"};
    }
  };
  Recorder r = run();
  EXPECT_TRUE(r.vanished.empty());
  EXPECT_TRUE(r.kept.contains(uri("a.md")));
  disk.before_read = nullptr;
  disk.unreadable.clear();
  EXPECT_EQ(run().renamed.size(), 1u);
}

TEST_F(FolderTest, TypesThatAreNotRead) {
  folder.write("tide.mp4", std::string("\0\0\0\x18"
                                       "ftypisom\0\0\0\0",
                                       16));
  folder.write("a.md", "1");
  Recorder r = run();
  EXPECT_EQ(r.upserted.size(), 1u);
  EXPECT_NE(r.rejected.at(uri("tide.mp4")).find("not a type"), std::string::npos);
  r = run();
  EXPECT_TRUE(disk.was_read.empty());
  EXPECT_TRUE(r.same.contains(uri("tide.mp4")));
}

TEST_F(FolderTest, TooLargeNamesTheLimit) {
  folder.write("big.md", std::string(1000, 'x'));
  RunOptions options;
  options.max_item_bytes = 999;
  Recorder r = run(options);
  EXPECT_NE(r.rejected.at(uri("big.md")).find("max_item_bytes, 999"), std::string::npos);
  r = run(options);
  EXPECT_NE(r.rejected.at(uri("big.md")).find("1000 bytes"), std::string::npos);
  EXPECT_FALSE(moved);
  options.max_item_bytes = 1000;
  EXPECT_TRUE(run(options).upserted.contains(uri("big.md")));
}

TEST_F(FolderTest, EverythingIsNamedAgainWhenAsked) {
  folder.write("a.md", "1");
  folder.write("b.md", "2");
  run();
  folder.rename("b.md", "c.md");
  RunOptions options;
  options.everything = true;
  Recorder r = run(options);
  EXPECT_EQ(r.upserted.size(), 2u);
  EXPECT_EQ(r.renamed.size(), 1u);  // the bookmark still tells of renames
}

TEST_F(FolderTest, NamesThatAreNotText) {
  folder.write("new\nline.md", "1");
  folder.write("broken\xFF.md", "2");
  Recorder r = run();
  EXPECT_TRUE(r.upserted.contains(uri("new\nline.md")));
  EXPECT_NE(uri("new\nline.md").find("new%0Aline.md"), std::string::npos);
  EXPECT_EQ(r.upserted.at(uri("new\nline.md")).name, "new line.md");
  EXPECT_EQ(r.upserted.at(uri("broken\xFF.md")).name, "broken\xEF\xBF\xBD.md");
  r = run();
  EXPECT_EQ(r.same.size(), 2u);
  folder.rename("broken\xFF.md", "whole.md");
  EXPECT_EQ(run().renamed.size(), 1u);
}

TEST_F(FolderTest, AFileAsASource) {
  folder.write("a.md", "1");
  folder.write("b.md", "2");
  source = folder.at("a.md");
  Recorder r = run();
  ASSERT_EQ(r.upserted.size(), 1u);
  EXPECT_TRUE(r.upserted.contains(uri("a.md")));
  EXPECT_EQ(*descriptor().locate(source), uri("a.md"));
  EXPECT_EQ(run().same.size(), 1u);
  folder.remove("a.md");
  Recorder gone;
  EXPECT_EQ(run_into(gone).code(), base::Code::not_found);
}

TEST_F(FolderTest, ALinkAsASourceKeepsItsName) {
  folder.write("v1/a.md", "1");
  folder.write("v2/a.md", "2");
  folder.link("v1", "current");
  source = folder.at("current");
  EXPECT_TRUE(run().upserted.contains(uri("current/a.md")));
  folder.remove("current");
  folder.link("v2", "current");
  Recorder r = run();
  EXPECT_EQ(r.upserted.at(uri("current/a.md")).bytes, "2");
  EXPECT_TRUE(r.vanished.empty());
}

TEST_F(FolderTest, AMissingRootIsAnError) {
  folder.write("root/a.md", "1");
  source = folder.at("root");
  run();
  folder.remove("root");
  Recorder r;
  EXPECT_EQ(run_into(r).code(), base::Code::not_found);
}

TEST_F(FolderTest, ARootThatVanishesMidwayIsAnError) {
  folder.write("root/a.md", "1");
  folder.write("root/b.md", "2");
  source = folder.at("root");
  run();
  folder.write("root/a.md", "changed");
  folder.write("root/b.md", "changed");
  Recorder r;
  r.at_upsert = [&] { folder.remove("root"); };
  base::Status status = run_into(r);
  EXPECT_EQ(status.code(), base::Code::not_found);
  EXPECT_NE(status.message().find("went away"), std::string::npos);

  folder.write("root/a.md", "once more");  // and when another one stands in its place at the end
  folder.write("root/b.md", "once more");
  Recorder second;
  second.at_upsert = [&] {
    folder.rename("root", "old");
    std::filesystem::create_directories(folder.at("root"));
    second.at_upsert = nullptr;
  };
  EXPECT_EQ(run_into(second).code(), base::Code::not_found);
}

TEST_F(FolderTest, ADirectoryThatVanishesMidwayIsADeletion) {
  folder.write("a.md", "1");
  folder.write("sub/b.md", "2");
  run();
  folder.write("a.md", "changed");
  folder.write("sub/b.md", "changed");
  Recorder r;
  r.at_upsert = [&] { folder.remove("sub"); };
  EXPECT_TRUE(run_into(r).ok());
  EXPECT_EQ(r.vanished, std::set<std::string>{uri("sub/b.md")});
}

TEST_F(FolderTest, AnEmptyMountPointDeletesNothing) {
  folder.write("a.md", "1");
  run();
  folder.remove("a.md");
  disk.devices[folder.path()] = 12345;
  Recorder r;
  base::Status status = run_into(r);
  EXPECT_EQ(status.code(), base::Code::unavailable);
  EXPECT_NE(status.message().find("another file system"), std::string::npos);
  EXPECT_NE(status.hint().find("--allow-empty"), std::string::npos);
  given.set("allow_empty", true);
  Recorder allowed;
  EXPECT_TRUE(run_into(allowed).ok());
  EXPECT_EQ(allowed.vanished.size(), 1u);
}

TEST_F(FolderTest, CancelStopsBetweenFiles) {
  folder.write("a.md", "1");
  folder.write("b.md", "2");
  Recorder r;
  r.at_upsert = [&] { cancel.request(); };
  EXPECT_EQ(run_into(r).code(), base::Code::cancelled);
  EXPECT_EQ(r.upserted.size(), 1u);
}

// Random histories: what the sink knows after each run is what is on disk.
TEST_F(FolderTest, RandomHistoriesAgreeWithTheDisk) {
  uint64_t seed = 5150;
  SCOPED_TRACE(seed);
  base::Random random(seed);
  std::map<std::string, std::string> on_disk, known;
  auto name = [&] { return "d" + std::to_string(random.below(3)) + "/f" + std::to_string(random.below(8)) + ".md"; };
  int renames = 0;
  for (int step = 0; step < 150; ++step) {
    for (uint64_t n = random.below(5); n > 0; --n) {
      std::string a = name(), b = name();
      switch (random.below(3)) {
        case 0:
          on_disk[a] = "text " + std::to_string(random.below(30));
          folder.write(a, on_disk[a]);
          break;
        case 1:
          if (on_disk.erase(a)) folder.remove(a);
          break;
        default:
          if (on_disk.contains(a) && a != b) {
            folder.rename(a, b);
            on_disk[b] = on_disk[a];
            on_disk.erase(a);
          }
      }
    }
    Recorder r = run();
    std::map<std::string, std::string> before = known;
    for (const auto& gone : r.vanished) EXPECT_EQ(known.erase(gone), 1u);
    for (const auto& [from, to] : r.renamed) {
      EXPECT_EQ(known.at(from), r.upserted.at(to).bytes);
      known.erase(from);
      ++renames;
    }
    for (const auto& [u, item] : r.upserted) known[u] = item.bytes;
    for (const auto& same : r.same) EXPECT_TRUE(known.contains(same));
    std::map<std::string, std::string> want;
    for (const auto& [path, bytes] : on_disk) want[uri(path)] = bytes;
    ASSERT_EQ(known, want) << "step " << step;
    ASSERT_EQ(moved, before != known || !r.upserted.empty() || !r.vanished.empty()) << "step " << step;
  }
  EXPECT_GT(renames, 10);
}

}  // namespace
}  // namespace tarn::connector::folder
