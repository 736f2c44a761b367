#include "workspace/operations/show.h"

#include "base/clock.h"
#include "connector/descriptor.h"
#include "delta/log.h"
#include "delta/schema.h"
#include "lake/tags.h"
#include "lake/text_table.h"
#include "workspace/counts.h"
#include "workspace/indexing.h"
#include "workspace/lake_store.h"
#include "workspace/tables.h"

namespace tarn::workspace {

using base::Code;
using base::Result;
using operation::Face;

namespace {

// Of a link nothing is said: its log is others' affair.
Result<std::optional<int64_t>> oldest_version(const lake::TableReader& table) {
  if (table.link()) return std::optional<int64_t>();
  TARN_ASSIGN(const delta::LogFiles files, delta::list_log(table.store(), table.path()));
  return files.commits.empty() ? std::optional<int64_t>() : std::optional(files.commits.front());
}

}  // namespace

operation::Declaration<ShowRequest, ShowReply> Show::declare() {
  operation::Operation o;
  o.name = "show";
  o.tool = "describe_table";
  o.faces = {Face::cli, Face::model, Face::network};
  o.doc = "describe a table: columns, sources, indexes";
  o.tool_help =
      "Describe one table: its columns and their SQL types, rows, version, sources, and what it can be searched by.";
  o.examples = {{"tarn show main.docs", "what is in it"}, {"tarn show docs --json", "the same for a program"}};
  o.errors = {{Code::not_found, "there is no such table"}};
  return operation::declare<ShowRequest, ShowReply>(std::move(o));
}

Result<ShowReply> Show::run(const ShowRequest& request, Tables& tables, LakeStore& lake, Indexing& indexing,
                            const base::Context& context) {
  const auto lease = tables.reading();
  TARN_ASSIGN(Pinned pinned, tables.pin(request.table, request.as_of, context));
  const delta::Snapshot& snapshot = *pinned.snapshot;
  ShowReply reply;
  reply.table = pinned.name;
  reply.version = snapshot.version.value;
  reply.committed_at = base::format_utc(snapshot.committed_at_us);
  TARN_ASSIGN(store::Store * lake_store, lake.open());
  const auto link = pinned.table->link();
  reply.path = link ? link->target : lake_store->address(pinned.table->path());
  if (link) {
    reply.link = TableLink{link->target, link->kind, link->id, link->title, link->uri, link->text, link->outside};
  }
  TARN_ASSIGN(reply.oldest_version, oldest_version(*pinned.table));
  reply.partitioned_by = snapshot.partition_columns;
  for (const auto& [name, value] : snapshot.configuration) reply.properties.push_back({name, value});
  TARN_ASSIGN(const auto tags, lake::list_tags(*lake_store));
  for (const lake::Tag& tag : tags) {
    const auto tagged = tag.tables.find(pinned.table->path());
    if (tagged != tag.tables.end() && tagged->second.table_id == snapshot.table_id) {
      reply.tags.push_back({tag.name, tagged->second.version.value});
    }
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
    if (const json::Value& options = (**bookmark)["reading"]; !options.members().empty()) {
      source.reading = connector::describe_options(options);
    }
    reply.sources.push_back(std::move(source));
  }
  if (!lake::is_text_table(snapshot.schema)) return reply;
  TARN_ASSIGN(index::Indexer * builder, indexing.open());
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

}  // namespace tarn::workspace
