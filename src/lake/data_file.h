// Rows into data files, one for each partition: written by DuckDB under a temporary name, looked at, hashed, made
// durable, described as the log wants it.
// Limits:  kMaxPartitionsAtOnce partitions in one call.
// Errors:  invalid_argument for rows that do not fit the schema or break a constraint, naming it; unsupported for types
//          that Delta lacks.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "delta/partition.h"
#include "duck/connection.h"
#include "lake/delta_table.h"

namespace tarn::lake {

// `select`, whose columns are `given`, with exactly the columns of the schema, in its order and types: missing ones
// null, no other ones.
base::Result<std::string> fit_to_schema(duck::Connection& connection, const std::vector<delta::Field>& schema,
                                        const std::vector<duck::Column>& given, const std::string& select);
// Whether they are the columns of the schema as they are: names, order and types.
bool are_of_schema(const std::vector<duck::Column>& given, const std::vector<delta::Field>& schema);

// Looks at the staged file (absolute path) before it gets its name; a failure drops it.
using Inspect = std::function<base::Status(const std::string& staged)>;

inline constexpr size_t kMaxPartitionsAtOnce = 10'000;

struct WriteOptions {
  Inspect inspect;      // sees all rows in one file, under their names in files, partition columns among them
  bool enforce = true;  // the rows are new: the table's constraints hold for each
  const delta::PartitionValues* partition = nullptr;  // that of all rows, when the caller knows it
  Order order = Order::kept;
  std::function<bool(const std::vector<duck::Column>&)> see_columns = {};  // duck::ParquetOptions
  // All rows in the order of this column, nulls first, in files of about `target_bytes`, none of which ends within a
  // value; where `partition` is given.
  std::string order_by = {};
  int64_t target_bytes = 0;
  std::string directory, prefix = "part-";  // below the table, with its slash, before that of the partition
  std::vector<delta::Field> extra;          // columns of the select that the schema does not have
};

// The rows of `select`, which has all columns of the schema by name. No files when there are no rows. Each is durable
// and carries its statistics and its hash; the log does not know it yet. A failure, or a stop, leaves none of them.
base::Result<std::vector<delta::DataFile>> write_rows(const DeltaTable& table, duck::Connection& connection,
                                                      const delta::Snapshot& snapshot, const std::string& select,
                                                      const WriteOptions& options, const base::Context& context);

// The same of a staged file, of which DuckDB has said what it wrote there; of a table without partitions.
base::Result<delta::DataFile> take_staged(const DeltaTable& table, const delta::Snapshot& snapshot,
                                          const std::string& staged, const duck::ParquetFile& written);

}  // namespace tarn::lake
