// Two writers from one base: what the second may do after the first has committed.
#include "lake/lake_fixture_test.h"

namespace tarn::lake {
namespace {

using Lines = std::vector<std::string>;

class ConflictTest : public EveryStoreTest {
 protected:
  ConflictTest() : table_(create_pairs()) {
    append(*table_, "SELECT 'r' || i AS id, i AS v FROM range(5) t(i)");
    base_ = take(table_->snapshot());
    path_ = base_->files.begin()->first;
    mine_ = table_->change(base_);
  }
  std::shared_ptr<Table> table_;
  std::shared_ptr<const delta::Snapshot> base_;
  std::string path_;
  std::unique_ptr<Change> mine_;
};

TEST_P(ConflictTest, AppendsNeverDo) {
  EXPECT_OK(mine_->append(connection_, "SELECT 'mine' AS id, 1 AS v", {}));
  append(*table_, "SELECT 'theirs' AS id, 1 AS v");
  take(table_->optimize(connection_, {}, {}));
  delete_keys(*table_, {"r1"});
  EXPECT_EQ(take(mine_->commit({})).value, 5);
  EXPECT_EQ(rows(*table_), (Lines{"mine|1", "r0|0", "r2|2", "r3|3", "r4|4", "theirs|1"}));
  expect_clean(*table_);
}

TEST_P(ConflictTest, UpsertsOfOneKeyEndWithOneRow) {
  EXPECT_OK(mine_->upsert(connection_, "SELECT 'r1' AS id, 100 AS v UNION ALL SELECT 'new', 1", "id", {}));
  upsert(*table_, "SELECT 'r1' AS id, 50 AS v UNION ALL SELECT 'new', 2 UNION ALL SELECT 'other', 3");
  take(mine_->commit({}));
  EXPECT_EQ(rows(*table_), (Lines{"new|1", "other|3", "r0|0", "r1|100", "r2|2", "r3|3", "r4|4"}));
  expect_clean(*table_);
}

TEST_P(ConflictTest, UpsertThatLosesToOptimizeFindsItsRowsAgain) {
  append(*table_, "SELECT 's' AS id, 1 AS v");
  mine_ = table_->change(take(table_->snapshot()));
  EXPECT_OK(mine_->upsert(connection_, "SELECT 'r1' AS id, 100 AS v", "id", {}));
  EXPECT_OK(mine_->delete_keys(connection_, "id", {"s", "r0"}, {}));
  take(table_->optimize(connection_, {}, {}));
  take(mine_->commit({}));
  EXPECT_EQ(rows(*table_), (Lines{"r1|100", "r2|2", "r3|3", "r4|4"}));
  expect_clean(*table_);
}

TEST_P(ConflictTest, DeletionsOfOtherRowsOfTheFileAreMerged) {
  EXPECT_OK(mine_->delete_rows(path_, {0, 1}));
  const auto theirs = table_->change(base_);
  EXPECT_OK(theirs->delete_rows(path_, {3}));
  take(theirs->commit({}));
  take(mine_->commit({}));
  EXPECT_EQ(rows(*table_), (Lines{"r2|2", "r4|4"}));
  expect_clean(*table_);
}

TEST_P(ConflictTest, DeletionsOfTheSameRowsConflict) {
  EXPECT_OK(mine_->delete_rows(path_, {0, 1}));
  const auto theirs = table_->change(base_);
  EXPECT_OK(theirs->delete_rows(path_, {1}));
  take(theirs->commit({}));
  const auto lost = mine_->commit({});
  EXPECT_EQ(lost.status().code(), base::Code::conflict);
  EXPECT_NE(lost.status().message().find("row 1 of file"), std::string::npos) << lost.status().message();
}

TEST_P(ConflictTest, DeletionsFromAFileThatIsGoneConflict) {
  append(*table_, "SELECT 's' AS id, 1 AS v");
  EXPECT_OK(mine_->delete_rows(path_, {0}));
  take(table_->optimize(connection_, {}, {}));
  EXPECT_EQ(mine_->commit({}).status().code(), base::Code::conflict);
}

TEST_P(ConflictTest, DeletionsByKeyOfRowsThatAreGoneAreDone) {
  EXPECT_OK(mine_->delete_keys(connection_, "id", {"r1"}, {}));
  delete_keys(*table_, {"r1"});
  EXPECT_EQ(take(mine_->commit({})).value, 2) << "nothing is left to write";
  expect_clean(*table_);
}

TEST_P(ConflictTest, OneSourceOneWinner) {
  EXPECT_OK(mine_->append(connection_, "SELECT 'mine' AS id, 1 AS v", {}));
  mine_->set_transaction("source", 1);
  const auto theirs = table_->change(base_);
  EXPECT_OK(theirs->append(connection_, "SELECT 'theirs' AS id, 1 AS v", {}));
  theirs->set_transaction("source", 1);
  take(theirs->commit({}));
  const auto lost = mine_->commit({});
  EXPECT_EQ(lost.status().code(), base::Code::conflict);
  EXPECT_NE(lost.status().message().find("'source'"), std::string::npos);
  // Another source is none of its business.
  const auto other = table_->change(base_);
  EXPECT_OK(other->append(connection_, "SELECT 'other' AS id, 1 AS v", {}));
  other->set_transaction("another source", 1);
  EXPECT_OK(other->commit({}));
}

TEST_P(ConflictTest, ChangedMetadataConflicts) {
  EXPECT_OK(mine_->append(connection_, "SELECT 'mine' AS id, 1 AS v", {}));
  const auto text = take(store_->read("main/t/_delta_log/00000000000000000000.json"));
  const size_t at = text.find("{\"metaData\"");
  std::string metadata = text.substr(at, text.find('\n', at) - at);
  metadata.insert(metadata.find("\"configuration\":{") + 17, "\"added\":\"1\",");
  ASSERT_OK(store_->put_if_absent("main/t/_delta_log/00000000000000000002.json", metadata + "\n"));
  EXPECT_EQ(mine_->commit({}).status().code(), base::Code::conflict);
}

TEST_P(ConflictTest, AnObserverThatRefusesStopsTheCommit) {
  struct Refusing final : Observer {
    base::Status file_written(const TableReader& table, const delta::Snapshot* base, const delta::DataFile& file,
                              const base::Context&) override {
      // Durable, not yet committed.
      EXPECT_TRUE(store::exists(table.store(), table.path() + "/" + file.path));
      EXPECT_EQ(base->files.count(file.path), 0U);
      ++calls;
      return {base::Code::exhausted, "no room for a segment"};
    }
    base::Status files_merged(const TableReader&, const delta::Snapshot& base,
                              const std::vector<delta::DataFile>& inputs, const delta::DataFile& output,
                              const base::Context&) override {
      for (const delta::DataFile& input : inputs) EXPECT_EQ(base.files.count(input.path), 1U);
      EXPECT_EQ(output.row_count(), 6);
      ++merges;
      return {base::Code::exhausted, "no room for a segment"};
    }
    int calls = 0, merges = 0;
  } observer;
  append(*table_, "SELECT 's' AS id, 1 AS v");
  environment_.observer = &observer;
  const auto table = take(open_table(environment_, "main/t"));
  const auto change = table->change(take(table->snapshot()));
  EXPECT_EQ(change->append(connection_, "SELECT 'x' AS id, 1 AS v", {}).code(), base::Code::exhausted);
  EXPECT_EQ(table->optimize(connection_, {}, {}).status().code(), base::Code::exhausted);
  EXPECT_EQ(observer.calls, 1);
  EXPECT_EQ(observer.merges, 1);
  EXPECT_EQ(take(table->snapshot())->version.value, 2);
}

INSTANTIATE_TEST_SUITE_P(Stores, ConflictTest, every_store(), store_name);

}  // namespace
}  // namespace tarn::lake
