// pull and watch: what brings data in.
#include <fmt/format.h>

#include "connector/extract.h"
#include "ingest/text_table.h"
#include "workspace/workspace.h"

namespace tarn::workspace {
namespace {

using base::Result;
using base::Status;

ingest::PullRequest to_ingest(const PullRequest& request) {
  ingest::PullRequest inner;
  inner.source.url = request.source;
  inner.source.options = request.options;
  inner.table = request.into;
  inner.forget_options = request.default_reading;
  inner.dry_run = request.dry_run;
  inner.commit_every = static_cast<uint64_t>(request.commit_every);
  return inner;
}

}  // namespace

PullReply Workspace::to_reply(const ingest::PullReport& report, uint64_t encoded_before, uint64_t reused_before) {
  PullReply reply;
  reply.source = report.source;
  reply.table = report.table;
  reply.dry_run = report.dry_run;
  if (report.version.value >= 0 && !report.dry_run) reply.version = report.version.value;
  reply.commits = static_cast<int64_t>(report.versions.size());
  reply.added = static_cast<int64_t>(report.added);
  reply.changed = static_cast<int64_t>(report.changed);
  reply.renamed = static_cast<int64_t>(report.renamed);
  reply.deleted = static_cast<int64_t>(report.deleted);
  reply.unchanged = static_cast<int64_t>(report.unchanged);
  reply.taken_over = static_cast<int64_t>(report.taken_over);
  if (!report.options.members().empty()) reply.reading = connector::describe_options(report.options);
  reply.rejected = static_cast<int64_t>(report.rejected);
  reply.skipped = static_cast<int64_t>(report.skipped);
  reply.seen = reply.added + reply.changed + reply.renamed + reply.unchanged + reply.taken_over +
               static_cast<int64_t>(report.kept);
  reply.size_bytes = static_cast<int64_t>(report.bytes);
  reply.took_ms = report.seconds * 1000;
  if (const auto builder = indexer_.known()) {
    reply.encoded = static_cast<int64_t>((*builder)->encoded_count() - encoded_before);
    reply.passages = reply.encoded + static_cast<int64_t>((*builder)->reused_count() - reused_before);
  }
  for (const ingest::PlannedChange& change : report.changes) {
    if (!report.dry_run) break;
    PullChange planned{std::string(ingest::kind_name(change.kind)), change.uri, {}};
    if (!change.old_uri.empty()) planned.from = change.old_uri;
    reply.changes.push_back(std::move(planned));
  }
  for (const connector::Reject& reject : report.rejects)
    reply.rejects.push_back({reject.item, reject.place, reject.reason});
  reply.notes = report.notes;
  return reply;
}

Result<PullReply> Workspace::pull(const PullRequest& request, const base::Context& context) {
  Result<PullReply> last = Status(base::Code::internal, "the watch reported nothing");
  if (request.watch) {
    TARN_TRY(watch(request, context, [&](const Result<PullReply>& reply) { last = reply; }));
    return last;
  }
  TARN_ASSIGN(const std::string table, ingest::canonical_table(request.into));
  const auto lock = writing_.hold(table);
  ingest::Environment environment;
  if (!request.dry_run) TARN_TRY(check_encoder());
  // A dry run makes no lake; it compares with the one that is there.
  auto lake_parts = lake_environment(!request.dry_run, !request.dry_run);
  if (lake_parts.ok()) {
    environment.lake = *lake_parts;
  } else if (!request.dry_run || lake_parts.status().code() != base::Code::not_found) {
    return lake_parts.status();
  }
  std::unique_ptr<duck::Connection> connection;
  environment.connection = [&]() -> Result<duck::Connection*> {
    if (!connection) {
      TARN_ASSIGN(duck::Database * opened, database());
      TARN_ASSIGN(connection, opened->connect());
    }
    return connection.get();
  };
  environment.extract = connector::extract_in(pool());
  environment.extract_threads = options_.threads;
  const auto builder = indexer_.known();
  const uint64_t encoded = builder ? (*builder)->encoded_count() : 0, reused = builder ? (*builder)->reused_count() : 0;
  TARN_ASSIGN(ingest::PullReport report, ingest::pull(to_ingest(request), environment, context));
  return to_reply(report, encoded, reused);
}

Status Workspace::watch(const PullRequest& request, const base::Context& context,
                        const std::function<void(const Result<PullReply>&)>& report) {
  TARN_ASSIGN(const std::string table, ingest::canonical_table(request.into));
  const auto lock = writing_.hold(table);
  ingest::Environment environment;
  TARN_TRY(check_encoder());
  TARN_ASSIGN(environment.lake, lake_environment(true, true));
  std::unique_ptr<duck::Connection> connection;
  environment.connection = [&]() -> Result<duck::Connection*> {
    if (!connection) {
      TARN_ASSIGN(duck::Database * opened, database());
      TARN_ASSIGN(connection, opened->connect());
    }
    return connection.get();
  };
  environment.extract = connector::extract_in(pool());
  environment.extract_threads = options_.threads;
  TARN_ASSIGN(index::Indexer * builder, indexer());
  uint64_t encoded = builder->encoded_count(), reused = builder->reused_count();
  return ingest::watch(to_ingest(request), environment, context, [&](const Result<ingest::PullReport>& round) {
    report(round.ok() ? Result<PullReply>(to_reply(*round, encoded, reused)) : Result<PullReply>(round.status()));
    encoded = builder->encoded_count();
    reused = builder->reused_count();
    return true;
  });
}

}  // namespace tarn::workspace
