#include <algorithm>
#include <optional>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "base/hash.h"
#include "ingest/extraction.h"
#include "ingest/ingest.h"
#include "ingest/rejects.h"
#include "ingest/rows.h"
#include "ingest/state.h"
#include "ingest/target.h"
#include "ingest/text_table.h"

namespace tarn::ingest {
namespace {

using Kind = PlannedChange::Kind;

duck::Cell text_or_null(std::string text) { return text.empty() ? duck::Cell() : duck::Cell(std::move(text)); }
duck::Cell time_or_null(std::optional<int64_t> a, std::optional<int64_t> b) {
  return a ? duck::Cell(*a) : b ? duck::Cell(*b) : duck::Cell();
}

// Is told by a connector what there is, and turns it into commits.
class Pull final : public connector::Sink {
 public:
  Pull(const PullRequest& request, const Environment& environment, const base::Context& context)
      : request_(request), environment_(environment), context_(context) {}

  base::Result<PullReport> run() {
    base::Stopwatch stopwatch;
    TARN_ASSIGN(report_.table, canonical_table(request_.table));
    TARN_ASSIGN(auto connector, environment_.connect(request_.source));
    report_.source = connector->source();
    report_.source_id = connector::source_id(report_.source);
    report_.dry_run = request_.dry_run;
    started_us_ = (environment_.lake.clock ? *environment_.lake.clock : base::system_clock()).now_us();
    TARN_ASSIGN(target_, Target::open(environment_.lake, report_.table,
                                      {report_.source, report_.source_id, started_us_}, request_.dry_run));
    read_state();

    connector::Options options = request_.options;
    options.everything = options.everything || resend_;
    json::Value bookmark = target_->state() ? target_->state()->connector : json::Value();
    auto outcome = connector->run(bookmark, options, *this, context_);
    base::Status status = outcome.ok() ? finish(std::move(*outcome)) : outcome.status();
    extraction_.reset();
    if (!status.ok()) return explain(std::move(status));
    report_.seconds = stopwatch.elapsed_ms() / 1000;
    return std::move(report_);
  }

  base::Status upsert(connector::Item item) override {
    TARN_TRY(context_.check());
    touched_ = true;
    if (!name_once(item.uri)) return {};
    TARN_TRY(load_live());
    LiveRow* live = live_.find(item.uri);
    if (live && !item.source_version.empty() && live->source_version == item.source_version &&
        live->extractor == document::kExtractorVersion && !live->renamed) {
      ++report_.unchanged;  // an earlier pull, perhaps one that was killed, brought it
      return {};
    }
    // The row that a renamed document left behind under this uri is not this one's.
    bool replaces = live && !live->renamed;
    std::string id = replaces ? live->id : live_.new_id(report_.source_id, item.uri);
    PlannedChange change{replaces ? Kind::changed : Kind::added, item.uri, {}};
    return queue(std::move(item), std::move(id), std::move(change));
  }

  base::Status rename(const std::string& old_uri, connector::Item item) override {
    TARN_TRY(context_.check());
    TARN_TRY(load_live());
    LiveRow* old = live_.find(old_uri);
    // A pull that was killed may have moved it already.
    if (!old || old->renamed || live_.find(item.uri)) return upsert(std::move(item));
    touched_ = true;
    if (!name_once(item.uri)) return {};
    old->renamed = true;
    PlannedChange change{Kind::renamed, item.uri, old_uri};
    return queue(std::move(item), old->id, std::move(change));
  }

  void unchanged(const std::string& uri) override {
    if (!name_once(uri)) return;
    auto before = old_rejects_.find(uri);
    if (before == old_rejects_.end()) {
      ++report_.unchanged;
    } else {
      rejects_.push_back(*before->second);  // it is still what it was then
    }
  }

  void keep(const std::string& uri) override { kept_.insert(uri); }
  void keep_below(const std::string& uri_prefix) override { kept_below_.push_back(uri_prefix); }
  void vanish(const std::string& uri) override {
    touched_ = true;
    vanished_.push_back(uri);
  }
  void reject(connector::Reject reject) override { rejects_.push_back(std::move(reject)); }

 private:
  void read_state() {
    const State* state = target_->state();
    resend_ = target_->interrupted() || (state && state->extractor != document::kExtractorVersion);
    if (!state) return;
    for (const auto& r : state->rejects) old_rejects_.emplace(r.item, &r);
  }

  bool name_once(const std::string& uri) {
    if (named_.insert(uri).second) return true;
    rejects_.push_back({uri, "", "the source names it twice"});
    return false;
  }

  base::Result<duck::Connection*> connection() {
    if (!connection_) {
      TARN_ASSIGN(connection_, environment_.connection());
    }
    return connection_;
  }

  base::Status load_live() {
    if (live_loaded_) return {};
    live_loaded_ = true;
    if (!target_->exists()) return {};
    TARN_ASSIGN(auto* connection, this->connection());
    return live_.load(target_->table(), target_->snapshot(), *connection, report_.source);
  }

  void count(const PlannedChange& change) {
    switch (change.kind) {
      case Kind::added:
        ++report_.added;
        break;
      case Kind::changed:
        ++report_.changed;
        break;
      case Kind::renamed:
        ++report_.renamed;
        break;
      case Kind::deleted:
        ++report_.deleted;
        break;
    }
    if (report_.changes.size() < kReportedItems) report_.changes.push_back(change);
  }

  base::Status queue(connector::Item item, std::string id, PlannedChange change) {
    if (request_.dry_run) {
      count(change);
      return {};
    }
    if (item.load) {
      auto bytes = item.load();
      if (!bytes.ok()) {
        keep(item.uri);
        if (!change.old_uri.empty()) keep(change.old_uri);
        reject({item.uri, "", bytes.status().message()});
        return {};
      }
      item.bytes = std::move(*bytes);
    }
    if (!extraction_)
      extraction_ = std::make_unique<Extraction>(environment_.extract, std::max(1, environment_.extract_threads),
                                                 [this](Task task, base::Result<document::Document> document) {
                                                   return add(std::move(task), std::move(document));
                                                 });
    return extraction_->put({std::move(item), std::move(id), std::move(change)}, context_);
  }

  // An extracted document becomes a row; a full step is committed when one more comes.
  base::Status add(Task task, base::Result<document::Document> extracted) {
    if (!extracted.ok()) {
      base::Code code = extracted.status().code();
      if (code == base::Code::cancelled || code == base::Code::unavailable)
        return extracted.status();  // not the document's fault
      keep(task.item.uri);
      if (!task.change.old_uri.empty()) keep(task.change.old_uri);
      reject({task.item.uri, "", extracted.status().message()});
      return {};
    }
    if (rows_ && step_is_full()) TARN_TRY(commit_step());
    if (!rows_) {
      TARN_ASSIGN(auto* connection, this->connection());
      rows_ = std::make_unique<RowBuffer>(*connection, text_schema());
    }
    step_bytes_ += extracted->body.size();
    any_live_ = any_live_ || live_.is_live(task.id);
    TARN_TRY(rows_->add(row(task, std::move(*extracted))));
    count(task.change);
    ++documents_;
    return {};
  }

  // Cells in the order of text_schema().
  std::vector<duck::Cell> row(Task& task, document::Document d) const {
    connector::Item& item = task.item;
    duck::CellList labels;
    std::set<std::string> seen;
    for (auto* list : {&d.labels, &item.labels})
      for (std::string& label : *list)
        if (seen.insert(label).second) labels.emplace_back(std::move(label));
    json::Value extra = std::move(d.extra);
    for (const auto& [key, value] : item.extra.members())
      if (!extra.contains(key))
        extra.set(key, value);
      else
        extra.set("source." + key, value);
    std::string hash = base::hash128(d.body).hex();
    return {std::move(task.id),
            report_.source,
            std::move(item.uri),
            std::move(d.title),
            std::move(d.body),
            std::move(d.mime),
            text_or_null(std::move(d.lang)),
            text_or_null(d.author.empty() ? std::move(item.author) : std::move(d.author)),
            time_or_null(d.created_at_us, item.created_at_us),
            time_or_null(d.updated_at_us, item.modified_at_us),
            text_or_null(std::move(item.source_version)),
            std::move(labels),
            text_or_null(std::move(item.parent)),
            std::move(hash),
            json::write(extra),
            started_us_,
            int64_t{document::kExtractorVersion}};
  }

  bool step_is_full() const {
    if (request_.commit_every > 0) return rows_->rows() >= request_.commit_every;
    return rows_->rows() >= kCommitDocuments || step_bytes_ >= kCommitBytes;
  }

  base::Status commit_step() {
    TARN_ASSIGN(auto version, target_->commit_step(*connection_, *rows_, any_live_));
    report_.versions.push_back(version);
    committed_ = documents_;
    step_bytes_ = 0;
    any_live_ = false;
    return rows_->clear();
  }

  bool is_kept(const std::string& uri) const {
    if (kept_.contains(uri)) return true;
    return std::any_of(kept_below_.begin(), kept_below_.end(),
                       [&](const auto& prefix) { return uri.starts_with(prefix); });
  }

  // Ids of rows whose item is gone.
  base::Result<std::vector<std::string>> find_deleted(bool complete) {
    std::vector<std::string> ids;
    if (!touched_ && !resend_) return ids;
    TARN_TRY(load_live());
    auto take = [&](const std::string& uri, const LiveRow& row) {
      if (row.renamed || named_.contains(uri) || is_kept(uri)) return;
      ids.push_back(row.id);
      count({Kind::deleted, uri, {}});
    };
    if (complete) {
      std::vector<const std::pair<const std::string, LiveRow>*> rows;
      for (const auto& row : live_.by_uri()) rows.push_back(&row);
      std::sort(rows.begin(), rows.end(), [](auto* a, auto* b) { return a->first < b->first; });
      for (const auto* row : rows) take(row->first, row->second);
    } else {
      std::sort(vanished_.begin(), vanished_.end());
      vanished_.erase(std::unique(vanished_.begin(), vanished_.end()), vanished_.end());
      for (const std::string& uri : vanished_)
        if (const LiveRow* row = live_.find(uri)) take(uri, *row);
    }
    return ids;
  }

  base::Status finish(connector::Outcome outcome) {
    if (extraction_) TARN_TRY(extraction_->finish(context_));
    TARN_TRY(context_.check());
    report_.bytes = outcome.bytes_read;
    TARN_ASSIGN(auto deleted, find_deleted(outcome.complete));
    if (live_loaded_)
      for (const auto& [uri, row] : live_.by_uri()) report_.kept += is_kept(uri) && !row.renamed ? 1 : 0;
    if (!outcome.complete) carry_rejects();
    State state{document::kExtractorVersion, std::move(outcome.bookmark), one_for_each_item(std::move(rejects_))};
    for (const bool skipped : {false, true}) {  // failures first
      for (const auto& r : state.rejects) {
        if (r.skipped != skipped) continue;
        ++(skipped ? report_.skipped : report_.rejected);
        if (report_.rejects.size() < kReportedItems) report_.rejects.push_back(r);
      }
    }
    if (target_->exists()) report_.version = target_->version();
    if (request_.dry_run) return {};

    const State* before = target_->state();
    bool rejects_moved = !before ? !state.rejects.empty() : before->rejects != state.rejects;
    // A bookmark that differs in its cache only (touched files) is not worth a version; the next pull looks at them again.
    if (before && !resend_ && !report_.moved() && !rejects_moved) return {};
    if (rejects_moved || target_->interrupted()) {
      TARN_ASSIGN(auto* connection, this->connection());
      RejectScope scope{report_.table, report_.source, report_.source_id + "@" + base::format_utc(started_us_),
                        started_us_};
      TARN_TRY(store_rejects(environment_.lake, *connection, scope, state.rejects));
    }
    if (!deleted.empty()) TARN_TRY(base::as_status(connection()));
    TARN_ASSIGN(auto version, target_->commit_last(connection_, rows_.get(), any_live_, deleted, state, parameters()));
    report_.versions.push_back(version);
    report_.version = version;
    rows_.reset();
    return {};
  }

  // Of items that an incremental source did not name.
  void carry_rejects() {
    std::unordered_set<std::string> gone(vanished_.begin(), vanished_.end());
    for (const auto& [uri, reject] : old_rejects_)
      if (!named_.contains(uri) && !gone.contains(uri)) rejects_.push_back(*reject);
  }

  json::Value parameters() const {
    return json::Value::object({{"source", report_.source},
                                {"added", report_.added},
                                {"changed", report_.changed},
                                {"renamed", report_.renamed},
                                {"deleted", report_.deleted}});
  }

  base::Status explain(base::Status status) const {
    if (committed_ == 0) return status;
    std::string so_far =
        std::to_string(committed_) + " documents in " + std::to_string(report_.versions.size()) + " commits stay";
    return base::Status(status.code(), status.message() + "; " + so_far,
                        status.hint().empty() ? "pull again: it goes on from there" : status.hint());
  }

  const PullRequest& request_;
  const Environment& environment_;
  const base::Context& context_;
  PullReport report_;
  int64_t started_us_ = 0;
  std::optional<Target> target_;
  duck::Connection* connection_ = nullptr;
  LiveRows live_;
  bool live_loaded_ = false;
  bool resend_ = false;   // each item is named as new: an interrupted pull or a new extractor
  bool touched_ = false;  // something was new, changed, renamed or gone
  std::unordered_map<std::string, const connector::Reject*> old_rejects_;
  std::unordered_set<std::string> named_, kept_;
  std::vector<std::string> kept_below_, vanished_;
  std::vector<connector::Reject> rejects_;
  std::unique_ptr<RowBuffer> rows_;
  uint64_t step_bytes_ = 0, documents_ = 0, committed_ = 0;
  bool any_live_ = false;  // a row of this step replaces one
  std::unique_ptr<Extraction> extraction_;
};

}  // namespace

base::Result<PullReport> pull(const PullRequest& request, const Environment& environment,
                              const base::Context& context) {
  return Pull(request, environment, context).run();
}

}  // namespace tarn::ingest
