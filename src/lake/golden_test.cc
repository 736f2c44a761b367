// D8: Delta's own golden tables: each is read, with its rows, or refused by name. TARN_DATA names the folder that has
// delta-golden/.
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/ascii.h"
#include "lake/lake_fixture_test.h"

namespace tarn::lake {
namespace {

namespace fs = std::filesystem;

std::map<std::string, std::string> read_expected() {
  std::ifstream file(std::string(TARN_SOURCE_DIR) + "/src/lake/golden_expected.tsv");
  std::map<std::string, std::string> expected;
  for (std::string line; std::getline(file, line);) {
    if (const size_t tab = line.find('\t'); line[0] != '#' && tab != std::string::npos) {
      expected[line.substr(0, tab)] = line.substr(tab + 1);
    }
  }
  return expected;
}

TEST_F(LakeTest, GoldenTables) {
  const char* data = std::getenv("TARN_DATA");
  const fs::path golden = fs::path(data == nullptr ? "" : data) / "delta-golden";
  if (data == nullptr || !fs::is_directory(golden)) GTEST_SKIP() << "TARN_DATA names no folder with delta-golden/";
  const auto store = take(store::open_local(golden.string()));
  use(store.get());
  const auto expected = read_expected();
  ASSERT_GT(expected.size(), 90U);
  for (const auto& [path, outcome] : expected) {
    SCOPED_TRACE(path);
    const auto read = [&]() -> base::Result<std::string> {
      TARN_ASSIGN(const auto table, open_table(environment_, path));
      TARN_ASSIGN(const auto snapshot, table->snapshot());
      TARN_ASSIGN(const Select all, table->select(*snapshot, {}, false));
      // Every value is read, not only counted.
      TARN_ASSIGN(const auto rows, connection_.query("SELECT count(*), max(hash(COLUMNS(*))) FROM (" + all.sql + ")"));
      TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
      const std::string count = std::to_string(chunk->integer(0, 0));
      TARN_ASSIGN(const auto findings, table->check(connection_, {}));
      for (const Finding& finding : findings) {
        if (path != "corrupted-last-checkpoint-kernel") ADD_FAILURE() << finding.where << ": " << finding.what;
      }
      return count;
    }();
    if (read.ok()) {
      EXPECT_EQ(*read, outcome);
    } else {
      EXPECT_NE(read.status().message().find(outcome), std::string::npos) << read.status().to_string();
      EXPECT_FALSE(base::is_digit(outcome[0])) << read.status().to_string();
    }
  }
}

}  // namespace
}  // namespace tarn::lake
