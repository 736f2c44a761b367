// Data files that quotes are read from, compared with the hashes of their commits: each once, however many quotes it
// holds.
// Threads: one.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "lake/fetch.h"

namespace tarn::answer {

class CheckedFiles {
 public:
  // As lake::check_file().
  base::Status check(const lake::TableReader& table, const delta::DataFile& file) {
    const auto [known, is_new] = known_.try_emplace({table.path(), file.path});
    if (is_new) known->second = lake::check_file(table, file);
    return known->second;
  }

 private:
  std::map<std::pair<std::string, std::string>, base::Status> known_;  // by table and path
};

}  // namespace tarn::answer
