// What store.h promises, asked of every store: a store that passes serves a lake.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <thread>

#include "store/hash_file.h"
#include "store/memory_store_test.h"

namespace tarn::store {
namespace {

using base::Code;

struct Kind {
  std::string name;
  std::function<std::unique_ptr<Store>(const std::string& scratch)> open;
};
void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.name; }

class StoreContract : public testing::TestWithParam<Kind> {
 protected:
  StoreContract() : store_(GetParam().open(scratch_.path())) {}

  std::vector<std::string> names(const std::string& directory) const {
    std::vector<std::string> all;
    for (const Entry& entry : *store_->list(directory)) all.push_back(entry.name + (entry.is_directory ? "/" : ""));
    return all;
  }
  static std::string on_disk(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::string stage(const std::string& bytes) {
    const std::string staged = *store_->stage("d");
    std::ofstream(staged, std::ios::binary) << bytes;
    return staged;
  }

  ScratchDirectory scratch_;
  std::unique_ptr<Store> store_;
};

TEST_P(StoreContract, WhatWasPutIsReadInEveryWay) {
  const std::string bytes("one\0two", 7);
  ASSERT_TRUE(store_->put("d/e/x", bytes).ok());
  EXPECT_EQ(*store_->read("d/e/x"), bytes);
  EXPECT_EQ(*store_->read_at("d/e/x", 4, 3), "two");
  EXPECT_EQ(*store_->read_at("d/e/x", 7, 0), "");
  EXPECT_EQ(store_->read_at("d/e/x", 5, 3).status().code(), Code::corruption);
  EXPECT_EQ(store_->read_at("d/e/x", 1, ~uint64_t{0}).status().code(), Code::corruption);
  const Local copy = *store_->local("d/e/x");
  EXPECT_EQ(*copy->bytes(), bytes);
  EXPECT_EQ(on_disk(copy->path()), bytes);
  const Entry entry = *store_->stat("d/e/x");
  EXPECT_EQ(entry.name, "x");
  EXPECT_EQ(entry.size_bytes, 7u);
  EXPECT_FALSE(entry.is_directory);
  EXPECT_NEAR(static_cast<double>(entry.modified_us), static_cast<double>(base::system_clock().now_us()), 60e6);
  EXPECT_TRUE(exists(*store_, "d/e"));
  EXPECT_TRUE(store_->stat("d/e")->is_directory);
  EXPECT_TRUE(store_->stat("")->is_directory);
  ASSERT_TRUE(store_->put("empty", "").ok());
  EXPECT_EQ(*store_->read("empty"), "");
  EXPECT_EQ(*(*store_->local("empty"))->bytes(), "");
}

TEST_P(StoreContract, LocalCopiesLieBelowOneDirectoryEachUnderItsPath) {
  ASSERT_TRUE(store_->put("d/e/x", "x").ok());
  EXPECT_EQ((*store_->local("d/e/x"))->path(), store_->local_root() + "/d/e/x");
  EXPECT_EQ(store_->local_path("d/e/x"), store_->local_root() + "/d/e/x");
  EXPECT_EQ(store_->local_path(""), store_->local_root());
}

TEST_P(StoreContract, SeveralFilesLieOnThisMachineUnderOneLease) {
  ASSERT_TRUE(store_->put("d/x", "one").ok());
  ASSERT_TRUE(store_->put("d/y", "two").ok());
  const LocalFiles files = *store_->local_files({"d/y", "d/x"});
  EXPECT_EQ(files.paths, (std::vector<std::string>{store_->local_path("d/y"), store_->local_path("d/x")}));
  EXPECT_EQ(on_disk(files.paths[0]), "two");
  EXPECT_EQ(on_disk(files.paths[1]), "one");
  EXPECT_EQ(store_->local_files({"d/x", "../x"}).status().code(), Code::invalid_argument);
  EXPECT_TRUE(store_->local_files({})->paths.empty());
}

TEST_P(StoreContract, BytesStayAsLongAsTheirLease) {
  ASSERT_TRUE(store_->put("x", "old").ok());
  const Local old = *store_->local("x");
  EXPECT_EQ(*old->bytes(), "old");
  ASSERT_TRUE(store_->put("x", "newer").ok());
  EXPECT_EQ(*store_->read("x"), "newer");
  const Local newer = *store_->local("x");
  EXPECT_EQ(*newer->bytes(), "newer");
  EXPECT_EQ(on_disk(newer->path()), "newer");
  ASSERT_TRUE(store_->remove("x").ok());
  EXPECT_EQ(*old->bytes(), "old");
  EXPECT_EQ(*newer->bytes(), "newer");
}

TEST_P(StoreContract, PutIfAbsentNeverReplaces) {
  ASSERT_TRUE(store_->put_if_absent("d/x", "first").ok());
  EXPECT_EQ(store_->put_if_absent("d/x", "second").code(), Code::already_exists);
  EXPECT_EQ(*store_->read("d/x"), "first");
  EXPECT_EQ(names("d"), std::vector<std::string>{"x"});
  ASSERT_TRUE(store_->remove("d/x").ok());
  EXPECT_TRUE(store_->put_if_absent("d/x", "third").ok());
}

TEST_P(StoreContract, OfManyWhoPutAtOnceOneIsToldOkAndItsBytesAreThere) {
  for (int round = 0; round < 20; ++round) {
    const std::string path = "race/" + std::to_string(round);
    std::atomic<int> winner{-1}, winners{0}, others{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        const base::Status put = store_->put_if_absent(path, std::string(1000, static_cast<char>('a' + t)));
        EXPECT_TRUE(put.ok() || put.code() == Code::already_exists) << put.to_string();
        if (put.ok()) {
          winner = t;
          ++winners;
        } else if (put.code() == Code::already_exists) {
          ++others;
        }
        const std::string seen = *store_->read(path);
        EXPECT_EQ(seen, std::string(1000, seen[0])) << "whole, as soon as one is told";
      });
    }
    for (std::thread& thread : threads) thread.join();
    ASSERT_EQ(winners, 1);
    ASSERT_EQ(others, 3);
    ASSERT_EQ(*store_->read(path), std::string(1000, static_cast<char>('a' + winner)));
  }
  EXPECT_EQ(names("race").size(), 20u);
}

TEST_P(StoreContract, AReaderSeesAPutWholeOrNotAtAll) {
  const std::string a(1 << 16, 'a'), b(1 << 17, 'b');
  ASSERT_TRUE(store_->put("x", a).ok());
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    for (int i = 0; i < 100; ++i) {
      static_cast<void>(i % 3 == 0 ? store_->put_volatile("x", b) : store_->put("x", i % 2 ? a : b));
    }
    stop = true;
  });
  int wrong = 0;
  while (!stop) {
    const auto seen = store_->read("x");
    if (!seen.ok() || (*seen != a && *seen != b)) ++wrong;
  }
  writer.join();
  EXPECT_EQ(wrong, 0);
}

TEST_P(StoreContract, AListingIsWholeAndSortedByBytes) {
  for (const char* path : {"d/b", "d/B", "d/10", "d/9", "d/ä", "d/sub/deeper/x", "da/x", "d-/x"}) {
    ASSERT_TRUE(store_->put(path, "12").ok());
  }
  EXPECT_EQ(names("d"), (std::vector<std::string>{"10", "9", "B", "b", "sub/", "ä"}));
  EXPECT_EQ(names(""), (std::vector<std::string>{"d/", "d-/", "da/"}));
  EXPECT_EQ(store_->list("d")->at(0).size_bytes, 2u);
  const auto quick = *store_->list("d", Detail::names);
  ASSERT_EQ(quick.size(), 6u);
  EXPECT_EQ(quick[0].size_bytes, 0u);
  EXPECT_TRUE(quick[4].is_directory);
  EXPECT_TRUE(store_->list("d/9")->empty());
  EXPECT_TRUE(store_->list("none")->empty());
}

TEST_P(StoreContract, MissingThings) {
  ASSERT_TRUE(store_->put("file", "x").ok());
  for (const char* path : {"none", "none/deeper", "file/below"}) {
    EXPECT_EQ(store_->read(path).status().code(), Code::not_found) << path;
    EXPECT_EQ(store_->read_at(path, 0, 1).status().code(), Code::not_found) << path;
    EXPECT_EQ(store_->stat(path).status().code(), Code::not_found) << path;
    const auto copy = store_->local(path);
    EXPECT_EQ(copy.ok() ? (*copy)->bytes().status().code() : copy.status().code(), Code::not_found) << path;
    EXPECT_FALSE(exists(*store_, path)) << path;
    EXPECT_TRUE(store_->remove(path).ok()) << path;
  }
}

TEST_P(StoreContract, ADirectoryIsNoFileAndGoesWhenItIsEmpty) {
  ASSERT_TRUE(store_->put("d/x", "x").ok());
  EXPECT_FALSE(store_->read("d").ok());
  EXPECT_FALSE(store_->remove("d").ok());
  EXPECT_TRUE(store_->remove("d/x").ok());
  EXPECT_FALSE(exists(*store_, "d/x"));
  EXPECT_TRUE(store_->remove("d").ok());
  EXPECT_FALSE(exists(*store_, "d"));
  ASSERT_TRUE(store_->put("d/x", "y").ok());
  EXPECT_EQ(*store_->read("d/x"), "y");
}

TEST_P(StoreContract, WhatIsStagedIsSeenWhenItIsPublishedAndNeverReplaces) {
  const std::string staged = stage("rows");
  EXPECT_TRUE(names("d").empty());
  ASSERT_TRUE(store_->publish(staged, "d/part").ok());
  EXPECT_EQ(*store_->read("d/part"), "rows");
  EXPECT_FALSE(std::filesystem::exists(staged));
  const std::string second = stage("others");
  EXPECT_EQ(store_->publish(second, "d/part").code(), Code::already_exists);
  EXPECT_EQ(*store_->read("d/part"), "rows");
  EXPECT_TRUE(std::filesystem::exists(second));
  store_->discard(second);
  EXPECT_FALSE(std::filesystem::exists(second));
  EXPECT_EQ(names("d"), (std::vector<std::string>{"part"}));
  EXPECT_EQ(store_->publish(scratch_.path() + "/other", "d/y").code(), Code::invalid_argument);
}

TEST_P(StoreContract, ADirectoryIsRenamedInOneStepOrNotAtAll) {
  ASSERT_TRUE(store_->put("n/a/sub/x", "x").ok());
  ASSERT_TRUE(store_->put("n/b/x", "y").ok());
  const base::Status renamed = store_->rename_directory("n/a", "n/c");
  if (renamed.ok()) {
    EXPECT_EQ(*store_->read("n/c/sub/x"), "x");
    EXPECT_FALSE(exists(*store_, "n/a"));
    EXPECT_EQ(store_->rename_directory("n/c", "n/b").code(), Code::already_exists);
    EXPECT_EQ(store_->rename_directory("n/none", "n/d").code(), Code::not_found);
    EXPECT_EQ(store_->rename_directory("n/c", "m").code(), Code::invalid_argument);
  } else {
    EXPECT_EQ(renamed.code(), Code::unsupported);
    EXPECT_EQ(*store_->read("n/a/sub/x"), "x");
    EXPECT_FALSE(exists(*store_, "n/c"));
  }
}

TEST_P(StoreContract, PathsThatLeaveTheRootAreRefusedEverywhere) {
  const std::string nul("a\0b", 3);
  for (const std::string& path : {std::string("../x"), std::string("d/../../x"), std::string("/etc/passwd"),
                                  std::string(".."), nul, std::string("a//b"), std::string("./a"), std::string("a/")}) {
    EXPECT_EQ(store_->read(path).status().code(), Code::invalid_argument) << path;
    EXPECT_EQ(store_->read_at(path, 0, 1).status().code(), Code::invalid_argument) << path;
    EXPECT_EQ(store_->local(path).status().code(), Code::invalid_argument) << path;
    EXPECT_EQ(store_->stat(path).status().code(), Code::invalid_argument) << path;
    EXPECT_EQ(store_->list(path).status().code(), Code::invalid_argument) << path;
    EXPECT_EQ(store_->put(path, "x").code(), Code::invalid_argument) << path;
    EXPECT_EQ(store_->put_if_absent(path, "x").code(), Code::invalid_argument) << path;
    EXPECT_EQ(store_->put_volatile(path, "x").code(), Code::invalid_argument) << path;
    EXPECT_EQ(store_->stage(path).status().code(), Code::invalid_argument) << path;
    EXPECT_EQ(store_->remove(path).code(), Code::invalid_argument) << path;
    const std::string staged = stage("x");
    EXPECT_EQ(store_->publish(staged, path).code(), Code::invalid_argument) << path;
    store_->discard(staged);
  }
  EXPECT_EQ(store_->put("", "x").code(), Code::invalid_argument);
  EXPECT_EQ(store_->put("d/.tmp-mine", "x").code(), Code::invalid_argument);
  EXPECT_EQ(store_->read("..data").status().code(), Code::not_found) << "two dots at a name's start are a name";
}

TEST_P(StoreContract, AFileThatIsPutAnewIsToldFromTheOldOne) {
  ASSERT_TRUE(store_->put("x", "one").ok());
  const Entry before = *store_->stat("x");
  std::this_thread::sleep_for(std::chrono::milliseconds(20));  // of the clock of files
  ASSERT_TRUE(store_->put("x", "two").ok());
  EXPECT_NE(store_->stat("x")->modified_us, before.modified_us);
  EXPECT_NE(*hash_file(*store_, "x"), "");
}

INSTANTIATE_TEST_SUITE_P(
    Stores, StoreContract,
    testing::Values(
        Kind{"local", [](const std::string& scratch) { return std::move(open_local(scratch + "/lake")).value(); }},
        Kind{"memory", [](const std::string&) { return std::unique_ptr<Store>(std::make_unique<MemoryStore>()); }}),
    [](const auto& kind) { return kind.param.name; });

TEST(MemoryStoreTest, ACopyIsGoneWithItsLastLease) {
  MemoryStore store;
  ASSERT_TRUE(store.put("d/x", "x").ok());
  EXPECT_EQ(store.copies(), 0u);
  {
    const Local one = *store.local("d/x"), two = *store.local("d/x");
    EXPECT_EQ(store.copies(), 1u);
  }
  EXPECT_EQ(store.copies(), 0u);
  {
    ASSERT_TRUE(store.put("d/y", "y").ok());
    const Lease lease = store.local_files({"d/x", "d/y"})->lease;
    EXPECT_EQ(store.copies(), 2u);
  }
  EXPECT_EQ(store.copies(), 0u);
  EXPECT_EQ(store.local_files({"d/x", "d/z"}).status().code(), Code::not_found);
  EXPECT_EQ(store.copies(), 0u);
}

}  // namespace
}  // namespace tarn::store
