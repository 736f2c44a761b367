// Which columns of a file a statement can read, told by its words.
// Threads: pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "duck/statements.h"

namespace tarn::sql {

// A file in a statement's text.
struct FileRead {
  bool json = false;
  std::string arguments;      // as read_csv() or read_json() would be called with
  size_t begin = 0, end = 0;  // tokens
};

// All names of the statement, as they may name columns; nothing where it may read columns that it does not name: by `*`
// (count(*) reads none), FROM without SELECT, a row as a whole, places (#1), other names for columns, or words that
// stand for more than they say (COLUMNS, PIVOT …). In doubt it is nothing.
std::optional<std::vector<std::string>> names_read(const std::vector<duck::Token>& tokens,
                                                   const std::vector<FileRead>& reads);

}  // namespace tarn::sql
