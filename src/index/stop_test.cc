// Stopping what builds segments: an index of a table that another engine wrote, and the segment of a commit that is not
// made.
#include "base/stop_after_test.h"
#include "index/test_table.h"
#include "index/verify.h"

namespace tarn::index {
namespace {

using Names = std::vector<std::string>;

TestRows some_rows(int from, int to) {
  TestRows rows;
  for (int i = from; i < to; ++i) {
    const std::string n = std::to_string(i);
    rows["d" + n] = {"Title " + n, "file:///" + n + ".md", "The words of page " + n + ", and some more."};
  }
  return rows;
}

size_t segment_count(const TestTable& table) {
  size_t count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(table.directory())) {
    count += entry.path().extension() == ".seg" ? 1 : 0;
  }
  return count;
}

void expect_whole_index(TestTable& table, int64_t segments) {
  const auto verified = verify(table.table(), *table.snapshot(), table.indexer(), table.connection(), {});
  ASSERT_TRUE(verified.ok()) << verified.status().to_string();
  for (const auto& finding : verified->findings) ADD_FAILURE() << finding.where << ": " << finding.what;
  EXPECT_EQ(verified->segments, segments);
}

TEST(Stop, BuildingAnIndex) {
  const auto encoder = encode::make_deterministic();
  int stops = 0;
  for (;; ++stops) {
    TestTable table(encoder.get());
    ASSERT_TRUE(table.put_by_another_engine(some_rows(0, 6)).ok());
    ASSERT_TRUE(table.put_by_another_engine(some_rows(6, 9)).ok());
    base::StopAfter stop(static_cast<uint64_t>(stops) + 1);
    base::ToldProgress progress;
    const base::Status status = table.indexer().ensure(table.table(), *table.snapshot(), true, {&progress, &stop});
    if (!stop.requested()) {
      ASSERT_TRUE(status.ok()) << status.to_string();
      expect_whole_index(table, 2);
      EXPECT_EQ(progress.phases(), (Names{"indexing", "encoding", "indexing", "encoding"}));
      break;
    }
    SCOPED_TRACE(stops);
    EXPECT_EQ(status.code(), base::Code::cancelled) << status.to_string();
    expect_clean(table);
    // What is there is whole; the rest is built when it is asked for again.
    const auto verified = verify(table.table(), *table.snapshot(), table.indexer(), table.connection(), {});
    ASSERT_TRUE(verified.ok());
    EXPECT_TRUE(verified->findings.empty());
    ASSERT_TRUE(table.indexer().ensure(table.table(), *table.snapshot(), true, {}).ok());
    expect_whole_index(table, 2);
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(stops, 20);
}

TEST(Stop, ACommitThatIsNotMadeLeavesNoSegment) {
  const auto encoder = encode::make_deterministic();
  TestTable table(encoder.get());
  ASSERT_TRUE(table.put(some_rows(0, 4)).ok());
  const size_t before = segment_count(table);
  {
    const auto change = table.table().change(table.snapshot());
    ASSERT_TRUE(
        change->append(table.connection(), "SELECT 'x' AS id, 't' AS title, 'u' AS uri, 'words' AS body", {}).ok());
    EXPECT_EQ(segment_count(table), before + 2) << "one of words, one of vectors";
    base::Cancel stop;
    stop.request();
    EXPECT_EQ(change->commit({nullptr, &stop}).status().code(), base::Code::cancelled);
  }
  EXPECT_EQ(segment_count(table), before);
  EXPECT_EQ(table.snapshot()->files.size(), 1U);
  expect_clean(table);
}

}  // namespace
}  // namespace tarn::index
