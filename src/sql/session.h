// SQL over a lake: a DuckDB connection of its own, the lake's tables at pinned versions, and the functions that the
// workspace gives.
// Shape:   each session has a DuckDB instance in memory: what is made there (CREATE TEMP TABLE …) is gone with it.
// Locked:  with a `connection` that is locked to the lake's directory, here or in a worker (duck/remote.h), the session
//          reads the lake's tables and nothing else (duck/gate.h).
// Writing: with `writer` a statement that changes a lake table is one Delta commit, and CREATE TABLE makes a lake table
//          (CREATE TEMP TABLE one of the session). Not inside of BEGIN … COMMIT.
// Errors:  DuckDB's words, with kind, line and caret; unsupported for writing to a lake table without `writer`; the
//          functions' own failures.
// Threads: one at a time, except interrupt().
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/progress.h"
#include "duck/connection.h"
#include "rows/writer.h"
#include "sql/catalog.h"
#include "sql/lake_writer.h"

namespace tarn::sql {

struct SessionOptions {
  std::unique_ptr<duck::Connection> connection;  // to an instance of its own
  std::vector<TableEntry> tables;
  std::vector<duck::TableFunction> table_functions;
  std::vector<duck::ScalarFunction> scalar_functions;
  std::optional<LakeWriter> writer = {};  // none: statements that change lake tables are refused
};

class Session {
 public:
  static base::Result<std::unique_ptr<Session>> open(SessionOptions options);

  // Rows that the last statement changed.
  uint64_t rows_changed() const { return rows_changed_; }

  // The rows of one statement. They end with the next statement of the session.
  base::Result<std::unique_ptr<duck::Rows>> query(const std::string& statement,
                                                  const std::vector<duck::Cell>& parameters = {},
                                                  const base::Context& context = {});
  // As query, stopped soon after `context` is cancelled (also while DuckDB works on the first rows), and written as
  // they come. A statement without rows writes nothing; a sink that wants no more is no failure.
  base::Status run_statement(const std::string& statement, const rows::Format& format, const rows::Sink& sink,
                             const base::Context& context);

  // The rows of a statement into a file: "parquet", or "arrow" for an IPC stream. An older file is replaced when the
  // new one is whole.
  base::Status save(const std::string& statement, const std::string& format, const std::string& path,
                    const base::Context& context);

  // The statements of a script without their semicolons, and its lines that begin with a dot where a statement could
  // begin.
  std::vector<std::string> split(const std::string& script) const;
  // Whether a text typed so far may be run: it ends with a semicolon outside of quotes and comments, or has nothing in
  // it.
  static bool is_complete(std::string_view text);
  // What may stand for the word before the cursor, sorted: keywords, functions, tables, columns; in the case that was
  // typed for keywords. After "docs." or an alias its columns, after a namespace its tables.
  std::vector<std::string> complete(std::string_view text_before_cursor);

  // Tables that the last statement passed over because they cannot be read.
  const std::vector<base::Status>& warnings() const { return catalog_.failures(); }
  Catalog& catalog() { return catalog_; }
  void interrupt() { connection_->interrupt(); }

 private:
  explicit Session(Catalog catalog) : catalog_(std::move(catalog)) {}
  // The statement as a change of a lake table; null when it is none.
  base::Result<std::unique_ptr<duck::Rows>> change(const std::string& statement, const base::Context& context);
  base::Result<std::string> made_by(const ChangeStatement& statement);
  const std::vector<std::string>& keywords();
  std::vector<std::string> own_tables();
  std::vector<std::string> columns_of(std::string_view table);

  Catalog catalog_;
  std::unique_ptr<duck::Connection> connection_;
  std::optional<LakeWriter> writer_;
  std::vector<std::string> functions_, keywords_;
  bool in_transaction_ = false, leftovers_ = false;
  uint64_t rows_changed_ = 0;
};

// Every statement of a script, one after the other, each one's rows written by `format`. Stops at the first failure;
// the line in its message counts from the script's first.
base::Status run(Session& session, const std::string& script, const rows::Format& format, const rows::Sink& sink,
                 const base::Context& context);

}  // namespace tarn::sql
