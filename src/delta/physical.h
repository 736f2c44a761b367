// How a table's columns lie in its data files: under their own names, or under those that column mapping gave them,
// with field ids.
// Shape:   without column mapping every function here gives back what it was given. Partition columns lie in the log
//          only.
// Source:  Delta protocol, "Column Mapping".
#pragma once

#include <string>
#include <vector>

#include "delta/snapshot.h"
#include "store/store.h"

namespace tarn::delta {

// The name in files, in partition values and in statistics.
std::string physical_name(const Snapshot& snapshot, const Field& field);
// The type with the fields of structs under their names in files.
json::Value physical_type(const Snapshot& snapshot, const json::Value& type);

// SQL over a value as it lies in files that gives the value as the schema names its parts, and the other way.
std::string to_logical(const Snapshot& snapshot, const std::string& expression, const json::Value& type);
std::string to_physical(const Snapshot& snapshot, const std::string& expression, const json::Value& type);

bool is_partition(const Snapshot& snapshot, const Field& field);
// The columns that new files hold: no partition columns, none that are always null.
std::vector<const Field*> stored_fields(const Snapshot& snapshot);
std::vector<const Field*> partition_fields(const Snapshot& snapshot);  // in the order of partition_columns

// DuckDB's FIELD_IDS for a new file of these columns; empty where columns are not mapped.
std::string field_ids(const Snapshot& snapshot, const std::vector<const Field*>& fields);

// Where a file lies, for DuckDB: below `directory` (absolute), or, where a linked table's log says so, elsewhere on
// this machine.
std::string file_location(const std::string& directory, const DataFile& file);

// The same for a store: that of the table at `table_path`, or this machine's root for a path that is absolute.
struct StoredAt {
  const store::Store* store;
  std::string path;
};
StoredAt stored_at(const store::Store& store, const std::string& table_path, const std::string& path);

}  // namespace tarn::delta
