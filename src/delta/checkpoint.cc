#include "delta/checkpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "base/hash.h"
#include "delta/checksum.h"
#include "delta/log.h"
#include "duck/cancel_watch.h"
#include "store/hash_file.h"

namespace tarn::delta {
namespace {

using base::Code;
using base::Result;
using base::Status;

// The columns of a checkpoint, as DuckDB's from_json() wants its structure.
struct Kind {
  std::string_view name, structure;
};
constexpr Kind kKinds[] = {
    {"protocol", R"j({"minReaderVersion":"INTEGER","minWriterVersion":"INTEGER","readerFeatures":["VARCHAR"],
                      "writerFeatures":["VARCHAR"]})j"},
    {"metaData", R"j({"id":"VARCHAR","name":"VARCHAR","description":"VARCHAR",
                      "format":{"provider":"VARCHAR","options":"MAP(VARCHAR,VARCHAR)"},"schemaString":"VARCHAR",
                      "partitionColumns":["VARCHAR"],"createdTime":"BIGINT","configuration":"MAP(VARCHAR,VARCHAR)"})j"},
    {"txn", R"j({"appId":"VARCHAR","version":"BIGINT","lastUpdated":"BIGINT"})j"},
    {"domainMetadata", R"j({"domain":"VARCHAR","configuration":"VARCHAR","removed":"BOOLEAN"})j"},
    {"add", R"j({"path":"VARCHAR","partitionValues":"MAP(VARCHAR,VARCHAR)","size":"BIGINT","modificationTime":"BIGINT",
                 "dataChange":"BOOLEAN","stats":"VARCHAR","tags":"MAP(VARCHAR,VARCHAR)",
                 "deletionVector":{"storageType":"VARCHAR","pathOrInlineDv":"VARCHAR","offset":"INTEGER","sizeInBytes":"INTEGER",
                                   "cardinality":"BIGINT"},
                 "baseRowId":"BIGINT","defaultRowCommitVersion":"BIGINT","clusteringProvider":"VARCHAR"})j"},
    {"remove",
     R"j({"path":"VARCHAR","deletionTimestamp":"BIGINT","dataChange":"BOOLEAN","extendedFileMetadata":"BOOLEAN",
                    "partitionValues":"MAP(VARCHAR,VARCHAR)","size":"BIGINT",
                    "deletionVector":{"storageType":"VARCHAR","pathOrInlineDv":"VARCHAR","offset":"INTEGER","sizeInBytes":"INTEGER",
                                      "cardinality":"BIGINT"},
                    "baseRowId":"BIGINT","defaultRowCommitVersion":"BIGINT"})j"},
};
constexpr std::string_view kRead[] = {"protocol", "metaData", "txn", "domainMetadata", "add", "remove", "sidecar"};

std::string list_literal(const std::vector<std::string>& paths) {
  std::string list;
  for (const std::string& path : paths) list += (list.empty() ? "[" : ", ") + duck::quote_literal(path);
  return list + "]";
}

// A state's actions in the order in which they are written, each with its kind.
std::vector<std::pair<std::string, std::string>> rows_of(const State& state, int64_t expire_before_ms) {
  std::vector<std::pair<std::string, std::string>> rows;
  rows.emplace_back("protocol", json::write(state.protocol));
  rows.emplace_back("metaData", json::write(state.metadata));
  for (const auto& [id, transaction] : state.transaction_actions) {
    rows.emplace_back("txn", json::write(transaction_action(transaction)["txn"]));
  }
  for (const auto& [name, domain] : state.domains) rows.emplace_back("domainMetadata", json::write(domain));
  for (const auto& [path, file] : state.files) rows.emplace_back("add", json::write(add_action({file, false})["add"]));
  for (const auto& [key, remove] : state.tombstones) {
    if (remove.deleted_at_ms < expire_before_ms) continue;
    Remove tombstone = remove;
    tombstone.data_change = false;
    rows.emplace_back("remove", json::write(remove_action(tombstone)["remove"]));
  }
  return rows;
}

// What the rows of a checkpoint are read into: whole actions as JSON, and of most files, which are alike, the few
// columns that differ. A file is plain when it has statistics as text, no partition, no deletion vector, no row ids,
// and no tag beside Tarn's hash.
constexpr std::string_view kPlain =
    "(add.stats IS NOT NULL AND add.deletionVector IS NULL AND coalesce(cardinality(add.partitionValues), 0) = 0 AND "
    "coalesce(cardinality(add.tags), 0) = CASE WHEN add.tags['tarn.xxh3'] IS NULL THEN 0 ELSE 1 END)";
constexpr size_t kPlainColumns = 6;
constexpr std::string_view kPlainSelect =
    "CASE WHEN {0} THEN add.path END, add.size, add.modificationTime, add.stats, add.tags['tarn.xxh3'], "
    "coalesce(add.dataChange, true)::INTEGER, CASE WHEN add IS NOT NULL AND NOT {0} THEN to_json(add)::VARCHAR END";

bool has_plain_columns(const std::string& type) {
  for (const char* member :
       {"path VARCHAR", "size BIGINT", "modificationTime BIGINT", "stats VARCHAR", "dataChange BOOLEAN",
        "tags MAP(VARCHAR, VARCHAR)", "partitionValues MAP(VARCHAR, VARCHAR)", "deletionVector STRUCT("}) {
    if (type.find(std::string("(") + member) == std::string::npos &&
        type.find(std::string(" ") + member) == std::string::npos &&
        type.find(std::string("\"") + member) == std::string::npos) {
      return false;
    }
  }
  return true;
}

Status read_plain(const duck::Chunk& chunk, size_t row, Actions* actions) {
  Add add;
  DataFile& file = add.file;
  file.encoded_path = chunk.text(0, row);
  TARN_ASSIGN(file.path, read_path(file.encoded_path, "add"));
  if (chunk.is_null(1, row) || chunk.integer(1, row) < 0) return {Code::corruption, "action 'add': no size"};
  file.size_bytes = chunk.integer(1, row);
  file.modified_ms = chunk.is_null(2, row) ? 0 : chunk.integer(2, row);
  file.stats = chunk.text(3, row);
  if (!chunk.is_null(4, row)) file.tags[std::string(kHashTag)] = chunk.text(4, row);
  add.data_change = chunk.integer(5, row) != 0;
  actions->adds.push_back(std::move(add));
  return {};
}

// The actions in the rows of Parquet files; of sidecars only files are wanted.
Status read_rows(duck::Connection& connection, const std::vector<std::string>& paths, bool whole, bool with_tombstones,
                 const base::Context& context, Actions* actions) {
  const duck::CancelWatch watch(connection, context);
  const std::string source =
      fmt::format("read_parquet({}{})", list_literal(paths), paths.size() > 1 ? ", union_by_name=true" : "");
  std::vector<std::string> kinds;
  bool plain = false;
  std::string is_plain(kPlain);
  TARN_ASSIGN(const std::vector<duck::Column> columns, connection.describe("SELECT * FROM " + source));
  for (const auto& column : columns) {
    if (column.name == "add") {
      plain = has_plain_columns(column.type);
      for (const char* member : {"baseRowId", "clusteringProvider"}) {
        if (column.type.find(member) != std::string::npos) {
          is_plain += fmt::format(" AND add.{} IS NULL", duck::quote_name(member));
        }
      }
    }
    const bool file = column.name == "add" || column.name == "remove";
    if (!file && !whole) continue;
    if (column.name == "remove" && !with_tombstones) continue;
    if (std::find(std::begin(kRead), std::end(kRead), column.name) != std::end(kRead)) kinds.push_back(column.name);
  }
  if (kinds.empty()) return {Code::corruption, fmt::format("{}: no column of a checkpoint", paths[0])};
  std::string select;
  if (plain) {  // their columns first, and `add` is the first of the kinds
    std::erase(kinds, "add");
    kinds.insert(kinds.begin(), "add");
    select = fmt::format(fmt::runtime(kPlainSelect), "(" + is_plain + ")");
  }
  for (const std::string& kind : kinds) {
    if (plain && kind == "add") continue;
    const std::string name = duck::quote_name(kind);
    select +=
        fmt::format("{}CASE WHEN {} IS NOT NULL THEN to_json({})::VARCHAR END", select.empty() ? "" : ", ", name, name);
  }
  const size_t first_kind = plain ? kPlainColumns : 0;
  TARN_ASSIGN(const auto rows, connection.query("SELECT " + select + " FROM " + source));
  while (true) {
    TARN_TRY(context.check());
    TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
    if (chunk == nullptr) return {};
    for (size_t row = 0; row < chunk->rows(); ++row) {
      if (plain && !chunk->is_null(0, row)) {
        if (auto status = read_plain(*chunk, row, actions); !status.ok()) return status.with_context(paths[0]);
        continue;
      }
      for (size_t kind = 0; kind < kinds.size(); ++kind) {
        const size_t column = first_kind + kind;
        if (chunk->is_null(column, row)) continue;
        auto body = json::parse(chunk->text(column, row));
        if (!body.ok()) return {Code::corruption, fmt::format("{}: {}", paths[0], body.status().message())};
        const auto action = json::Value::object({{kinds[kind], std::move(*body)}});
        if (auto status = parse_action(action, actions); !status.ok()) return status.with_context(paths[0]);
      }
    }
  }
}

}  // namespace

Status with_connection(const duck::Connect& connect, const std::function<Status(duck::Connection&)>& work) {
  if (!connect) return {Code::internal, "the lake was given no DuckDB"};
  TARN_ASSIGN(const auto connection, connect());
  return work(*connection);
}

Result<Actions> CheckpointReader::read(const CheckpointFiles& files, bool with_tombstones,
                                       const base::Context& context) const {
  Actions actions;
  if (files.json) {
    const std::string path = log_directory_ + "/" + files.names[0];
    auto text = store_.read(path);
    if (!text.ok()) return text.status();
    TARN_ASSIGN(actions, parse_actions(*text, path));
  } else {
    std::vector<std::string> paths;
    for (const std::string& name : files.names) paths.push_back(log_directory_ + "/" + name);
    TARN_ASSIGN(const store::LocalFiles copies, store_.local_files(paths));
    TARN_TRY(with_connection(connect_, [&](duck::Connection& connection) {
      return read_rows(connection, copies.paths, true, with_tombstones, context, &actions);
    }));
  }
  std::vector<std::string> sidecars;
  for (const std::string& name : actions.sidecars) {
    if (name.empty() || name.find('/') != std::string::npos || name.find('%') != std::string::npos) {
      return Status(Code::permission_denied,
                    fmt::format("{}: sidecar '{}' is not a plain file name", log_directory_, name));
    }
    sidecars.push_back(log_directory_ + "/_sidecars/" + name);
  }
  if (!sidecars.empty()) {
    TARN_ASSIGN(const store::LocalFiles copies, store_.local_files(sidecars));
    TARN_TRY(with_connection(connect_, [&](duck::Connection& connection) {
      return read_rows(connection, copies.paths, false, with_tombstones, context, &actions);
    }));
  }
  return actions;
}

namespace {

struct Written {
  std::string staged;
  int64_t rows = 0, size_bytes = 0;
};

Result<Written> stage_checkpoint(store::Store& store, const std::string& table_path, duck::Connection& connection,
                                 const State& state, int64_t expire_before_ms, const base::Context& context) {
  TARN_TRY(context.check());
  const auto rows = rows_of(state, expire_before_ms);
  TARN_TRY(connection.execute("CREATE OR REPLACE TEMP TABLE tarn_checkpoint(kind VARCHAR, body VARCHAR)"));
  {
    TARN_ASSIGN(const auto appender, connection.appender("tarn_checkpoint"));
    for (const auto& [kind, body] : rows) TARN_TRY(appender->append({kind, body}));
    TARN_TRY(appender->flush());
  }
  std::string select;
  for (const Kind& kind : kKinds) {
    select += fmt::format("{}from_json(CASE WHEN kind = '{}' THEN body END, '{}') AS {}",
                          select.empty() ? "SELECT " : ", ", kind.name, kind.structure, duck::quote_name(kind.name));
  }
  TARN_ASSIGN(const std::string staged, store.stage(log_directory(table_path)));
  auto written = [&] {
    const duck::CancelWatch watch(connection, context);
    return connection.write_parquet(select + " FROM tarn_checkpoint", staged, {{}, false});
  }();
  const Status dropped = connection.execute("DROP TABLE tarn_checkpoint");
  if (!written.ok() || !dropped.ok()) {
    store.discard(staged);
    return written.ok() ? dropped : written.status();
  }
  return Written{staged, static_cast<int64_t>(rows.size()), static_cast<int64_t>(written->size_bytes)};
}

Status point_at(store::Store& store, const std::string& table_path, const State& state, const Written& written,
                const std::string& hash) {
  const auto pointer = json::Value::object({{"version", state.version.value},
                                            {"size", written.rows},
                                            {"sizeInBytes", written.size_bytes},
                                            {"numOfAddFiles", static_cast<int64_t>(state.files.size())},
                                            {"tags", json::Value::object({{std::string(kHashTag), hash}})}});
  // Spark keeps sums of its own files beside them, and would take this one for damaged.
  static_cast<void>(store.remove(log_directory(table_path) + "/._last_checkpoint.crc"));
  return store.put(log_directory(table_path) + "/_last_checkpoint", with_own_hash(json::write(pointer)));
}

}  // namespace

Status write_checkpoint(store::Store& store, const std::string& table_path, duck::Connection& connection,
                        const State& state, int64_t expire_before_ms, const base::Context& context) {
  TARN_ASSIGN(const Written written, stage_checkpoint(store, table_path, connection, state, expire_before_ms, context));
  const Status published = store.publish(written.staged, checkpoint_path(table_path, state.version));
  if (!published.ok()) {
    store.discard(written.staged);
    if (published.code() != Code::already_exists) return published;
  }
  TARN_ASSIGN(const std::string hash, store::hash_file(store, checkpoint_path(table_path, state.version)));
  return point_at(store, table_path, state, written, hash);
}

Status replace_checkpoint(store::Store& store, const std::string& table_path, duck::Connection& connection,
                          const State& state, bool point) {
  TARN_ASSIGN(const Written written, stage_checkpoint(store, table_path, connection, state, INT64_MIN, {}));
  std::ifstream file(written.staged, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  store.discard(written.staged);
  if (!file || static_cast<int64_t>(bytes.size()) != written.size_bytes) {
    return {Code::io, fmt::format("{}: what was written cannot be read back", written.staged)};
  }
  TARN_TRY(store.put(checkpoint_path(table_path, state.version), bytes));
  return point ? point_at(store, table_path, state, written, base::hash128(bytes).hex()) : Status();
}

}  // namespace tarn::delta
