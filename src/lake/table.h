// A Delta table in a store: open, create, read versions, change.
// Shape:   `<path>/_delta_log/NNN.json`, Parquet data files beside it; Tarn's own things in `<path>/_tarn/`.
// Errors:  not_found (no table, no such version), already_exists, conflict (after the retries that the protocol's rules
//          allow), unsupported (a table feature, by name), corruption (file and place), and what store and duck return.
// Stopping: what takes a context is stopped through it, soon, and then gives what the context says. Nothing of it was
//          committed then, and what was staged is gone; vacuum and forget, which do several things, say what stays.
//          Once a commit stands it is ok.
// Threads: a table is shared; a Change belongs to one thread. Several processes may write at once.
// Source:  Delta protocol; conflict rules as in Delta's concurrency control document.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/progress.h"
#include "base/random.h"
#include "delta/snapshot.h"
#include "duck/connection.h"
#include "store/store.h"

namespace tarn::lake {

class TableReader;

// SQL over data files: it is executed, and its rows are read, while this lives.
struct Select {
  std::string sql;
  std::vector<store::Lease> files = {};
};

// What vacuum or forget took away, or would; `path` is relative to the table.
struct RemovedFile {
  std::string path;
  int64_t size_bytes = 0;
};
// The data files that lie below a table, with their sizes, whether a version has them or not.
using FilesThere = std::map<std::string, int64_t>;

// Told about every data file before the commit that adds it, whoever writes. What it returns other than ok stops the
// commit.
class Observer {
 public:
  virtual ~Observer() = default;
  // `file` is durable under the table's path, not yet committed; `base` is the snapshot that the change started from
  // (null at creation).
  virtual base::Status file_written(const TableReader& table, const delta::Snapshot* base, const delta::DataFile& file,
                                    const base::Context& context) = 0;
  // `output` holds the live rows of `inputs` (files of `base`), in the order of `inputs` and of their rows.
  virtual base::Status files_merged(const TableReader& table, const delta::Snapshot& base,
                                    const std::vector<delta::DataFile>& inputs, const delta::DataFile& output,
                                    const base::Context& context) = 0;
  // A file that it was told of is taken back before any commit had it.
  virtual void file_dropped(const TableReader& /*table*/, const delta::DataFile& /*file*/) {}
  // Takes away what was derived from files that are not there; says what. With `dry_run` it only says it. `there` is
  // called after what was derived has been listed: a file that another writer adds meanwhile is then among those that
  // are there.
  virtual base::Result<std::vector<RemovedFile>> files_swept(const TableReader& /*table*/,
                                                             const std::function<base::Result<FilesThere>()>& /*there*/,
                                                             bool /*dry_run*/, const base::Context& /*context*/) {
    return std::vector<RemovedFile>();
  }
};

struct Environment {
  store::Store* store = nullptr;
  const base::Clock* clock = nullptr;
  base::Random* random = nullptr;  // file names
  Observer* observer = nullptr;    // may be null
  // A linked table, read only: its log may name data files elsewhere on this machine (absolute paths, file: URLs).
  // Without it they are refused, as all other URLs always are.
  bool foreign_files = false;
  // DuckDB for the lake's own needs: checkpoints, merges after a commit, the look-ups of a commit that lost a race.
  duck::Connect connect = {};
};

// What append and upsert do with columns that the table lacks, and with wider types: refuse them, or change the table's
// schema in the same commit. New columns come last and are null in older rows; types widen where
// delta.enableTypeWidening is true.
enum class OnChange { fail, evolve };

// Whether a select's rows stand in their file as it gives them, or as the threads have them ready.
enum class Order { any, kept };
// What rows are to readers of the change feed: new or gone, or the new and the old sides of updates.
enum class Feed { plain, update };

// Rows for a table: a select, columns by name as in the schema; missing ones are null.
struct NewRows {
  NewRows(std::string sql, Order rows = Order::any, Feed to = Feed::plain)
      : select(std::move(sql)), order(rows), feed(to) {}
  NewRows(const char* sql) : select(sql) {}

  std::string select;
  Order order = Order::any;
  Feed feed = Feed::plain;
};

// One commit in the making. Nothing is visible before commit() returned ok; a Change that is dropped takes its files
// away, except where it is not known whether its commit was made.
class Change {
 public:
  virtual ~Change() = default;
  // Writes the rows to new data files, durably.
  virtual base::Status append(duck::Connection& connection, const NewRows& rows, const base::Context& context) = 0;
  // As append, and deletes the live rows whose `key` equals one of the new rows'. The keys in `rows` must be unique.
  virtual base::Status upsert(duck::Connection& connection, const NewRows& rows, const std::string& key,
                              const base::Context& context) = 0;
  // Deletes the live rows whose `key` is in `keys`; keys that are not there are passed over.
  virtual base::Status delete_keys(duck::Connection& connection, const std::string& key,
                                   const std::vector<std::string>& keys, const base::Context& context) = 0;
  virtual base::Status delete_rows(const std::string& file, const delta::RowList& rows, Feed feed = Feed::plain) = 0;
  // Before the first rows; `fail` when it is not said.
  virtual void on_change(OnChange what) = 0;
  // Delta `txn`: commit() gives conflict when another commit moved this app id meanwhile.
  virtual void set_transaction(const std::string& app_id, int64_t version) = 0;
  virtual void set_operation(const std::string& name, json::Value parameters) = 0;
  virtual bool empty() const = 0;
  virtual int64_t rows_appended() const = 0;  // so far, upserts included
  // The version that it became. With nothing to change and no transaction: the snapshot's version, and nothing is
  // written.
  virtual base::Result<base::Version> commit(const base::Context& context) = 0;
};

struct CreateOptions {
  std::vector<delta::Field> schema;
  std::map<std::string, std::string> configuration;  // delta.* properties
  std::vector<std::string> partition_columns = {};
};

struct OptimizeOptions {
  int64_t target_bytes = int64_t{64} << 20;
  // Files below it, or with more than a fifth of their rows deleted, are merged.
  int64_t small_bytes = int64_t{16} << 20;
  // A column: every partition is written anew in its order, in files of about target_bytes, so that bounds tell which
  // of them hold a value. A partition that stands so already is left alone.
  std::string cluster_by = {};
};

struct VacuumOptions {
  std::optional<int64_t> retain_us;  // the table's own (delta.deletedFileRetentionDuration) when not given
  bool dry_run = false;
};
struct VacuumReport {
  base::Version version;                         // after it
  std::vector<RemovedFile> removed;              // data files and deletion vectors, then what the observer swept
  int64_t kept_by_tags = 0, kept_by_leases = 0;  // files that went otherwise
};

// Rows to forget: those whose `column` equals one of `values`.
struct ForgetOptions {
  std::string column;
  std::vector<std::string> values;
  bool dry_run = false;
};
struct ForgottenFile {
  std::string path;
  int64_t size_bytes = 0, rows = 0;  // rows of it that are forgotten, live or deleted
  bool live = false;                 // in the newest version
};
struct ForgetReport {
  base::Version version;  // after it
  std::vector<ForgottenFile> files;
  // Old data files, segments and lexicons, log files that no longer stand as they were.
  std::vector<RemovedFile> removed;
  std::vector<std::string> rewritten;  // log files whose text was cut
  std::vector<int64_t> lost;           // versions that can no longer be read in full, ascending
  // What short text columns said of the rows (kMaxForgetText bytes at most each): by these, others find what names
  // them.
  std::map<std::string, std::set<std::string>> texts;
};
inline constexpr size_t kMaxForgetText = 4096;

// A table that lies elsewhere and is only read: link.h.
struct LinkInfo {
  std::string target;                // absolute path
  std::string kind;                  // "delta" or "parquet"
  std::string id, title, uri, text;  // columns that make it searchable; "" = none
  bool outside = false;              // a Delta table's files may lie elsewhere on this machine
};

// Finding of check(): `where` names the file (and place).
struct Finding {
  std::string where, what;
};

// What can be read of a table, its own or one that a link points to (link.h).
class TableReader {
 public:
  virtual ~TableReader() = default;
  virtual const std::string& path() const = 0;  // relative to the store's root
  virtual store::Store& store() const = 0;
  // The newest version, or the one named. Kept in process; opening is incremental.
  virtual base::Result<std::shared_ptr<const delta::Snapshot>> snapshot(std::optional<base::Version> version = {},
                                                                        const base::Context& context = {}) const = 0;
  // The newest version committed at or before the time; not_found when the table is younger.
  virtual base::Result<base::Version> version_at(int64_t time_us, const base::Context& context = {}) const = 0;
  virtual base::Result<std::vector<delta::Commit>> history(
      size_t limit = 1000, const base::Context& context = {}) const = 0;  // newest first
  // not_found when a file that the snapshot needs is gone.
  virtual base::Status check_files(const delta::Snapshot& snapshot, const base::Context& context = {}) const = 0;
  // Ascending indices of deleted rows of a file of a snapshot; empty without a deletion vector. Validated before use.
  virtual base::Result<delta::RowList> deleted_rows(const delta::DataFile& file) const = 0;
  // A SELECT over the live rows of a snapshot with the given columns (all when empty), readable by any open connection
  // and by one that is locked to the lake's directory. With `with_position`, also `tarn_file` (path as in the log) and
  // `tarn_row` (BIGINT).
  virtual base::Result<Select> select(const delta::Snapshot& snapshot, const std::vector<std::string>& columns,
                                      bool with_position) const = 0;
  // A SELECT over all rows of one data file, also the deleted ones: `tarn_row`, then the columns named; where none is,
  // the file's own and no more.
  virtual base::Result<Select> select_file(const delta::DataFile& file,
                                           const std::vector<std::string>& columns) const = 0;
  // What people are told a data file is.
  virtual std::string data_address(const delta::DataFile& file) const = 0;
  // XXH3-128 of the data file as it lies there, as kHashTag has it.
  virtual base::Result<std::string> data_hash(const delta::DataFile& file) const = 0;
  // Set where the table is only a link to one that lies elsewhere.
  virtual std::optional<LinkInfo> link() const { return {}; }
  virtual base::Result<std::optional<json::Value>> bookmark(const delta::Snapshot& snapshot,
                                                            const std::string& source_id) const = 0;
  // Everything that the log promises holds: gap-free log, CRC files, every live data file there with its size and hash,
  // row counts and statistics, deletion vectors valid, bookmarks present. Empty = clean.
  virtual base::Result<std::vector<Finding>> check(duck::Connection& connection,
                                                   const base::Context& context) const = 0;
};

// A table of the lake's own.
class Table : public TableReader {
 public:
  virtual std::unique_ptr<Change> change(std::shared_ptr<const delta::Snapshot> base) = 0;
  // Merges small files and files with many deleted rows; the same rows, fewer files. The version, or the snapshot's
  // when there was nothing to do.
  virtual base::Result<base::Version> optimize(duck::Connection& connection, const OptimizeOptions& options,
                                               const base::Context& context) = 0;
  // Takes away the files that no version within the retention, no tag and no live lease needs: vacuum.h. Stopped, it
  // has taken some of them.
  virtual base::Result<VacuumReport> vacuum(const VacuumOptions& options, const base::Context& context) = 0;
  // A new version with the rows, columns, properties and bookmarks of an older one, whose files are used again:
  // restore.cc. The snapshot's version when it is the same already; not_found when files of it are gone.
  virtual base::Result<base::Version> restore(base::Version version, const base::Context& context) = 0;
  // Takes rows out of every version: live files are written anew without them, older files that have them go, segments
  // and log follow: forget.h. `before_files_go` is called with what is known while the old files are still there, so
  // that what it does is done again after a crash. Stopped, it is done again from where it was.
  virtual base::Result<ForgetReport> forget(duck::Connection& connection, const ForgetOptions& options,
                                            const std::function<base::Status(const ForgetReport&)>& before_files_go,
                                            const base::Context& context) = 0;
  // conflict while a vacuum has begun and not ended: what it removes is decided.
  virtual base::Status check_no_vacuum() const = 0;
  // Bookmarks: `<path>/_tarn/bookmarks/<source id>/<n>.json`, named by txn(source id, n).
  virtual base::Status put_bookmark(const std::string& source_id, int64_t n, const json::Value& bookmark) = 0;
  // The same under the smallest number above the snapshot's that no other attempt has taken: the number to hand to
  // set_transaction(). put_bookmark() gives already_exists when a different bookmark lies there, since another pull may
  // be about to commit it.
  virtual base::Result<int64_t> put_next_bookmark(const delta::Snapshot& snapshot, const std::string& source_id,
                                                  const json::Value& bookmark) = 0;
};

// A table or a link. With a version, only that one has to be readable: damage in a later commit does not keep it from
// being read.
base::Result<std::shared_ptr<TableReader>> open_reader(const Environment& environment, const std::string& path,
                                                       std::optional<base::Version> version = {},
                                                       const base::Context& context = {});
// To change it: permission_denied for a link.
base::Result<std::shared_ptr<Table>> writable(const std::shared_ptr<TableReader>& reader);
// Table::vacuum(), or, of a link, what was derived in the lake from files that are not there any more: nothing of the
// files themselves.
base::Result<VacuumReport> vacuum(const std::shared_ptr<TableReader>& reader, const VacuumOptions& options,
                                  const base::Context& context);
// open_reader() and writable() in one.
base::Result<std::shared_ptr<Table>> open_table(const Environment& environment, const std::string& path,
                                                std::optional<base::Version> version = {},
                                                const base::Context& context = {});
base::Result<std::shared_ptr<Table>> create_table(const Environment& environment, const std::string& path,
                                                  const CreateOptions& options);
// A table with the columns and rows of a select, which appears with all of them or not at all: already_exists when
// something has the path. How many rows they are.
base::Result<int64_t> create_table_as(const Environment& environment, const std::string& path,
                                      duck::Connection& connection, const NewRows& rows, const base::Context& context);
// TableReader::check(), also of a table that cannot be opened.
base::Result<std::vector<Finding>> check_table(const Environment& environment, const std::string& path,
                                               duck::Connection& connection, const base::Context& context);
// Paths of the tables below the root: directories `<namespace>/<name>` with a `_delta_log`, sorted.
base::Result<std::vector<std::string>> list_tables(const store::Store& store);

}  // namespace tarn::lake
