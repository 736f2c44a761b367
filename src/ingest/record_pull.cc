#include "ingest/record_pull.h"

#include <algorithm>
#include <optional>

#include "duck/cancel_watch.h"
#include "ingest/gone.h"
#include "ingest/ingest.h"
#include "ingest/notes.h"
#include "ingest/record_rows.h"
#include "ingest/rejects.h"
#include "ingest/target.h"
#include "lake/changed_since.h"
#include "lake/table_name.h"

namespace tarn::ingest {
namespace {

class RecordPull final : public connector::Sink {
 public:
  RecordPull(const PullRequest& request, const Environment& environment, const connector::Descriptor& kind,
             const base::Context& context)
      : request_(request), environment_(environment), kind_(kind), context_(context) {}

  base::Result<PullReport> run() {
    const base::Stopwatch stopwatch;
    TARN_ASSIGN(report_.table, lake::full_name(request_.table));
    TARN_ASSIGN(report_.source, kind_.locate(request_.source.url));
    source_id_ = connector::source_id(report_.source);
    report_.dry_run = request_.dry_run;
    const int64_t now_us = (environment_.lake.clock ? *environment_.lake.clock : base::system_clock()).now_us();
    TARN_ASSIGN(target_, Target::open_any(environment_.lake, report_.table, {report_.source, source_id_, now_us},
                                          request_.dry_run, context_));
    TARN_TRY(refuse_others_table());
    connector::Source located = request_.source;
    located.url = report_.source;
    if (!request_.forget_options) located.options = connector::with_kept(kind_, target_->options(), located.options);
    options_ = connector::kept_options(kind_, located.options);
    if (!options_.members().empty()) report_.reading = connector::describe_options(options_);
    TARN_ASSIGN(const auto connector, kind_.open(located));
    connector::RunOptions options = request_.run;
    // What waits to be believed is compared again.
    const bool waits = target_->state() && target_->state()->doubted > 0;
    options.everything =
        options.everything || target_->interrupted() || others_changed_table() || (waits && request_.believe_deletions);
    const json::Value bookmark = target_->state() ? target_->state()->connector : json::Value();
    auto outcome = connector->run(bookmark, options, *this, context_);
    const base::Status status = outcome.ok() ? finish(std::move(*outcome), now_us) : outcome.status();
    if (!status.ok()) return context_.reason(status);
    report_.close(stopwatch);
    return std::move(report_);
  }

  base::Status table(connector::RecordTable table) override {
    TARN_ASSIGN(duck::Connection * connection, this->connection());
    TARN_ASSIGN(rows_, RecordRows::make(*connection, std::move(table),
                                        target_->exists() ? &target_->snapshot().schema : nullptr, report_.table));
    return {};
  }
  base::Status records(std::vector<connector::Record> batch) override {
    TARN_TRY(context_.check());
    TARN_CHECK(rows_ != nullptr);
    return rows_->add(batch);
  }
  void reject(connector::Reject reject) override { rejects_.push_back(std::move(reject)); }

  base::Status upsert(connector::Item) override { return no_documents(); }
  base::Status rename(const std::string&, connector::Item) override { return no_documents(); }
  void unchanged(const std::string&) override {}
  void unchanged_below(const std::string&, uint64_t) override {}
  bool wants_again(const std::string&) override { return false; }
  void keep(const std::string&) override {}
  void keep_below(const std::string&) override {}
  void vanish(const std::string&) override {}

 private:
  base::Status no_documents() const {
    return {base::Code::internal, "the connector '" + kind_.name + "' gives documents, and says that it has records"};
  }

  base::Status refuse_others_table() const {
    if (report_.table == kDocuments) {
      return {base::Code::invalid_argument,
              "a source of records needs a table of its own, and " + report_.table + " is for documents",
              "name one with --into"};
    }
    // One without rows has nothing to lose: a pull that was stopped leaves such a table.
    if (!target_->exists() || target_->current() || target_->snapshot().files.empty()) return {};
    return {base::Code::invalid_argument, report_.table + " was not made by " + report_.source,
            "a table of records has one source: name another table with --into"};
  }

  // Records of one key are one row. Files of other engines need not say how many rows they have.
  uint64_t rows_of(uint64_t records) const {
    int64_t live = 0;
    for (const auto& [path, file] : target_->snapshot().files) {
      if (!file.row_count()) return records;
      live += *file.row_count() - (file.deletion_vector ? file.deletion_vector->cardinality : 0);
    }
    return std::min(records, static_cast<uint64_t>(std::max<int64_t>(0, live)));
  }

  base::Result<duck::Connection*> connection() {
    if (!connection_) {
      TARN_ASSIGN(connection_, environment_.connection());
      watch_.emplace(*connection_, context_);
    }
    return connection_;
  }

  // By SQL, forget or restore: then the source is not the same as the table, also where it did not change.
  bool others_changed_table() const {
    return target_->exists() && lake::changed_since(target_->table(), target_->snapshot(), source_id_);
  }

  base::Status compare(const connector::Outcome& outcome) {
    if (outcome.found == connector::Found::same) {
      report_.unchanged = rows_of(outcome.unchanged_records);
      report_.doubted = target_->state() ? target_->state()->doubted : 0;
      return {};
    }
    if (!rows_) {
      if (!target_->exists()) return {};
      return {base::Code::unavailable, report_.source + " has no records now; nothing was deleted",
              "pull again when it has, or take the rows away with SQL: DELETE FROM " + report_.table};
    }
    lake::Select live;
    if (target_->exists()) {
      TARN_ASSIGN(live, target_->table().select(target_->snapshot(), {}, false));
    }
    TARN_TRY(rows_->compare(live.sql, outcome.complete && kind_.deletions == connector::Deletions::listing));
    report_.added = rows_->added();
    report_.changed = rows_->changed();
    report_.unchanged = rows_->records() - report_.added - report_.changed;
    if (const uint64_t repeated = rows_->repeated(); repeated > 0) {
      report_.notes.push_back(
          std::to_string(repeated) +
          (repeated == 1 ? " record has a key that a later one has" : " records have a key that a later one has") +
          ": the last of a key counts");
    }
    const uint64_t gone = rows_->gone().size();
    if (doubted(gone, gone + report_.changed + report_.unchanged, belief(target_->state(), request_))) {
      report_.doubted = gone;
      rows_->keep_what_is_gone();
    } else {
      report_.deleted = gone;
    }
    TARN_ASSIGN(const auto changes, rows_->first_changes(kReportedItems));
    for (const RecordChange& change : changes) {
      report_.changes.push_back({change.is_new ? PlannedChange::Kind::added : PlannedChange::Kind::changed,
                                 report_.source + "#" + change.key,
                                 {}});
    }
    return {};
  }

  base::Status finish(connector::Outcome outcome, int64_t now_us) {
    TARN_TRY(context_.check());
    report_.size_bytes = outcome.bytes_read;
    report_.notes = std::move(outcome.notes);
    const State* before = target_->state();
    TARN_TRY(compare(outcome));
    tell_what_is_doubted(report_, &report_.notes);
    State state{{}, std::move(outcome.bookmark), {}, options_, {}, {}, report_.doubted};
    // What is the same is rejected for the same reasons.
    state.rejects =
        outcome.found == connector::Found::news || !before ? one_for_each_item(std::move(rejects_)) : before->rejects;
    report_rejects(state.rejects, report_);
    if (request_.dry_run) return {};
    if (target_->exists()) report_.version = target_->version();

    const bool rejects_moved = target_->beside_unsure() || before->rejects != state.rejects;
    const bool same = before && outcome.found == connector::Found::same && before->options == state.options;
    if (same && !target_->interrupted() && !rejects_moved) return {};
    TARN_ASSIGN(duck::Connection * connection, this->connection());
    if (rejects_moved) {
      if (rows_ || target_->exists()) {
        TARN_TRY(target_->announce(rows_ ? rows_->schema() : std::vector<delta::Field>(), state, context_));
      }
      const RejectScope scope{report_.table, report_.source, source_id_ + "@" + base::format_utc(now_us), now_us};
      TARN_TRY(store_rejects(environment_.lake, *connection, scope, state.rejects, context_));
    }
    if (!rows_ && !target_->exists()) return {};  // there is nothing to make a table of
    TARN_ASSIGN(const base::Version version,
                target_->commit_records(*connection, rows_.get(), state, parameters(), context_));
    ++report_.commits;
    report_.version = version;
    return {};
  }

  json::Value parameters() const {
    return json::Value::object({{"source", report_.source},
                                {"added", report_.added},
                                {"changed", report_.changed},
                                {"deleted", report_.deleted}});
  }

  const PullRequest& request_;
  const Environment& environment_;
  const connector::Descriptor& kind_;
  const base::Context& context_;
  PullReport report_;
  std::string source_id_;
  json::Value options_;  // of the source that are kept with it, where not by default
  std::optional<Target> target_;
  duck::Connection* connection_ = nullptr;
  std::optional<duck::CancelWatch> watch_;  // of all that runs on it
  std::unique_ptr<RecordRows> rows_;
  std::vector<connector::Reject> rejects_;
};

}  // namespace

base::Result<PullReport> pull_records(const PullRequest& request, const Environment& environment,
                                      const connector::Descriptor& kind, const base::Context& context) {
  return RecordPull(request, environment, kind, context).run();
}

}  // namespace tarn::ingest
