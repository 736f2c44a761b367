// For the measuring programs: the table main.docs of a lake, opened through the rooms, with or without an encoder.
#pragma once

#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "search/search.h"

namespace tarn::bench {

template <typename T>
T value_or_exit(base::Result<T> result) {
  if (!result.ok()) {
    std::cerr << result.status().to_string() << '\n';
    std::exit(1);
  }
  return std::move(result).value();
}

class OpenedLake {
 public:
  // `version` below 0: the newest. `model` "none": by word only.
  OpenedLake(const std::string& directory, int64_t version, const std::string& model, const std::string& module) {
    store_ = value_or_exit(store::open_local(directory));
    database_ = value_or_exit(duck::open({2, uint64_t{1} << 30, {}, {}}));
    connection_ = value_or_exit(database_->connect());
    if (model != "none") encoder_ = value_or_exit(encode::make_encoder({model, module, 2}));
    index::IndexerOptions options;
    options.analyzer = analyzer_ = value_or_exit(text::make_analyzer("english"));
    options.encoder = encoder_.get();
    options.database = [this]() -> base::Result<duck::Database*> { return database_.get(); };
    indexer_ = std::make_unique<index::Indexer>(options);
    const auto table = value_or_exit(lake::open_table(
        {store_.get(), &base::system_clock(), &random_, indexer_.get(), false, [this] { return database_->connect(); }},
        "main/docs"));
    const auto snapshot = value_or_exit(
        table->snapshot(version < 0 ? std::nullopt : std::optional<base::Version>(base::Version(version))));
    if (const base::Status built = indexer_->ensure(*table, *snapshot, encoder_ != nullptr, {}); !built.ok()) {
      std::cerr << built.to_string() << '\n';
      std::exit(1);
    }
    targets_ = {{"main.docs", table, value_or_exit(index::LiveSet::open(*table, snapshot, *indexer_))}};
    environment_.analyzer = analyzer_.get();
    environment_.encoder = encoder_.get();
  }

  const std::vector<search::Target>& targets() const { return targets_; }
  const index::Indexer& indexer() const { return *indexer_; }
  const search::Environment& environment() const { return environment_; }
  duck::Connection& connection() { return *connection_; }

 private:
  base::Random random_{1};
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<duck::Database> database_;
  std::unique_ptr<duck::Connection> connection_;
  std::unique_ptr<encode::Encoder> encoder_;
  std::shared_ptr<const text::Analyzer> analyzer_;
  std::unique_ptr<index::Indexer> indexer_;
  std::vector<search::Target> targets_;
  search::Environment environment_;
};

}  // namespace tarn::bench
