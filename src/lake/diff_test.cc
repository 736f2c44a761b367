// The difference of two versions, against the obvious comparison of all rows of both.
#include "lake/diff.h"

#include "lake/lake_fixture_test.h"

namespace tarn::lake {
namespace {

class DiffTest : public EveryStoreTest {
 protected:
  TableDiff between(Table& table, int64_t from, int64_t to, int64_t limit = 1000) {
    return take(diff(table, *take(table.snapshot(base::Version(from))), *take(table.snapshot(base::Version(to))),
                     connection_, {limit}, {}));
  }
  static std::string text(const duck::Cell& cell) {
    if (const auto* number = std::get_if<int64_t>(&cell.value)) return std::to_string(*number);
    const auto* words = std::get_if<std::string>(&cell.value);
    return words ? *words : "NULL";
  }
  static std::vector<std::string> lines(const TableDiff& found) {
    std::vector<std::string> all;
    for (const DiffRow& row : found.rows) {
      std::string line = row.change + " " + row.id;
      for (const auto& cell : row.before) line += " <" + text(cell);
      for (const auto& cell : row.after) line += " >" + text(cell);
      all.push_back(line);
    }
    return all;
  }
};

TEST_P(DiffTest, SaysWhatWasAddedRemovedAndChanged) {
  const auto table = create_pairs();
  append(*table, "SELECT 'r' || i AS id, i AS v FROM range(1000) t(i)");
  append(*table, "SELECT 's' || i AS id, i AS v FROM range(10) t(i)");
  upsert(*table, "SELECT 'r7' AS id, 70 AS v UNION ALL SELECT 'new', 1");  // 3
  delete_keys(*table, {"r1"});                                             // 4
  const TableDiff found = between(*table, 2, 4);
  EXPECT_TRUE(found.by_id);
  EXPECT_EQ(lines(found),
            (std::vector<std::string>{"removed r1 <r1 <1", "changed r7 <r7 <7 >r7 >70", "added new >new >1"}));
  EXPECT_EQ(found.files_read, 2) << "the file of the s rows is not looked at";
  EXPECT_EQ(found.files, 3);
  EXPECT_EQ(lines(between(*table, 4, 2)),
            (std::vector<std::string>{"removed new <new <1", "changed r7 <r7 <70 >r7 >7", "added r1 >r1 >1"}));
  EXPECT_TRUE(between(*table, 4, 4).rows.empty());
  const TableDiff some = between(*table, 0, 2, 3);
  EXPECT_EQ(some.added, 1010);
  EXPECT_EQ(some.rows.size(), 3U);
}

TEST_P(DiffTest, WithoutAnIdWholeRowsAreCompared) {
  const auto table = create("main/t", "SELECT 'a' AS name, 1::BIGINT AS v");
  append(*table, "SELECT 'a' AS name, 1 AS v UNION ALL SELECT 'a', 1 UNION ALL SELECT 'b', 2");
  delete_keys(*table, {"b"}, "name");
  append(*table, "SELECT 'a' AS name, 1 AS v UNION ALL SELECT NULL, 3");
  const TableDiff found = between(*table, 1, 3);
  EXPECT_FALSE(found.by_id);
  EXPECT_EQ(lines(found), (std::vector<std::string>{"removed  <b <2", "added  >a >1", "added  >NULL >3"}));
}

TEST_P(DiffTest, OptimizeChangesNothing) {
  const auto table = create_pairs();
  for (int i = 0; i < 4; ++i) append(*table, "SELECT 'r" + std::to_string(i) + "' AS id, 1 AS v");
  take(table->optimize(connection_, {}, {}));
  const TableDiff found = between(*table, 4, 5);
  EXPECT_TRUE(found.rows.empty());
  EXPECT_EQ(found.files_read, 5);
}

TEST_P(DiffTest, EqualsTheObviousComparisonOnRandomHistories) {
  const uint64_t seed = 17;
  base::Random random(seed);
  const auto table = create_pairs();
  for (int step = 0; step < 14; ++step) {
    const auto value = std::to_string(random.below(1000));
    const auto from = std::to_string(random.below(40));
    switch (random.below(4)) {
      case 0:
        delete_keys(*table, {"r" + from, "r" + std::to_string(random.below(40))});
        break;
      case 1:
        take(table->optimize(connection_, {}, {}));
        break;
      default:
        upsert(*table, "SELECT 'r' || i AS id, " + value + " + i AS v FROM range(" + from + ", " + from + " + 6) t(i)");
    }
  }
  const int64_t newest = take(table->snapshot())->version.value;
  for (int round = 0; round < 12; ++round) {
    const auto a = static_cast<int64_t>(random.below(static_cast<uint64_t>(newest) + 1));
    const auto b = static_cast<int64_t>(random.below(static_cast<uint64_t>(newest) + 1));
    SCOPED_TRACE("seed 17, versions " + std::to_string(a) + ".." + std::to_string(b));
    std::map<std::string, std::string> before, after;
    for (const std::string& line : rows(*table, base::Version(a))) before[line.substr(0, line.find('|'))] = line;
    for (const std::string& line : rows(*table, base::Version(b))) after[line.substr(0, line.find('|'))] = line;
    int64_t added = 0, removed = 0, changed = 0;
    for (const auto& [id, line] : before) {
      removed += after.count(id) == 0 ? 1 : 0;
      changed += after.count(id) != 0 && after[id] != line ? 1 : 0;
    }
    for (const auto& [id, line] : after) added += before.count(id) == 0 ? 1 : 0;
    const TableDiff found = between(*table, a, b);
    EXPECT_EQ(found.added, added);
    EXPECT_EQ(found.removed, removed);
    EXPECT_EQ(found.changed, changed);
  }
  expect_clean(*table);
}

INSTANTIATE_TEST_SUITE_P(Stores, DiffTest, every_store(), store_name);

}  // namespace
}  // namespace tarn::lake
