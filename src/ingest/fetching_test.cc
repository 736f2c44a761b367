// Items whose bytes are fetched when they are wanted: several at once, in other threads, and in the order in which they
// were named.
#include <algorithm>
#include <map>
#include <thread>

#include "ingest/scratch_lake_test.h"

namespace tarn::ingest {
namespace {

// Pages behind a slow line. It knows a page's revision without its bytes where `with_revisions`.
class Shelf {
 public:
  std::map<std::string, std::string> pages;
  std::set<std::string> broken;
  std::set<std::string> vanished;  // told of
  bool with_revisions = true;
  std::function<void()> at_fetch;
  std::atomic<int> fetched{0}, at_once{0}, most_at_once{0};

  connector::Descriptor descriptor(size_t fetches) {
    connector::Descriptor d;
    d.name = "shelf";
    d.doc = "pages of a test";
    d.written = "shelf:NAME";
    d.schemes = {"shelf"};
    d.fetches = fetches;
    d.canonical = [](const std::string& url) { return url; };
    d.open = [this](const connector::Source&) -> base::Result<std::unique_ptr<connector::Connector>> {
      return std::unique_ptr<connector::Connector>(std::make_unique<Reader>(*this));
    };
    return d;
  }

 private:
  // In chunks of three bytes, with a pause for the first.
  class Line final : public connector::ByteStream {
   public:
    Line(Shelf& shelf, std::string name) : shelf_(shelf), name_(std::move(name)), rest_(shelf.pages.at(name_)) {
      const int now = ++shelf_.at_once;
      for (int seen = shelf_.most_at_once; seen < now && !shelf_.most_at_once.compare_exchange_weak(seen, now);) {
      }
      std::this_thread::sleep_for(std::chrono::microseconds(base::hash64(name_) % 3000));
    }
    ~Line() override { --shelf_.at_once; }
    base::Result<std::string_view> next() override {
      if (shelf_.broken.contains(name_) && at_ > 0) return base::Status(base::Code::unavailable, "the line broke");
      const std::string_view part = std::string_view(rest_).substr(at_, 3);
      at_ += part.size();
      return part;
    }

   private:
    Shelf& shelf_;
    const std::string name_, rest_;
    size_t at_ = 0;
  };

  class Reader final : public connector::Connector {
   public:
    explicit Reader(Shelf& shelf) : shelf_(shelf) {}
    base::Result<connector::Outcome> run(const json::Value& bookmark, const connector::RunOptions& options,
                                         connector::Sink& sink, const base::Context&) override {
      const bool same_count = !shelf_.with_revisions || bookmark.members().size() == shelf_.pages.size();
      connector::Outcome outcome(same_count ? connector::Found::same : connector::Found::news);
      outcome.bookmark = json::Value::object();
      for (const std::string& uri : shelf_.vanished) sink.vanish(uri);
      for (const auto& [name, page] : shelf_.pages) {
        const std::string uri = "shelf:" + name, revision = "r" + base::hash128(page).hex();
        if (shelf_.with_revisions) {
          outcome.bookmark.set(name, revision);
          if (!options.everything && bookmark[name] == json::Value(revision) && !sink.wants_again(uri)) {
            sink.unchanged(uri);
            continue;
          }
        }
        outcome.found = connector::Found::news;
        connector::Item item;
        item.uri = uri;
        item.name = name;
        item.mime = "text/plain";
        if (shelf_.with_revisions) item.source_version = revision;
        item.open = [this, n = name](const base::Context&) -> base::Result<std::unique_ptr<connector::ByteStream>> {
          ++shelf_.fetched;
          if (shelf_.at_fetch) shelf_.at_fetch();
          return std::unique_ptr<connector::ByteStream>(std::make_unique<Line>(shelf_, n));
        };
        TARN_TRY(sink.upsert(std::move(item)));
      }
      return outcome;
    }

   private:
    Shelf& shelf_;
  };
};

class FetchingTest : public testing::Test {
 protected:
  FetchingTest() {
    lake.connectors = {shelf.descriptor(4)};
    lake.request.source.url = "shelf:a";
    for (int i = 0; i < 40; ++i) shelf.pages["p" + std::to_string(100 + i)] = "page " + std::to_string(i);
  }
  void TearDown() override { lake.expect_clean(); }
  Shelf shelf;
  ScratchLake lake;
};

TEST_F(FetchingTest, SeveralAtOnceAndNoMoreThanItSays) {
  lake.request.commit_every = 7;
  const PullReport report = lake.pull();
  EXPECT_EQ(report.added, 40u);
  EXPECT_EQ(report.commits, 6U);
  EXPECT_EQ(report.size_bytes, 30u * 7 + 10 * 6);
  EXPECT_GT(shelf.most_at_once, 1);
  EXPECT_LE(shelf.most_at_once, 4);
  for (const auto& [name, page] : shelf.pages) EXPECT_EQ(lake.bodies()["shelf:" + name], page);
  // Rows stand in the order in which the source named them, whatever took longer.
  auto sorted = report.changes;
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.uri < b.uri; });
  EXPECT_TRUE(std::equal(sorted.begin(), sorted.end(), report.changes.begin(),
                         [](const auto& a, const auto& b) { return a.uri == b.uri; }));
}

TEST_F(FetchingTest, WhatIsThereIsNotFetched) {
  lake.pull();
  shelf.fetched = 0;
  EXPECT_EQ(lake.pull().commits, 0U);
  EXPECT_EQ(shelf.fetched, 0);
  lake.request.run.everything = true;  // its rows say that they are as the source has them
  EXPECT_EQ(lake.pull().unchanged, 40u);
  EXPECT_EQ(shelf.fetched, 0);
}

TEST_F(FetchingTest, BytesTellWhereTheSourceDoesNot) {
  shelf.with_revisions = false;
  lake.pull();
  lake.extracted = 0;
  shelf.fetched = 0;
  shelf.pages["p100"] = "another page";
  const PullReport report = lake.pull();
  EXPECT_EQ(report.changed, 1u);
  EXPECT_EQ(report.unchanged, 39u);
  EXPECT_EQ(shelf.fetched, 40);
  EXPECT_EQ(lake.extracted, 1u);
  EXPECT_EQ(lake.bodies()["shelf:p100"], "another page");
}

TEST_F(FetchingTest, AFailureCostsOneItemAndIsTriedAgain) {
  lake.pull();
  shelf.pages["p105"] = "new words";
  shelf.pages["p106"] = "more words";
  shelf.broken = {"p105"};
  PullReport report = lake.pull();
  EXPECT_EQ(report.changed, 1u);
  EXPECT_EQ(report.rejected, 1u);
  EXPECT_EQ(lake.rejects().at("shelf:p105"), "the line broke");
  EXPECT_EQ(lake.bodies()["shelf:p105"], "page 5") << "what was read before stays";
  shelf.broken.clear();
  shelf.fetched = 0;
  report = lake.pull();
  EXPECT_EQ(report.changed, 1u);
  EXPECT_EQ(shelf.fetched, 1);
  EXPECT_EQ(lake.bodies()["shelf:p105"], "new words");
  EXPECT_TRUE(lake.rejects().empty());
}

TEST_F(FetchingTest, ALimitHoldsWhileItIsRead) {
  shelf.pages["p139"] = std::string(5000, 'x');
  lake.request.run.max_item_bytes = 4999;
  const PullReport report = lake.pull();
  EXPECT_EQ(report.added, 39u);
  EXPECT_NE(lake.rejects().at("shelf:p139").find("max_item_bytes, 4999"), std::string::npos);
}

TEST_F(FetchingTest, AStopLeavesWhatWasCommittedAndGoesOn) {
  lake.request.commit_every = 5;
  shelf.at_fetch = [&] {
    if (shelf.fetched == 30) lake.cancel->request();
  };
  EXPECT_EQ(lake.try_pull().status().code(), base::Code::cancelled);
  EXPECT_EQ(shelf.at_once, 0) << "a line is open";
  const size_t there = lake.rows().size();
  EXPECT_EQ(there % 5, 0u);
  shelf.at_fetch = nullptr;
  shelf.fetched = 0;
  lake.cancel = std::make_unique<base::Cancel>();
  EXPECT_EQ(lake.pull().added, 40 - there);
  EXPECT_EQ(shelf.fetched, static_cast<int>(40 - there)) << "what it had done is not done again";
  EXPECT_EQ(lake.rows().size(), 40u);
}

TEST_F(FetchingTest, ADeletionIsWhatTheSourceSaysItIs) {
  lake.pull();
  shelf.pages.erase("p101");
  lake.connectors[0].deletions = connector::Deletions::tombstones;
  EXPECT_EQ(lake.pull().deleted, 0u) << "it was not named, and that means nothing";
  EXPECT_TRUE(lake.bodies().contains("shelf:p101"));
  shelf.vanished = {"shelf:p101"};
  EXPECT_EQ(lake.pull().deleted, 1u);
  lake.connectors[0].deletions = connector::Deletions::listing;
  shelf.vanished.clear();
  shelf.pages.erase("p102");  // and nothing else happened
  EXPECT_EQ(lake.pull().deleted, 1u);
  EXPECT_EQ(lake.rows().size(), 38u);
}

TEST_F(FetchingTest, WhatCannotBeWatchedSaysSo) {
  const auto never = [](const base::Result<PullReport>&) { return false; };
  EXPECT_EQ(watch(lake.request, lake.environment, {}, never).code(), base::Code::unsupported);
}

TEST_F(FetchingTest, ASecretIsNotGivenToWhoTakesNone) {
  lake.request.source.secret = connector::Secret("open sesame");
  const base::Status status = lake.try_pull().status();
  EXPECT_EQ(status.code(), base::Code::invalid_argument);
  EXPECT_EQ(status.to_string().find("sesame"), std::string::npos);
}

}  // namespace
}  // namespace tarn::ingest
