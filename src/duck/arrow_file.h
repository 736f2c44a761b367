// The rows of a query into a file, as an Arrow IPC stream: what pyarrow, polars and others read.
// Shape:   one record batch a chunk; src/duck/arrow_stream.h.
// Errors:  unsupported for ENUM and UNION columns, by name; permission_denied on a locked connection; io; DuckDB's own.
// Threads: the connection's.
#pragma once

#include <string>

#include "duck/connection.h"

namespace tarn::duck {

// An older file is overwritten. Not durable.
base::Status write_arrow(Connection& connection, const std::string& select, const std::string& path);

}  // namespace tarn::duck
