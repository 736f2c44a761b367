// The connection behind the contract, and what its parts share. Internal.
#pragma once

#include <deque>
#include <memory>
#include <mutex>

#include "duck/handles.h"

namespace tarn::duck {

// How the Status of a function's run() finds its way around DuckDB, which carries only text: the callback leaves it here, and the
// query that fails picks up the one whose text its message carries.
// Limits: kKept failures, the oldest go first.
// Threads: any.
class Failures {
 public:
  static constexpr size_t kKept = 16;
  void put(base::Status status);
  base::Status explain(std::string_view message) const;

 private:
  mutable std::mutex mutex_;
  std::deque<base::Status> kept_;
};

// The database handle: closed when the last connection, result and appender let go.
struct OpenDatabase {
  duckdb_database handle = nullptr;
  bool locked = false;
  std::shared_ptr<Failures> failures = std::make_shared<Failures>();
  ~OpenDatabase() { duckdb_close(&handle); }
};

// A duckdb_connection with its database, kept alive by what still reads from it.
struct OpenConnection {
  std::shared_ptr<OpenDatabase> database;
  duckdb_connection handle = nullptr;
  ~OpenConnection() { duckdb_disconnect(&handle); }
};

class SessionConnection final : public Connection {
 public:
  explicit SessionConnection(std::shared_ptr<OpenConnection> open) : open_(std::move(open)) {}
  base::Result<std::unique_ptr<Rows>> query(const std::string& sql, const std::vector<Cell>& parameters) override;
  base::Result<std::vector<Column>> describe(const std::string& sql) override;
  base::Result<std::vector<std::string>> split(const std::string& sql) override;
  base::Result<std::vector<std::string>> table_names(const std::string& sql) override;
  base::Result<std::unique_ptr<Appender>> appender(const std::string& table) override;
  base::Result<ParquetFile> write_parquet(const std::string& select, const std::string& path,
                                          const ParquetOptions& options) override;
  base::Status add(TableFunction function) override;
  base::Status add(ScalarFunction function) override;
  void interrupt() override { duckdb_interrupt(open_->handle); }
  base::Status write_arrow(const std::string& select, const std::string& path);  // arrow_file.h

 private:
  base::Status bind(duckdb_prepared_statement statement, const std::vector<Cell>& parameters) const;
  base::Status refuse_wide_integers(const std::string& select);
  std::shared_ptr<OpenConnection> open_;
};

// Runs a bound statement; reading statements stream.
base::Result<std::unique_ptr<Rows>> run_statement(std::shared_ptr<OpenConnection> open, PreparedHandle statement);
std::unique_ptr<Rows> no_rows();

base::Result<std::unique_ptr<Appender>> make_appender(std::shared_ptr<OpenConnection> open, const std::string& table);
base::Status register_function(const OpenConnection& open, TableFunction function);
base::Status register_function(const OpenConnection& open, ScalarFunction function);

}  // namespace tarn::duck
