#include "connector/folder/watch.h"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <thread>

#include "connector/folder/scratch_folder_test.h"

namespace tarn::connector::folder {
namespace {

class WatchTest : public testing::TestWithParam<WatchMethod> {
 protected:
  std::unique_ptr<Watcher> watch(const std::string& only_file = "", Options options = {}) {
    auto watcher = watch_folder(disk, folder.path(), only_file, options, GetParam(), WatchTiming{60, 2000, 50});
    EXPECT_TRUE(watcher.ok()) << watcher.status().to_string();
    EXPECT_EQ((*watcher)->method(), GetParam() == WatchMethod::polling ? "polling" : "inotify");
    return std::move(*watcher);
  }
  // Whether wait() returns within the time.
  bool wakes(Watcher& watcher, int within_ms = 10'000) {
    base::Cancel cancel;
    base::Context context{nullptr, &cancel};
    auto waiting = std::async(std::launch::async, [&] { return watcher.wait(context); });
    bool woke = waiting.wait_for(std::chrono::milliseconds(within_ms)) == std::future_status::ready;
    cancel.request();
    base::Status status = waiting.get();
    EXPECT_EQ(status.code(), woke ? base::Code::ok : base::Code::cancelled);
    return woke;
  }
  ScratchFolder folder;
  FaultyDisk disk;
};

TEST_P(WatchTest, WakesForFilesAndNewDirectories) {
  folder.write("a.md", "1");
  auto watcher = watch();
  folder.write("a.md", "2", false);
  EXPECT_TRUE(wakes(*watcher));
  folder.write("new/deep/b.md", "1", false);
  EXPECT_TRUE(wakes(*watcher));
  folder.write("new/deep/b.md", "22", false);  // in a directory that came later
  EXPECT_TRUE(wakes(*watcher));
  folder.rename("new/deep/b.md", "c.md");
  EXPECT_TRUE(wakes(*watcher));
  folder.remove("c.md");
  EXPECT_TRUE(wakes(*watcher));
}

TEST_P(WatchTest, SleepsWhenNothingThatMattersHappens) {
  folder.write("a.md", "1");
  auto watcher = watch();
  folder.write(".a.md.swp", "1", false);
  EXPECT_FALSE(wakes(*watcher, 300));
}

TEST_P(WatchTest, OneFile) {
  folder.write("a.md", "1");
  auto watcher = watch("a.md");
  folder.write("b.md", "1", false);
  EXPECT_FALSE(wakes(*watcher, 300));
  folder.write("a.md", "22", false);
  EXPECT_TRUE(wakes(*watcher));
}

TEST_P(WatchTest, WaitsForARootThatWentAway) {
  folder.write("a.md", "1");
  auto watcher = watch();
  std::filesystem::rename(folder.path(), folder.path() + "-away");
  EXPECT_FALSE(wakes(*watcher, 300));
  std::filesystem::rename(folder.path() + "-away", folder.path());
  folder.write("b.md", "1", false);
  EXPECT_TRUE(wakes(*watcher));
}

INSTANTIATE_TEST_SUITE_P(Methods, WatchTest, testing::Values(WatchMethod::automatic, WatchMethod::polling));

TEST(Watch, ABatchIsOneWake) {
  ScratchFolder folder;
  folder.write("a.md", "1");
  auto watcher = watch_folder(local_disk(), folder.path(), "", {}, WatchMethod::automatic, WatchTiming{100, 5000, 50});
  ASSERT_TRUE(watcher.ok());
  std::thread writer([&] {
    for (int i = 0; i < 20; ++i) {
      folder.write("f" + std::to_string(i) + ".md", "x", false);
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  });
  EXPECT_TRUE((*watcher)->wait({}).ok());
  EXPECT_TRUE(std::filesystem::exists(folder.at("f19.md")));  // it settled first
  writer.join();
}

}  // namespace
}  // namespace tarn::connector::folder
