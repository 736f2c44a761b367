// Files that were written for a commit that is not made yet. Unless the commit has them, they are taken away again, and
// so is what the observer made of them.
// Errors:  none: what cannot be taken away is left to vacuum.
#pragma once

#include <string>
#include <vector>

#include "lake/delta_table.h"

namespace tarn::lake {

class Uncommitted {
 public:
  explicit Uncommitted(const DeltaTable& table) : table_(table) {}
  ~Uncommitted();
  Uncommitted(const Uncommitted&) = delete;
  Uncommitted& operator=(const Uncommitted&) = delete;

  void add(const delta::DataFile& file) { files_.push_back(file); }
  void add_other(std::string path) { others_.push_back(std::move(path)); }  // relative to the table; no data file
  // What an attempt to commit them came to. Only of a lost race it is known that no commit has them; all else lets them
  // stay.
  void settle(const base::Status& attempt) {
    if (attempt.code() == base::Code::already_exists) return;
    files_.clear();
    others_.clear();
  }

 private:
  const DeltaTable& table_;
  std::vector<delta::DataFile> files_;
  std::vector<std::string> others_;
};

}  // namespace tarn::lake
