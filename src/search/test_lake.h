// For tests: a lake in a temporary directory with one text table that is indexed as it is written, and a model of its rows.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "search/search.h"
#include "store/store.h"

namespace tarn::search {

struct TestDocument {
  std::string title, uri, body;
  bool operator==(const TestDocument&) const = default;
};
using TestRows = std::map<std::string, TestDocument>;  // by id

class TestLake {
 public:
  // `encoder` is shared by the lakes that are compared.
  explicit TestLake(encode::Encoder* encoder, uint64_t seed = 1) : random_(seed) {
    std::string pattern = (std::filesystem::temp_directory_path() / "tarn-search-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
    store_ = *store::open_local(directory_);
    database_ = *duck::open({1, uint64_t{512} << 20, {}, {}});
    connection_ = *database_->connect();
    index::IndexerOptions options;
    options.analyzer = *text::make_analyzer("english");
    options.encoder = encoder;
    options.database = [this]() -> base::Result<duck::Database*> { return database_.get(); };
    analyzer_ = options.analyzer;
    indexer_ = std::make_unique<index::Indexer>(options);
    lake::CreateOptions create;
    for (const char* name : {"id", "title", "uri", "body"})
      create.schema.push_back({name, json::Value("string"), true});
    auto made = lake::create_table({store_.get(), &clock_, &random_, indexer_.get()}, "main/docs", create);
    EXPECT_TRUE(made.ok()) << made.status().to_string();
    table_ = *made;
    environment_.analyzer = analyzer_.get();
    environment_.encoder = encoder;
    environment_.locked = [this]() -> base::Result<std::unique_ptr<duck::Connection>> {
      if (!locked_) {
        TARN_ASSIGN(locked_, duck::open({1, uint64_t{512} << 20, {}, std::vector<std::string>{directory_}}));
      }
      return locked_->connect();
    };
  }
  ~TestLake() {
    table_.reset();
    std::filesystem::remove_all(directory_);
  }

  // Upserts `rows`, in one data file.
  base::Result<base::Version> put(const TestRows& rows) {
    TARN_TRY(fill(rows));
    auto change = begin();
    TARN_TRY(change->upsert(*connection_, "SELECT * FROM incoming", "id"));
    change->set_operation("MERGE", json::Value::object());
    return change->commit();
  }
  base::Result<base::Version> erase(const std::vector<std::string>& ids) {
    auto change = begin();
    TARN_TRY(change->delete_keys(*connection_, "id", ids));
    change->set_operation("DELETE", json::Value::object());
    return change->commit();
  }
  base::Result<base::Version> optimize() {
    clock_.advance_us(1'000'000);
    lake::OptimizeOptions options;
    return table_->optimize(*connection_, options);
  }

  base::Result<Reply> search(const Request& request, std::optional<base::Version> version = {}) {
    TARN_ASSIGN(auto snapshot, table_->snapshot(version));
    TARN_ASSIGN(auto live, index::LiveSet::open(*table_, snapshot, *indexer_));
    return search::search(request, {{"main.docs", table_, live}}, environment_, {});
  }

  lake::Table& table() { return *table_; }
  index::Indexer& indexer() { return *indexer_; }
  duck::Connection& connection() { return *connection_; }
  const std::string& directory() const { return directory_; }

 private:
  std::unique_ptr<lake::Change> begin() {
    clock_.advance_us(1'000'000);
    auto snapshot = table_->snapshot();
    EXPECT_TRUE(snapshot.ok()) << snapshot.status().to_string();
    return table_->change(*snapshot);
  }
  base::Status fill(const TestRows& rows) {
    TARN_TRY(connection_->execute(
        "CREATE OR REPLACE TEMP TABLE incoming (id VARCHAR, title VARCHAR, uri VARCHAR, body VARCHAR)"));
    TARN_ASSIGN(auto appender, connection_->appender("incoming"));
    for (const auto& [id, row] : rows) TARN_TRY(appender->append({id, row.title, row.uri, row.body}));
    return appender->flush();
  }

  std::string directory_;
  base::FixedClock clock_{1'700'000'000'000'000};
  base::Random random_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<duck::Database> database_, locked_;
  std::unique_ptr<duck::Connection> connection_;
  std::shared_ptr<const text::Analyzer> analyzer_;
  std::unique_ptr<index::Indexer> indexer_;
  std::shared_ptr<lake::Table> table_;
  Environment environment_;
};

}  // namespace tarn::search
