// What differs between two versions of a table: rows added, removed and, where the table has an `id`, changed.
// Shape:   only files that one of the two versions has are read, and of files that both have only the rows whose
//          deletion differs. Rows are compared by the columns that both have; with an `id` that is unique on both sides
//          by two 64-bit hashes, else as they are.
// Limits:  DiffOptions::limit rows are given in full; all are counted.
// Errors:  not_found when files of a version are gone; what duck and store return.
// Threads: the connection's.
#pragma once

#include <string>
#include <vector>

#include "duck/connection.h"
#include "lake/table.h"

namespace tarn::lake {

struct DiffOptions {
  int64_t limit = 100;
};
struct DiffRow {
  std::string change;                     // added, removed, changed
  std::string id;                         // "" for whole rows
  std::vector<duck::Cell> before, after;  // in the order of TableDiff::columns; empty on the side that has no row
};
struct TableDiff {
  bool by_id = false;
  int64_t added = 0, removed = 0, changed = 0;
  int64_t files_read = 0, files = 0;  // of both versions, each path once
  std::vector<duck::Column> columns;  // that both have, as DuckDB gives them
  std::vector<std::string> columns_added, columns_removed;
  std::vector<DiffRow> rows;  // removed, then changed, then added; each by id
};

base::Result<TableDiff> diff(const TableReader& table, const delta::Snapshot& from, const delta::Snapshot& to,
                             duck::Connection& connection, const DiffOptions& options, const base::Context& context);

}  // namespace tarn::lake
