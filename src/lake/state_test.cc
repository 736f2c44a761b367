// Who asks for a version while another reads the log: waits for nobody but who loads the same, and never gets an older
// one than it could know.
#include <atomic>
#include <condition_variable>
#include <future>
#include <thread>

#include "lake/delta_table.h"
#include "lake/lake_fixture_test.h"
#include "store/without_rename_test.h"

namespace tarn::lake {
namespace {

// Reading one file lasts until it is let go.
class SlowStore final : public store::WithoutRename {
 public:
  explicit SlowStore(store::Store* below) : WithoutRename(below) {}
  void hold(const std::string& path) {
    const std::lock_guard lock(mutex_);
    held_ = path;
    reached_ = false;
  }
  void wait_until_reached() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return reached_; });
  }
  void let_go() {
    const std::lock_guard lock(mutex_);
    held_.clear();
    changed_.notify_all();
  }
  base::Result<std::string> read(std::string_view path) const override {
    {
      std::unique_lock lock(mutex_);
      if (path == held_) {
        reached_ = true;
        changed_.notify_all();
        changed_.wait(lock, [&] { return path != held_; });
      }
    }
    return WithoutRename::read(path);
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::string held_;
  mutable bool reached_ = false;
};

class StateTest : public EveryStoreTest {};

TEST_P(StateTest, AKnownVersionIsGivenWhileAnotherThreadReadsTheLog) {
  const auto writer = create_pairs();
  SlowStore slow(store_.get());
  Environment environment = environment_;
  environment.store = &slow;
  const auto table = take(open_table(environment, "main/t"));
  append(*writer, "SELECT 'a' AS id, 1 AS v");
  slow.hold("main/t/_delta_log/00000000000000000001.json");
  std::thread reader([&] { EXPECT_EQ(take(table->snapshot())->version, base::Version(1)); });
  slow.wait_until_reached();
  auto known = std::async(std::launch::async, [&] { return take(table->snapshot(base::Version(0)))->version; });
  const bool waited = known.wait_for(std::chrono::seconds(20)) != std::future_status::ready;
  slow.let_go();
  reader.join();
  EXPECT_FALSE(waited);
  EXPECT_EQ(known.get(), base::Version(0));
}

TEST_P(StateTest, TheNewestIsNeverOlderThanWhatWasCommittedBeforeTheQuestion) {
  create_pairs("main/t", {{"delta.autoOptimize.autoCompact", "false"}});
  std::atomic<int64_t> committed{0};
  std::atomic<bool> over{false};
  std::atomic<int> stale{0}, asked{0};
  std::shared_ptr<Table> shared = take(open_table(environment_, "main/t"));
  std::mutex changing;
  std::vector<std::thread> readers;
  for (int t = 0; t < 4; ++t) {
    readers.emplace_back([&, t] {
      while (!over) {
        const int64_t before = committed;
        std::shared_ptr<Table> table;
        {
          const std::lock_guard lock(changing);
          table = shared;
        }
        const auto snapshot = table->snapshot();
        ++asked;
        if (!snapshot.ok() || (*snapshot)->version.value < before) ++stale;
        const auto old = table->snapshot(base::Version(before));
        if (!old.ok() || (*old)->version.value != before || static_cast<int64_t>((*old)->files.size()) != before) {
          ++stale;
        }
        if (t != 0) continue;
        const std::lock_guard lock(changing);  // a cold one, which all of them load
        shared = std::make_shared<DeltaTable>(environment_, "main/t");
      }
    });
  }
  const auto writer = take(open_table(environment_, "main/t"));
  for (int i = 0; i < 30; ++i) {
    committed = append(*writer, "SELECT 'a' AS id, 1 AS v").value;
  }
  over = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(stale, 0);
  EXPECT_GT(asked, 30);
}

INSTANTIATE_TEST_SUITE_P(Stores, StateTest, every_store(), store_name);

}  // namespace
}  // namespace tarn::lake
