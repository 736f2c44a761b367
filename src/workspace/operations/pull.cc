#include "workspace/operations/pull.h"

#include "connector/descriptor.h"
#include "ingest/ingest.h"
#include "lake/table_name.h"
#include "workspace/databases.h"
#include "workspace/indexing.h"
#include "workspace/model.h"
#include "workspace/options.h"
#include "workspace/table_locks.h"
#include "workspace/tables.h"
#include "workspace/workers.h"

namespace tarn::workspace {

using base::Code;
using base::Result;
using base::Status;
using operation::Face;

namespace {

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

// What the indexer has counted up to now.
struct Counted {
  explicit Counted(const index::Indexer* builder)
      : encoded(builder ? builder->encoded_count() : 0), reused(builder ? builder->reused_count() : 0) {}
  uint64_t encoded, reused;
};

PullReply to_reply(const ingest::PullReport& report, const Counted& before, const Counted& now) {
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
  reply.encoded = static_cast<int64_t>(now.encoded - before.encoded);
  reply.passages = reply.encoded + static_cast<int64_t>(now.reused - before.reused);
  for (const ingest::PlannedChange& change : report.changes) {
    if (!report.dry_run) break;
    PullChange planned{std::string(ingest::kind_name(change.kind)), change.uri, {}};
    if (!change.old_uri.empty()) planned.from = change.old_uri;
    reply.changes.push_back(std::move(planned));
  }
  for (const connector::Reject& reject : report.rejects) {
    reply.rejects.push_back({reject.item, reject.place, reject.reason});
  }
  reply.notes = report.notes;
  return reply;
}

}  // namespace

std::vector<operation::FieldShape> source_options() { return connector::every_option(); }

operation::Declaration<PullRequest, PullReply> Pull::declare() {
  operation::Operation o;
  o.name = "pull";
  o.faces = {Face::cli};
  o.doc = "bring a source into a table, or the table up to date";
  o.help = R"(Reads what is new or changed, notices what was renamed or deleted, and commits rows, deletions and the
source's bookmark together. What is committed can be searched at once. A second pull of an unchanged source writes
nothing. A pull that was stopped goes on where it stopped. What cannot be read is rejected; what is of a kind that is
not read, such as a picture, is skipped: both are kept with the reason in the table tarn.rejects. A folder's
.gitignore and .tarnignore files are obeyed, and in a repository those above it. Where a folder lies within one
that is pulled into the same table, each file is one row, whichever is pulled. The records of jsonl:FILE go into a
table of their own. Exit code 1 when an item was rejected; the rest is committed.)";
  o.examples = {
      {"tarn pull ~/notes", "a folder into main.docs"},
      {"tarn pull ./manual --into main.manual --include '**/*.html'", "some files of it into a table of their own"},
      {"tarn pull ~/notes --dry-run", "what would change"},
      {"tarn pull ~/notes --as 'markdown:*.qmd'", "files of another name as Markdown, now and later"},
      {"tarn pull jsonl:ships.jsonl --into main.ships --key number",
       "records, each line one, with its members as columns"},
      {"tarn pull ~/notes --watch", "keep the table up to date"}};
  o.errors = {{Code::not_found, "the source is not there"},
              {Code::conflict, "another pull of this source is running"},
              {Code::exhausted, "the disk is full; what was committed stays"}};
  o.read_only = false;
  o.summary = true;
  o.list = "rejects";
  return operation::declare<PullRequest, PullReply>(std::move(o),
                                                    [](const PullReply& r) { return r.rejected == 0 ? 0 : 1; });
}

Result<PullReply> Pull::run(const PullRequest& request, const OpenOptions& options, Tables& tables,
                            Databases& databases, Indexing& indexing, Model& model, Workers& workers, TableLocks& locks,
                            const operation::Sink<PullReply>& rounds, const base::Context& context) {
  TARN_ASSIGN(const std::string table, lake::full_name(request.into));
  const auto lock = locks.hold(table);
  const bool writes = request.watch || !request.dry_run;
  ingest::Environment environment;
  if (writes) TARN_TRY(model.check());
  // A dry run makes no lake; it compares with the one that is there.
  auto lake_parts = tables.lake_environment(writes, writes);
  if (lake_parts.ok()) {
    environment.lake = *lake_parts;
  } else if (writes || lake_parts.status().code() != base::Code::not_found) {
    return lake_parts.status();
  }
  std::unique_ptr<duck::Connection> connection;
  environment.connection = [&]() -> Result<duck::Connection*> {
    if (!connection) {
      TARN_ASSIGN(connection, databases.connect());
    }
    return connection.get();
  };
  environment.extract = ingest::extract_in(workers.extraction());
  environment.extract_threads = options.threads;
  Counted before(indexing.known());
  if (!request.watch) {
    TARN_ASSIGN(const ingest::PullReport report, ingest::pull(to_ingest(request), environment, context));
    return to_reply(report, before, Counted(indexing.known()));
  }
  Result<PullReply> last = Status(base::Code::internal, "the watch reported nothing");
  TARN_TRY(ingest::watch(to_ingest(request), environment, context, [&](const Result<ingest::PullReport>& round) {
    const Counted now(indexing.known());
    last = round.ok() ? Result<PullReply>(to_reply(*round, before, now)) : Result<PullReply>(round.status());
    before = now;
    return !rounds || rounds(last);
  }));
  return last;
}

}  // namespace tarn::workspace
