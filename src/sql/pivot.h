// PIVOT … ON column, without its values: DuckDB makes several statements of it, which a locked connection does not
// take. With the values named it is one query, so they are asked for first.
// Errors:  those of the question for the values.
// Threads: pure but for the connection.
#pragma once

#include <optional>
#include <string>

#include "duck/connection.h"

namespace tarn::sql {

// [WITH …] PIVOT source ON expressions … with `IN ('…', …)` behind each expression that has none; nothing when the
// statement is none such.
base::Result<std::optional<std::string>> with_pivot_values(duck::Connection& connection, const std::string& statement);

}  // namespace tarn::sql
