// Partition columns: their values as the log keeps them (text), and the directory of a partition.
// Shape:   doc/format/delta.md. A null and an empty text are the same to Delta, so an empty text is refused.
// Source:  Delta protocol, "Partition Value Serialization"; directory names escaped as Hive does.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "delta/snapshot.h"

namespace tarn::delta {

// By name in the log (physical).
using PartitionValues = std::map<std::string, std::optional<std::string>>;

// Which types may partition a table that Tarn writes to: unsupported for lists, maps, structs and bytes.
base::Status check_partition_type(const Field& field);
// Whether a new file may have this text of a value: invalid_argument for what readers would take for another value or
// could not read, which are an empty text, days beyond the years 1 to 9999, a zero byte, and names that no file system
// takes.
base::Status check_partition_text(const Snapshot& snapshot, const Field& field, const std::optional<std::string>& text);
// SQL: a value of the column as the log's text, and the text (SQL as well) as a value.
std::string partition_text(const Field& field, const std::string& value);
std::string partition_value(const Field& field, const std::string& text);

// "year=2020/city=S%C3%A3o/" of a table, with the slash; "" for tables without partitions, for mapped columns, and
// where a name would be too long for a file system: nothing depends on the directory.
std::string partition_directory(const Snapshot& snapshot, const PartitionValues& values);
// What the directories of a path say, of Tarn's and of others'.
PartitionValues partitions_of_path(const std::string& path);

}  // namespace tarn::delta
