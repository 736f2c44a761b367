// DuckDB behind a few types: connections (open or locked), results by chunk, an appender, functions. The only room with
// duckdb.h.
// Shape:   one Database is one in-memory DuckDB instance; its tables are temporary; Parquet files are read and written
//          by SQL.
// Locked:  external access off, reading limited to the directories named, configuration locked, and only queries of
//          views that Tarn made (src/duck/gate.h): for SQL that comes from a network, a model or a filter. Source:
//          DuckDB manual, "Securing DuckDB".
// Errors:  invalid_argument for SQL that does not parse or bind (DuckDB's text with its caret), io and corruption for
//          files, exhausted for memory or disk, cancelled after interrupt(), permission_denied for what a locked
//          connection may not do.
// Threads: a Connection belongs to one thread at a time, except interrupt(). A Database may be shared.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/status.h"

namespace tarn::duck {

struct Options {
  int threads = 2;
  uint64_t memory_limit_bytes = uint64_t{1} << 30;
  std::string temp_directory;                         // "" = no spilling
  std::optional<std::vector<std::string>> locked_to;  // directories and files that may be read; unset = open
};

// A cell of any column, for places where speed does not matter. Times are microseconds since 1970 (UTC).
struct Cell;
using CellList = std::vector<Cell>;
struct Cell {
  std::variant<std::monostate, bool, int64_t, double, std::string, CellList> value;
  Cell() = default;
  template <typename T>
    requires std::is_constructible_v<decltype(value), T>
  Cell(T v) : value(std::move(v)) {}  // NOLINT: implicit by design
  bool is_null() const { return std::holds_alternative<std::monostate>(value); }
  bool operator==(const Cell&) const = default;
};

struct Column {
  std::string name;
  // DuckDB's name: "VARCHAR", "BIGINT", "VARCHAR[]", "TIMESTAMP WITH TIME ZONE", "STRUCT(a INTEGER)" …
  std::string type;
};

// One cell, told part by part: for writers of text formats that nest. `json` carries the text of a JSON column as it is
// stored.
class Visitor {
 public:
  virtual ~Visitor() = default;
  virtual void null() = 0;
  virtual void boolean(bool value) = 0;
  virtual void integer(int64_t value) = 0;
  virtual void digits(std::string_view value) = 0;  // exact: DECIMAL, HUGEINT, UHUGEINT, BIGNUM, UBIGINT beyond int64
  virtual void number(float value) = 0;
  virtual void number(double value) = 0;
  virtual void text(std::string_view value) = 0;  // VARCHAR, ENUM, and DuckDB's text of every type not named here
  virtual void json(std::string_view value) = 0;
  virtual void begin_list() = 0;  // LIST, ARRAY
  virtual void end_list() = 0;
  virtual void begin_struct() = 0;  // STRUCT, MAP (keys as text)
  virtual void field(std::string_view name) = 0;
  virtual void end_struct() = 0;
};

// Up to 2,048 rows of a result; views live until the next chunk is asked for.
class Chunk {
 public:
  virtual ~Chunk() = default;
  virtual size_t rows() const = 0;
  virtual bool is_null(size_t column, size_t row) const = 0;
  // The column must have the type named; TARN_CHECK otherwise.
  virtual std::string_view text(size_t column, size_t row) const = 0;  // VARCHAR, BLOB, JSON
  virtual int64_t integer(size_t column, size_t row)
      const = 0;  // any signed or unsigned integer ≤ 64 bits, BOOLEAN, DATE (days), TIMESTAMP (µs)
  virtual double number(size_t column, size_t row) const = 0;  // FLOAT, DOUBLE, and integers
  // Anything: lists as CellList, TIMESTAMP of any precision as µs, DATE as days, BLOB as its bytes, the rest as
  // DuckDB's text.
  virtual Cell cell(size_t column, size_t row) const = 0;
  virtual std::string sql_text(size_t column, size_t row) const = 0;  // as CAST(x AS VARCHAR) gives it; "NULL" for null
  virtual void visit(size_t column, size_t row, Visitor& visitor) const = 0;
};

// A result, streamed: memory does not grow with its rows. The next statement on its connection ends it (next() then
// fails), so a query inside the loop over another one's rows needs a connection of its own. Statements that give no
// rows have no columns.
class Rows {
 public:
  virtual ~Rows() = default;
  virtual const std::vector<Column>& columns() const = 0;
  // The next chunk, or null at the end.
  virtual base::Result<const Chunk*> next() = 0;
  // Rows changed by an INSERT, UPDATE or DELETE; 0 otherwise.
  virtual uint64_t rows_changed() const = 0;
};

// Adds rows to a table of the in-memory database. Rows become visible with flush(); a failed flush() drops what was
// appended since the last one and the appender with it.
class Appender {
 public:
  virtual ~Appender() = default;
  virtual base::Status append(const std::vector<Cell>& row) = 0;  // cells in the table's column order
  virtual base::Status flush() = 0;
};

// What COPY … TO Parquet says of the file that it wrote (RETURN_STATS).
struct ColumnStats {
  std::string column;                   // as DuckDB gives it, quoted and dotted: "st"."x", "tags"."element", "m"."key"
  std::vector<std::string> path;        // the same, taken apart and unquoted
  std::optional<std::string> min, max;  // text, as DuckDB gives it (NaN left out); absent when it has none
  std::optional<int64_t> null_count;
  std::optional<bool> has_nan;  // FLOAT and DOUBLE
};
struct ParquetFile {
  int64_t row_count = 0;
  uint64_t size_bytes = 0;
  std::vector<ColumnStats> columns;
};

struct ParquetOptions {
  std::string field_ids;  // DuckDB's FIELD_IDS of COPY: "{a: 1, s: {__duckdb_field_id: 2, x: 3}}"; empty for none
  // HUGEINT columns, which Parquet would keep as DOUBLE, are refused by name. That takes a plan of its own, which who
  // knows the types spares.
  bool refuse_wide_integers = true;
  // Rows come in the order of the select, or, where it has none that counts, as the threads have them ready.
  bool in_order = true;
  // Sees the columns of the part of the select that seen_columns() marks, while DuckDB binds it and before a row is
  // read. False ends the write: cancelled. Must not use the connection. A write that it never saw fails.
  std::function<bool(const std::vector<Column>&)> see_columns = {};
};

struct TableFunction {
  std::string name;
  std::vector<Column> positional;  // parameters
  std::vector<Column> named;       // named parameters, all optional
  std::vector<Column> columns;     // of the result; types VARCHAR, BIGINT, DOUBLE, BOOLEAN, VARCHAR[], FLOAT[]
  // Called once a scan with the arguments (positional first, then named; null where not given). A failure becomes the
  // query's failure, code and hint kept. Must not use the connection that runs the query.
  std::function<base::Result<std::vector<std::vector<Cell>>>(const std::vector<Cell>&)> run;
};
struct ScalarFunction {
  std::string name;
  std::vector<std::string> parameters;  // types
  std::string result;                   // type
  // Called for each row whose arguments are all not null (else the result is null), from several threads at once;
  // constant arguments may be computed once.
  std::function<base::Result<Cell>(const std::vector<Cell>&)> run;
};

class Connection {
 public:
  virtual ~Connection() = default;
  // Runs all statements of `sql`; the rows are the last one's. On a locked connection they are a user's, and each is
  // checked (gate.h). Parameters ($1 or ?) go to the one statement that has any. A list as the only parameter is
  // written {Cell(list)}: {list} would be the parameters themselves.
  virtual base::Result<std::unique_ptr<Rows>> query(const std::string& sql,
                                                    const std::vector<Cell>& parameters = {}) = 0;
  base::Status execute(const std::string& sql, const std::vector<Cell>& parameters = {});  // and drops the rows
  // A view of a select that Tarn wrote: on a locked connection it may read files, and statements may name the view.
  // Replaces an older one.
  virtual base::Status make_view(const std::string& schema, const std::string& name, const std::string& select) = 0;
  // `select` of the table, which Tarn wrote, WHERE a condition of the user's, and what closes it. A locked connection
  // takes a condition that names columns and functions, and no table.
  virtual base::Result<std::unique_ptr<Rows>> query_where(const std::string& table, const std::string& select,
                                                          const std::string& condition,
                                                          const std::string& after = {}) = 0;
  // Binds one statement and does not run it: DuckDB's own word on whether it could be run, and the columns of its rows.
  virtual base::Result<std::vector<Column>> describe(const std::string& sql) = 0;
  // Statement by statement: the first statement's text and the rest, split as DuckDB splits (quotes, comments).
  virtual base::Result<std::vector<std::string>> split(const std::string& sql) = 0;
  // Names of tables that a query reads, as written ("main.docs", "docs", quoted where they must be: split_name());
  // needs no catalog. unsupported for statements of which DuckDB tells no names: USING, named arguments, PIVOT, INSERT,
  // CREATE VIEW, unknown functions … For "which tables might it need", possible_names() of duck/statements.h always
  // answers.
  virtual base::Result<std::vector<std::string>> table_names(const std::string& sql) = 0;
  virtual base::Result<std::unique_ptr<Appender>> appender(const std::string& table) = 0;
  // COPY (select) TO 'path' as Parquet (zstd). `path` must not exist; a failure leaves none. Not durable: who wants
  // that syncs the file.
  virtual base::Result<ParquetFile> write_parquet(const std::string& select, const std::string& path,
                                                  const ParquetOptions& options = {}) = 0;
  virtual base::Status add(TableFunction function) = 0;
  virtual base::Status add(ScalarFunction function) = 0;
  virtual void interrupt() = 0;  // any thread; stops the statement that runs now, not the next one
};

class Database {
 public:
  virtual ~Database() = default;
  virtual base::Result<std::unique_ptr<Connection>> connect() = 0;
};

// Of an instance of its own. The program's are leases of one owner: instances.h.
base::Result<std::unique_ptr<Database>> open(const Options& options);
// How someone who now and then needs a connection gets one: from who has the budget.
using Connect = std::function<base::Result<std::unique_ptr<Connection>>()>;
std::string version();  // DuckDB's, e.g. "v1.5.5"

// `select` with a mark, for ParquetOptions::see_columns: its columns are told by the one binding that writes it, where
// describe() would take one more (for a CSV, a second look at its first 20,480 lines).
std::string seen_columns(const std::string& select);

// Text as a SQL literal or identifier: 'it''s', "a""b".
std::string quote_literal(std::string_view text);
std::string quote_name(std::string_view name);
// The parts of a name as SQL writes it: main.docs → {main, docs}; "a.b".c → {a.b, c}. Case is kept.
std::vector<std::string> split_name(std::string_view name);

}  // namespace tarn::duck
