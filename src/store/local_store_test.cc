#include "store/local_store.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "base/clock.h"
#include "store/path.h"
#include "store/scratch_test.h"

namespace tarn::store {
namespace {

using base::Code;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class LocalStoreTest : public testing::Test {
 protected:
  void SetUp() override {
    auto store = open_local(scratch_.path() + "/a/lake");
    ASSERT_TRUE(store.ok()) << store.status().to_string();
    store_ = std::move(store).value();
  }
  std::vector<std::string> names(std::string_view directory) {
    std::vector<std::string> names;
    const auto entries = store_->list(directory);
    for (const Entry& e : *entries) names.push_back(e.name);
    return names;
  }
  size_t files_on_disk(std::string_view directory) {
    size_t n = 0;
    for ([[maybe_unused]] const auto& e : std::filesystem::directory_iterator(at(directory))) ++n;
    return n;
  }
  std::string at(std::string_view path) const { return store_->local_root() + "/" + std::string(path); }
  std::string bytes_of(const std::string& path) const { return std::string(*(*store_->local(path))->bytes()); }
  ScratchDirectory scratch_;
  std::unique_ptr<Store> store_;
};

// What every store promises is asked in contract_test.cc; here is what a directory of this machine adds.
TEST_F(LocalStoreTest, PutsThatWinAndThatLoseLeaveNoTemporaries) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i) static_cast<void>(store_->put_if_absent("race/" + std::to_string(i), "x"));
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(files_on_disk("race"), 20u);
  ASSERT_TRUE(store_->put("race/0", "y").ok());
  EXPECT_EQ(store_->put_if_absent("race/0", "z").code(), Code::already_exists);
  EXPECT_EQ(files_on_disk("race"), 20u);
}

TEST_F(LocalStoreTest, ReadingPastTheEndIsCorruption) {
  ASSERT_TRUE(store_->put("x", "12345").ok());
  const auto past = store_->read_at("x", 3, 3);
  EXPECT_EQ(past.status().code(), Code::corruption);
  EXPECT_THAT(past.status().message(), HasSubstr("ends at byte 5"));
  EXPECT_EQ(store_->read_at("x", 6, 0).status().code(), Code::corruption);
  EXPECT_EQ(store_->read_at("x", 1, ~uint64_t{0}).status().code(), Code::corruption);
}

TEST_F(LocalStoreTest, MissingThings) {
  EXPECT_EQ(store_->read("no").status().code(), Code::not_found);
  EXPECT_THAT(store_->read("no").status().message(), HasSubstr(at("no")));
  EXPECT_EQ(store_->read_at("no", 0, 1).status().code(), Code::not_found);
  EXPECT_EQ((*store_->local("no"))->bytes().status().code(), Code::not_found);
  EXPECT_EQ(store_->stat("no/deeper").status().code(), Code::not_found);
  EXPECT_THAT(*store_->list("no"), IsEmpty());
  EXPECT_TRUE(store_->remove("no/deeper").ok());
  ASSERT_TRUE(store_->put("file", "x").ok());
  EXPECT_EQ(store_->read("file/below").status().code(), Code::not_found);
  EXPECT_THAT(*store_->list("file"), IsEmpty());
}

TEST_F(LocalStoreTest, DirectoriesAreNotFiles) {
  ASSERT_TRUE(store_->put("d/x", "x").ok());
  EXPECT_EQ(store_->read("d").status().code(), Code::invalid_argument);
  EXPECT_FALSE(store_->put("d", "x").ok());
  EXPECT_EQ(store_->put_if_absent("d", "x").code(), Code::already_exists);
  EXPECT_FALSE(store_->remove("d").ok());
  EXPECT_FALSE(store_->put("d/x/below", "x").ok());
  EXPECT_EQ(*store_->read("d/x"), "x");
}

TEST_F(LocalStoreTest, ANamedPipeDoesNotHangTheReader) {
  ASSERT_EQ(::mkfifo(at("pipe").c_str(), 0600), 0);
  EXPECT_FALSE(store_->read("pipe").ok());
}

TEST_F(LocalStoreTest, ListIsSortedByBytesAndHidesTemporaries) {
  for (const char* path : {"d/b", "d/B", "d/10", "d/9", "d/ä", "d/sub/x"}) ASSERT_TRUE(store_->put(path, "x").ok());
  const std::string staged = *store_->stage("d");
  std::ofstream(staged) << "x";
  EXPECT_THAT(names("d"), ElementsAre("10", "9", "B", "b", "sub", "ä"));
  EXPECT_TRUE(store_->list("d")->at(4).is_directory);
  const auto quick = *store_->list("d", Detail::names);
  ASSERT_EQ(quick.size(), 6u);
  for (size_t i = 0; i < quick.size(); ++i) {
    EXPECT_EQ(quick[i].name, names("d")[i]);
    EXPECT_EQ(quick[i].is_directory, i == 4);
  }
  store_->discard(staged);
  EXPECT_FALSE(std::filesystem::exists(staged));
}

TEST_F(LocalStoreTest, PublishMovesAndNeverReplaces) {
  ASSERT_TRUE(store_->put("t/taken", "first").ok());
  const std::string staged = *store_->stage("t");
  EXPECT_FALSE(std::filesystem::exists(staged));
  EXPECT_EQ(store_->publish(staged, "t/file").code(), Code::not_found);  // nothing was written there
  std::ofstream(staged) << "parquet";
  EXPECT_EQ(store_->publish(staged, "t/taken").code(), Code::already_exists);
  EXPECT_EQ(*store_->read("t/taken"), "first");
  ASSERT_TRUE(store_->publish(staged, "other/place/file").ok());
  EXPECT_EQ(*store_->read("other/place/file"), "parquet");
  EXPECT_FALSE(std::filesystem::exists(staged));
  EXPECT_NE(*store_->stage("t"), *store_->stage("t"));
}

TEST_F(LocalStoreTest, OnlyStagedFilesArePublishedOrDiscarded) {
  ASSERT_TRUE(store_->put("t/file", "x").ok());
  std::ofstream(scratch_.path() + "/.tmp-outside") << "x";
  for (const std::string& path : {at("t/file"), scratch_.path() + "/.tmp-outside",
                                  store_->local_root() + "/../.tmp-outside", std::string("t/.tmp-relative")}) {
    EXPECT_EQ(store_->publish(path, "t/new").code(), Code::invalid_argument) << path;
    store_->discard(path);
  }
  EXPECT_TRUE(exists(*store_, "t/file"));
  EXPECT_TRUE(std::filesystem::exists(scratch_.path() + "/.tmp-outside"));
}

TEST_F(LocalStoreTest, OldTemporariesOfDeadProcessesAreSwept) {
  ASSERT_TRUE(store_->put("d/keep", "x").ok());
  const std::string own = std::string(name_of(*store_->stage("d")));
  // Same boot, same process namespace, a process that is gone.
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  const std::string origin = own.substr(0, own.find('-', kTemporaryPrefix.size()) + 1);
  const std::string dead = origin + std::to_string(child) + "-1", living = origin + std::to_string(::getppid()) + "-1";
  const std::string foreign = ".tmp-ffffffff-1-1";
  const auto make = [&](const std::string& name, int64_t age_us) {
    const std::string path = at("d") + "/" + name;
    std::ofstream(path) << "x";
    const int64_t at = base::system_clock().now_us() - age_us;
    const timespec times[2] = {{at / 1'000'000, 0}, {at / 1'000'000, 0}};
    ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
  };
  const auto on_disk = [&](const std::string& name) { return std::filesystem::exists(at("d") + "/" + name); };
  const int64_t hour_us = int64_t{3600} * 1'000'000;
  make(dead, hour_us - 60'000'000);
  make(dead + "1", hour_us + 60'000'000);
  make(living, 2 * hour_us);
  make(own, 2 * hour_us);
  make(foreign, 2 * hour_us);
  make(foreign + "1", 25 * hour_us);
  store_ = std::move(open_local(store_->local_root())).value();
  EXPECT_THAT(names("d"), ElementsAre("keep"));
  EXPECT_TRUE(on_disk(dead + "1")) << "a reader must not sweep";
  ASSERT_TRUE(store_->put("d/new", "x").ok());
  EXPECT_TRUE(on_disk(dead)) << "too young";
  EXPECT_FALSE(on_disk(dead + "1"));
  EXPECT_TRUE(on_disk(living));
  EXPECT_TRUE(on_disk(own));
  EXPECT_TRUE(on_disk(foreign));
  EXPECT_FALSE(on_disk(foreign + "1"));
}

// In a child that is not root, to whom modes mean nothing.
TEST_F(LocalStoreTest, PermissionDenied) {
  ASSERT_TRUE(store_->put("d/x", "x").ok());
  ASSERT_TRUE(store_->put("secret", "x").ok());
  ASSERT_EQ(::chmod(scratch_.path().c_str(), 0755), 0);
  ASSERT_EQ(::chmod(at("d").c_str(), 0555), 0);
  ASSERT_EQ(::chmod(at("secret").c_str(), 0), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    if (::geteuid() == 0 && ::setuid(65534) != 0) ::_exit(100);
    const auto write = store_->put("d/y", "y");
    const auto read = store_->read("secret").status();
    int wrong = 0;
    for (const auto* status : {&write, &read}) {
      if (status->code() != Code::permission_denied || status->message().find(store_->local_root()) != 0) ++wrong;
    }
    ::_exit(wrong);
  }
  int state = 0;
  ASSERT_EQ(::waitpid(child, &state, 0), child);
  ASSERT_TRUE(WIFEXITED(state));
  EXPECT_EQ(WEXITSTATUS(state), 0);
  ASSERT_EQ(::chmod(at("d").c_str(), 0755), 0);
  EXPECT_EQ(*store_->read("d/x"), "x");
}

TEST_F(LocalStoreTest, ADirectoryThatWasRemovedIsMadeAgain) {
  ASSERT_TRUE(store_->put("d/e/x", "x").ok());
  std::filesystem::remove_all(at("d"));
  ASSERT_TRUE(store_->put("d/e/y", "y").ok());
  EXPECT_EQ(*store_->read("d/e/y"), "y");
}

// C6 in small: several processes, one winner for each name, nobody's bytes replaced.
TEST_F(LocalStoreTest, OneOfManyProcessesPutsIfAbsent) {
  constexpr int kProcesses = 4, kNames = 50;
  std::vector<pid_t> children;
  for (int p = 0; p < kProcesses; ++p) {
    const pid_t child = ::fork();
    if (child == 0) {
      auto store = std::move(open_local(store_->local_root())).value();
      int wins = 0;
      for (int i = 0; i < kNames; ++i) wins += store->put_if_absent("log/" + std::to_string(i), std::to_string(p)).ok();
      ::_exit(wins);
    }
    children.push_back(child);
  }
  int wins = 0;
  for (const pid_t child : children) {
    int state = 0;
    ASSERT_EQ(::waitpid(child, &state, 0), child);
    ASSERT_TRUE(WIFEXITED(state));
    wins += WEXITSTATUS(state);
  }
  EXPECT_EQ(wins, kNames);
  EXPECT_EQ(names("log").size(), static_cast<size_t>(kNames));
}

TEST(OpenLocal, Refusals) {
  const ScratchDirectory scratch;
  std::ofstream(scratch.path() + "/file") << "x";
  EXPECT_EQ(open_local(scratch.path() + "/file").status().code(), Code::invalid_argument);
  EXPECT_FALSE(open_local(scratch.path() + "/file/below").ok());
  EXPECT_EQ(open_local("").status().code(), Code::invalid_argument);
}

// A disk that is really full (C5 in small): a tmpfs of 1 MB, where the test may mount one.
TEST(OpenLocal, AFullDiskNamesTheBytesNeeded) {
  const ScratchDirectory scratch;
  const std::string command = "mount -t tmpfs -o size=1m tmpfs " + scratch.path() + " 2>/dev/null";
  if (::geteuid() != 0 || ::system(command.c_str()) != 0) GTEST_SKIP() << "needs the right to mount a tmpfs";
  {
    auto store = std::move(open_local(scratch.path() + "/lake")).value();
    ASSERT_TRUE(store->put("d/x", "old").ok());
    const auto status = store->put("d/x", std::string(3'000'000, 'x'));
    EXPECT_EQ(status.code(), Code::exhausted);
    EXPECT_THAT(status.message(), HasSubstr("3000000 bytes are needed"));
    EXPECT_EQ(*store->read("d/x"), "old");
    EXPECT_TRUE(store->put("d/x", "new").ok()) << "the failed write must have left room";
  }
  EXPECT_EQ(::system(("umount " + scratch.path()).c_str()), 0);
}

// A file system without RENAME_NOREPLACE, where link(2) takes its place.
class NoRenameNoReplace final : public Files {
 public:
  int create(const std::string& p, int* h) override { return below_->create(p, h); }
  int open(const std::string& p, int* h, uint64_t* s) override { return below_->open(p, h, s); }
  void close(int h) override { below_->close(h); }
  int write(int h, std::string_view b, size_t* w) override { return below_->write(h, b, w); }
  int read(int h, uint64_t o, char* i, size_t s, size_t* g) override { return below_->read(h, o, i, s, g); }
  int map(int h, size_t s, const char** b) override { return below_->map(h, s, b); }
  int sync(int h) override { return below_->sync(h); }
  int rename(const std::string& f, const std::string& t) override { return below_->rename(f, t); }
  int rename_no_replace(const std::string&, const std::string&) override { return EINVAL; }
  int link(const std::string& f, const std::string& t) override { return ++links, below_->link(f, t); }
  int unlink(const std::string& p) override { return below_->unlink(p); }
  int make_directory(const std::string& p) override { return below_->make_directory(p); }
  int sync_directory(const std::string& p) override { return below_->sync_directory(p); }
  int stat(const std::string& p, Entry* e) override { return below_->stat(p, e); }
  int list(const std::string& p, Detail d, std::vector<Entry>* e) override { return below_->list(p, d, e); }
  int links = 0;

 private:
  std::shared_ptr<Files> below_ = system_files();
};

TEST(LinkFallback, PutsIfAbsent) {
  const ScratchDirectory scratch;
  auto files = std::make_shared<NoRenameNoReplace>();
  auto store = std::move(LocalStore::open(scratch.path() + "/l", files, base::system_clock())).value();
  EXPECT_TRUE(store->put_if_absent("x", "first").ok());
  EXPECT_EQ(files->links, 1);
  const std::string staged = *store->stage("");
  std::ofstream(staged) << "second";
  EXPECT_EQ(store->publish(staged, "x").code(), Code::already_exists);
  EXPECT_EQ(files->links, 2);
  EXPECT_EQ(*store->read("x"), "first");
  EXPECT_TRUE(store->publish(staged, "y").ok());
  EXPECT_EQ(*store->read("y"), "second");
  EXPECT_FALSE(std::filesystem::exists(staged));
}

}  // namespace
}  // namespace tarn::store
