#include "delta/select.h"

#include <algorithm>
#include <set>

#include "lake/lake_fixture_test.h"

namespace tarn::lake {
namespace {

using Lines = std::vector<std::string>;

delta::RowList every(int64_t step, int64_t first, int64_t end) {
  delta::RowList rows;
  for (int64_t row = first; row < end; row += step) rows.push_back(row);
  return rows;
}

class SelectTest : public LakeTest {
 protected:
  // A file of `rows` rows, whose v counts on from the files before it.
  void add(int64_t rows, delta::RowList deleted) {
    append(*table_,
           "SELECT 'x' AS id, i + " + std::to_string(total_) + " AS v FROM range(" + std::to_string(rows) + ") t(i)");
    for (int64_t row = 0; row < rows; ++row) {
      const bool gone = std::binary_search(deleted.begin(), deleted.end(), row);
      (gone ? gone_ : left_).push_back(total_ + row);
    }
    total_ += rows;
    const auto snapshot = take(table_->snapshot());
    for (const auto& [path, file] : snapshot->files) {
      if (!known_.insert(path).second) continue;
      files_.push_back(file);
      deleted_.push_back(std::move(deleted));
      return;
    }
  }
  std::string select(const delta::Selection& selection) {
    std::vector<delta::SourceFile> sources;
    for (size_t i = 0; i < files_.size(); ++i) sources.push_back({&files_[i], deleted_[i]});
    return take(delta::select_rows(*take(table_->snapshot()), file("main/t"), sources, selection));
  }
  std::string digest(const std::string& sql) {
    return query_rows(connection_, "SELECT count(*), bit_xor(v), sum(v * v % 1000003)::BIGINT FROM (" + sql + ")")[0];
  }
  static std::string digest(const std::vector<int64_t>& values) {
    int64_t bits = 0, sum = 0;
    for (const int64_t v : values) {
      bits ^= v;
      sum += v * v % 1000003;
    }
    return std::to_string(values.size()) + "|" + std::to_string(bits) + "|" + std::to_string(sum);
  }

  std::shared_ptr<Table> table_ = create_pairs("main/t", {{"delta.autoOptimize.autoCompact", "false"}});
  std::set<std::string> known_;
  std::vector<delta::DataFile> files_;
  std::vector<delta::RowList> deleted_;
  std::vector<int64_t> gone_, left_;
  int64_t total_ = 0;
};

// Every way in which deleted rows are left out: no join, the join, the filter; of one file and of more than one filter
// takes.
TEST_F(SelectTest, LeavesOutWhatIsDeletedHoweverMuchItIs) {
  add(1000, {});
  add(200000, every(3, 1, 200000));       // filtered
  add(200000, {0, 4095, 199999});         // joined
  add(5000, every(2, 0, 5000));           // filtered, from the first row on
  add(5000, every(1, 0, 5000));           // nothing is left
  add(150000, every(1, 120000, 150000));  // filtered, a block at the end
  add(3000, every(4, 7, 2500));           // joined: few rows
  for (int i = 0; i < 40; ++i) add(2000, every(1, i, 1900));
  EXPECT_EQ(digest(select({{"v"}, false, false, false})), digest(left_));
  EXPECT_EQ(digest(select({{}, true, false, false})), digest(left_));
  EXPECT_EQ(digest(select({{"v"}, false, false, true})), digest(gone_));
}

TEST_F(SelectTest, KeepsTheOrderOfFilesAndRowsInWhatIsWritten) {
  add(300000, every(3, 1, 300000));
  add(10, {});
  for (int i = 0; i < 70; ++i) add(20, {i % 20});
  add(300000, every(1000, 0, 300000));
  const std::string path = file("ordered.parquet");
  take(connection_.write_parquet(select({{"v"}, false, true, false}), path));
  EXPECT_EQ(
      query_rows(connection_,
                 "SELECT count(*) FROM (SELECT v < lag(v) OVER (ORDER BY file_row_number) AS back FROM read_parquet('" +
                     path + "', file_row_number = true)) WHERE back"),
      Lines{"0"});
  EXPECT_EQ(digest("FROM read_parquet('" + path + "')"), digest(left_));
}

}  // namespace
}  // namespace tarn::lake
