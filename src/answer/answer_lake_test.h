// For tests of this room: targets over a TestLake, and what an answer shows.
#pragma once

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "answer/ask.h"
#include "answer/receipt.h"
#include "search/test_lake.h"

namespace tarn::answer {

// The text of a file of the source tree, between two marks.
inline std::string between(const std::string& file, const std::string& from, const std::string& to) {
  std::ifstream in(std::string(TARN_SOURCE_DIR) + "/" + file);
  std::stringstream all;
  all << in.rdbuf();
  const std::string text = all.str();
  const size_t start = text.find(from), end = text.find(to, start + from.size());
  if (start == std::string::npos || end == std::string::npos) return {};
  return text.substr(start + from.size(), end - start - from.size());
}

inline base::Result<std::vector<search::Target>> targets_of(search::TestLake& lake,
                                                            std::optional<base::Version> version = {}) {
  TARN_ASSIGN(auto snapshot, lake.table().snapshot(version));
  TARN_TRY(lake.indexer().ensure(lake.table(), *snapshot, true, {}));
  TARN_ASSIGN(auto live, index::LiveSet::open(lake.table(), snapshot, lake.indexer()));
  return std::vector<search::Target>{{"main.docs", lake.shared_table(), live}};
}

inline base::Result<Reply> ask(search::TestLake& lake, const std::string& question,
                               std::optional<base::Version> version = {}) {
  TARN_ASSIGN(const auto targets, targets_of(lake, version));
  return ask({question, search::Mode::hybrid, "", 10}, targets, lake.environment(), lake.connection(), {});
}

}  // namespace tarn::answer
