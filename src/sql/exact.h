// Values that DuckDB's casts would round or cut: 1.5 as INTEGER, 2.345 as DECIMAL(4,2), a time of day as DATE, '1.5' as
// BIGINT. A lake table refuses them (doc/design/sql-writes.md), and so does a file's column whose type was guessed from
// its first rows.
// Shape:   FLOAT and DOUBLE hold the number nearest to any other: nothing is inexact to them.
// Errors:  none: SQL text.
// Threads: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "duck/connection.h"

namespace tarn::sql {

// A type that holds more than this one does, in which a value can be looked at before it is cast; the type itself where
// no cast rounds.
std::string wider_type(std::string_view type);
// The expression (SQL, evaluated once) as a value of a column's type; one that the type does not hold as it is fails by
// the column's name. `from`: the type that the expression is known to have.
std::string held(const std::string& expression, std::string_view type, std::string_view column,
                 std::string_view from = "");

// invalid_argument for the first value of a file (CSV, TSV, JSON) read by the statement that lies behind the rows by
// which DuckDB guessed the columns' types and does not fit, with its file, line and column. Columns that the statement
// cannot read are not looked at (file_reads.h). For others each such file is read once more, which may take as long
// as the statement: a million rows of four columns 0.17 s on two cores.
base::Status check_guessed_types(duck::Connection& connection, std::string_view statement);

}  // namespace tarn::sql
