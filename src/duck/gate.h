// Which statements a locked connection takes. DuckDB's own lock refuses files and settings, but (tried with 1.5.5) it still lets COPY
// write into an allowed directory, PRAGMA enable_profiling print to stdout, ATTACH create files there, and enable_logging() write files
// that leave the whole database unusable.
// Allowed: reading (SELECT, FROM, VALUES, SHOW, DESCRIBE, SUMMARIZE, PIVOT, EXPLAIN of these) and changing the database in memory (tables,
//          views, macros, types, transactions).
// Refused: every other statement, secrets, and functions that write, run text as SQL or take raw pointers.
// Errors:  permission_denied, naming what was refused.
#pragma once

#include <string_view>

#include "duck/handles.h"

namespace tarn::duck {

// By the words of a whole text, before DuckDB sees it.
base::Status gate_text(std::string_view sql);
// By DuckDB's own idea of a statement.
base::Status gate_kind(duckdb_statement_type kind);

}  // namespace tarn::duck
