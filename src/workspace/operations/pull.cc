#include "workspace/operations/pull.h"

#include <algorithm>

#include "base/clock.h"
#include "connector/descriptor.h"
#include "lake/table_name.h"
#include "workspace/databases.h"
#include "workspace/indexing.h"
#include "workspace/last_pulls.h"
#include "workspace/model.h"
#include "workspace/named_sources.h"
#include "workspace/options.h"
#include "workspace/pull_plan.h"
#include "workspace/table_locks.h"
#include "workspace/tables.h"
#include "workspace/workers.h"

namespace tarn::workspace {

using base::Code;
using base::Result;
using base::Status;
using operation::Face;

namespace {

// What the indexer has counted up to now.
struct Counted {
  explicit Counted(const index::Indexer* builder)
      : encoded(builder ? builder->encoded_count() : 0), reused(builder ? builder->reused_count() : 0) {}
  uint64_t encoded, reused;
};

PullReply to_reply(ingest::PullReport report, const Counted& before, const Counted& now) {
  PullReply reply{std::move(report)};
  if (!reply.dry_run) reply.changes.clear();
  reply.encoded = now.encoded - before.encoded;
  reply.passages = reply.encoded + now.reused - before.reused;
  return reply;
}

// The parts of the workspace that a pull needs.
struct Parts {
  const OpenOptions& options;
  Tables& tables;
  Databases& databases;
  Indexing& indexing;
  Model& model;
  Workers& workers;
  TableLocks& locks;
  NamedSources& sources;
};

// How it ended, for `tarn sources`. Another pull of the source under way says so itself.
void remember(const PullPlan& plan, const std::string& table, const Status& status, const lake::Environment& lake) {
  if (plan.request.dry_run || lake.store == nullptr || status.code() == Code::conflict) return;
  const auto kind = connector::find(plan.connectors, plan.request.source.url);
  const auto source = kind.ok() ? (*kind)->canonical(plan.request.source.url) : kind.status();
  if (!source.ok()) return;
  const std::string id = connector::source_id(*source);
  // A path that was mistyped is no source.
  if (plan.name.empty() && status.code() == Code::not_found && !last_pull(*lake.store, table, id)) return;
  const base::Clock& clock = lake.clock != nullptr ? *lake.clock : base::system_clock();
  LastPull last{status.ok() ? "ok" : "failed", base::format_utc(clock.now_us()), {}, status.message()};
  if (status.code() == Code::cancelled) last = {"stopped", last.ended_at, {}, ""};
  put_last_pull(*lake.store, table, id, std::move(last));
}

Result<PullReply> pull_one(const PullRequest& request, const std::optional<connector::NamedSource>& named,
                           const Parts& parts, const operation::Sink<PullReply>& rounds, const base::Context& context) {
  TARN_ASSIGN(PullPlan plan, plan_pull(request, named, parts.sources));
  TARN_ASSIGN(const std::string table, lake::full_name(plan.request.table));
  const Status secret = fetch_secret(context, &plan);  // before the lock: a keyring may ask its user
  const auto lock = parts.locks.hold(table);
  const bool writes = request.watch || !request.dry_run;
  ingest::Environment environment;
  if (writes) TARN_TRY(parts.model.check());
  // A dry run makes no lake; it compares with the one that is there.
  auto lake_parts = parts.tables.lake_environment(writes, writes);
  if (lake_parts.ok()) {
    environment.lake = *lake_parts;
  } else if (writes || lake_parts.status().code() != base::Code::not_found) {
    return lake_parts.status();
  }
  if (!secret.ok()) {
    remember(plan, table, secret, environment.lake);
    return secret;
  }
  std::unique_ptr<duck::Connection> connection;
  environment.connection = [&]() -> Result<duck::Connection*> {
    if (!connection) {
      TARN_ASSIGN(connection, parts.databases.connect());
    }
    return connection.get();
  };
  environment.extract = ingest::extract_in(parts.workers.extraction());
  environment.extract_threads = parts.options.threads;
  environment.connectors = &plan.connectors;
  Counted before(parts.indexing.known());
  if (!request.watch) {
    auto report = ingest::pull(plan.request, environment, context);
    remember(plan, table, report.status(), environment.lake);
    if (!report.ok()) return report.status();
    return to_reply(*std::move(report), before, Counted(parts.indexing.known()));
  }
  Result<PullReply> last = Status(base::Code::internal, "the watch reported nothing");
  const Status ended = ingest::watch(plan.request, environment, context, [&](const Result<ingest::PullReport>& round) {
    const Counted now(parts.indexing.known());
    remember(plan, table, round.status(), environment.lake);
    last = round.ok() ? Result<PullReply>(to_reply(*round, before, now)) : Result<PullReply>(round.status());
    before = now;
    return !rounds || rounds(last);
  });
  if (!ended.ok()) return ended;
  return last;
}

void add(const PullReply& one, PulledSource* source, PullReply* sum) {
  source->state = one.doubted > 0 ? "waiting" : one.rejected > 0 ? "rejected" : "ok";
  const auto count = [&](auto field, auto of_source) {
    source->*of_source = one.*field;
    sum->*field += one.*field;
  };
  count(&PullReply::added, &PulledSource::added);
  count(&PullReply::changed, &PulledSource::changed);
  count(&PullReply::renamed, &PulledSource::renamed);
  count(&PullReply::deleted, &PulledSource::deleted);
  count(&PullReply::unchanged, &PulledSource::unchanged);
  count(&PullReply::rejected, &PulledSource::rejected);
  constexpr uint64_t PullReply::* kSummed[] = {&PullReply::commits,    &PullReply::doubted,   &PullReply::seen,
                                               &PullReply::taken_over, &PullReply::skipped,   &PullReply::passages,
                                               &PullReply::encoded,    &PullReply::size_bytes};
  for (const auto field : kSummed) sum->*field += one.*field;
  for (const connector::Reject& reject : one.rejects) {
    if (sum->rejects.size() < ingest::kReportedItems) sum->rejects.push_back(reject);
  }
  for (const std::string& note : one.notes) sum->notes.push_back(source->name + ": " + note);
}

Result<PullReply> pull_all(const PullRequest& request, const Parts& parts, const base::Context& context) {
  if (!request.source.empty() || request.watch || !request.into.empty() || !request.options.members().empty() ||
      request.believe_deletions) {
    return Status(Code::invalid_argument, "--all takes every source as tarn.toml says, once",
                  "name the source that is to be pulled otherwise");
  }
  TARN_ASSIGN(const auto named, parts.sources.all());
  if (named.empty()) {
    return Status(Code::not_found, parts.sources.file() + " names no source",
                  "a table [sources.NAME] with a url is one");
  }
  const base::Stopwatch stopwatch;
  PullReply sum;
  sum.source = parts.sources.file();
  sum.dry_run = request.dry_run;
  for (const connector::NamedSource& source : named) {
    PullRequest one = request;
    one.all = false;
    one.source = source.name;
    PulledSource pulled;
    pulled.name = source.name;
    pulled.table = source.into;
    const auto reply = pull_one(one, source, parts, {}, context);
    TARN_TRY(context.check());
    if (reply.ok()) {
      pulled.table = reply->table;
      add(*reply, &pulled, &sum);
    } else {
      pulled.state = "failed";
      pulled.code = std::string(base::code_name(reply.status().code()));
      pulled.problem = reply.status().message();
      if (!reply.status().hint().empty()) pulled.remedy = reply.status().hint();
    }
    sum.pulls.push_back(std::move(pulled));
  }
  sum.took_ms = stopwatch.elapsed_ms();
  return sum;
}

}  // namespace

int64_t PullReply::failed() const {
  return std::count_if(pulls.begin(), pulls.end(), [](const PulledSource& pull) { return pull.state == "failed"; });
}

std::vector<operation::FieldShape> source_options() { return connector::every_option(); }

operation::Declaration<PullRequest, PullReply> Pull::declare() {
  operation::Operation o;
  o.name = "pull";
  o.faces = {Face::cli};
  o.doc = "bring a source into a table, or the table up to date";
  o.help = R"(Reads what is new or changed, notices what was renamed or deleted, and commits rows, deletions and the
source's bookmark together. What is committed can be searched at once. A second pull of an unchanged source commits
nothing. A pull that was stopped goes on where it stopped. What cannot be read is rejected; what is of a kind that is
not read, such as a picture, is skipped: both are kept with the reason in the table tarn.rejects. A folder's
.gitignore and .tarnignore files are obeyed, and in a repository those above it. Where a folder lies within one
that is pulled into the same table, each file is one row, whichever is pulled. The records of jsonl:FILE go into a
table of their own. A table [sources.NAME] in the lake's tarn.toml gives a source a name, with its options and where its
secret is kept; a folder of that name is then written ./NAME. A source that lost half of its items at once, ten
or more, is not believed: they stay until a pull says --believe-deletions N. Exit code 1 when an item was rejected, or
deletions wait; the rest is committed. Of --all, one source's failure does not stop the others: exit code 1 says that
there was one.)";
  o.examples = {
      {"tarn pull ~/notes", "a folder into main.docs"},
      {"tarn pull ./manual --into main.manual --include '**/*.html'", "some files of it into a table of their own"},
      {"tarn pull ~/notes --dry-run", "what would change"},
      {"tarn pull ~/notes --as 'markdown:*.qmd'", "files of another name as Markdown, now and later"},
      {"tarn pull jsonl:ships.jsonl --into main.ships --key number",
       "records, each line one, with its members as columns"},
      {"tarn pull ~/notes --watch", "keep the table up to date"},
      {"tarn pull --all", "every source that tarn.toml names"}};
  o.errors = {{Code::not_found, "the source is not there"},
              {Code::invalid_argument, "tarn.toml has something in it that is not understood"},
              {Code::conflict, "another pull of this source is running"},
              {Code::exhausted, "the disk is full; what was committed stays"}};
  o.read_only = false;
  o.summary = true;
  o.list = "rejects";
  return operation::declare<PullRequest, PullReply>(
      std::move(o), [](const PullReply& r) { return r.rejected + r.doubted + r.failed() == 0 ? 0 : 1; });
}

Result<PullReply> Pull::run(const PullRequest& request, const OpenOptions& options, Tables& tables,
                            Databases& databases, Indexing& indexing, Model& model, Workers& workers, TableLocks& locks,
                            NamedSources& sources, const operation::Sink<PullReply>& rounds,
                            const base::Context& context) {
  const Parts parts{options, tables, databases, indexing, model, workers, locks, sources};
  if (request.all) return pull_all(request, parts, context);
  if (request.watch && request.believe_deletions) {
    return Status(Code::invalid_argument, "--believe-deletions is said of one pull, and --watch makes many",
                  "pull once with it, and then watch");
  }
  TARN_ASSIGN(const auto named, sources.find(request.source));
  return pull_one(request, named, parts, rounds, context);
}

}  // namespace tarn::workspace
