// A statement that changes a table, in its parts: DuckDB's grammar says where each begins and ends. Expressions,
// queries and table references stay text, for DuckDB to read.
// Shape:   INSERT, UPDATE, DELETE, MERGE, TRUNCATE, COPY … FROM, CREATE TABLE, DROP TABLE.
// Errors:  unsupported for what Tarn does not do to lake tables, by name (ON CONFLICT, RETURNING of MERGE …).
// Threads: pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "sql/statement.h"

namespace tarn::sql {

enum class Change { insert, update, remove, merge, truncate, copy, create, drop };

// SET a = x, (b, c) = (y, z): one for each column.
struct Assignment {
  std::string column;      // unquoted
  std::string expression;  // "NULL" for DEFAULT
};

// By which columns of a source a row's values come.
enum class Pairing { listed, position, name };

// WHEN … THEN … of MERGE.
struct When {
  enum class On { matched, not_matched, not_matched_by_source } on = On::matched;
  enum class Then { update, remove, insert, nothing } then = Then::nothing;
  std::string condition;  // "" = always
  Pairing pairing = Pairing::listed;
  std::vector<Assignment> set;  // listed: of update and insert
};

struct ChangeStatement {
  Change kind = Change::insert;
  std::string with;                         // "WITH … " before the verb, or ""
  std::string target;                       // "main"."docs"
  std::string alias;                        // quoted, or ""
  std::string before_target, after_target;  // the statement around it
  std::string returning;                    // the list, or ""
  std::vector<std::string> columns;         // INSERT, COPY, CREATE … AS: the list, unquoted
  bool by_name = false;                     // INSERT … BY NAME
  std::string body;                         // INSERT: the query; CREATE TABLE: the query after AS
  bool body_is_query = false;               // INSERT: SELECT and the like, no VALUES or DEFAULT VALUES
  bool body_is_ordered = false;             // it says ORDER BY
  std::string before_returning;             // INSERT, COPY: after the target and its alias, without RETURNING
  std::vector<Assignment> set;              // UPDATE
  std::string from, where;                  // UPDATE … FROM, DELETE … USING, WHERE
  std::string source, source_alias;      // MERGE: a table reference with its alias; what its columns are qualified by
  std::vector<std::string> source_name;  // MERGE: the source when it is a table without an alias
  std::string join, on;                  // MERGE: "ON …" or "USING (…)"; what stands behind ON
  std::vector<std::string> functions;    // MERGE: what the join and the conditions call; a star for a query in them
  std::vector<When> whens;               // MERGE
  // Of UPDATE, DELETE, MERGE: whether t.*, COLUMNS(…) or #1 may stand in it, and whether t may stand there as a value.
  bool sees_whole_rows = false, names_itself = false;
  bool if_exists = false;                                            // IF EXISTS, IF NOT EXISTS
  bool temporary = false, or_replace = false, with_no_data = false;  // CREATE TABLE
};

// Whether a name of three parts or more stands there: main.docs.id, or something that looks like it.
bool names_in_full(std::string_view text);

// Nothing for a statement that is none of these. The text of `read` must be one statement.
base::Result<std::optional<ChangeStatement>> parse_change(const duck::Sentences& read);

}  // namespace tarn::sql
