// One row of a table at a snapshot, by its id.
// Errors:  not_found: no such row; corruption: a data file is gone, or its bytes are not those that were committed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "duck/connection.h"
#include "lake/table.h"

namespace tarn::lake {

struct Row {
  std::vector<duck::Column> columns;
  std::vector<duck::Cell> cells;
  std::string file;  // data file, as in the log
  base::RowIndex index;
  const duck::Cell* find(std::string_view column) const;  // null when there is no such column
  std::string text(std::string_view column) const;        // "" when null, absent or not text
};

// `file`: where the row is known to be, which spares reading the others; "" = look in all.
base::Result<Row> fetch_row(const TableReader& table, const delta::Snapshot& snapshot, const std::string& id,
                            const std::string& file, duck::Connection& connection);

// Compares the whole data file with the hash that its commit carries. ok when the commit carries none (another engine
// wrote it).
base::Status check_file(const TableReader& table, const delta::DataFile& file);

}  // namespace tarn::lake
