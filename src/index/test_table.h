// For tests: a text table in a temporary directory, indexed as it is written, and a model of its rows.
// Shape: lies in memory (/dev/shm) where there is such a place: these tests are about content, not about what survives
//        a power cut.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "index/indexer.h"
#include "index/live_set.h"
#include "store/store.h"

namespace tarn::index {

struct TestDocument {
  std::string title, uri, body;
  bool operator==(const TestDocument&) const = default;
};
using TestRows = std::map<std::string, TestDocument>;  // by id

class TestTable {
 public:
  // `encoder` is shared by the tables that are compared; null: no vectors.
  explicit TestTable(encode::Encoder* encoder, uint64_t seed = 1, size_t passage_bytes = kPassageBytes)
      : random_(seed) {
    const std::filesystem::path memory = "/dev/shm";
    const bool in_memory = std::filesystem::is_directory(memory);
    std::string pattern =
        ((in_memory ? memory : std::filesystem::temp_directory_path()) / "tarn-table-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
    store_ = *store::open_local(directory_);
    connection_ = *database().connect();
    IndexerOptions options;
    options.analyzer = *text::make_analyzer("english");
    options.encoder = encoder;
    options.passage_bytes = passage_bytes;
    options.database = []() -> base::Result<duck::Database*> { return &database(); };
    analyzer_ = options.analyzer;
    indexer_ = std::make_unique<Indexer>(options);
    lake::CreateOptions create;
    for (const char* name : {"id", "title", "uri", "body"}) {
      create.schema.push_back({name, json::Value("string"), true});
    }
    auto made =
        lake::create_table({store_.get(), &clock_, &random_, indexer_.get(), false, connect()}, "main/docs", create);
    EXPECT_TRUE(made.ok()) << made.status().to_string();
    table_ = *made;
  }
  ~TestTable() {
    table_.reset();
    std::filesystem::remove_all(directory_);
  }
  TestTable(const TestTable&) = delete;
  TestTable& operator=(const TestTable&) = delete;

  // Upserts `rows`, in one data file.
  base::Result<base::Version> put(const TestRows& rows) { return put(rows, *table_); }
  // The same by a writer that knows nothing of segments.
  base::Result<base::Version> put_by_another_engine(const TestRows& rows) {
    TARN_ASSIGN(auto other,
                lake::open_table({store_.get(), &clock_, &random_, nullptr, false, connect()}, "main/docs"));
    return put(rows, *other);
  }
  base::Result<base::Version> erase(const std::vector<std::string>& ids) {
    auto change = begin(*table_);
    TARN_TRY(change->delete_keys(*connection_, "id", ids, {}));
    change->set_operation("DELETE", json::Value::object());
    return change->commit({});
  }
  base::Result<base::Version> optimize(const std::string& cluster_by = "") {
    clock_.advance_us(1'000'000);
    lake::OptimizeOptions options;
    options.cluster_by = cluster_by;
    return table_->optimize(*connection_, options, {});
  }

  // The rows of a select, whatever columns they have.
  base::Status append(const std::string& select) {
    auto change = begin(*table_);
    change->on_change(lake::OnChange::evolve);
    TARN_TRY(change->append(*connection_, select, {}));
    return base::as_status(change->commit({}));
  }

  lake::Table& table() { return *table_; }
  std::shared_ptr<lake::Table> shared_table() { return table_; }
  std::shared_ptr<const delta::Snapshot> snapshot() { return *table_->snapshot(); }
  Indexer& indexer() { return *indexer_; }
  const text::Analyzer& analyzer() const { return *analyzer_; }
  duck::Connection& connection() { return *connection_; }
  const std::string& directory() const { return directory_; }
  // One for all tables of a test program: opening DuckDB takes longer than most of what is tested.
  static duck::Database& database() {
    // Never closed: the main thread's own things in DuckDB end before statics do.
    static const auto& database = *new std::unique_ptr<duck::Database>(*duck::open({1, uint64_t{512} << 20, {}, {}}));
    return *database;
  }
  static duck::Connect connect() {
    return [] { return database().connect(); };
  }

 private:
  std::unique_ptr<lake::Change> begin(lake::Table& table) {
    clock_.advance_us(1'000'000);
    auto snapshot = table.snapshot();
    EXPECT_TRUE(snapshot.ok()) << snapshot.status().to_string();
    return table.change(*snapshot);
  }
  base::Result<base::Version> put(const TestRows& rows, lake::Table& table) {
    TARN_TRY(connection_->execute(
        "CREATE OR REPLACE TEMP TABLE incoming (id VARCHAR, title VARCHAR, uri VARCHAR, body VARCHAR)"));
    TARN_ASSIGN(auto appender, connection_->appender("incoming"));
    for (const auto& [id, row] : rows) TARN_TRY(appender->append({id, row.title, row.uri, row.body}));
    TARN_TRY(appender->flush());
    auto change = begin(table);
    TARN_TRY(change->upsert(*connection_, "SELECT * FROM incoming", "id", {}));
    change->set_operation("MERGE", json::Value::object());
    return change->commit({});
  }

  std::string directory_;
  base::FixedClock clock_{1'700'000'000'000'000};
  base::Random random_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<duck::Connection> connection_;
  std::shared_ptr<const text::Analyzer> analyzer_;
  std::unique_ptr<Indexer> indexer_;
  std::shared_ptr<lake::Table> table_;
};

// Every finding of the table's check() and of verify() is a failure.
inline void expect_clean(TestTable& table) {
  const auto checked = table.table().check(table.connection(), {});
  ASSERT_TRUE(checked.ok()) << checked.status().to_string();
  for (const auto& finding : *checked) ADD_FAILURE() << finding.where << ": " << finding.what;
}

}  // namespace tarn::index
