#include "connector/confluence/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/ascii.h"
#include "base/clock.h"
#include "connector/confluence/bookmark.h"
#include "connector/confluence/rights.h"
#include "connector/confluence/rows.h"
#include "connector/confluence/storage_names.h"
#include "document/document.h"
#include "document/entities.h"
#include "document/reader.h"

namespace tarn::connector::confluence {

using base::Code;
using base::Context;
using base::Result;
using base::Status;
using json::Value;

namespace {

constexpr std::string_view kMime = "application/vnd.atlassian.confluence+json";
constexpr std::string_view kHidden = "!";  // before a page that is included, and not shown

// The type of a file, by its name and what the wiki says; "" when it is none that is read.
std::string type_of(const Entry& file) {
  const std::string by_name = document::detect_type(file.title, {});
  if (!by_name.empty() && document::reader_of(by_name)) return by_name;
  const std::string stated = file.media_type.substr(0, file.media_type.find(';'));
  if (document::reader_of(stated)) return stated;
  return stated.starts_with("text/") ? "text/plain" : "";
}

class Run {
 public:
  Run(std::shared_ptr<Wiki> wiki, const Selection& selection, const RunOptions& options, Sink& sink,
      const Context& context)
      : wiki_(std::move(wiki)),
        selection_(selection),
        options_(options),
        sink_(sink),
        context_(context),
        rows_(*wiki_, there_),
        rights_(*wiki_, there_, context) {}

  Result<Outcome> run(const Value& bookmark) {
    old_ = parse_bookmark(bookmark);
    started_us_ = base::system_clock().now_us();
    TARN_ASSIGN(there_, list(*wiki_, selection_, old_, context_));
    for (const Space& space : there_.spaces) listed_.insert(space.key);
    for (Reject& reject : there_.rejects) sink_.reject(std::move(reject));
    for (const std::string& id : there_.unsure) {
      const Known& known = old_.items.at(id);
      leave(id, rows_.uri(id, known.kind, known.container));
    }
    new_.rights_read_at_us = old_.rights_read_at_us;
    TARN_TRY(compare());
    TARN_TRY(tell_rights());
    TARN_TRY(tell());
    Outcome outcome(moved_ || new_.items != old_.items ? Found::news : Found::same);
    outcome.bookmark = to_json(new_);
    outcome.bookmark_counts = new_.rights_read_at_us != old_.rights_read_at_us;
    if (new_.rights_read_at_us != 0) outcome.rights_read_at_us = new_.rights_read_at_us;
    outcome.bytes_read = bytes_read_;
    outcome.notes = std::move(there_.notes);
    return outcome;
  }

 private:
  // ---- What is new

  Status compare() {
    std::set<std::string> changed;  // "KEY:Title" of pages
    for (const auto& [id, e] : there_.entries) {
      if (e.kind != Kind::page) continue;
      const std::string name = e.space + ":" + e.title;
      pages_[name] = id;
      const auto before = old_.items.find(id);
      if (before == old_.items.end() || before->second.version != e.version) changed.insert(name);
    }
    const auto shows_other = [&](const Known& before) {
      return std::any_of(before.included.begin(), before.included.end(), [&](const std::string& page) {
        if (page.starts_with(kHidden)) return changed.contains(page.substr(kHidden.size()));
        const bool is_listed = !selection_.is_narrow() && listed_.contains(page.substr(0, page.find(':')));
        return changed.contains(page) || (is_listed && !pages_.contains(page));
      });
    };
    for (const auto& [id, e] : there_.entries) {
      const auto before = old_.items.find(id);
      const bool same = before != old_.items.end() && before->second.version == e.version &&
                        before->second.rest == rows_.rest(e) && !shows_other(before->second);
      if (!same || options_.everything || sink_.wants_again(rows_.uri(e))) wanted_[e.kind].insert(id);
    }
    return {};
  }

  // ---- Who may read it

  // All of it, before the first item: with every run that has something to tell, and when it is due.
  Status tell_rights() {
    const bool is_due = started_us_ - old_.rights_read_at_us >= selection_.acl_every_s * 1'000'000;
    if (wanted_.empty() && !is_due) return {};
    context_.update("reading rights", 0, there_.entries.size(), "items");
    TARN_TRY(rights_.sweep());
    for (const auto& [id, e] : there_.entries) {
      TARN_ASSIGN(const std::vector<Layer> own, rights_.of(e));
      // Of pages that its row shows, and its readers may not all read: until the row is written anew, which may fail or
      // be stopped before.
      std::vector<Layer> more;
      const auto before = old_.items.find(id);
      if (before != old_.items.end()) {
        // Then the row may be older than what is known of it, and show what is hidden now.
        const bool is_waiting = before->second.version == kUnread || sink_.wants_again(rows_.uri(e));
        for (const std::string& name : before->second.included) {
          const bool is_hidden = name.starts_with(kHidden);
          TARN_ASSIGN(const std::vector<Layer> inner, rights_of_page(is_hidden ? name.substr(kHidden.size()) : name));
          const bool is_open = is_within(own, inner);
          if (is_open == is_hidden) wanted_[e.kind].insert(id);
          if (!is_open && (!is_hidden || is_waiting)) more.insert(more.end(), inner.begin(), inner.end());
        }
      }
      std::vector<Rule> told = rules(own);
      if (!more.empty()) {
        rights_then_[id] = told;
        const std::vector<Rule> narrower = rules(more);
        told.insert(told.end(), narrower.begin(), narrower.end());
      }
      TARN_TRY(sink_.rights(rows_.uri(e), std::move(told)));
    }
    TARN_ASSIGN(Rights::People people, rights_.people());
    TARN_TRY(sink_.people(std::move(people.principals), std::move(people.members)));
    std::vector<Reject> unread = rights_.unread();
    // What could not be read is due at once.
    new_.rights_read_at_us = unread.empty() && !asked_in_vain_ ? started_us_ : 0;
    for (Reject& reject : unread) sink_.reject(std::move(reject));
    return {};
  }

  // Of a page that another one shows; one that is not there, or was not told, is nobody's.
  Result<std::vector<Layer>> rights_of_page(const std::string& name) {
    if (const auto page = pages_.find(name); page != pages_.end()) return rights_.of(there_.entries.at(page->second));
    TARN_ASSIGN(const std::optional<Entry>* page, shown_page(name));
    if (*page) return rights_.of(**page);
    return std::vector<Layer>{Layer{"page:" + name}};
  }

  std::vector<Rule> rules(const std::vector<Layer>& layers) const {
    std::vector<Rule> out;
    for (const Layer& layer : layers) {
      const bool is_page = !layer.from.empty() && base::is_digit(layer.from[0]);
      const std::string from = is_page ? rows_.page_uri(layer.from) : layer.from;
      if (layer.is_known) {
        for (const std::string& id : layer.may) out.push_back({Rule::Kind::read, id, from});
      }
      if (!layer.is_known || layer.may.empty()) out.push_back({Rule::Kind::read, std::string(kNobody), from});
    }
    return out;
  }

  // ---- What is told

  Status tell() {
    for (const auto& [id, e] : there_.entries) {
      if (wanted_[e.kind].contains(id)) continue;
      sink_.unchanged(rows_.uri(e));
      new_.items[id] = old_.items.at(id);
    }
    for (const Kind kind : {Kind::page, Kind::post, Kind::comment}) {
      const std::vector<std::string> ids(wanted_[kind].begin(), wanted_[kind].end());
      for (size_t from = 0; from < ids.size(); from += kWithBodies) {
        context_.update("reading", done_, there_.entries.size(), "items");
        TARN_TRY(tell_bodies(kind, {ids.begin() + static_cast<ptrdiff_t>(from),
                                    ids.begin() + static_cast<ptrdiff_t>(std::min(from + kWithBodies, ids.size()))}));
      }
    }
    for (const std::string& id : wanted_[Kind::attachment]) TARN_TRY(tell_file(there_.entries.at(id)));
    if (left_ != 0) {
      sink_.reject({wiki_->base(), fmt::format("after {} items", done_),
                    fmt::format("{}; {} more stay as they were", with_hint(failure_), left_)});
    }
    return {};
  }

  // It stays as it was; the next run asks again. What waited to be read again waits by its version then, since a reject
  // is of one run; what it shows stays known.
  void leave(const std::string& id, const std::string& uri) {
    sink_.keep(uri);
    const auto before = old_.items.find(id);
    if (before == old_.items.end()) return;
    Known known = before->second;
    if (sink_.wants_again(uri)) known.version = kUnread;
    new_.items[id] = std::move(known);
  }
  void leave(const Entry& e) { leave(e.id, rows_.uri(e)); }

  void fail(const Entry& e, const Status& why) {
    leave(e);
    sink_.reject({rows_.uri(e), "", with_hint(why)});
  }

  Status tell_file(const Entry& e) {
    if (gave_up()) {
      ++left_;
      leave(e);
      return {};
    }
    ++done_;
    moved_ = true;
    new_.items[e.id] = rows_.known(e);
    Item out = rows_.item(e);
    out.mime = type_of(e);
    const bool is_too_large = e.size_bytes > options_.max_item_bytes;
    if (out.mime.empty() || is_too_large) {
      sink_.keep(out.uri);
      sink_.reject(is_too_large ? Reject{out.uri, "",
                                         fmt::format("{} bytes, more than a document may have (max_item_bytes, {})",
                                                     e.size_bytes, options_.max_item_bytes)}
                                : Reject{out.uri, "", "a file of the type '" + e.media_type + "' is not read",
                                         Reject::Kind::skipped});
      return {};
    }
    out.size_bytes = e.size_bytes;
    out.source_version = rows_.source_version(e);
    out.open = [wiki = wiki_, e](const Context& context) { return wiki->download(e, context); };
    return sink_.upsert(std::move(out));
  }

  bool gave_up() const { return failures_ >= kMaxFailures; }

  Status tell_bodies(Kind kind, const std::vector<std::string>& ids) {
    if (gave_up()) {
      for (const std::string& id : ids) leave(there_.entries.at(id));
      left_ += ids.size();
      return {};
    }
    auto found = wiki_->bodies(kind, ids, context_);
    TARN_TRY(context_.check());
    if (!found.ok()) {
      if (ids.size() == 1) {
        ++failures_;
        failure_ = found.status();
        fail(there_.entries.at(ids.front()), failure_);
        return {};
      }
      // One of them may be the reason.
      for (const std::string& id : ids) TARN_TRY(tell_bodies(kind, {id}));
      return {};
    }
    failures_ = 0;
    TARN_TRY(learn_names(*found));
    for (const std::string& id : ids) {
      Entry& e = there_.entries.at(id);
      const auto body = found->find(id);
      if (body == found->end()) {
        fail(e, {Code::not_found, "it was listed, but could not be read: it may have gone meanwhile", "pull again"});
        continue;
      }
      e.version = body->second.version;
      e.updated_at_us = body->second.updated_at_us;
      if (const auto name = names_.find(e.author); name != names_.end()) e.author = name->second;
      TARN_TRY(tell_body(e, body->second.storage));
      ++done_;
    }
    return {};
  }

  Status tell_body(const Entry& e, std::string storage) {
    Value page = Value::object({{"base", wiki_->base()},
                                {"space", e.space},
                                {"id", e.container.empty() ? e.id : e.container},
                                {"title", e.title}});
    Value users = Value::object(), included = Value::object();
    for (const std::string& id : people_in(storage)) {
      if (const auto name = names_.find(id); name != names_.end()) users.set(id, name->second);
    }
    Known now = rows_.known(e);
    for (const std::string& name : included_in(storage, e.space)) {
      TARN_ASSIGN(const std::optional<std::string> there, to_show(name, e));
      now.included.push_back(there ? name : std::string(kHidden) + name);
      if (there) included.set(name, *there);
    }
    std::string version = rows_.source_version(e);
    if (!included.members().empty()) version += ";" + base::hash128(json::write(included)).hex();
    if (!e.selection.empty()) {
      storage = "<blockquote><p>" + document::escape_entities(e.selection) + "</p></blockquote>" + storage;
    }
    page.set("storage", std::move(storage));
    page.set("users", std::move(users));
    page.set("included", std::move(included));
    Item out = rows_.item(e);
    out.mime = kMime;
    out.bytes = json::write(page);
    out.size_bytes = out.bytes.size();
    out.source_version = std::move(version);
    if (const auto then = rights_then_.find(e.id); then != rights_then_.end()) out.rights_then = then->second;
    bytes_read_ += out.bytes.size();
    moved_ = true;
    new_.items[e.id] = std::move(now);
    return sink_.upsert(std::move(out));
  }

  // The storage format of what a page includes; nothing where there is no such page, or it has readers of its own: who
  // may read the one would read the other in it.
  Result<std::optional<std::string>> to_show(const std::string& name, const Entry& in) {
    TARN_ASSIGN(const std::optional<Entry>* page, shown_page(name));
    if (!*page) return std::optional<std::string>();
    TARN_ASSIGN(const std::vector<Layer> outer, rights_.of(in));
    TARN_ASSIGN(const std::vector<Layer> inner, rights_of_page(name));
    return is_within(outer, inner) ? std::optional((*page)->storage) : std::nullopt;
  }

  // Asked for once in a run; nothing where it is not there, or not told.
  Result<const std::optional<Entry>*> shown_page(const std::string& name) {
    const auto known = included_.find(name);
    if (known != included_.end()) return &known->second;
    const size_t colon = name.find(':');
    auto found = wiki_->find(name.substr(0, colon), name.substr(colon + 1), context_);
    TARN_TRY(context_.check());
    asked_in_vain_ = asked_in_vain_ || !found.ok();
    return &(included_[name] = found.ok() ? std::move(*found) : std::nullopt);
  }

  // Of people who are mentioned, and of authors where only their ids were told.
  Status learn_names(const std::map<std::string, Entry>& entries) {
    std::set<std::string> unknown;
    for (const auto& [id, e] : entries) {
      unknown.merge(people_in(e.storage));
      if (wiki_->is_cloud() && there_.entries.at(id).author == e.author && !e.author.empty()) unknown.insert(e.author);
    }
    std::vector<std::string> ask;
    for (const std::string& id : unknown) {
      if (asked_.insert(id).second) ask.push_back(id);
    }
    if (!ask.empty()) names_.merge(wiki_->names(ask, context_));
    return context_.check();
  }

  const std::shared_ptr<Wiki> wiki_;
  const Selection& selection_;
  const RunOptions& options_;
  Sink& sink_;
  const Context& context_;
  There there_;
  const Rows rows_;
  Rights rights_;
  Bookmark old_, new_;
  std::set<std::string> listed_;                          // keys of spaces
  std::map<std::string, std::string> names_;              // of people, by id
  std::map<std::string, std::string> pages_;              // ids by "KEY:Title"
  std::map<std::string, std::vector<Rule>> rights_then_;  // by id, of rows that show what they may not
  std::map<Kind, std::set<std::string>> wanted_;          // ids of what is new or other
  std::map<std::string, std::optional<Entry>> included_;  // by "KEY:Title"
  std::set<std::string> asked_;                           // ids of people
  Status failure_;
  int64_t started_us_ = 0;
  int failures_ = 0;  // in a row
  bool moved_ = false;
  bool asked_in_vain_ = false;  // for a page that another one shows: it is nobody's until the next run
  uint64_t bytes_read_ = 0, done_ = 0, left_ = 0;
};

}  // namespace

Result<Outcome> run(const std::shared_ptr<Wiki>& wiki, const Selection& selection, const Value& bookmark,
                    const RunOptions& options, Sink& sink, const Context& context) {
  return Run(wiki, selection, options, sink, context).run(bookmark);
}

}  // namespace tarn::connector::confluence
