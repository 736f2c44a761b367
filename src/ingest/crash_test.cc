// C2, C3, C5, C7 for a whole pull, with segments: a power cut after every system call, a call that fails at every
// place, a disk that is full from some moment on, a stop wherever it asks for one. Every table opens and check() is
// clean, index and rows agree, no row is lost, doubled or half; the next pull goes on and ends with exactly what the
// folder has, and the one after it writes nothing.
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

#include "base/stop_after_test.h"
#include "encode/encoder.h"
#include "index/verify.h"
#include "ingest/scratch_lake_test.h"
#include "store/fault_store.h"
#include "store/recording.h"
#include "text/analyzer.h"

namespace tarn::ingest {
namespace {

using Bodies = std::map<std::string, std::string>;

bool is_soak() { return std::getenv("TARN_SOAK") != nullptr; }

class PullCrash : public testing::Test {
 protected:
  PullCrash() : encoder_(encode::make_deterministic()) {
    index::IndexerOptions options;
    options.analyzer = *text::make_analyzer("english");
    options.encoder = encoder_.get();
    options.database = [this]() -> base::Result<duck::Database*> {
      lake.connect();
      return lake.database();
    };
    indexer_ = std::make_unique<index::Indexer>(std::move(options));
    lake.environment.lake.observer = indexer_.get();
    lake.environment.extract_threads = 1;
    lake.request.commit_every = 2;
    // The lake before, and what the source is then.
    for (int i = 0; i < 6; ++i) lake.folder.write(name(i), fmt::format("# Old {}\n\nwords of page {}\n", i, i));
    lake.pull();
    before_ = lake.rows();
    for (int i = 0; i < 3; ++i) lake.folder.write(name(i), fmt::format("# New {}\n\nother words of page {}\n", i, i));
    lake.folder.remove(name(3));
    lake.folder.rename(name(4), "moved/page.md");
    lake.folder.write("added.md", "# Added\n\nwith words\n");
    lake.folder.write("bad.md", "this one is BAD");
    for (const auto& entry : std::filesystem::recursive_directory_iterator(lake.folder.path())) {
      if (!entry.is_regular_file() || entry.path().filename() == "bad.md") continue;
      std::ifstream file(entry.path(), std::ios::binary);
      wanted_[connector::file_url(entry.path().string())] = std::string((std::istreambuf_iterator<char>(file)), {});
    }
    prepared_ = lake.lake_dir.at("lake");
  }

  static std::string name(int i) { return fmt::format("page{}.md", i); }
  void use(std::unique_ptr<store::Store> store) {
    lake.store = std::move(store);
    lake.environment.lake.store = lake.store.get();
  }
  void copy_prepared(const std::string& to) {
    std::filesystem::copy(prepared_, to, std::filesystem::copy_options::recursive);
  }

  void expect_index_agrees() {
    auto table = lake::open_table(lake.environment.lake, "main/docs");
    ASSERT_TRUE(table.ok()) << table.status().to_string();
    auto verified = index::verify(**table, **(*table)->snapshot(), *indexer_, *lake.connect(), {});
    ASSERT_TRUE(verified.ok()) << verified.status().to_string();
    EXPECT_GT(verified->passages, 0);
    for (const auto& finding : verified->findings) ADD_FAILURE() << finding.where << ": " << finding.what;
  }

  // The lake (use() said which) as something that was left in the middle of the second pull.
  void judge() {
    lake.expect_clean();
    expect_index_agrees();
    const auto rows = lake.rows();  // says when one is doubled
    for (const auto& [uri, row] : rows) {
      const auto old = before_.find(uri);
      const auto now = wanted_.find(uri);
      EXPECT_TRUE((old != before_.end() && old->second.body == row.body) ||
                  (now != wanted_.end() && now->second == row.body))
          << uri << " has a body that it never had";
      EXPECT_TRUE(old == before_.end() || old->second.id == row.id) << uri << " has another id";
    }
    // Deletions come last: until then nothing is missing but what was renamed.
    for (const auto& [uri, row] : before_) {
      if (wanted_.contains(uri)) {
        EXPECT_TRUE(rows.contains(uri)) << uri << " is lost";
      }
    }
    lake.pull();
    EXPECT_EQ(lake.bodies(), wanted_);
    EXPECT_EQ(lake.rejects().size(), 1U);
    expect_index_agrees();
    EXPECT_EQ(lake.pull().commits, 0U);
    lake.expect_clean();
  }

  ScratchLake lake;
  std::unique_ptr<encode::Encoder> encoder_;
  std::unique_ptr<index::Indexer> indexer_;
  std::map<std::string, ScratchLake::Row> before_;
  Bodies wanted_;
  std::string prepared_;
};

// The first pull into an empty lake, and one that changes rows.
TEST_F(PullCrash, StoppedAnywhere) {
  for (const bool first : {true, false}) {
    uint64_t stops = 0;
    for (uint64_t nth = 1;; ++nth) {
      ASSERT_LT(nth, 3000U);
      const connector::folder::ScratchFolder scratch;
      if (!first) copy_prepared(scratch.at("lake"));
      auto opened = store::open_local(scratch.at("lake"));
      ASSERT_TRUE(opened.ok());
      use(std::move(*opened));
      lake.cancel = std::make_unique<base::StopAfter>(nth);
      const auto report = lake.try_pull();
      const bool stopped = lake.cancel->requested();
      lake.cancel = std::make_unique<base::Cancel>();
      SCOPED_TRACE(fmt::format("{} pull, check {}: {}", first ? "first" : "second", nth, report.status().to_string()));
      if (!stopped) {
        EXPECT_TRUE(report.ok());
        break;
      }
      ++stops;
      if (!report.ok()) {
        EXPECT_EQ(report.status().code(), base::Code::cancelled);
      }
      // Soon the same again, so that not every one is gone on with.
      if (first) {
        lake.expect_clean();
        if (lake.version() > 0) expect_index_agrees();
        if (nth % 8 == 0) {
          lake.pull();
          EXPECT_EQ(lake.bodies(), wanted_);
        }
      } else if (nth % 8 == 0) {
        judge();
      } else {
        lake.expect_clean();
        expect_index_agrees();
      }
      if (HasFailure()) return;
    }
    EXPECT_GT(stops, 50U);
    std::printf("stops of a %s pull: %d\n", first ? "first" : "second", static_cast<int>(stops));
  }
}

// What a pull stored beside the table before it ended is put right by the next one, also where nothing else is new.
TEST_F(PullCrash, ARejectOfAStoppedPullGoesWithItsCause) {
  uint64_t stored = 0;
  for (uint64_t nth = 1;; ++nth) {
    ASSERT_LT(nth, 3000U);
    const connector::folder::ScratchFolder scratch;
    use(std::move(store::open_local(scratch.at("lake"))).value());
    lake.folder.remove("bad.md");
    lake.pull();
    lake.folder.write("bad.md", "this one is BAD");
    lake.cancel = std::make_unique<base::StopAfter>(nth);
    const auto report = lake.try_pull();
    const bool stopped = lake.cancel->requested();
    lake.cancel = std::make_unique<base::Cancel>();
    if (!stopped) break;
    stored += lake.rejects().size();
    lake.folder.remove("bad.md");
    lake.pull();
    EXPECT_EQ(lake.rejects().size(), 0U) << "check " << nth << ": " << report.status().to_string();
    EXPECT_EQ(lake.pull().commits, 0U) << "check " << nth;
    if (HasFailure()) return;
  }
  EXPECT_GT(stored, 0U);
}

TEST_F(PullCrash, APowerCutAnywhere) {
  const connector::folder::ScratchFolder scratch;
  copy_prepared(scratch.at("real"));
  auto owned = std::make_unique<store::RecordingStore>(scratch.at("real"));
  store::RecordingStore& recording = *owned;
  use(std::move(owned));
  PullReport report = lake.pull();
  EXPECT_GE(report.commits, 3U);
  const store::Recording recorded = recording.recording();
  const uint64_t seed = 5;
  std::vector<store::Variant> variants = {{store::Unsynced::lost, store::Names::lost, 0},
                                          {store::Unsynced::torn, store::Names::kept, 0},
                                          {store::Unsynced::mixed, store::Names::mixed, seed}};
  if (is_soak()) variants = store::all_variants(seed, 4);
  // All in a soak; here a tenth of the states, all kinds among them.
  size_t state = 0, judged = 0;
  const auto visited = store::for_each_power_cut(recorded, variants, scratch.path(), [&](const store::PowerCut& cut) {
    if (HasFailure() || (!is_soak() && state++ % 10 != 0)) return;
    SCOPED_TRACE(cut.describe());
    use(std::move(store::open_local(cut.directory)).value());
    judge();
    ++judged;
  });
  ASSERT_TRUE(visited.ok()) << visited.status().to_string();
  EXPECT_GE(judged, 8U);
  std::printf("power cuts in a pull: %zu states, %zu judged\n", *visited, judged);
}

TEST_F(PullCrash, ACallFailsAnywhere) {
  using store::Fault;
  size_t failed = 0;
  for (const auto& [fault, for_good] : {std::pair(Fault::no_space, true), std::pair(Fault::io_error, false),
                                        std::pair(Fault::too_many_files, false), std::pair(Fault::no_space, false)}) {
    const uint64_t step = is_soak() ? 1 : fault == Fault::io_error ? 97 : 23;
    for (uint64_t nth = 1 + static_cast<uint64_t>(fault);; nth += step) {
      const connector::folder::ScratchFolder scratch;
      copy_prepared(scratch.at("real"));
      auto owned = std::make_unique<store::FaultStore>(scratch.at("real"));
      store::FaultStore& store = *owned;
      use(std::move(owned));
      store.arm(fault, nth, for_good);
      const auto report = lake.try_pull();
      const bool fired = store.fired();
      const std::string where = store.fired_at();
      store.disarm();
      SCOPED_TRACE(fmt::format("fault {}{}, call {} at {}: {}", static_cast<int>(fault), for_good ? " for good" : "",
                               nth, where, report.status().to_string()));
      if (!fired) {
        EXPECT_TRUE(report.ok());
        break;
      }
      if (!report.ok()) {
        ++failed;
        EXPECT_EQ(report.status().code(), fault == Fault::io_error ? base::Code::io : base::Code::exhausted);
        EXPECT_FALSE(report.status().hint().empty());
        if (fault == Fault::no_space && where.starts_with("write")) {
          EXPECT_NE(report.status().message().find("bytes are needed"), std::string::npos);
        }
      }
      judge();  // with room again, and more handles
      if (HasFailure()) return;
    }
  }
  EXPECT_GT(failed, is_soak() ? 200U : 8U);
}

}  // namespace
}  // namespace tarn::ingest
