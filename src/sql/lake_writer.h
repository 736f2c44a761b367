// A statement that changes a lake table, carried out as one Delta commit.
// Shape:   DuckDB binds the statement against an empty table of the same columns; the rows it is about are then found
//          by SELECTs over the newest version with positions, and the change is deletions by position and appended
//          rows: doc/design/sql-writes.md.
// Errors:  DuckDB's words for what it refuses; unsupported, by name, for what Tarn does not do; conflict when others
//          changed the same rows each of kMaxAttempts times.
// Threads: one.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "duck/connection.h"
#include "lake/table.h"
#include "sql/catalog.h"
#include "sql/change_statement.h"

namespace tarn::sql {

// What a lake gives to a session that may write. Names are "main.docs".
struct LakeWriter {
  // Held while a statement writes to the table: one writer of it in a process at a time.
  std::function<std::shared_ptr<void>(const std::string& name)> hold;
  // As of "12" or a time; "" = the newest version.
  std::function<base::Result<PinnedTable>(const std::string& name, const std::string& as_of,
                                          const base::Context& context)>
      pin;
  std::function<base::Result<PinnedTable>(const std::string& name, const std::vector<delta::Field>& schema)> create;
  // A table of the rows of a select, which appears with all of them or not at all; says how many they are.
  std::function<base::Result<PinnedTable>(const std::string& name, duck::Connection& connection,
                                          const lake::NewRows& select, const base::Context& context, int64_t* rows)>
      create_as;
  std::function<base::Status(const std::string& name)> drop;
  std::string refusal;  // why this session writes nothing, or ""
};

inline constexpr int kMaxAttempts = 10;

// `name`: the lake table that the statement changes; for CREATE TABLE the one that it makes. The rows are those of
// RETURNING.
base::Result<std::unique_ptr<duck::Rows>> change_table(duck::Connection& connection, Catalog& catalog,
                                                       const LakeWriter& writer, const ChangeStatement& statement,
                                                       const std::string& name, const base::Context& context);

// What a statement gives that had nothing to do.
std::unique_ptr<duck::Rows> nothing_changed();

// Takes away what a change left for its RETURNING rows.
base::Status drop_leftovers(duck::Connection& connection);

}  // namespace tarn::sql
