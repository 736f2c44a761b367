// What can be told of a statement by its words alone.
// Threads: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tarn::sql {

// Names of tables that the statement would change, make, drop or alter, as written: INSERT INTO docs, UPDATE main.docs, CREATE VIEW docs,
// also after WITH and EXPLAIN.
std::vector<std::string> changed_tables(std::string_view statement);

// Whether it may look at tables that it does not name: SHOW TABLES, information_schema, duckdb_columns(), query('…'), EXPORT.
bool needs_whole_catalog(std::string_view statement);

}  // namespace tarn::sql
