// A pull of records that is stopped, loses power or meets a full disk anywhere: the table has all of it or nothing, the
// next pull ends with exactly what the source has, and the one after it writes nothing.
#include <fmt/format.h>

#include <filesystem>

#include "base/stop_after_test.h"
#include "connector/jsonl/jsonl.h"
#include "ingest/scratch_lake_test.h"
#include "store/fault_store.h"
#include "store/recording.h"

namespace tarn::ingest {
namespace {

using Rows = std::vector<std::vector<duck::Cell>>;

class RecordCrash : public testing::Test {
 protected:
  RecordCrash() {
    lake.connectors.push_back(connector::jsonl::descriptor());
    lake.request.source.url = "jsonl:" + lake.folder.at("ships.jsonl");
    lake.request.table = "ships";
    lake.folder.write("ships.jsonl", "{\"id\":1,\"v\":\"a\"}\n{\"id\":2,\"v\":\"b\"}\n{\"id\":3,\"v\":\"c\"}\nbad\n");
    lake.pull();
    EXPECT_EQ(lake.rejects().size(), 1u);
    lake.folder.write("ships.jsonl",
                      "{\"id\":1,\"v\":\"A\"}\n{\"id\":3,\"v\":\"c\"}\n{\"id\":4,\"v\":\"d\",\"w\":1}\n");
    prepared_ = lake.lake_dir.at("lake");
  }

  void use(std::unique_ptr<store::Store> store) {
    lake.store = std::move(store);
    lake.environment.lake.store = lake.store.get();
  }
  std::string copy(const connector::folder::ScratchFolder& scratch) {
    std::filesystem::copy(prepared_, scratch.at("lake"), std::filesystem::copy_options::recursive);
    return scratch.at("lake");
  }
  void judge() {
    lake.expect_clean();
    const Rows rows = lake.select("main.ships", {"id", "v"});
    EXPECT_TRUE(rows == kBefore || rows == kAfter) << rows.size() << " rows";
    lake.pull();
    EXPECT_EQ(lake.select("main.ships", {"id", "v"}), kAfter);
    EXPECT_EQ(lake.select("main.ships", {"id", "w"}).back(), (std::vector<duck::Cell>{int64_t{4}, int64_t{1}}));
    EXPECT_EQ(lake.rejects().size(), 0u);
    EXPECT_EQ(lake.pull().commits, 0U);
    lake.expect_clean();
  }

  const Rows kBefore = {{int64_t{1}, "a"}, {int64_t{2}, "b"}, {int64_t{3}, "c"}};
  const Rows kAfter = {{int64_t{1}, "A"}, {int64_t{3}, "c"}, {int64_t{4}, "d"}};
  ScratchLake lake;
  std::string prepared_;
};

TEST_F(RecordCrash, StoppedAnywhere) {
  for (uint64_t nth = 1;; ++nth) {
    ASSERT_LT(nth, 1000u);
    const connector::folder::ScratchFolder scratch;
    use(std::move(store::open_local(copy(scratch))).value());
    lake.cancel = std::make_unique<base::StopAfter>(nth);
    const auto report = lake.try_pull();
    const bool stopped = lake.cancel->requested();
    lake.cancel = std::make_unique<base::Cancel>();
    SCOPED_TRACE(fmt::format("check {}: {}", nth, report.status().to_string()));
    if (!stopped) {
      EXPECT_GT(nth, 10u);
      break;
    }
    if (!report.ok()) {
      EXPECT_EQ(report.status().code(), base::Code::cancelled);
    }
    judge();
    if (HasFailure()) return;
  }
}

TEST_F(RecordCrash, AFirstPullStoppedAnywhere) {
  for (uint64_t nth = 1;; ++nth) {
    ASSERT_LT(nth, 1000u);
    const connector::folder::ScratchFolder scratch;
    use(std::move(store::open_local(scratch.at("lake"))).value());
    lake.cancel = std::make_unique<base::StopAfter>(nth);
    static_cast<void>(lake.try_pull().ok());
    const bool stopped = lake.cancel->requested();
    lake.cancel = std::make_unique<base::Cancel>();
    SCOPED_TRACE(fmt::format("check {}", nth));
    lake.pull();
    EXPECT_EQ(lake.select("main.ships", {"id", "v"}), kAfter);
    lake.expect_clean();
    if (HasFailure() || !stopped) break;
  }
}

TEST_F(RecordCrash, APowerCutAnywhere) {
  const connector::folder::ScratchFolder scratch;
  auto owned = std::make_unique<store::RecordingStore>(copy(scratch));
  store::RecordingStore& recording = *owned;
  use(std::move(owned));
  EXPECT_EQ(lake.pull().commits, 1U);
  const store::Recording recorded = recording.recording();
  size_t state = 0, judged = 0;
  const auto visited = store::for_each_power_cut(
      recorded, {{store::Unsynced::lost, store::Names::lost, 0}, {store::Unsynced::torn, store::Names::kept, 0}},
      scratch.path(), [&](const store::PowerCut& cut) {
        if (HasFailure() || state++ % 4 != 0) return;
        SCOPED_TRACE(cut.describe());
        use(std::move(store::open_local(cut.directory)).value());
        judge();
        ++judged;
      });
  ASSERT_TRUE(visited.ok()) << visited.status().to_string();
  EXPECT_GE(judged, 5u);
}

TEST_F(RecordCrash, ADiskThatIsFullFromSomeMomentOn) {
  for (uint64_t nth = 1, failed = 0;; nth += 5) {
    const connector::folder::ScratchFolder scratch;
    auto owned = std::make_unique<store::FaultStore>(copy(scratch));
    store::FaultStore& store = *owned;
    use(std::move(owned));
    store.arm(store::Fault::no_space, nth, true);
    const auto report = lake.try_pull();
    const bool fired = store.fired();
    store.disarm();
    SCOPED_TRACE(fmt::format("call {}: {}", nth, report.status().to_string()));
    if (!fired) {
      EXPECT_TRUE(report.ok());
      EXPECT_GT(failed, 3u);
      break;
    }
    failed += report.ok() ? 0 : 1;
    judge();
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace tarn::ingest
