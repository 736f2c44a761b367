// Which live rows have a key that a change replaces or deletes. Memory does not grow with the table: files whose
// statistics exclude every key are not opened, of the others only the key column is read, as a stream past a hash table
// of the keys (which DuckDB may spill), and what is kept is eight bytes for each row found. Inside a file DuckDB passes
// over the row groups whose bounds, in Parquet's footer, exclude the keys: that is what serves text keys, which have no
// bounds in the log.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "delta/physical.h"
#include "delta/schema.h"
#include "duck/cancel_watch.h"
#include "lake/change.h"

namespace tarn::lake {
namespace {

using base::Code;
using base::Result;
using base::Status;

constexpr std::string_view kKeyTable = "tarn_delete_keys";
// Up to so many keys each file's bounds are held against the keys; beyond, every file is read.
constexpr size_t kMaxPruneKeys = size_t{1} << 20;

bool is_integer(const delta::Field& field) {
  const std::string& type = field.type.as_string();
  return type == "long" || type == "integer" || type == "short" || type == "byte";
}

// The keys in ascending order, or nothing when they are too many or of a type whose bounds are not looked at.
Result<std::optional<std::vector<int64_t>>> keys_to_prune_by(duck::Connection& connection, const delta::Field& key,
                                                             const std::string& keys) {
  if (!is_integer(key)) return std::optional<std::vector<int64_t>>();
  TARN_ASSIGN(const auto rows, connection.query(fmt::format("SELECT k FROM ({}) WHERE k IS NOT NULL LIMIT {}", keys,
                                                            kMaxPruneKeys + 1)));
  std::vector<int64_t> found;
  while (true) {
    TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
    if (chunk == nullptr) break;
    for (size_t i = 0; i < chunk->rows(); ++i) found.push_back(chunk->integer(0, i));
  }
  if (found.size() > kMaxPruneKeys) return std::optional<std::vector<int64_t>>();
  std::sort(found.begin(), found.end());
  return std::optional(std::move(found));
}

// False only when the file's statistics say that it has none of the keys. Bounds stay true when rows are deleted.
bool may_hold(const delta::DataFile& file, const std::string& key, const std::vector<int64_t>& keys) {
  if (file.stats.empty()) return true;
  const auto stats = json::parse(file.stats);
  if (!stats.ok()) return true;
  const json::Value& low = (*stats)["minValues"][key];
  const json::Value& high = (*stats)["maxValues"][key];
  if (!low.is_int() || !high.is_int()) return true;
  const auto first = std::lower_bound(keys.begin(), keys.end(), low.as_int());
  return first != keys.end() && *first <= high.as_int();
}

}  // namespace

Result<const delta::Field*> key_field(const delta::Snapshot& snapshot, const std::string& key) {
  const delta::Field* field = delta::find_field(snapshot.schema, key);
  if (field == nullptr) return Status(Code::invalid_argument, fmt::format("there is no key column '{}'", key));
  if (!field->type.is_string() || delta::is_primitive(field->type, "void")) {
    return Status(Code::invalid_argument, fmt::format("column '{}' cannot be a key: it is not a plain value", key));
  }
  for (const std::string& column : snapshot.partition_columns) {
    if (delta::find_field({*field}, column) != nullptr) {
      return Status(Code::unsupported, fmt::format("column '{}' cannot be a key: the table is partitioned by it", key));
    }
  }
  return field;
}

delta::RowList merged(const delta::RowList& a, const delta::RowList& b) {
  delta::RowList all;
  all.reserve(a.size() + b.size());
  std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(all));
  return all;
}

delta::RowList without(const delta::RowList& rows, const delta::RowList& gone) {
  delta::RowList left;
  std::set_difference(rows.begin(), rows.end(), gone.begin(), gone.end(), std::back_inserter(left));
  return left;
}

Status TableChange::find_rows(duck::Connection& connection, const std::vector<const delta::DataFile*>& files,
                              const KeySource& source, const base::Context& context) {
  if (files.empty()) return {};
  const duck::CancelWatch watch(connection, context);
  TARN_ASSIGN(const delta::Field* key, key_field(*seen_, source.column));
  TARN_ASSIGN(const std::string type, delta::duckdb_type(key->type));
  std::string keys;
  store::Lease keys_lease;
  if (source.files.empty()) {
    TARN_TRY(connection.execute(fmt::format("CREATE OR REPLACE TEMP TABLE {}(k VARCHAR)", kKeyTable)));
    TARN_ASSIGN(const auto appender, connection.appender(std::string(kKeyTable)));
    for (const std::string& value : source.keys) TARN_TRY(appender->append({value}));
    TARN_TRY(appender->flush());
    // What is no value of the key's type is in no row.
    keys = fmt::format("SELECT TRY_CAST(k AS {}) AS k FROM {}", type, kKeyTable);
  } else {
    TARN_ASSIGN(store::LocalFiles written, table_->local_files(source.files));
    keys = "SELECT c0 AS k FROM " + delta::read_parquet_call(*seen_, written.paths, {key});
    keys_lease = std::move(written.lease);
  }
  TARN_ASSIGN(const auto prune_by, keys_to_prune_by(connection, *key, keys));
  std::vector<const delta::DataFile*> asked;
  std::vector<std::string> paths;
  bool foreign = false;
  for (const delta::DataFile* file : files) {
    if (prune_by && !may_hold(*file, delta::physical_name(*seen_, *key), *prune_by)) continue;
    paths.push_back(file->path);
    asked.push_back(file);
    foreign = foreign || delta::is_foreign(*file);
  }
  TARN_ASSIGN(const store::LocalFiles copies, table_->local_files(paths));
  std::map<std::string, const delta::DataFile*, std::less<>> by_name;
  for (size_t i = 0; i < asked.size(); ++i) by_name[copies.paths[i]] = asked[i];
  std::map<const delta::DataFile*, delta::RowList> found;
  if (!paths.empty()) {
    TARN_ASSIGN(const auto rows,
                connection.query(fmt::format(
                    "SELECT f.filename, f.file_row_number FROM {} AS f SEMI JOIN ({}) AS k ON k.k = f.c0",
                    delta::read_parquet_call(*seen_, copies.paths, {key}, foreign && delta::has_floats({key})), keys)));
    std::string name;
    delta::RowList* place = nullptr;
    while (true) {
      TARN_TRY(context.check());
      TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
      if (chunk == nullptr) break;
      for (size_t i = 0; i < chunk->rows(); ++i) {
        const std::string_view from = chunk->text(0, i);
        if (place == nullptr || from != name) {
          const auto it = by_name.find(from);
          if (it == by_name.end()) {
            return {Code::internal, fmt::format("DuckDB names a file '{}' that was not asked for", from)};
          }
          name = from;
          place = &found[it->second];
        }
        place->push_back(chunk->integer(1, i));
      }
    }
  }
  if (source.files.empty()) TARN_TRY(connection.execute(fmt::format("DROP TABLE {}", kKeyTable)));
  for (auto& [file, rows] : found) {
    TARN_TRY(context.check());
    std::sort(rows.begin(), rows.end());
    TARN_ASSIGN(const delta::RowList gone, table_->deleted_rows(*file));
    const delta::RowList live = without(rows, gone);
    if (!live.empty()) found_[file->path] = merged(found_[file->path], live);
    rows = {};
  }
  return {};
}

}  // namespace tarn::lake
