// A SELECT over the live rows of a snapshot, for text that a user wrote: whatever stands around it works on values of
// live rows only.
// Shape:   TableReader::select(); of files with deleted rows each column comes through an expression that DuckDB
//          moves nothing below, has no statistics of, and copies. Without it a condition that fails on a deleted value
//          (list::INTEGER[], s::BLOB, a pattern) runs before the rows are hidden, on a page's dictionary or on the
//          file's least and greatest values, and its error quotes them.
// Limits:  files with deleted rows are read whole; those without are pruned as ever.
#pragma once

#include <string>

#include "lake/table.h"

namespace tarn::lake {

// With `with_position`, also `tarn_file` and `tarn_row`, as TableReader::select() has them.
base::Result<Select> select_present(const TableReader& table, const delta::Snapshot& snapshot, bool with_position);

}  // namespace tarn::lake
