// SQL over data files: the rows of some files of a snapshot, as the schema says, without those that deletion vectors
// name.
// Shape:   read_parquet() with the schema spelled out, so that binding opens no file, a column that an older file lacks
//          is null and types are the table's; plain read_parquet() where the log says that files are as the schema,
//          which plans twice as well. Few deleted rows are an anti join on (file, row); many are a bit for each row,
//          which a filter asks and which keeps the rows' order. Paths are absolute: a locked connection can read them.
#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "delta/deletion_vector.h"
#include "delta/snapshot.h"

namespace tarn::delta {

struct SourceFile {
  const DataFile* file = nullptr;
  RowList deleted;  // ascending
};

struct Selection {
  std::vector<std::string> columns;  // all of the schema when empty; with in_order all that lie in files
  bool with_position = false;        // adds tarn_file, tarn_row
  bool in_order = false;             // in the order of the files and their rows; not with columns of the partition
  bool listed_only = false;          // the rows that the files' `deleted` name, instead of those that they leave
};

// `directory` is the absolute path of the table.
base::Result<std::string> select_rows(const Snapshot& snapshot, const std::string& directory,
                                      const std::vector<SourceFile>& files, const Selection& selection);

// "read_parquet([…], schema=…)" of columns c0, c1, … with DuckDB's virtual columns `filename` and `file_row_number`
// beside them. `hides_nan`: a file's bounds may leave NaN out, which is above all numbers; DuckDB would pass over it
// otherwise.
std::string read_parquet_call(const Snapshot& snapshot, const std::vector<std::string>& paths,
                              const std::vector<const Field*>& fields, bool hides_nan = false);

// Whether another engine wrote the file, as far as the log tells.
bool is_foreign(const DataFile& file);
// Whether one of them holds FLOAT or DOUBLE, at any depth.
bool has_floats(const std::vector<const Field*>& fields);

}  // namespace tarn::delta
