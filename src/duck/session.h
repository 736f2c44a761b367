// The connection behind the contract, and what its parts share. Internal.
#pragma once

#include <array>
#include <atomic>
#include <deque>
#include <memory>
#include <mutex>

#include "duck/gate.h"
#include "duck/handles.h"

namespace tarn::duck {

// How the Status of a function's run() finds its way around DuckDB, which carries only text: the callback leaves it
// here, and the query that fails picks up the one whose text its message carries.
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

// Runs `body` (giving a Status) in a callback, through which nothing may be thrown, and reports its failure by
// `report(text)`, keeping the Status for the query that fails by it.
template <typename Body, typename Report>
void guarded(Failures& failures, std::string_view name, const Body& body, const Report& report) noexcept {
  try {
    base::Status status;
    try {
      status = body();
    } catch (const std::bad_alloc&) {
      status = base::Status(base::Code::exhausted, "out of memory");
    } catch (const std::exception& e) {
      status = base::Status(base::Code::internal, e.what());
    } catch (...) {
      status = base::Status(base::Code::internal, "unknown exception");
    }
    if (status.ok()) return;
    status = status.with_context(std::string(name) + "()");
    failures.put(status);
    report(status.message().c_str());
  } catch (...) {
    report("out of memory");
  }
}

// What an instance has of a budget: given back when it goes.
class Share {
 public:
  virtual ~Share() = default;
  virtual void closing() = 0;  // from here on nobody else touches the handle
};

// The database handle: closed when the last connection, result and appender let go, unless it is left to the end of the
// process.
struct OpenDatabase {
  duckdb_database handle = nullptr;
  std::atomic<bool> left = false;
  std::optional<std::vector<std::string>> locked_to;  // unset until it is locked
  std::shared_ptr<Failures> failures = std::make_shared<Failures>();
  std::unique_ptr<Share> share;  // none of an instance of its own
  ~OpenDatabase() {
    if (left) return;
    if (share) share->closing();
    duckdb_close(&handle);
  }
};
base::Result<std::shared_ptr<OpenDatabase>> open_database(const Options& options);
std::unique_ptr<Database> make_database(std::shared_ptr<OpenDatabase> open);

// A duckdb_connection with its database, kept alive by what still reads from it.
struct OpenConnection {
  std::shared_ptr<OpenDatabase> database;
  duckdb_connection handle = nullptr;
  std::atomic<bool> interrupted{false};  // by us, since the statement began
  std::unique_ptr<Gate> gate;            // of a locked connection
  ~OpenConnection() {
    if (!database->left) duckdb_disconnect(&handle);
  }
  base::Status failure(std::string_view message) const {
    base::Status status = database->failures->explain(message);
    return gate ? gate->told(std::move(status)) : status;
  }
};

class SessionConnection final : public Connection {
 public:
  explicit SessionConnection(std::shared_ptr<OpenConnection> open) : open_(std::move(open)) {}
  base::Result<std::unique_ptr<Rows>> query(const std::string& sql, const std::vector<Cell>& parameters) override;
  base::Status make_view(const std::string& schema, const std::string& name, const std::string& select) override;
  base::Result<std::unique_ptr<Rows>> query_where(const std::string& table, const std::string& select,
                                                  const std::string& condition, const std::string& after) override;
  base::Result<std::vector<Column>> describe(const std::string& sql) override;
  base::Result<std::vector<std::string>> split(const std::string& sql) override;
  base::Result<std::vector<std::string>> table_names(const std::string& sql) override;
  base::Result<std::unique_ptr<Appender>> appender(const std::string& table) override;
  base::Result<ParquetFile> write_parquet(const std::string& select, const std::string& path,
                                          const ParquetOptions& options) override;
  base::Status add(TableFunction function) override;
  base::Status add(ScalarFunction function) override;
  void interrupt() override {
    open_->interrupted = true;
    duckdb_interrupt(open_->handle);
    open_->interrupted = true;  // of a statement that began in between, too
  }
  base::Status write_arrow(const std::string& select, const std::string& path);  // arrow_file.h
  bool locked() const { return open_->gate != nullptr; }

 private:
  // Text that is Tarn's own, or that the gate has admitted.
  base::Result<std::unique_ptr<Rows>> run(const std::string& sql, const std::vector<Cell>& parameters);
  base::Result<std::unique_ptr<Rows>> run_admitted(const std::string& sql, const std::vector<Cell>& parameters);
  base::Status bind(duckdb_prepared_statement statement, const std::vector<Cell>& parameters) const;
  base::Status refuse_wide_integers(const std::string& select);
  std::shared_ptr<OpenConnection> open_;
};

// Runs a bound statement; reading statements stream.
base::Result<std::unique_ptr<Rows>> run_statement(std::shared_ptr<OpenConnection> open, PreparedHandle statement);
// Runs a text of one statement that writes, bound once: DuckDB binds a prepared statement that has a table function
// (read_csv looks at the file's first 20,480 lines) again before it runs. The whole result is held.
base::Result<std::unique_ptr<Rows>> run_text(std::shared_ptr<OpenConnection> open, const std::string& sql);
std::unique_ptr<Rows> no_rows();

base::Result<std::unique_ptr<Appender>> make_appender(std::shared_ptr<OpenConnection> open, const std::string& table);
base::Status register_function(const OpenConnection& open, TableFunction function);
base::Status register_function(const OpenConnection& open, ScalarFunction function);
base::Status register_column_mark(const OpenConnection& open);  // once in a database: see_columns.cc
base::Status register_zero_marks(const OpenConnection& open);   // the same: see_zeros.cc

// What the mark tells to while it lives, on this thread: one statement at a time.
class ColumnWatch {
 public:
  using See = std::function<bool(const std::vector<Column>&)>;
  explicit ColumnWatch(const See& see);  // none: nobody looks
  ~ColumnWatch();
  ColumnWatch(const ColumnWatch&) = delete;
  ColumnWatch& operator=(const ColumnWatch&) = delete;
  base::Status tell(const std::vector<Column>& columns);
  bool waits() const { return see_ && !told_; }

 private:
  const See& see_;
  bool told_ = false;
};

// Which zeros a statement's rows have while it lives, on this thread: one statement at a time, whose rows may be of any
// thread.
class ZeroWatch {
 public:
  static constexpr size_t kMaxLeaves = 64;  // further ones share the last
  // What of a row is looked at: a tree with FLOAT and DOUBLE at its ends.
  struct Place {
    uint64_t index = 0;  // in the struct above
    duckdb_type type = DUCKDB_TYPE_INVALID;
    uint64_t array_size = 0;
    size_t leaf = 0;
    std::vector<Place> children = {};
  };
  struct Seen {
    std::atomic<bool> plus{false}, minus{false};
  };

  ZeroWatch();
  ~ZeroWatch();
  ZeroWatch(const ZeroWatch&) = delete;
  ZeroWatch& operator=(const ZeroWatch&) = delete;
  // A select of the same rows, all of which are looked at.
  static std::string watched(const std::string& select);
  bool both() const;  // one place has 0.0 and -0.0

  Place row;
  bool has_floats = false;
  std::array<Seen, kMaxLeaves> seen;
};

}  // namespace tarn::duck
