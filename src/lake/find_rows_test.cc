// Upserts by key against a plain map, files that need not be opened, and memory that does not grow with the table.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/sanitized.h"
#include "lake/lake_fixture_test.h"

namespace tarn::lake {
namespace {

class FindRowsTest : public LakeTest {
 protected:
  std::shared_ptr<Table> create_numbers() { return create("main/t", "SELECT 1::BIGINT AS k, 1::BIGINT AS v"); }
};

TEST_F(FindRowsTest, AgreesWithAMap) {
  const uint64_t seed = 20'251;
  SCOPED_TRACE("seed " + std::to_string(seed));
  base::Random random(seed);
  const auto table = create_numbers();
  std::map<int64_t, int64_t> expected;
  for (int round = 0; round < 30; ++round) {
    // Narrow ranges, so that statistics exclude most files; some keys are there already, some negative.
    const int64_t low = static_cast<int64_t>(random.below(400)) - 200;
    std::set<int64_t> keys;
    for (int i = 0; i < 12; ++i) keys.insert(low + static_cast<int64_t>(random.below(40)));
    if (round % 5 == 4) {
      std::vector<std::string> texts{"not a number"};
      for (int64_t key : keys) {
        texts.push_back(std::to_string(key));
        expected.erase(key);
      }
      delete_keys(*table, texts, "k");
    } else {
      std::string values;
      for (int64_t key : keys) {
        values += (values.empty() ? "(" : ", (") + std::to_string(key) + "::BIGINT, " + std::to_string(round) + ")";
        expected[key] = round;
      }
      upsert(*table, "SELECT * FROM (VALUES " + values + ") AS t(k, v)", "k");
    }
    std::vector<std::string> lines;
    for (const auto& [key, value] : expected) lines.push_back(std::to_string(key) + "|" + std::to_string(value));
    ASSERT_EQ(rows(*table), sorted(lines)) << "round " << round;
  }
  expect_clean(*table);
}

TEST_F(FindRowsTest, FilesThatCannotHoldAKeyAreNotOpened) {
  const auto table = create_numbers();
  append(*table, "SELECT i AS k, i AS v FROM range(100) t(i)");
  const std::string far = file("main/t/" + take(table->snapshot())->files.begin()->first);
  append(*table, "SELECT i AS k, i AS v FROM range(1000, 1100) t(i)");
  std::filesystem::rename(far, far + "-away");
  upsert(*table, "SELECT 1050::BIGINT AS k, -1 AS v UNION ALL SELECT 500, -2", "k");
  delete_keys(*table, {"1001", "99999"}, "k");
  std::filesystem::rename(far + "-away", far);
  EXPECT_EQ(rows(*table).size(), 200U);
  expect_clean(*table);
}

int64_t peak_kb() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::stoll(line.substr(6));
  }
  return -1;
}

// The table of a hundred million rows is in test/soak/merge_memory.sh.
TEST_F(FindRowsTest, AMillionKeysInBoundedMemory) {
  const auto table = create_numbers();
  append(*table, "SELECT i AS k, 1::BIGINT AS v FROM range(1500000) t(i)");
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    ::setenv("TARN_UPSERT", scratch_.path().c_str(), 1);
    ::execl("/proc/self/exe", "lake_test", "--gtest_filter=FindRowsTest.Child", "--gtest_brief=1", nullptr);
    ::_exit(127);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  const auto snapshot = take(table->snapshot());
  const auto lines = query_rows(connection_, "SELECT count(*), sum(v), count(DISTINCT k) FROM (" +
                                                 take(table->select(*snapshot, {}, false)).sql + ")");
  EXPECT_EQ(lines, std::vector<std::string>{"1750000|2750000|1750000"});
}

// What AMillionKeysInBoundedMemory starts; by itself it has nothing to do.
TEST_F(FindRowsTest, Child) {
  const char* directory = std::getenv("TARN_UPSERT");
  if (directory == nullptr) return;
  const auto store = take(store::open_local(directory));
  base::Random random = base::Random::from_system();
  const auto database = take(duck::open({1, uint64_t{96} << 20, file("spill"), {}}));
  const auto table = take(open_table(
      {store.get(), &base::system_clock(), &random, nullptr, false, [&] { return database->connect(); }}, "main/t"));
  const auto connection = take(database->connect());
  const auto change = table->change(take(table->snapshot()));
  ASSERT_OK(change->upsert(*connection, "SELECT i * 2 AS k, 2::BIGINT AS v FROM range(1000000) t(i)", "k", {}));
  ASSERT_OK(change->commit({}));
  // With a sanitizer's shadow memory, the figure means nothing.
  if (!base::kSanitized) {
    EXPECT_LT(peak_kb(), 256 * 1024);
  }
}

}  // namespace
}  // namespace tarn::lake
