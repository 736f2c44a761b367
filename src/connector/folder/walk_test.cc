#include "connector/folder/walk.h"

#include <gtest/gtest.h>

#include "connector/folder/scratch_folder_test.h"

namespace tarn::connector::folder {
namespace {

std::vector<std::string> files_of(const Listing& listing) {
  std::vector<std::string> out;
  for (const auto& f : listing.files) out.push_back(f.path);
  return out;
}

using Paths = std::vector<std::string>;

std::string problem_of(const Listing& listing, const std::string& path) {
  for (const auto& p : listing.problems) {
    if (p.path == path) return p.reason + (p.keeps ? " [kept]" : "") + (p.noted ? " [noted]" : "");
  }
  return "";
}

Listing walk_all(const ScratchFolder& folder, const Options& options = {}, const Disk& disk = local_disk()) {
  auto listing = walk(disk, folder.path(), options, {});
  EXPECT_TRUE(listing.ok()) << listing.status().to_string();
  return listing.ok() ? std::move(*listing) : Listing();
}

TEST(Walk, RecursesInByteOrderAndPassesOverHiddenNames) {
  ScratchFolder folder;
  for (const char* name : {"b/x.md", "a.md", "b.md", "b/y/z.md", ".hidden.md", ".git/config", "b/.x/y.md"}) {
    folder.write(name, "x");
  }
  EXPECT_EQ(files_of(walk_all(folder)), (Paths{"a.md", "b.md", "b/x.md", "b/y/z.md"}));
  Options options;
  options.hidden = true;
  EXPECT_EQ(files_of(walk_all(folder, options)),
            (Paths{".git/config", ".hidden.md", "a.md", "b.md", "b/.x/y.md", "b/x.md", "b/y/z.md"}));
}

TEST(Walk, ALakeWithinIsPassedOver) {
  ScratchFolder folder;
  for (const char* name : {"a.md", "lake/main/docs/_delta_log/0.json", "lake/main/docs/part.md", "lake/tarn.toml",
                           "lake/_tarn/pulls/x.txt", "table/_delta_log/0.json", "table/b.md", "other/lake.md"}) {
    folder.write(name, "x");
  }
  EXPECT_EQ(files_of(walk_all(folder)), (Paths{"a.md", "other/lake.md"}));
  EXPECT_EQ(walk_all(folder).problems.size(), 0U);
}

TEST(Walk, IncludeAndExclude) {
  ScratchFolder folder;
  for (const char* name : {"a.md", "b.txt", "docs/c.html", "docs/d.md", "old/e.md"}) folder.write(name, "x");
  Options options;
  options.include = {"*.md", "docs/"};
  options.exclude = {"old/"};
  EXPECT_EQ(files_of(walk_all(folder, options)), (Paths{"a.md", "docs/c.html", "docs/d.md"}));
  options.include = {"*.md", "!a.md"};
  options.exclude = {"d.*"};
  EXPECT_EQ(files_of(walk_all(folder, options)), (Paths{"old/e.md"}));
  options.exclude = {"[a"};
  EXPECT_EQ(files_of(walk_all(folder, options)), (Paths{"docs/d.md", "old/e.md"}));
}

TEST(Walk, IgnoreFilesOfEachDirectory) {
  ScratchFolder folder;
  for (const char* name :
       {"a.md", "a.log", "x/a.log", "x/keep.log", "x/b.md", "x/y/secret.md", "x/y/b.md", "build/c.md"}) {
    folder.write(name, "x");
  }
  folder.write(".gitignore", "*.log\nbuild/\n");
  folder.write("x/.gitignore", "!keep.log\n");
  folder.write("x/.tarnignore", "/y/secret.md\n!a.log\n");
  EXPECT_EQ(files_of(walk_all(folder)), (Paths{"a.md", "x/a.log", "x/b.md", "x/keep.log", "x/y/b.md"}));
  Options options;
  options.no_ignore = true;
  EXPECT_EQ(walk_all(folder, options).files.size(), 8u);
}

Paths files_below(const ScratchFolder& folder, const std::string& root, const Options& options = {}) {
  auto listing = walk(local_disk(), folder.at(root), options, {});
  EXPECT_TRUE(listing.ok()) << listing.status().to_string();
  return listing.ok() ? files_of(*listing) : Paths();
}

TEST(Walk, RulesAboveTheRootHoldUpToTheRepository) {
  ScratchFolder folder;
  folder.write(".gitignore", "*.md\n");  // outside: says nothing
  folder.write("repo/.git/HEAD", "ref: refs/heads/main\n");
  folder.write("repo/.git/info/exclude", "mine.md\n!built.log\nanchored/x.md\n");
  folder.write("repo/.gitignore", "docs/_build/\n*.draft.md\n*.log\n/top.md\ndocs/guide/old.md\n");
  folder.write("repo/docs/.gitignore", "!kept.draft.md\n");
  folder.write("repo/docs/.tarnignore", "private/\n");
  for (const char* name :
       {"_build/out.md", "guide/a.md", "guide/old.md", "guide/b.draft.md", "guide/kept.draft.md", "guide/built.log",
        "guide/mine.md", "guide/top.md", "guide/private/p.md", "top.md", "anchored/x.md"}) {
    folder.write(std::string("repo/docs/") + name, "x");
  }
  const Paths guide{"a.md", "kept.draft.md", "top.md"};
  EXPECT_EQ(files_below(folder, "repo/docs/guide"), guide);
  EXPECT_EQ(files_below(folder, "repo/docs"),
            (Paths{"anchored/x.md", "guide/a.md", "guide/kept.draft.md", "guide/top.md", "top.md"}));
  EXPECT_EQ(files_below(folder, "repo"), (Paths{"docs/anchored/x.md", "docs/guide/a.md", "docs/guide/kept.draft.md",
                                                "docs/guide/top.md", "docs/top.md"}));
  EXPECT_EQ(files_below(folder, "repo/docs/_build"), Paths{"out.md"}) << "who names an ignored folder wants it";
  Options options;
  options.no_ignore = true;
  EXPECT_EQ(files_below(folder, "repo/docs/guide", options).size(), 8u);
  folder.remove("repo/.git");
  EXPECT_EQ(files_below(folder, "repo/docs/guide").size(), 8u) << "without a repository nothing above holds";
}

TEST(Walk, ARepositoryWithinBeginsAnew) {
  ScratchFolder folder;
  folder.write(".git/HEAD", "ref: refs/heads/main\n");
  folder.write(".gitignore", "*.log\nvendor/\n");
  folder.write(".tarnignore", "secret.md\n");
  folder.write("sub/.git/HEAD", "ref: refs/heads/main\n");
  folder.write("sub/.git/info/exclude", "own.md\n");
  for (const char* name : {"a.log", "sub/a.log", "sub/own.md", "sub/secret.md", "sub/d/b.log", "vendor/lib/c.md"}) {
    folder.write(name, "x");
  }
  folder.write("vendor/lib/.git/HEAD", "ref: refs/heads/main\n");
  EXPECT_EQ(files_of(walk_all(folder)), (Paths{"sub/a.log", "sub/d/b.log"}));
  EXPECT_EQ(files_below(folder, "sub"), (Paths{"a.log", "d/b.log", "secret.md"}));
  EXPECT_EQ(files_below(folder, "sub/d"), Paths{"b.log"});
}

TEST(Walk, WorktreesAndSubmodulesHaveAFileForTheirRepository) {
  ScratchFolder folder;
  folder.write("main/.git/info/exclude", "mine.md\n");
  folder.write("main/.git/worktrees/w/commondir", "../..\n");
  folder.write("w/.git", "gitdir: " + folder.at("main/.git/worktrees/w") + "\n");
  folder.write("w/.gitignore", "*.log\n");
  folder.write("main/.git/modules/s/info/exclude", "theirs.md\n");
  folder.write("main/s/.git", "gitdir: ../.git/modules/s\n");
  for (const char* name :
       {"w/docs/a.md", "w/docs/a.log", "w/docs/mine.md", "main/s/docs/theirs.md", "main/s/docs/mine.md"}) {
    folder.write(name, "x");
  }
  EXPECT_EQ(files_below(folder, "w/docs"), Paths{"a.md"});
  EXPECT_EQ(files_below(folder, "main/s/docs"), Paths{"mine.md"});
  folder.write("w/.git", "not what is expected");
  EXPECT_EQ(files_below(folder, "w/docs"), (Paths{"a.md", "mine.md"}));
}

TEST(Walk, AnUnreadableIgnoreFileAboveHidesAll) {
  ScratchFolder folder;
  folder.write(".git/HEAD", "x");
  folder.write(".gitignore", "secret.md\n");
  folder.write("docs/a.md", "x");
  FaultyDisk disk;
  disk.unreadable[folder.at(".gitignore")] = {base::Code::permission_denied, "Permission denied"};
  auto listing = walk(disk, folder.at("docs"), {}, {});
  ASSERT_TRUE(listing.ok());
  EXPECT_TRUE(listing->files.empty());
  EXPECT_NE(problem_of(*listing, "").find(folder.at(".gitignore")), std::string::npos) << problem_of(*listing, "");
  EXPECT_NE(problem_of(*listing, "").find("[kept]"), std::string::npos);
}

TEST(Walk, PatternsMatchBothUnicodeForms) {
  const std::string one = "geheim \xC3\xA9", two = "geheim e\xCC\x81";
  for (const auto& [name, pattern] : {std::pair(one, two), std::pair(two, one)}) {
    ScratchFolder folder;
    folder.write(name + ".md", "x");
    folder.write(name + "/in.md", "x");
    folder.write("open.md", "x");
    Options options;
    options.exclude = {pattern + "*"};
    EXPECT_EQ(files_of(walk_all(folder, options)), Paths{"open.md"});
    options = {};
    options.include = {pattern + "/", pattern + ".md"};
    EXPECT_EQ(files_of(walk_all(folder, options)).size(), 2u);
    for (const char* file : {".gitignore", ".tarnignore"}) {
      folder.write(file, pattern + ".md\n/" + pattern + "/\n");
      EXPECT_EQ(files_of(walk_all(folder)), Paths{"open.md"}) << file;
      folder.remove(file);
    }
  }
}

TEST(Walk, AnUnreadableIgnoreFileHidesItsDirectory) {
  ScratchFolder folder;
  for (const char* name : {"a.md", "x/secret.md", "x/.gitignore"}) folder.write(name, "x");
  FaultyDisk disk;
  disk.unreadable[folder.at("x/.gitignore")] = {base::Code::permission_denied, "Permission denied"};
  Listing listing = walk_all(folder, {}, disk);
  EXPECT_EQ(files_of(listing), (Paths{"a.md"}));
  EXPECT_NE(problem_of(listing, "x").find(".gitignore"), std::string::npos);
  EXPECT_NE(problem_of(listing, "x").find("[kept]"), std::string::npos);

  folder.write("y/.gitignore", std::string((1 << 20) + 1, '#'));
  EXPECT_NE(problem_of(walk_all(folder), "y").find("kMaxIgnoreFileBytes"), std::string::npos);
  folder.write("z/b.md", "x");
  std::filesystem::create_directories(folder.at("z/.gitignore"));  // a directory where a file is expected
  EXPECT_EQ(files_of(walk_all(folder)).back(), "z/b.md");
}

TEST(Walk, LinksAreFollowedInsideOnly) {
  ScratchFolder folder, outside;
  outside.write("secret.md", "x");
  folder.write("real/a.md", "x");
  folder.link("real/a.md", "link.md");
  folder.link("real", "also");
  folder.link(outside.path(), "out");
  folder.link(outside.at("secret.md"), "out.md");
  folder.link("nothing", "dangling.md");
  Listing listing = walk_all(folder);
  EXPECT_EQ(files_of(listing), (Paths{"also/a.md", "link.md", "real/a.md"}));
  EXPECT_EQ(problem_of(listing, "out"), "a symbolic link that leads out of the folder [noted]");
  EXPECT_EQ(problem_of(listing, "out.md"), "a symbolic link that leads out of the folder [noted]");
  EXPECT_EQ(problem_of(listing, "dangling.md"), "a symbolic link to nothing [noted]");
}

TEST(Walk, ASiblingWithTheSameBeginningIsOutside) {
  ScratchFolder parent;
  parent.write("docs/a.md", "x");
  parent.write("docs2/b.md", "x");
  parent.link("../docs2/b.md", "docs/b.md");
  auto listing = walk(local_disk(), parent.at("docs"), {}, {});
  ASSERT_TRUE(listing.ok());
  EXPECT_EQ(files_of(*listing), (Paths{"a.md"}));
}

TEST(Walk, LoopsEndAndAreRejected) {
  ScratchFolder folder;
  folder.write("a/b/x.md", "x");
  folder.link("..", "a/b/up");
  folder.link(".", "self");
  folder.link("two", "one");
  folder.link("one", "two");
  Listing listing = walk_all(folder);
  EXPECT_EQ(files_of(listing), (Paths{"a/b/x.md"}));
  for (const char* loop : {"a/b/up", "self", "one", "two"}) {
    EXPECT_NE(problem_of(listing, loop).find("loop"), std::string::npos) << loop;
    EXPECT_NE(problem_of(listing, loop).find("[noted]"), std::string::npos) << loop;
  }
}

TEST(Walk, LinkedDirectoriesDoNotMultiplyWithoutEnd) {
  ScratchFolder folder;
  for (int i = 0; i < 10; ++i) {  // 2^10 ways to the last one
    std::filesystem::create_directories(folder.at("d" + std::to_string(i)));
    for (const char* name : {"l", "r"}) {
      folder.link("../d" + std::to_string(i + 1), "d" + std::to_string(i) + "/" + name);
    }
  }
  folder.write("d10/x.md", "x");
  Options options;
  Listing listing = walk_all(folder, options);
  EXPECT_FALSE(listing.problems.empty());
  EXPECT_NE(listing.problems.front().reason.find("kMaxLinkDepth"), std::string::npos);
}

TEST(Walk, StrangeNamesAndThings) {
  ScratchFolder folder;
  folder.write("new\nline.md", "x");
  folder.write("broken\xFF\xC3.md", "x");
  folder.write(" .md", "x");
  ASSERT_EQ(::mkfifo(folder.at("pipe.md").c_str(), 0600), 0);
  Listing listing = walk_all(folder);
  EXPECT_EQ(files_of(listing), (Paths{" .md", "broken\xFF\xC3.md", "new\nline.md"}));
  EXPECT_EQ(problem_of(listing, "pipe.md"), "not a regular file but a pipe, socket or device [noted]");
  EXPECT_EQ(local_disk().read(folder.at("pipe.md"), 10).status().code(),
            base::Code::unsupported);  // and does not wait for a writer
}

TEST(Walk, AnUnreadableDirectoryIsKept) {
  ScratchFolder folder;
  folder.write("a.md", "x");
  folder.write("shut/b.md", "x");
  FaultyDisk disk;
  disk.unreadable[folder.at("shut")] = {base::Code::permission_denied, "Permission denied"};
  Listing listing = walk_all(folder, {}, disk);
  EXPECT_EQ(files_of(listing), (Paths{"a.md"}));
  EXPECT_EQ(problem_of(listing, "shut"), "Permission denied [kept]");
}

TEST(Walk, VeryDeepFoldersMeetALimit) {
  ScratchFolder folder;
  std::string path;
  for (size_t i = 0; i <= kMaxDepth; ++i) path += "d/";
  folder.write(path + "x.md", "x");
  Listing listing = walk_all(folder);
  ASSERT_EQ(listing.problems.size(), 1u);
  EXPECT_NE(listing.problems[0].reason.find("kMaxDepth"), std::string::npos);
}

TEST(Walk, AMissingRootIsAnErrorAndSoIsACancel) {
  EXPECT_EQ(walk(local_disk(), "/no/such/folder", {}, {}).status().code(), base::Code::not_found);
  ScratchFolder folder;
  base::Cancel cancel;
  cancel.request();
  EXPECT_EQ(walk(local_disk(), folder.path(), {}, {nullptr, &cancel}).status().code(), base::Code::cancelled);
}

}  // namespace
}  // namespace tarn::connector::folder
