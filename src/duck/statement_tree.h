// The walk over a statement as DuckDB's own parser has it (json_serialize_sql): whether everything in it may stand on a
// locked connection.
// Shape:   each node's kind, each function and each relation must be one that is known and allowed (judged.h, Names);
//          what is not known is refused, so that a new form of DuckDB's is closed until it is judged.
// Limits:  json::kMaxDepth levels; a chain of about a hundred operators is deeper.
// Errors:  permission_denied, naming what is refused and why; invalid_argument for a relation or function that is not
//          there.
// Threads: pure.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "json/value.h"

namespace tarn::duck {

// What there is besides DuckDB's own: all in small letters, relations as "schema.name", temporary ones as "temp.name".
struct Names {
  std::set<std::string, std::less<>> relations, value_functions, table_functions;
};

// Whether a name means itself and no file in every place: no dot, no slash, no character of a pattern.
bool is_plain_name(std::string_view name);

// `statement` is one of the tree's "statements". Adds the relations that it names to `read`, as "schema.name".
base::Status check_statement(const json::Value& statement, const Names& names, std::vector<std::string>* read);
// The same for `SELECT 1 WHERE (condition)`: one expression over the columns of one row, without any query in it.
base::Status check_condition_tree(const json::Value& statement, const Names& names);

base::Status refused(std::string_view what, std::string_view why = {});

}  // namespace tarn::duck
