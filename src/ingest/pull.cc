#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

#include "base/in_order.h"
#include "document/part.h"
#include "duck/cancel_watch.h"
#include "ingest/document_row.h"
#include "ingest/extraction.h"
#include "ingest/gone.h"
#include "ingest/ingest.h"
#include "ingest/notes.h"
#include "ingest/record_pull.h"
#include "ingest/rejects.h"
#include "ingest/rights.h"
#include "ingest/rows.h"
#include "ingest/shared_rows.h"
#include "ingest/state.h"
#include "ingest/target.h"
#include "lake/originals.h"
#include "lake/table_name.h"
#include "lake/text_table.h"

namespace tarn::ingest {
namespace {

// Where in an item a reject of one of its parts lies; the item itself was read.
constexpr std::string_view kPartPlace = "part '";
bool is_of_part(const connector::Reject& reject) { return reject.place.starts_with(kPartPlace); }

using Kind = PlannedChange::Kind;

// Is told by a connector what there is, and turns it into commits.
class Pull final : public connector::Sink {
 public:
  Pull(const PullRequest& request, const Environment& environment, const connector::Descriptor& kind,
       const base::Context& context)
      : request_(request), environment_(environment), kind_(kind), context_(context) {}

  base::Result<PullReport> run() {
    base::Stopwatch stopwatch;
    TARN_ASSIGN(report_.table, lake::full_name(request_.table));
    TARN_ASSIGN(report_.source, kind_.locate(request_.source.url));
    source_id_ = connector::source_id(report_.source);
    report_.dry_run = request_.dry_run;
    started_us_ = (environment_.lake.clock ? *environment_.lake.clock : base::system_clock()).now_us();
    TARN_ASSIGN(target_, Target::open(environment_.lake, report_.table, {report_.source, source_id_, started_us_},
                                      request_.dry_run, context_));
    TARN_TRY(open());
    TARN_TRY(read_state());

    connector::RunOptions options = request_.run;
    options.everything = options.everything || resend_;
    options.one_by_one = target_->state() && target_->state()->doubted > 0;
    const json::Value bookmark = target_->state() ? target_->state()->connector : json::Value();
    auto outcome = connector_->run(bookmark, options, *this, context_);
    base::Status status = outcome.ok() ? finish(std::move(*outcome)) : outcome.status();
    fetching_.reset();
    extraction_.reset();
    if (!status.ok()) return explain(context_.reason(std::move(status)));
    report_.close(stopwatch);
    return std::move(report_);
  }

  base::Status upsert(connector::Item item) override {
    TARN_TRY(context_.check());
    touched_ = true;
    if (!item.source_version.empty()) item.source_version += kept_way();
    if (!name_once(item.uri)) return {};
    TARN_TRY(load_live());
    if (SharedRow* theirs = shared_.find(item.uri); theirs && !theirs->row.renamed) {
      return upsert_shared(*theirs, std::move(item));
    }
    if (item.was_part) live_.part_becomes_item(item.was_part->uri, item.was_part->name, item.uri);
    LiveRow* live = live_.find(item.uri);
    if (live && !item.source_version.empty() && is_as_it_was(*live, item)) {
      ++report_.unchanged;  // an earlier pull, perhaps one that was killed, brought it
      return {};
    }
    // The row that a renamed document left behind under this uri is not this one's.
    bool replaces = live && !live->renamed;
    std::string id = replaces ? live->id : live_.new_id(source_id_, item.uri);
    PlannedChange change{replaces ? Kind::changed : Kind::added, item.uri, {}};
    return queue(std::move(item), std::move(id), replaces ? live : nullptr, std::move(change), {});
  }

  // The row is there by way of another source.
  base::Status upsert_shared(SharedRow& theirs, connector::Item item) {
    if (!theirs.stays_theirs()) {
      PlannedChange change{Kind::taken_over, item.uri, theirs.uri};
      theirs.row.renamed = true;
      return queue(std::move(item), theirs.row.id, &theirs.row, std::move(change), {});
    }
    ++report_.shared;
    // How it is read is its owner's affair.
    const auto bytes_of = [](const std::string& version) { return version.substr(0, version.find(';')); };
    if (!item.source_version.empty() && bytes_of(theirs.row.source_version) == bytes_of(item.source_version) &&
        theirs.row.is_current(item.mime)) {
      ++report_.unchanged;
      return {};
    }
    PlannedChange change{Kind::changed, item.uri, {}};
    return queue(std::move(item), theirs.row.id, &theirs.row, std::move(change), {theirs.source, theirs.uri});
  }

  base::Status rename(const std::string& old_uri, connector::Item item) override {
    TARN_TRY(context_.check());
    TARN_TRY(load_live());
    SharedRow* theirs = shared_.find(old_uri);
    LiveRow* old = theirs ? &theirs->row : live_.find(old_uri);
    // A pull that was killed may have moved it already, or one of another source.
    if (!old || old->renamed || live_.find(item.uri) || shared_.find(item.uri)) return upsert(std::move(item));
    touched_ = true;
    if (!name_once(item.uri)) return {};
    if (!item.source_version.empty()) item.source_version += kept_way();
    old->renamed = true;
    PlannedChange change{Kind::renamed, item.uri, old_uri};
    Owner owner;
    if (theirs && theirs->stays_theirs()) owner = {theirs->source, theirs->overlap->theirs(item.uri)};
    return queue(std::move(item), old->id, old, std::move(change), std::move(owner));
  }

  void unchanged(const std::string& uri) override {
    if (!name_once(uri)) return;
    auto before = old_rejects_.find(uri);
    if (before == old_rejects_.end()) {
      ++report_.unchanged;
    } else {
      rejects_.push_back(*before->second);  // it is still what it was then
      report_.unchanged += is_of_part(*before->second);
    }
  }

  void unchanged_below(const std::string& uri_prefix, uint64_t items) override {
    said_.named_below.add(uri_prefix);
    report_.unchanged += items;
    for (const auto& [uri, reject] : old_rejects_) {
      if (!uri.starts_with(uri_prefix)) continue;
      rejects_.push_back(*reject);
      report_.unchanged -= is_of_part(*reject) ? 0 : 1;
    }
  }

  bool wants_again(const std::string& uri) override {
    const auto before = old_rejects_.find(uri);
    return before != old_rejects_.end() && before->second->is_failure();
  }

  void keep(const std::string& uri) override { said_.kept.insert(uri); }
  void keep_below(const std::string& uri_prefix) override { said_.kept_below.add(uri_prefix); }
  void vanish(const std::string& uri) override {
    touched_ = true;
    said_.vanished.insert(uri);
  }
  void reject(connector::Reject reject) override { rejects_.push_back(std::move(reject)); }

  base::Status rights(const std::string& uri, std::vector<connector::Rule> rules) override {
    TARN_TRY(hear_rights());
    return rights_ ? rights_->add(uri, rules) : base::Status();
  }
  base::Status people(std::vector<connector::Principal> principals,
                      std::vector<connector::Membership> members) override {
    TARN_TRY(hear_rights());
    return rights_ ? rights_->add(principals, members) : base::Status();
  }

 private:
  using Fetching = base::InOrder<Task, base::Result<connector::Fetched>>;

  static bool is_as_it_was(const LiveRow& live, const connector::Item& item) {
    return live.source_version == item.source_version && live.is_current(item.mime) && !live.renamed;
  }

  // That the bytes are kept is a part of how an item was read.
  std::string_view kept_way() const { return keep_ ? ";original" : ""; }

  // What was there stays, under the name that it had.
  void keep_old(const Task& task) {
    keep(task.item.uri);
    if (task.change.from) keep(*task.change.from);
  }

  // Whose row an item becomes: "" = this source's, under the item's own uri.
  struct Owner {
    std::string source, uri;
  };

  base::Status open() {
    connector::Source located = request_.source;
    located.url = report_.source;
    if (!request_.forget_options) located.options = connector::with_kept(kind_, target_->options(), located.options);
    options_ = connector::kept_options(kind_, located.options);
    if (!options_.members().empty()) report_.reading = connector::describe_options(options_);
    TARN_ASSIGN(connector_, kind_.open(located));
    if (options_[connector::kKeepOriginals].as_bool()) {
      keep_ = [this](std::string_view bytes) { return lake::put_original(environment_.lake, bytes); };
    }
    return {};
  }

  base::Status read_state() {
    const State* state = target_->state();
    resend_ = target_->interrupted() || (state && state->readers != readers_now()) ||
              (state && state->options[connector::kKeepOriginals].as_bool() != bool(keep_));
    TARN_ASSIGN(others_, target_->others());
    shared_.find(*connector_, others_);
    if (!state) return {};
    resend_ = resend_ || others_moved(state->others, others_);
    for (const auto& r : state->rejects) old_rejects_.emplace(r.item, &r);
    return {};
  }

  bool name_once(const std::string& uri) {
    if (said_.named.insert(uri).second) return true;
    rejects_.push_back({uri, "", "the source names it twice"});
    return false;
  }

  base::Result<duck::Connection*> connection() {
    if (!connection_) {
      TARN_ASSIGN(connection_, environment_.connection());
      watch_.emplace(*connection_, context_);
    }
    return connection_;
  }

  base::Status load_live() {
    if (live_loaded_) return {};
    live_loaded_ = true;
    if (!target_->exists()) return {};
    TARN_ASSIGN(auto* connection, this->connection());
    TARN_TRY(live_.load(target_->table(), target_->snapshot(), *connection, report_.source));
    return shared_.load(target_->table(), target_->snapshot(), *connection, live_);
  }

  // `before`: the row that the item has, or null.
  base::Status queue(connector::Item item, std::string id, LiveRow* before, PlannedChange change, Owner owner) {
    if (before) before->again = true;
    if (request_.dry_run) {
      report_.count(change);
      return {};
    }
    if (owner.source.empty()) owner = {report_.source, item.uri};
    Task task{std::move(item),      std::move(id),
              std::move(change),    std::move(owner.source),
              std::move(owner.uri), before ? before->part_ids() : std::map<std::string, std::string>()};
    if (!task.item.open) return extract(std::move(task));
    if (!fetching_) {
      fetching_ = std::make_unique<Fetching>(
          Fetching::Limits{.threads = std::max<size_t>(1, kind_.fetches),
                           .ahead = 4 * std::max<size_t>(1, kind_.fetches)},
          [this](Task& wanted) { return fetch(wanted); },
          Fetching::Size{.of_result =
                             [](const base::Result<connector::Fetched>& fetched) {
                               return fetched.ok() ? fetched->bytes.size() : 0;
                             }},
          [this](Task wanted, base::Result<connector::Fetched> fetched) {
            return take(std::move(wanted), std::move(fetched));
          });
    }
    return fetching_->put(std::move(task), context_);
  }

  // In a thread of its own.
  base::Result<connector::Fetched> fetch(const Task& task) const {
    TARN_ASSIGN(const auto stream, task.item.open(context_));
    return connector::read_all(*stream, request_.run.max_item_bytes, task.item.size_bytes, context_);
  }

  base::Status take(Task task, base::Result<connector::Fetched> fetched) {
    if (!fetched.ok()) {
      TARN_TRY(context_.check());
      keep_old(task);
      reject({task.item.uri, task.item.place, fetched.status().message()});
      return {};
    }
    connector::Item& item = task.item;
    item.open = nullptr;
    item.size_bytes = fetched->bytes.size();
    report_.size_bytes += item.size_bytes;
    if (item.source_version.empty()) {
      item.source_version = fetched->hash.hex() + std::string(kept_way());
      LiveRow* live = live_.find(item.uri);
      if (task.change.kind == Kind::changed && live && is_as_it_was(*live, item)) {
        live->again = false;
        ++report_.unchanged;
        return {};
      }
    }
    item.bytes = std::move(fetched->bytes);
    return extract(std::move(task));
  }

  base::Status extract(Task task) {
    if (!extraction_) {
      extraction_ =
          extraction(environment_.extract, keep_, static_cast<size_t>(std::max(1, environment_.extract_threads)),
                     [this](Task made, Documents documents) { return add(std::move(made), std::move(documents)); });
    }
    return extraction_->put(std::move(task), context_);
  }

  // An extracted item becomes rows, in one commit; a full step is committed when one more comes.
  base::Status add(Task task, Documents extracted) {
    if (!extracted.ok()) {
      TARN_TRY(context_.check());
      base::Code code = extracted.status().code();
      if (code == base::Code::cancelled || code == base::Code::unavailable) {
        return extracted.status();  // not the document's fault
      }
      keep_old(task);
      reject({task.item.uri, task.item.place, extracted.status().message()});
      return {};
    }
    if (!task.original.ok()) return task.original.status();
    const document::Document& main = extracted->front();
    if (main.body.empty() && left_out_bytes(main) > 0) {
      keep_old(task);
      reject({task.item.uri, "",
              "nothing of the page was taken: all of its " + std::to_string(left_out_bytes(main)) +
                  " bytes of text look like navigation; --whole-page takes them"});
      return {};
    }
    left_out_.add(task.item.uri, main);
    if (rows_ && step_is_full()) TARN_TRY(commit_step());
    if (!rows_) {
      TARN_ASSIGN(auto* connection, this->connection());
      rows_ = std::make_unique<RowBuffer>(*connection, lake::text_schema());
    }
    for (document::Document& d : *extracted) {
      step_bytes_ += d.body.size();
      std::string id = d.part.empty() ? task.id : id_of_part(task, d.part);
      const std::string why(d.extra["not_read"].as_string());
      if (!d.part.empty() && !why.empty() && why != document::kTypeNotRead) {
        reject({task.item.uri, std::string(kPartPlace) + d.part + "'", why, connector::Reject::Kind::noted});
      }
      any_live_ = any_live_ || live_.is_live(id);
      TARN_TRY(rows_->add(document_row(task, std::move(id), std::move(d), started_us_)));
    }
    for (auto& [name, id] : task.parts) gone_parts_.push_back(std::move(id));
    if (task.item.rights_then) rights_then_.emplace_back(task.item.uri, *std::move(task.item.rights_then));
    report_.count(task.change);
    ++documents_;
    return {};
  }

  // The one that it has in the table, which is taken out of the task.
  std::string id_of_part(Task& task, const std::string& part) {
    const auto before = task.parts.extract(part);
    return before ? before.mapped() : live_.new_id(source_id_, task.item.uri, part);
  }

  bool step_is_full() const {
    const uint64_t most = request_.commit_every > 0 ? request_.commit_every : kCommitDocuments;
    return rows_->rows() >= most || step_bytes_ >= kCommitBytes;
  }

  // Null where nothing is written.
  base::Status hear_rights() {
    if (!kind_.permissions) {
      return {base::Code::internal, "the connector '" + kind_.name + "' tells rights, and says that it knows of none"};
    }
    if (rights_ || request_.dry_run) return {};
    TARN_ASSIGN(auto* connection, this->connection());
    rights_ = std::make_unique<Rights>(*connection, report_.source);
    return {};
  }

  // Before the documents that they rule.
  base::Status store_rights() {
    if (!kind_.permissions) return {};
    TARN_TRY(hear_rights());
    return rights_->store(environment_.lake, context_);
  }

  base::Status commit_step() {
    TARN_TRY(store_rights());
    TARN_TRY(target_->commit_step(*connection_, *rows_, any_live_, options_, context_));
    ++report_.commits;
    committed_ = documents_;
    step_bytes_ = 0;
    any_live_ = false;
    return rows_->clear();
  }

  base::Result<std::vector<std::string>> find_deleted(bool complete, bool moved) {
    // A first pull of an empty folder has rows of other sources to look at.
    const State* state = target_->state();
    if (!touched_ && !moved && !resend_ && state && state->doubted == 0) return gone_parts_;
    TARN_TRY(load_live());
    std::vector<std::string> ids =
        find_gone(said_, live_, shared_, *connector_, complete, belief(state, request_), &report_);
    ids.insert(ids.end(), gone_parts_.begin(), gone_parts_.end());
    return ids;
  }

  base::Status finish(connector::Outcome outcome) {
    if (fetching_) TARN_TRY(fetching_->finish(context_));
    if (extraction_) TARN_TRY(extraction_->finish(context_));
    TARN_TRY(context_.check());
    report_.size_bytes += outcome.bytes_read;
    report_.notes = std::move(outcome.notes);
    const bool bookmark_counts = outcome.bookmark_counts;
    const bool complete = outcome.complete && kind_.deletions == connector::Deletions::listing;
    TARN_ASSIGN(auto deleted, find_deleted(complete, outcome.found == connector::Found::news));
    if (live_loaded_) {
      for (const auto& [uri, row] : live_.by_uri()) report_.kept += said_.keeps(uri) && !row.renamed ? 1 : 0;
    }
    if (!complete) carry_rejects();
    State state{
        readers_now(), std::move(outcome.bookmark), one_for_each_item(std::move(rejects_)), options_, others_, {}};
    state.doubted = report_.doubted;
    state.rights_read_at_us = outcome.rights_read_at_us;
    if (target_->state() && !target_->interrupted() && report_.commits == 0 && !report_.moved() && deleted.empty()) {
      state.moved_at = target_->moved_at();
    }
    report_rejects(state.rejects, report_);
    tell_what_is_passed_over(state.rejects, old_rejects_, &report_.notes);
    tell_what_is_shared(*connector_, others_, shared_.extra().size(), !target_->state(), &report_);
    left_out_.tell(&report_.notes);
    tell_what_is_doubted(report_, &report_.notes);
    if (request_.dry_run) return {};
    if (target_->exists()) report_.version = target_->version();
    if (rights_) TARN_TRY(store_rights());

    const State* before = target_->state();
    const bool rejects_moved = target_->beside_unsure() || before->rejects != state.rejects;
    // A bookmark that differs in its cache only (touched files) is not worth a version; the next pull looks at them
    // again.
    const bool same = before && before->options == state.options && before->doubted == state.doubted;
    if (same && !resend_ && !report_.moved() && !rejects_moved && !bookmark_counts) return {};
    if (!rights_) TARN_TRY(store_rights());
    if (rejects_moved) {
      TARN_TRY(target_->announce(lake::text_schema(), state, context_));
      TARN_ASSIGN(auto* connection, this->connection());
      RejectScope scope{report_.table, report_.source, source_id_ + "@" + base::format_utc(started_us_), started_us_};
      TARN_TRY(store_rejects(environment_.lake, *connection, scope, state.rejects, context_));
    }
    if (!deleted.empty()) TARN_TRY(base::as_status(connection()));
    TARN_ASSIGN(auto version,
                target_->commit_last(connection_, rows_.get(), any_live_, deleted, state, parameters(), context_));
    ++report_.commits;
    report_.version = version;
    rows_.reset();
    if (rights_then_.empty()) return {};
    TARN_TRY(hear_rights());
    for (const auto& [uri, rules] : rights_then_) TARN_TRY(rights_->add(uri, rules));
    return store_rights();
  }

  // Of items that an incremental source did not name.
  void carry_rejects() {
    for (const auto& [uri, reject] : old_rejects_) {
      if (!said_.names(uri) && !said_.vanished.contains(uri)) rejects_.push_back(*reject);
    }
  }

  json::Value parameters() const {
    return json::Value::object({{"source", report_.source},
                                {"added", report_.added},
                                {"changed", report_.changed},
                                {"renamed", report_.renamed},
                                {"deleted", report_.deleted},
                                {"taken_over", report_.taken_over}});
  }

  base::Status explain(base::Status status) const {
    if (committed_ == 0) return status;
    std::string so_far =
        std::to_string(committed_) + " documents in " + std::to_string(report_.commits) + " commits stay";
    return base::Status(status.code(), status.message() + "; " + so_far,
                        status.hint().empty() ? "pull again: it goes on from there" : status.hint());
  }

  const PullRequest& request_;
  const Environment& environment_;
  const connector::Descriptor& kind_;
  const base::Context& context_;
  PullReport report_;
  std::string source_id_;
  json::Value options_;  // of the source that are kept with it, where not by default
  int64_t started_us_ = 0;
  std::optional<Target> target_;
  std::unique_ptr<connector::Connector> connector_;
  std::vector<OtherSource> others_;
  duck::Connection* connection_ = nullptr;
  std::optional<duck::CancelWatch> watch_;  // of all that runs on it
  LiveRows live_;
  SharedRows shared_;
  bool live_loaded_ = false;
  // Each item is named as new: an interrupted pull, a new extractor, rows that another source changed.
  bool resend_ = false;
  bool touched_ = false;  // something was new, changed, renamed or gone
  std::unordered_map<std::string, const connector::Reject*> old_rejects_;
  Said said_;
  std::vector<std::string> gone_parts_;  // ids of parts that their items have no more
  std::vector<connector::Reject> rejects_;
  std::unique_ptr<RowBuffer> rows_;
  std::unique_ptr<Rights> rights_;  // once some were told, or must be stored
  std::vector<std::pair<std::string, std::vector<connector::Rule>>> rights_then_;  // by uri, of rows of this pull
  LeftOutPages left_out_;
  uint64_t step_bytes_ = 0, documents_ = 0, committed_ = 0;
  bool any_live_ = false;  // a row of this step replaces one
  Keep keep_;              // null where originals are not kept
  std::unique_ptr<Extraction> extraction_;
  std::unique_ptr<Fetching> fetching_;
};

}  // namespace

base::Result<PullReport> pull(const PullRequest& request, const Environment& environment,
                              const base::Context& context) {
  TARN_ASSIGN(const connector::Descriptor* kind, connector::find(*environment.connectors, request.source.url));
  TARN_TRY(connector::check_options(*kind, request.source.options));
  if (!kind->takes_secret && !request.source.secret.empty()) {
    return base::Status(base::Code::invalid_argument, "a source of the kind '" + kind->name + "' takes no secret");
  }
  if (kind->rows == connector::Rows::records) return pull_records(request, environment, *kind, context);
  return Pull(request, environment, *kind, context).run();
}

}  // namespace tarn::ingest
