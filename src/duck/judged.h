// What of DuckDB may be named on a locked connection: every function, view, setting and pragma of the DuckDB that is
// linked is either allowed or refused with a reason. The lists are judged.cc; judged_test.cc fails when DuckDB has a
// name that no list has.
// Threads: pure.
#pragma once

#include <optional>
#include <string_view>

namespace tarn::duck {

enum class Judged {
  value_function,  // functions, aggregates and macros within expressions
  table_function,  // functions in FROM
  relation,        // DuckDB's own views: "duckdb_tables", "information_schema.tables", "pg_catalog.pg_class"
  setting,         // for current_setting()
  pragma,
};

// The name in small letters. "" for an allowed one, the reason for a refused one ("reads files"); nothing for a name
// that is not known.
std::optional<std::string_view> why_refused(Judged kind, std::string_view name);

}  // namespace tarn::duck
