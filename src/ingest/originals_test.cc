// The bytes of items, kept beside their rows by choice of the source.
#include "lake/originals.h"

#include "base/sha256.h"
#include "base/status_test.h"
#include "ingest/scratch_lake_test.h"
#include "store/fault_store.h"

namespace tarn::ingest {
namespace {

class OriginalsTest : public testing::Test {
 protected:
  OriginalsTest() {
    lake.folder.write("a.md", "first\n");
    lake.folder.write("b.md", "second\n");
    lake.folder.write("sub/a-again.md", "first\n");
    lake.option("keep_originals", true);
  }
  void TearDown() override { lake.expect_clean(); }

  // What the row of a file says of its original.
  json::Value original(const std::string& name) {
    for (const auto& row : lake.select("main.docs", {"uri", "extra"})) {
      if (std::get<std::string>(row[0].value) != lake.uri(name)) continue;
      return take(json::parse(std::get<std::string>(row[1].value)))["original"];
    }
    return {};
  }
  size_t kept() { return take(lake::list_originals(lake.environment.lake)).size(); }

  ScratchLake lake;
};

TEST_F(OriginalsTest, AreTheBytesByTheirSha256) {
  EXPECT_EQ(lake.pull().added, 3u);
  const json::Value of_a = original("a.md");
  EXPECT_EQ(of_a["sha256"], json::Value(base::sha256("first\n")));
  EXPECT_EQ(of_a["size_bytes"], json::Value(6));
  EXPECT_EQ(take(lake::read_original(lake.environment.lake, of_a["sha256"].as_string())), "first\n");
  EXPECT_EQ(original("sub/a-again.md"), of_a);
  EXPECT_EQ(kept(), 2u) << "the same bytes are kept once";
  EXPECT_EQ(lake.pull().commits, 0U);
}

TEST_F(OriginalsTest, ToChooseOtherwiseReadsEachItemOnceMore) {
  lake.option("keep_originals", {});
  lake.pull();
  EXPECT_TRUE(original("a.md").is_null());
  EXPECT_EQ(kept(), 0u);
  lake.option("keep_originals", true);
  EXPECT_EQ(lake.pull().changed, 3u);
  EXPECT_FALSE(original("a.md").is_null());
  lake.option("keep_originals", {});
  EXPECT_EQ(lake.pull().commits, 0U) << "it stays with the source";
  EXPECT_EQ(take(lake::list_originals(lake.environment.lake)).size(), 2u);
  lake.option("keep_originals", false);
  EXPECT_EQ(lake.pull().changed, 3u);
  EXPECT_TRUE(original("b.md").is_null());
}

TEST_F(OriginalsTest, WhatCannotBeReadIsNotKept) {
  lake.folder.write("c.md", "BAD\n");
  EXPECT_EQ(lake.pull().rejected, 1u);
  EXPECT_EQ(kept(), 2u);
}

TEST_F(OriginalsTest, NoRowStandsWithoutItsOriginal) {
  for (uint64_t nth = 1, failed = 0;; ++nth) {
    ASSERT_LT(nth, 1000u);
    const connector::folder::ScratchFolder scratch;
    auto owned = std::make_unique<store::FaultStore>(scratch.at("lake"));
    store::FaultStore& store = *owned;
    lake.store = std::move(owned);
    lake.environment.lake.store = lake.store.get();
    store.arm(store::Fault::no_space, nth, true);
    const auto report = lake.try_pull();
    const bool fired = store.fired();
    store.disarm();
    SCOPED_TRACE(nth);
    if (report.ok()) {
      EXPECT_EQ(report->rejected, 0u) << "a full disk is no item's fault";
    }
    failed += report.ok() ? 0 : 1;
    const auto table = lake::open_table(lake.environment.lake, "main/docs");
    for (const char* name : {"a.md", "b.md"}) {
      const json::Value one = table.ok() ? original(name) : json::Value();
      if (one.is_null()) continue;
      EXPECT_TRUE(lake::read_original(lake.environment.lake, one["sha256"].as_string()).ok()) << name;
    }
    lake.pull();
    EXPECT_EQ(take(lake::read_original(lake.environment.lake, original("b.md")["sha256"].as_string())), "second\n");
    if (HasFailure()) return;
    if (!fired) {
      EXPECT_GT(failed, 3u);
      break;
    }
  }
}

}  // namespace
}  // namespace tarn::ingest
