// The files (CSV, TSV, JSON) that a statement reads by name, and which of their columns it can read, told by its words.
// Errors:  none: what is no statement reads nothing.
// Threads: pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tarn::sql {

struct FileRead {
  bool json = false;
  std::string arguments;  // as read_csv() or read_json() would be called with
};

struct FileReads {
  // FROM 'x.csv', read_csv('x.csv'), and what else names a file; none of COPY … FROM: its types are its table's.
  std::vector<FileRead> reads;
  // All names of the statement, as they may name columns. Unset where it may read columns that it does not name: `*`
  // (count(*) reads none), FROM without SELECT, MERGE, a row as a whole, places (#1), other names for columns, or
  // words that stand for more than they say (COLUMNS, PIVOT …). In doubt it is unset.
  std::optional<std::vector<std::string>> names;
};

FileReads file_reads(std::string_view statement);

}  // namespace tarn::sql
