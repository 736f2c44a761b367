// Leases: the file, who writes it when, and that it ends.
#include "lake/leases.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "lake/lake_fixture_test.h"

namespace tarn::lake {
namespace {

constexpr int64_t kSecond = 1'000'000;

TEST(LeaseFile, TheDocumentedExampleIsWhatIsWrittenAndRead) {
  std::ifstream file(std::string(TARN_SOURCE_DIR) + "/doc/format/lease.md");
  std::stringstream all;
  all << file.rdbuf();
  const std::string text = all.str();
  const size_t at = text.find("    {\"format\"");
  ASSERT_NE(at, std::string::npos);
  const std::string line = text.substr(at + 4, text.find('\n', at) - at - 3);
  const int64_t from_us = 1'795'341'600'000'000;
  const Lease example{from_us, from_us + kLeaseLifeUs, {{"main/docs", {3, 7}}}};
  EXPECT_EQ(line, lease_text(example));
  const Lease read = take(parse_lease(line, "x"));
  EXPECT_EQ(read.from_us, example.from_us);
  EXPECT_EQ(read.until_us, example.until_us);
  EXPECT_EQ(read.versions, example.versions);
}

class LeaseTest : public LakeTest {
 protected:
  std::vector<Lease> live() { return take(live_leases(*store_, clock_.now_us())); }
};

TEST_F(LeaseTest, OneFileForManyReadsAndNoneAfterwards) {
  {
    LeaseHolder holder(*store_, clock_, random_);
    const int64_t began_us = clock_.now_us();
    for (int i = 0; i < 100; ++i) {
      const auto token = holder.hold();
      clock_.advance_us(kSecond);
    }
    EXPECT_EQ(holder.writes(), 1U);
    ASSERT_EQ(live().size(), 1U);
    EXPECT_EQ(live()[0].from_us, began_us);
    EXPECT_EQ(live()[0].until_us, began_us + kLeaseLifeUs);
    // Half its life on it is written again, for those that read now.
    clock_.advance_us(kLeaseLifeUs / 2);
    const auto token = holder.hold();
    EXPECT_EQ(holder.writes(), 2U);
    EXPECT_EQ(live()[0].from_us, clock_.now_us());
  }
  EXPECT_TRUE(live().empty()) << "the holder took it back";
}

TEST_F(LeaseTest, SpeaksForTheOldestReaderAndForNamedVersions) {
  LeaseHolder holder(*store_, clock_, random_);
  const int64_t began_us = clock_.now_us();
  auto first = holder.hold();
  clock_.advance_us(kLeaseLifeUs * 3 / 4);
  auto second = holder.hold();
  EXPECT_EQ(live()[0].from_us, began_us);
  holder.add_version("main/t", base::Version(4));
  holder.add_version("main/t", base::Version(4));
  EXPECT_EQ(holder.writes(), 3U);
  EXPECT_EQ(live()[0].versions, (std::map<std::string, std::set<int64_t>>{{"main/t", {4}}}));
  holder.release_idle();
  EXPECT_EQ(live().size(), 1U) << "someone reads";
  first.reset();
  second.reset();
  holder.release_idle();
  EXPECT_TRUE(live().empty());
  const auto third = holder.hold();
  EXPECT_TRUE(live()[0].versions.empty());
}

TEST_F(LeaseTest, ExpiresAndIsSweptAndCountsWhenItCannotBeRead) {
  const int64_t now_us = base::system_clock().now_us();  // the file's time is the system's
  ASSERT_OK(store_->put("_tarn/leases/x.json", lease_text({now_us, now_us + kLeaseLifeUs, {}})));
  ASSERT_OK(store_->put("_tarn/leases/y.json", "not a lease"));
  EXPECT_EQ(take(live_leases(*store_, now_us)).size(), 2U);
  EXPECT_EQ(take(live_leases(*store_, now_us + kLeaseLifeUs)).size(), 2U) << "clocks differ";
  const int64_t later_us = now_us + kLeaseLifeUs + kClockSkewUs + 60 * kSecond;
  EXPECT_TRUE(take(live_leases(*store_, later_us)).empty());
  sweep_leases(*store_, later_us);
  EXPECT_EQ(take(store_->list("_tarn/leases")).size(), 2U);
  sweep_leases(*store_, later_us + 86'400 * kSecond);
  EXPECT_TRUE(take(store_->list("_tarn/leases")).empty());
}

TEST_F(LeaseTest, ALakeThatCannotBeWrittenIsReadWithoutOne) {
  std::ofstream(file("_tarn")) << "a file where the directory would be";
  LeaseHolder holder(*store_, clock_, random_);
  const auto token = holder.hold();
  EXPECT_NE(token, nullptr);
  EXPECT_TRUE(take(store_->list("_tarn/leases")).empty());
}

}  // namespace
}  // namespace tarn::lake
