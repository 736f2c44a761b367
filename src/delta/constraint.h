// What new rows must satisfy: NOT NULL, CHECK constraints, invariants, generated columns. Evaluated as SQL over the
// staged rows.
// Shape:   the log has the expressions in Spark's SQL. The part of it that means the same in DuckDB is translated:
//          comparisons, AND, OR, NOT, IS, IN, BETWEEN, LIKE, CASE, + - * % ||, numbers, texts without escapes, columns,
//          kFunctions. A row for which an expression gives null breaks it, as in Spark.
// Limits:  kMaxConstraintBytes of an expression.
// Errors:  unsupported for an expression outside that part, naming constraint and place; invalid_argument for a row
//          that breaks one, naming constraint and row.
// Source:  Delta protocol, "Column Invariants", "CHECK Constraints", "Generated Columns".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "delta/snapshot.h"
#include "duck/connection.h"

namespace tarn::delta {

inline constexpr size_t kMaxConstraintBytes = 10'000;

struct Constraint {
  std::string name;        // as errors say it: "CHECK constraint 'positive'"
  std::string expression;  // Spark SQL
};
std::vector<Constraint> constraints_of(const Snapshot& snapshot);

// Spark's SQL expression over the columns of `schema` as DuckDB's.
base::Result<std::string> translate_expression(std::string_view expression, const std::vector<Field>& schema);
// unsupported when one of the table's constraints cannot be translated.
base::Status check_constraints(const Snapshot& snapshot);

// The rows of a Parquet file that holds all columns of the schema under their names in files.
base::Status enforce_constraints(duck::Connection& connection, const Snapshot& snapshot, const std::string& file);

}  // namespace tarn::delta
