// A statement as DuckDB's grammar reads it, and what can be told of it before DuckDB runs it.
// Threads: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "duck/grammar.h"

namespace tarn::sql {

// The symbols that tell what changes a table and how. No statements when DuckDB's parser does not take the text: its
// own words say why.
duck::Sentences read_statement(std::string_view statement);

// The statement inside of EXPLAIN and PREPARE, else itself: "UpdateStmt", "SelectStmt" …; an empty symbol when it is of
// no kind that changes tables.
const duck::Symbol& inner_statement(const duck::Symbol& stmt);

// The parts of a table's name, unquoted: of a qualified_name or any_name.
std::vector<std::string> name_parts(const duck::Symbol& name);
// The same as SQL: "main"."docs".
std::string quoted(const std::vector<std::string>& parts);

// Names of tables that the text would change, make, drop or alter, quoted, also behind WITH, EXPLAIN and PREPARE. Of
// DROP SCHEMA and ALTER SCHEMA: the schema's name with a star, "staging".*
std::vector<std::string> changed_tables(const duck::Sentences& read);
std::vector<std::string> changed_tables(std::string_view statement);

// Whether it may look at tables that it does not name: SHOW TABLES, information_schema, duckdb_columns(), query('…'),
// EXPORT.
bool needs_whole_catalog(std::string_view statement);

}  // namespace tarn::sql
