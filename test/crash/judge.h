// Looks at a lake as a user would, by the program itself, and holds it against what the test knows.
// Errors:  what is wrong is printed with the seed and the directory, and counted.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "json/value.h"
#include "source_folder.h"

namespace tarn::crash {

class Judge {
 public:
  // `root` holds the lake (`root`/lake) and what the program prints.
  Judge(std::string tarn, std::string root, uint64_t seed)
      : tarn_(std::move(tarn)), root_(std::move(root)), seed_(seed) {}

  // The program with these words, on the lake, replying in JSON.
  std::vector<std::string> command(std::vector<std::string> words) const;
  std::string lake() const { return root_ + "/lake"; }

  // `tarn check` is clean.
  void check();
  // The rows of a query, in JSON; an empty list after a failure, or when `table` ("main/docs") is not there yet.
  json::Value rows(const std::string& table, const std::string& query);
  // Other engines read main.docs with the same rows. `peer` is the command of peer_rows.py.
  void compare_with(const std::vector<std::string>& peer);
  // main.docs between two commits of a pull: no row twice, no bytes that its file never had.
  void verify_middle(const SourceFolder& folder);
  // main.docs after a whole pull: exactly the files.
  void verify_end(const SourceFolder& folder);

  void fail(const std::string& what);
  int failures() const { return failures_; }

 private:
  json::Value documents_not_doubled();

  const std::string tarn_, root_;
  const uint64_t seed_;
  int failures_ = 0;
};

}  // namespace tarn::crash
