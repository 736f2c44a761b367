// What every test of the lake needs: a store in a scratch directory, DuckDB, a clock, and rows read back as text.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/status_test.h"
#include "delta/schema.h"
#include "duck/connection.h"
#include "duck/shared_test.h"
#include "lake/table.h"
#include "store/memory_store_test.h"
#include "store/scratch_test.h"
#include "store/store.h"

namespace tarn::lake {

inline std::vector<std::string> query_rows(duck::Connection& connection, const std::string& sql) {
  std::vector<std::string> lines;
  const auto rows = take(connection.query(sql));
  while (const duck::Chunk* chunk = take(rows->next())) {
    for (size_t row = 0; row < chunk->rows(); ++row) {
      std::string line;
      for (size_t column = 0; column < rows->columns().size(); ++column) {
        line += (column == 0 ? "" : "|") +
                (chunk->is_null(column, row) ? std::string("NULL") : chunk->sql_text(column, row));
      }
      lines.push_back(line);
    }
  }
  return lines;
}

inline std::vector<std::string> sorted(std::vector<std::string> lines) {
  std::sort(lines.begin(), lines.end());
  return lines;
}

enum class On { directory, memory };

class LakeTest : public ::testing::Test {
 protected:
  explicit LakeTest(On where = On::directory)
      : store_(where == On::directory ? take(store::open_local(scratch_.path()))
                                      : std::make_unique<store::MemoryStore>()) {
    use(store_.get());
  }

  void use(store::Store* store) {
    environment_ = {store, &clock_, &random_, nullptr, false, duck::shared_duckdb().connect};
  }

  std::shared_ptr<Table> create(const std::string& path, const std::string& columns_select,
                                std::map<std::string, std::string> configuration = {}) {
    CreateOptions options;
    options.schema = take(delta::fields_of_select(connection_, columns_select));
    options.configuration = std::move(configuration);
    return take(create_table(environment_, path, options));
  }
  // A table with the columns id (text) and v (integer).
  std::shared_ptr<Table> create_pairs(const std::string& path = "main/t",
                                      std::map<std::string, std::string> configuration = {}) {
    return create(path, "SELECT 'a' AS id, 1::BIGINT AS v", std::move(configuration));
  }

  base::Version append(Table& table, const NewRows& new_rows) {
    const auto change = table.change(take(table.snapshot()));
    EXPECT_OK(change->append(connection_, new_rows, {}));
    return take(change->commit({}));
  }
  base::Version upsert(Table& table, const std::string& select, const std::string& key = "id") {
    const auto change = table.change(take(table.snapshot()));
    EXPECT_OK(change->upsert(connection_, select, key, {}));
    return take(change->commit({}));
  }
  base::Version delete_keys(Table& table, const std::vector<std::string>& keys, const std::string& key = "id") {
    const auto change = table.change(take(table.snapshot()));
    EXPECT_OK(change->delete_keys(connection_, key, keys, {}));
    return take(change->commit({}));
  }

  std::vector<std::string> rows(const TableReader& table, std::optional<base::Version> version = {}) {
    const auto snapshot = take(table.snapshot(version));
    const Select all = take(table.select(*snapshot, {}, false));
    return sorted(query_rows(connection_, all.sql));
  }
  void expect_clean(const TableReader& table) {
    for (const Finding& finding : take(table.check(connection_, {}))) {
      ADD_FAILURE() << finding.where << ": " << finding.what;
    }
  }
  std::string file(const std::string& path) const { return scratch_.path() + "/" + path; }

  store::ScratchDirectory scratch_;
  std::unique_ptr<store::Store> store_;
  base::FixedClock clock_{1'790'000'000'000'000};
  base::Random random_{42};
  Environment environment_;
  duck::Connection& connection_ = duck::shared_connection();
};

// For what holds wherever a lake lies: TEST_P, and INSTANTIATE_TEST_SUITE_P(Stores, Suite, every_store(), store_name).
class EveryStoreTest : public LakeTest, public testing::WithParamInterface<On> {
 protected:
  EveryStoreTest() : LakeTest(GetParam()) {}
};
inline auto every_store() { return testing::Values(On::directory, On::memory); }
inline std::string store_name(const testing::TestParamInfo<On>& info) {
  return info.param == On::directory ? "directory" : "memory";
}

}  // namespace tarn::lake
