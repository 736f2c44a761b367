// What a locked connection takes of the text that a user wrote. DuckDB's own lock refuses files outside the directories
// named, and settings, but (tried with 1.5.5) it still lets COPY write into them, PRAGMA enable_profiling print to
// stdout, ATTACH create files there, and any reading function read what a table has deleted.
// Allowed: queries, as DuckDB's own parser has them, of nothing but relations that Tarn let in, common tables and
//          listed functions (statement_tree.h, judged.h); and what makes, fills and drops tables, views and macros of
//          the session by such queries.
// Refused: everything else, by name.
// Errors:  permission_denied, naming what was refused and why; unsupported for a form that DuckDB cannot give as a
//          tree.
// Threads: one.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "duck/handles.h"
#include "duck/statement_tree.h"

namespace tarn::duck {

base::Status locked_writes_nothing();

// By DuckDB's own idea of a statement: the second look, at what was prepared.
base::Status gate_kind(duckdb_statement_type kind);

class Gate {
 public:
  // `places` are the directories and files that the connection may read: no error shows them.
  Gate(duckdb_database database, std::vector<std::string> places) : database_(database), places_(std::move(places)) {}

  // What the user's statements may name besides DuckDB's own: a view of Tarn's, a function of Tarn's.
  void let_relation(const std::string& schema, const std::string& name);
  void let_function(const std::string& name, bool in_from);

  // What a statement does to the session's own names when it has run, and what it reads.
  struct Admitted {
    enum class Effect { none, makes_relation, makes_function, makes_table_function, drops_relation, drops_function };
    Effect effect = Effect::none;
    std::string name;
    bool temporary = false;
  };
  base::Result<Admitted> admit(const std::string& statement);  // one statement; told() then speaks of what it reads
  base::Status admit_condition(const std::string& condition);
  void ran(const Admitted& admitted);

  // A failure without paths, without values that a reader of files met and without DuckDB's view of Tarn's views: it
  // names the tables.
  base::Status told(base::Status failure) const;
  void reads(std::vector<std::string> relations) { reads_ = std::move(relations); }

 private:
  struct Form;
  base::Result<json::Value> tree(const std::string& query);
  base::Status check_query(const std::string& query, std::vector<std::string>* reads);
  base::Result<Form> form_of(const std::string& statement) const;

  // A connection of its own: the user's has a transaction, macros and an open result.
  struct Parser {
    duckdb_connection handle = nullptr;
    PreparedHandle serialize;
    ~Parser() {
      serialize.reset();
      duckdb_disconnect(&handle);
    }
  };
  duckdb_database database_;
  std::vector<std::string> places_;
  std::unique_ptr<Parser> parser_;
  Names names_;
  std::map<std::string, bool, std::less<>> own_;  // relations that the session made, and whether they are temporary
  std::vector<std::string> reads_;                // of the last statement, as "schema.name"
};

}  // namespace tarn::duck
