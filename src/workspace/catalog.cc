// tables, show, history, fetch, optimize: what the lake holds.
#include <fmt/format.h>

#include <algorithm>

#include "connector/descriptor.h"
#include "delta/log.h"
#include "delta/schema.h"
#include "ingest/text_table.h"
#include "search/fetch.h"
#include "workspace/cells.h"
#include "workspace/document_reference.h"
#include "workspace/reference.h"
#include "workspace/workspace.h"

namespace tarn::workspace {
namespace {

using base::Code;
using base::Result;
using base::Status;

int64_t live_rows(const delta::Snapshot& snapshot) {
  int64_t rows = 0;
  for (const auto& [path, file] : snapshot.files) {
    rows += file.row_count().value_or(0) - (file.deletion_vector ? file.deletion_vector->cardinality : 0);
  }
  return rows;
}

int64_t deleted_rows(const delta::Snapshot& snapshot) {
  int64_t rows = 0;
  for (const auto& [path, file] : snapshot.files) rows += file.deletion_vector ? file.deletion_vector->cardinality : 0;
  return rows;
}

int64_t size_bytes(const delta::Snapshot& snapshot) {
  int64_t size = 0;
  for (const auto& [path, file] : snapshot.files) size += file.size_bytes;
  return size;
}

// What the writer says it did, else what was counted.
int64_t metric(const delta::Commit& commit, std::initializer_list<const char*> names, std::optional<int64_t> counted) {
  for (const char* name : names) {
    const json::Value& value = commit.metrics[name];
    // Spark writes metrics as strings.
    if (value.is_string()) return std::atoll(value.as_string().c_str());
    if (value.is_number()) return value.as_int();
  }
  return counted.value_or(0);
}

// Of a link nothing is said: its log is others' affair.
Result<std::optional<int64_t>> oldest_version(const lake::Table& table) {
  if (table.link()) return std::optional<int64_t>();
  TARN_ASSIGN(const delta::LogFiles files, delta::list_log(table.store(), table.path()));
  return files.commits.empty() ? std::optional<int64_t>() : std::optional(files.commits.front());
}

}  // namespace

Result<TablesReply> Workspace::tables(const TablesRequest& request, const base::Context& context) {
  TablesReply reply;
  reply.lake = options_.lake;
  std::vector<PassedOver> passed_over;
  TARN_ASSIGN(std::vector<Pinned> all, pin_all({}, request.as_of, false, context, &passed_over));
  for (const PassedOver& table : passed_over)
    reply.unreadable.push_back({table.name, table.status.message(), table.status.hint()});
  for (const Pinned& pinned : all) {
    reply.tables.push_back({pinned.name, pinned.snapshot->version.value,
                            base::format_utc(pinned.snapshot->committed_at_us), live_rows(*pinned.snapshot),
                            static_cast<int64_t>(pinned.snapshot->files.size()), size_bytes(*pinned.snapshot)});
  }
  return reply;
}

Result<ShowReply> Workspace::show(const ShowRequest& request, const base::Context& context) {
  const auto lease = reading();
  TARN_ASSIGN(Pinned pinned, pin(request.table, request.as_of, context));
  const delta::Snapshot& snapshot = *pinned.snapshot;
  ShowReply reply;
  reply.table = pinned.name;
  reply.version = snapshot.version.value;
  reply.committed_at = base::format_utc(snapshot.committed_at_us);
  TARN_ASSIGN(store::Store * lake_store, store(false));
  const auto link = pinned.table->link();
  reply.path = link ? link->target : lake_store->absolute(pinned.table->path());
  if (link)
    reply.link = TableLink{link->target, link->kind, link->id, link->title, link->uri, link->text, link->outside};
  TARN_ASSIGN(reply.oldest_version, oldest_version(*pinned.table));
  reply.partitioned_by = snapshot.partition_columns;
  for (const auto& [name, value] : snapshot.configuration) reply.properties.push_back({name, value});
  TARN_ASSIGN(const auto tags, lake::list_tags(*lake_store));
  for (const lake::Tag& tag : tags) {
    const auto tagged = tag.tables.find(pinned.table->path());
    if (tagged != tag.tables.end() && tagged->second.table_id == snapshot.table_id)
      reply.tags.push_back({tag.name, tagged->second.version.value});
  }
  reply.rows = live_rows(snapshot);
  reply.deleted_rows = deleted_rows(snapshot);
  reply.files = static_cast<int64_t>(snapshot.files.size());
  reply.size_bytes = size_bytes(snapshot);
  for (const delta::Field& field : snapshot.schema) {
    TARN_ASSIGN(const std::string type, delta::duckdb_type(field.type));
    reply.columns.push_back({field.name, type, field.nullable});
  }
  for (const auto& [id, n] : snapshot.transactions) {
    const auto bookmark = pinned.table->bookmark(snapshot, id);
    if (!bookmark.ok() || !*bookmark) continue;  // another program's txn
    TableSource source{id, (**bookmark)["source"].as_string(), n, {}, {}};
    if ((**bookmark)["pulled_at"].is_string()) source.pulled_at = (**bookmark)["pulled_at"].as_string();
    if (const json::Value& options = (**bookmark)["reading"]; !options.members().empty())
      source.reading = connector::describe_options(options);
    reply.sources.push_back(std::move(source));
  }
  if (!index::is_indexed(snapshot.schema)) return reply;
  TARN_ASSIGN(index::Indexer * builder, indexer());
  TARN_ASSIGN(auto live, index::LiveSet::open(*pinned.table, pinned.snapshot, *builder));
  IndexInfo lexical{builder->lexical_definition_hash().hex(),
                    "lexical",
                    builder->analyzer().identity(),
                    live->lexical_coverage(),
                    0,
                    0,
                    0};
  IndexInfo semantic{builder->vector_definition_hash().hex(), "semantic", "", live->semantic_coverage(), 0, 0, 0};
  for (const index::LiveSet::Segment& segment : live->segments()) {
    ++lexical.segments;
    lexical.passages += segment.lexical->passage_count();
    lexical.size_bytes += static_cast<int64_t>(segment.lexical->size_bytes());
    if (!segment.vectors) continue;
    ++semantic.segments;
    semantic.passages += segment.vectors->passage_count();
    semantic.size_bytes += static_cast<int64_t>(segment.vectors->size_bytes());
  }
  reply.indexes.push_back(lexical);
  if (builder->has_vectors()) {
    semantic.made_with = builder->encoder()->identity();
    reply.indexes.push_back(semantic);
  }
  return reply;
}

Result<HistoryReply> Workspace::history(const HistoryRequest& request, const base::Context& context) {
  TARN_ASSIGN(Pinned pinned, pin(request.table, "", context));
  // One more than asked for tells whether there is more.
  TARN_ASSIGN(std::vector<delta::Commit> commits,
              pinned.table->history(static_cast<size_t>(request.limit) + 1, context));
  HistoryReply reply;
  reply.table = pinned.name;
  reply.truncated = commits.size() > static_cast<size_t>(request.limit);
  if (reply.truncated) commits.resize(static_cast<size_t>(request.limit));
  for (const delta::Commit& commit : commits) {
    reply.versions.push_back(
        {commit.version.value,
         base::format_utc(commit.committed_at_us),
         commit.operation,
         commit.engine,
         metric(commit,
                {"numOutputRows", "numTargetRowsInserted", "num_added_rows", "num_target_rows_inserted",
                 "num_updated_rows"},
                commit.rows_added),
         metric(commit,
                {"numDeletedRows", "numTargetRowsDeleted", "num_deleted_rows", "num_target_rows_deleted",
                 "num_updated_rows"},
                commit.rows_deleted),
         metric(commit,
                {"numAddedFiles", "numFiles", "numTargetFilesAdded", "num_added_files", "num_target_files_added"},
                commit.files_added),
         metric(commit, {"numRemovedFiles", "numTargetFilesRemoved", "num_removed_files", "num_target_files_removed"},
                commit.files_removed),
         {}});
    if (!commit.user_metadata.empty()) reply.versions.back().user_metadata = commit.user_metadata;
  }
  return reply;
}

Result<FetchReply> Workspace::fetch(const FetchRequest& request, const base::Context& context) {
  const auto lease = reading();
  std::vector<std::string> names;
  std::string id = request.id;
  if (!request.table.empty()) {
    names.push_back(request.table);
  } else if (const auto reference = parse_document_reference(request.id)) {
    if (pin(reference->table, request.as_of, context).ok()) {
      names.push_back(reference->table);
      id = reference->id;
    }
  }
  TARN_ASSIGN(std::vector<Pinned> all, pin_all(names, request.as_of, true, context));
  TARN_ASSIGN(duck::Database * opened, database());
  TARN_ASSIGN(auto connection, opened->connect());
  std::vector<NamedDocument> named;
  Status damaged;  // of a table that may have had it
  for (const Pinned& pinned : all) {
    const auto row = search::fetch_row(*pinned.table, *pinned.snapshot, id, "", *connection);
    if (row.ok()) named.push_back({pinned.name, id, row->text("uri")});
    if (!row.ok() && row.status().code() != Code::not_found && damaged.ok()) damaged = row.status();
  }
  if (named.empty()) {
    TARN_TRY(damaged);
    TARN_ASSIGN(named, documents_called(id, all, *connection));
  }
  if (named.size() > 1) return ambiguous(request.id, named);
  for (const Pinned& pinned : all) {
    if (named.empty() || pinned.name != named.front().table) continue;
    TARN_ASSIGN(const auto row, search::fetch_row(*pinned.table, *pinned.snapshot, named.front().id, "", *connection));
    FetchReply reply{request.id, row.text("title"), row.text("body"), row.text("uri"), json::Value::object()};
    reply.metadata.set("table", pinned.name);
    reply.metadata.set("version", pinned.snapshot->version.value);
    for (size_t i = 0; i < row.columns.size(); ++i) {
      const std::string& column = row.columns[i].name;
      if (row.cells[i].is_null() || column == "title" || column == "body" || column == "table" || column == "version")
        continue;
      reply.metadata.set(column, cell_json(row.columns[i], row.cells[i]));
    }
    return reply;
  }
  return Status(Code::not_found, fmt::format("no document has the id, uri or path '{}'", request.id),
                "search shows what there is");
}

Result<OptimizeReply> Workspace::optimize(const OptimizeRequest& request, const base::Context& context) {
  const base::Stopwatch stopwatch;
  if (!request.by.empty() && request.tables.empty()) {
    return Status(Code::invalid_argument, "an order by a column needs its table", "tarn optimize TABLE --by COLUMN");
  }
  TARN_ASSIGN(std::vector<Pinned> all, pin_all(request.tables, "", false, context));
  TARN_ASSIGN(duck::Database * opened, database());
  TARN_ASSIGN(auto connection, opened->connect());
  OptimizeReply reply;
  for (const Pinned& pinned : all) {
    TARN_TRY(context.check());
    if (pinned.table->link() && request.tables.empty()) continue;  // only read
    const auto lock = writing_.hold(pinned.name);
    TARN_ASSIGN(base::Version version, pinned.table->optimize(*connection, {.cluster_by = request.by}, context));
    TARN_ASSIGN(auto after, pinned.table->snapshot(version));
    reply.tables.push_back({pinned.name, version.value, static_cast<int64_t>(pinned.snapshot->files.size()),
                            static_cast<int64_t>(after->files.size()), size_bytes(*pinned.snapshot),
                            size_bytes(*after)});
  }
  reply.took_ms = stopwatch.elapsed_ms();
  return reply;
}

}  // namespace tarn::workspace
