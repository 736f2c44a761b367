#include "duck/instances.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <thread>

#include "base/sanitized.h"
#include "base/status_test.h"
#include "store/scratch_test.h"

namespace tarn::duck {
namespace {

using Purpose = Instances::Purpose;
constexpr uint64_t kMiB = uint64_t{1} << 20;

int64_t integer(Connection& connection, const std::string& sql) {
  const auto rows = take(connection.query(sql));
  return take(rows->next())->integer(0, 0);
}
std::string text(Connection& connection, const std::string& sql) {
  const auto rows = take(connection.query(sql));
  return std::string(take(rows->next())->text(0, 0));
}
std::string limit(Database& database) {
  return text(*take(database.connect()), "SELECT current_setting('memory_limit')");
}
int64_t threads(Database& database) {
  return integer(*take(database.connect()), "SELECT current_setting('threads')::BIGINT");
}
// 0 where there is no memory left even to ask.
uint64_t memory_in_use(Database& database) {
  const auto connection = take(database.connect());
  const auto rows = connection->query("SELECT sum(memory_usage_bytes)::BIGINT FROM duckdb_memory()");
  if (!rows.ok()) return 0;
  return static_cast<uint64_t>(take((*rows)->next())->integer(0, 0));
}
uint64_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  uint64_t whole = 0, resident = 0;
  statm >> whole >> resident;
  return resident * 4096;
}
uint64_t granted(const Instances& instances) {
  uint64_t sum = 0;
  for (const Instances::Use& use : instances.uses()) sum += use.memory_bytes;
  return sum;
}

TEST(Instances, OneAloneHasTheWholeBudget) {
  Instances instances({3, 512 * kMiB});
  const auto session = take(instances.session({}));
  EXPECT_EQ(limit(*session), "512.0 MiB");
  EXPECT_EQ(threads(*session), 3);
}

TEST(Instances, PartsMoveAsInstancesComeAndGo) {
  Instances instances({3, 680 * kMiB});
  auto lake = take(instances.lake(""));
  EXPECT_EQ(limit(*lake), "680.0 MiB");
  store::ScratchDirectory directory;
  auto filter = take(instances.filter({directory.path()}));
  EXPECT_EQ(limit(*lake), "544.0 MiB");
  std::vector<std::shared_ptr<Database>> sessions;
  for (int i = 0; i < 4; ++i) sessions.push_back(take(instances.session({})));
  // 17 weights of 40 MiB: 4 for the lake, 1 for the filter, 12 for the sessions.
  EXPECT_EQ(limit(*lake), "160.0 MiB");
  for (const auto& session : sessions) EXPECT_EQ(limit(*session), "120.0 MiB");
  EXPECT_EQ(granted(instances), 680 * kMiB);
  EXPECT_EQ(instances.uses().size(), 6u);
  sessions.clear();
  EXPECT_EQ(limit(*lake), "544.0 MiB");
  filter.reset();
  EXPECT_EQ(limit(*lake), "680.0 MiB");
}

TEST(Instances, ALockedOneGivesAndTakesToo) {
  store::ScratchDirectory directory;
  Instances instances({1, 512 * kMiB});
  const auto locked = take(instances.session({"", std::vector<std::string>{directory.path()}}));
  const auto connection = take(locked->connect());
  EXPECT_EQ(text(*connection, "SELECT current_setting('memory_limit')"), "512.0 MiB");
  {
    const auto other = take(instances.session({}));
    EXPECT_EQ(text(*connection, "SELECT current_setting('memory_limit')"), "256.0 MiB");
  }
  EXPECT_EQ(text(*connection, "SELECT current_setting('memory_limit')"), "512.0 MiB");
  EXPECT_EQ(connection->execute("SET memory_limit = '4GB'").code(), base::Code::permission_denied);
}

TEST(Instances, ThreadsBesidesTheCallersAreShared) {
  Instances instances({4, 512 * kMiB});
  std::vector<std::shared_ptr<Database>> sessions;
  for (int i = 0; i < 10; ++i) sessions.push_back(take(instances.session({})));
  int64_t besides = 0;
  for (const auto& session : sessions) besides += threads(*session) - 1;
  EXPECT_EQ(besides, 3);
  sessions.erase(sessions.begin());
  EXPECT_EQ(threads(*take(instances.session({}))), 4);
}

TEST(Instances, WhatIsSharedIsOne) {
  store::ScratchDirectory one, two;
  Instances instances({2, 512 * kMiB});
  const auto lake = take(instances.lake(""));
  const auto first = take(instances.filter({one.path()})), again = take(instances.filter({one.path()}));
  EXPECT_EQ(instances.uses().size(), 2u);
  const auto other = take(instances.filter({one.path(), two.path()}));
  EXPECT_EQ(instances.uses().size(), 3u);
  take(lake->connect())->execute("CREATE TABLE seen(x INTEGER)").ok();
  EXPECT_EQ(integer(*take(take(instances.lake(""))->connect()), "SELECT count(*) FROM seen"), 0);
  // A session has its own names.
  EXPECT_FALSE(take(take(instances.session({}))->connect())->execute("FROM seen").ok());
}

TEST(Instances, WithItsLastLeaseAnInstanceIsClosed) {
  Instances instances({2, 512 * kMiB});
  auto database = take(instances.lake(""));
  auto connection = take(database->connect());
  database.reset();
  auto rows = take(connection->query("SELECT * FROM range(100000)"));
  connection.reset();
  EXPECT_EQ(instances.uses().size(), 1u);
  EXPECT_EQ(take(rows->next())->integer(0, 0), 0);
  rows.reset();
  EXPECT_TRUE(instances.uses().empty());
}

// What is left to the process's end is in memory alone: files are taken away, and what a user attached is closed.
TEST(Instances, WhatHasFilesIsClosedByWhoLeaves) {
  const store::ScratchDirectory scratch;
  const std::string spilled = scratch.path() + "/spilled", file = scratch.path() + "/attached.db";
  std::filesystem::create_directory(spilled);
  Instances instances({2, 512 * kMiB});
  auto lake = take(instances.lake(spilled));
  auto session = take(instances.session({}));
  ASSERT_TRUE(take(session->connect())->execute("ATTACH '" + file + "' AS kept; CREATE TABLE kept.t AS SELECT 1").ok());
  instances.leave();
  session.reset();
  EXPECT_TRUE(std::filesystem::exists(file));
  EXPECT_FALSE(std::filesystem::exists(file + ".wal"));
  lake.reset();
  EXPECT_TRUE(instances.uses().empty());
}

TEST(Instances, ALeaseOutlivesItsOwner) {
  auto instances = std::make_unique<Instances>(Budget{2, 512 * kMiB});
  const auto session = take(instances->session({}));
  instances.reset();
  EXPECT_EQ(integer(*take(session->connect()), "SELECT 42::BIGINT"), 42);
}

TEST(Instances, WhatIsLeftIsNotCutTooThin) {
  Instances instances({1, 64 * kMiB});
  std::vector<std::shared_ptr<Database>> sessions;
  for (int i = 0; i < 4; ++i) sessions.push_back(take(instances.session({})));
  const auto refused = instances.session({});
  EXPECT_EQ(refused.status().code(), base::Code::exhausted);
  EXPECT_NE(refused.status().message().find("the 64 MiB that there are for DuckDB are in use"), std::string::npos)
      << refused.status().message();
  EXPECT_LE(granted(instances), 64 * kMiB);
  // The others have what they had.
  EXPECT_EQ(limit(*sessions[0]), "16.0 MiB");
  sessions.pop_back();
  take(instances.session({}));
}

TEST(Instances, WhatAUserSetStays) {
  Instances instances({1, 512 * kMiB});
  const auto session = take(instances.session({}));
  ASSERT_TRUE(take(session->connect())->execute("SET memory_limit = '100MiB'").ok());
  const auto other = instances.session({});
  EXPECT_EQ(limit(*session), "100.0 MiB");
  EXPECT_LE(granted(instances), 512 * kMiB);
}

// What is held in memory and cannot be put elsewhere stays; who comes then gets what is left over.
TEST(Instances, NoOneIsMadeToGiveWhatItHolds) {
  Instances instances({1, 256 * kMiB});
  const auto first = take(instances.session({}));
  const auto connection = take(first->connect());
  ASSERT_TRUE(connection->execute("CREATE TABLE kept AS SELECT range AS i, hash(range) AS h FROM range(9000000)").ok());
  const uint64_t held = memory_in_use(*first);
  ASSERT_GT(held, 128 * kMiB);
  ASSERT_LT(held, 220 * kMiB);
  const auto second = take(instances.session({}));
  EXPECT_LE(granted(instances), 256 * kMiB);
  EXPECT_EQ(integer(*connection, "SELECT count(DISTINCT i % 10) FROM kept"), 10);
  const auto uses = instances.uses();
  EXPECT_GE(uses[0].memory_bytes, held);
  EXPECT_GE(uses[1].memory_bytes, Instances::kLeastMemoryBytes);
}

TEST(Instances, TenHungrySessionsStayUnderTheBudget) {
  constexpr uint64_t kBudget = 320 * kMiB;
  constexpr size_t kSessions = 10;
  store::ScratchDirectory spill;
  Instances instances({2, kBudget});
  std::vector<std::shared_ptr<Database>> sessions;
  for (size_t i = 0; i < kSessions; ++i) {
    // Every second one may spill.
    sessions.push_back(take(instances.session({i % 2 == 0 ? spill.path() + "/" + std::to_string(i) : "", {}})));
  }
  const uint64_t before = resident_bytes();
  std::atomic<size_t> at_work = kSessions, done = 0, refused = 0;
  std::vector<std::thread> workers;
  for (size_t i = 0; i < kSessions; ++i) {
    workers.emplace_back([&, i] {
      const auto connection = take(sessions[i]->connect());
      // About 80 MB each: two and a half times as much together as there is for all.
      const base::Status made = connection->execute(
          "CREATE TABLE t AS SELECT range AS i, repeat(chr(97 + (range % 26)::INTEGER), 60) || hash(range) AS s "
          "FROM range(1000000)");
      if (made.ok()) {
        ++done;
        EXPECT_EQ(i % 2, 0u) << "what it made has no place in its part";
        EXPECT_EQ(integer(*connection, "SELECT sum(i)::BIGINT FROM t"), 499'999'500'000) << i;
      } else {
        ++refused;
        EXPECT_EQ(made.code(), base::Code::exhausted) << made.to_string();
      }
      --at_work;
    });
  }
  uint64_t in_use_peak = 0, resident_peak = 0;
  while (at_work > 0) {
    uint64_t in_use = 0;
    for (const auto& session : sessions) in_use += memory_in_use(*session);
    in_use_peak = std::max(in_use_peak, in_use);
    resident_peak = std::max(resident_peak, resident_bytes());
    EXPECT_LE(granted(instances), kBudget);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  for (std::thread& worker : workers) worker.join();
  EXPECT_LE(in_use_peak, kBudget);
  EXPECT_GT(in_use_peak, kBudget / 4) << "the sessions were not hungry";
  EXPECT_EQ(done, kSessions / 2);
  EXPECT_EQ(refused, kSessions / 2);
  // What DuckDB takes besides (rows on their way, the allocator's reserves) is a share of its limit. A sanitizer holds
  // back what was freed, hundreds of megabytes of it: there the process says nothing of DuckDB.
  if (!base::kSanitized) {
    EXPECT_LE(resident_peak, before + kBudget + kBudget / 2);
  }
  RecordProperty("in_use_peak_mib", static_cast<int>(in_use_peak / kMiB));
  RecordProperty("resident_peak_mib", static_cast<int>((std::max(resident_peak, before) - before) / kMiB));
}

TEST(Instances, ManyComeAndGoAtOnce) {
  store::ScratchDirectory directory;
  Instances instances({2, 512 * kMiB});
  std::vector<std::thread> workers;
  for (int t = 0; t < 8; ++t) {
    workers.emplace_back([&, t] {
      for (int i = 0; i < 6; ++i) {
        const auto database = t % 4 == 0   ? take(instances.lake(""))
                              : t % 4 == 1 ? take(instances.filter({directory.path()}))
                                           : take(instances.session({}));
        EXPECT_EQ(integer(*take(database->connect()), "SELECT 40::BIGINT + 2"), 42);
        EXPECT_LE(granted(instances), 512 * kMiB);
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
  EXPECT_TRUE(instances.uses().empty());
}

}  // namespace
}  // namespace tarn::duck
