// A Delta table in a store: open, create, read versions, change.
// Shape:   `<path>/_delta_log/NNN.json`, Parquet data files beside it; Tarn's own things in `<path>/_tarn/`.
// Errors:  not_found (no table, no such version), already_exists, conflict (after the retries that the protocol's rules allow),
//          unsupported (a table feature, by name), corruption (file and place), and what store and duck return.
// Threads: a Table is shared; a Change belongs to one thread. Several processes may write at once.
// Source:  Delta protocol; conflict rules as in Delta's concurrency control document.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "duck/connection.h"
#include "lake/snapshot.h"
#include "store/store.h"

namespace tarn::lake {

class Table;

// Told about every data file before the commit that adds it, whoever writes. What it returns other than ok stops the commit.
class Observer {
 public:
  virtual ~Observer() = default;
  // `file` is durable under the table's path, not yet committed; `base` is the snapshot that the change started from (null at creation).
  virtual base::Status file_written(const Table& table, const Snapshot* base, const DataFile& file) = 0;
  // `output` holds the live rows of `inputs` (files of `base`), in the order of `inputs` and of their rows.
  virtual base::Status files_merged(const Table& table, const Snapshot& base, const std::vector<DataFile>& inputs,
                                    const DataFile& output) = 0;
  // Vacuum took the file's bytes away.
  virtual void file_removed(const Table& table, const std::string& path) = 0;
};

struct Environment {
  store::Store* store = nullptr;
  const base::Clock* clock = nullptr;
  base::Random* random = nullptr;  // file names
  Observer* observer = nullptr;    // may be null
  // A linked table, read only: its log may name data files elsewhere on this machine (absolute paths, file: URLs). Without it they
  // are refused, as all other URLs always are.
  bool foreign_files = false;
};

// Which rows of one data file a change deletes: ascending row indices.
using RowList = std::vector<int64_t>;

// What append and upsert do with columns that the table lacks, and with wider types: refuse them, or change the table's schema in the
// same commit. New columns come last and are null in older rows; types widen where delta.enableTypeWidening is true.
enum class OnChange { fail, evolve };

// One commit in the making. Nothing is visible before commit() returned ok; a Change that is dropped leaves unreferenced files only.
class Change {
 public:
  virtual ~Change() = default;
  // Writes the rows of `select` (columns by name as in the schema; missing ones are null) to new data files, durably.
  virtual base::Status append(duck::Connection& connection, const std::string& select) = 0;
  // As append, and deletes the live rows whose `key` equals one of the new rows'. The keys in `select` must be unique.
  virtual base::Status upsert(duck::Connection& connection, const std::string& select, const std::string& key) = 0;
  // Deletes the live rows whose `key` is in `keys`; keys that are not there are passed over.
  virtual base::Status delete_keys(duck::Connection& connection, const std::string& key,
                                   const std::vector<std::string>& keys) = 0;
  virtual base::Status delete_rows(const std::string& file, const RowList& rows) = 0;
  // Before the first rows; `fail` when it is not said.
  virtual void on_change(OnChange what) = 0;
  // Delta `txn`: commit() gives conflict when another commit moved this app id meanwhile.
  virtual void set_transaction(const std::string& app_id, int64_t version) = 0;
  virtual void set_operation(const std::string& name, json::Value parameters) = 0;
  virtual bool empty() const = 0;
  virtual int64_t rows_appended() const = 0;  // so far, upserts included
  // The version that it became. With nothing to change and no transaction: the snapshot's version, and nothing is written.
  virtual base::Result<base::Version> commit() = 0;
};

struct CreateOptions {
  std::vector<Field> schema;
  std::map<std::string, std::string> configuration;  // delta.* properties
  std::vector<std::string> partition_columns = {};
};

struct OptimizeOptions {
  int64_t target_bytes = int64_t{64} << 20;
  int64_t small_bytes =
      int64_t{16} << 20;  // files below it, or with more than a fifth of their rows deleted, are merged
};

// Finding of check(): `where` names the file (and place).
struct Finding {
  std::string where, what;
};

class Table {
 public:
  virtual ~Table() = default;
  virtual const std::string& path() const = 0;  // relative to the store's root
  virtual store::Store& store() const = 0;
  // The newest version, or the one named. Kept in process; opening is incremental.
  virtual base::Result<std::shared_ptr<const Snapshot>> snapshot(std::optional<base::Version> version = {}) const = 0;
  // The newest version committed at or before the time; not_found when the table is younger.
  virtual base::Result<base::Version> version_at(int64_t time_us) const = 0;
  virtual base::Result<std::vector<Commit>> history(size_t limit = 1000) const = 0;  // newest first
  virtual std::unique_ptr<Change> change(std::shared_ptr<const Snapshot> base) = 0;
  // Merges small files and files with many deleted rows; the same rows, fewer files. The version, or the snapshot's when there was nothing to do.
  virtual base::Result<base::Version> optimize(duck::Connection& connection, const OptimizeOptions& options) = 0;
  // Ascending indices of deleted rows of a file of a snapshot; empty without a deletion vector. Validated before use.
  virtual base::Result<RowList> deleted_rows(const DataFile& file) const = 0;
  // A SELECT over the live rows of a snapshot with the given columns (all when empty), readable by any open connection and by one that is
  // locked to the lake's directory. With `with_position`, also `tarn_file` (path as in the log) and `tarn_row` (BIGINT).
  virtual base::Result<std::string> select_sql(const Snapshot& snapshot, const std::vector<std::string>& columns,
                                               bool with_position) const = 0;
  // Bookmarks: `<path>/_tarn/bookmarks/<source id>/<n>.json`, named by txn(source id, n).
  virtual base::Status put_bookmark(const std::string& source_id, int64_t n, const json::Value& bookmark) = 0;
  // The same under the smallest number above the snapshot's that no other attempt has taken: the number to hand to set_transaction().
  // put_bookmark() gives already_exists when a different bookmark lies there, since another pull may be about to commit it.
  virtual base::Result<int64_t> put_next_bookmark(const Snapshot& snapshot, const std::string& source_id,
                                                  const json::Value& bookmark) = 0;
  virtual base::Result<std::optional<json::Value>> bookmark(const Snapshot& snapshot,
                                                            const std::string& source_id) const = 0;
  // Everything that the log promises holds: gap-free log, CRC files, every live data file there with its size and hash, row counts and
  // statistics, deletion vectors valid, bookmarks present. Empty = clean.
  virtual base::Result<std::vector<Finding>> check(duck::Connection& connection) const = 0;
};

base::Result<std::shared_ptr<Table>> open_table(const Environment& environment, const std::string& path);
base::Result<std::shared_ptr<Table>> create_table(const Environment& environment, const std::string& path,
                                                  const CreateOptions& options);
// Paths of the tables below the root: directories `<namespace>/<name>` with a `_delta_log`, sorted.
base::Result<std::vector<std::string>> list_tables(const store::Store& store);

}  // namespace tarn::lake
