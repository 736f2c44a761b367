// For tests: a lake in a temporary directory with one text table that is indexed as it is written, and searches of it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "index/test_table.h"
#include "search/search.h"

namespace tarn::search {

using index::TestDocument;
using index::TestRows;

class TestLake : public index::TestTable {
 public:
  explicit TestLake(encode::Encoder* encoder, uint64_t seed = 1) : TestTable(encoder, seed) {
    environment_.analyzer = &analyzer();
    environment_.encoder = encoder;
    environment_.locked = [this]() -> base::Result<std::unique_ptr<duck::Connection>> {
      if (!locked_) {
        TARN_ASSIGN(locked_, duck::open({1, uint64_t{512} << 20, {}, std::vector<std::string>{directory()}}));
      }
      return locked_->connect();
    };
  }

  base::Result<Reply> search(const Request& request, std::optional<base::Version> version = {}) {
    TARN_ASSIGN(auto snapshot, table().snapshot(version));
    TARN_ASSIGN(auto live, index::LiveSet::open(table(), snapshot, indexer()));
    return search::search(request, {{"main.docs", shared_table(), live}}, environment_, {});
  }
  const Environment& environment() const { return environment_; }

 private:
  std::unique_ptr<duck::Database> locked_;
  Environment environment_;
};

}  // namespace tarn::search
