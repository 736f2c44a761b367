// What remote.cc and remote_job.cc say to each other: one byte for the kind, then what wire.h writes. Internal.
// Shape:   the request of the job opens the database (Options). Each thing that the connection asks has a number that
//          counts up; the worker does one after the other and answers with its number: failed, done, or for a statement
//          a head, rows in any number, and done. Meanwhile it may call functions, of which many can be under way at
//          once, each with a number of its own.
#pragma once

#include <cstdint>

namespace tarn::duck {

inline constexpr char kLockedJob[] = "sql";

enum class Ask : uint8_t {
  view,             // number, schema, name, select
  table_function,   // number, index, name, positional, named, columns
  scalar_function,  // number, index, name, types, type
  query,            // number, statement, parameters
  query_where,      // number, table, select, condition, after
  describe,         // number, statement
  table_names,      // number, statement
  interrupt,        // number: of the statement to be stopped
  let_go,           // number: its rows are not wanted any more
  answer,           // number of the call, its Status, then of a table function rows, of a scalar function one cell
};

enum class Say : uint8_t {
  done,    // number; of table_names their names, of describe the columns
  failed,  // number, Status
  head,    // number, columns, types, rows changed: a statement runs
  rows,    // number, a chunk
  call,    // number, number of the call, whether it is a table function's, index, arguments
};

}  // namespace tarn::duck
