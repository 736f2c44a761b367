// SQL over a lake: a DuckDB connection of its own, the lake's tables at pinned versions, and the functions that the workspace gives.
// Shape:   each session has a DuckDB instance in memory: what one makes (CREATE TABLE …) is seen by itself only and gone with it.
// Locked:  with `database.locked_to` set to the lake's directory the session reads the lake's tables and nothing else (duck/gate.h).
// Errors:  DuckDB's words, with kind, line and caret; unsupported for writing to a lake table; the functions' own failures.
// Threads: one at a time, except interrupt().
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/progress.h"
#include "duck/connection.h"
#include "sql/catalog.h"
#include "sql/writer.h"

namespace tarn::sql {

struct SessionOptions {
  duck::Options database;
  std::vector<TableEntry> tables;
  std::vector<duck::TableFunction> table_functions;
  std::vector<duck::ScalarFunction> scalar_functions;
};

class Session {
 public:
  static base::Result<std::unique_ptr<Session>> open(SessionOptions options);

  // The rows of one statement. They end with the next statement of the session.
  base::Result<std::unique_ptr<duck::Rows>> query(const std::string& statement,
                                                  const std::vector<duck::Cell>& parameters = {});
  // As query, stopped soon after `context` is cancelled (also while DuckDB works on the first rows), and written as they come. A
  // statement without rows writes nothing; a sink that wants no more is no failure.
  base::Status run_statement(const std::string& statement, const Format& format, const Sink& sink,
                             const base::Context& context);

  std::vector<std::string> split(const std::string& script) const;
  // Whether a text typed so far may be run: it ends with a semicolon outside of quotes and comments, or has nothing in it.
  static bool is_complete(std::string_view text);
  // What may stand for the word before the cursor, sorted: keywords, functions, tables, columns; in the case that was typed for keywords.
  // After "docs." or an alias its columns, after a namespace its tables.
  std::vector<std::string> complete(std::string_view text_before_cursor);

  // Tables that the last statement passed over because they cannot be read.
  const std::vector<base::Status>& warnings() const { return catalog_.failures(); }
  Catalog& catalog() { return catalog_; }
  void interrupt() { connection_->interrupt(); }

 private:
  explicit Session(Catalog catalog) : catalog_(std::move(catalog)) {}
  const std::vector<std::string>& keywords();
  std::vector<std::string> own_tables();
  std::vector<std::string> columns_of(std::string_view table);

  Catalog catalog_;
  std::unique_ptr<duck::Database> database_;
  std::unique_ptr<duck::Connection> connection_;
  std::vector<std::string> functions_, keywords_;
};

// Every statement of a script, one after the other, each one's rows written by `format`. Stops at the first failure; the line in its
// message counts from the script's first.
base::Status run(Session& session, const std::string& script, const Format& format, const Sink& sink,
                 const base::Context& context);

}  // namespace tarn::sql
