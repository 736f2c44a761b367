// Rows into a data file: written by DuckDB under a temporary name, looked at, hashed, made durable, described as the log wants it.
// Errors:  invalid_argument for rows that do not fit the schema, naming the column; unsupported for types that Delta lacks.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "duck/connection.h"
#include "lake/delta_table.h"

namespace tarn::lake {

// `select` with exactly the columns of the schema, in its order and types: missing ones null, no other ones.
base::Result<std::string> fit_to_schema(duck::Connection& connection, const std::vector<Field>& schema,
                                        const std::string& select);

// Looks at the staged file (absolute path) before it gets its name; a failure drops it.
using Inspect = std::function<base::Status(const std::string& staged)>;

// Nothing when there are no rows. The file is durable and carries its statistics and its hash; the log does not know it yet.
base::Result<std::optional<DataFile>> write_data_file(const DeltaTable& table, duck::Connection& connection,
                                                      const std::vector<Field>& schema,
                                                      const std::string& fitted_select,
                                                      const Inspect& inspect = nullptr);

// The hash that goes into the tag, of a file in the store.
base::Result<std::string> hash_file(const store::Store& store, const std::string& path);

}  // namespace tarn::lake
