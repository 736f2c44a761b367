#include "connector/confluence/listing.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tarn::connector::confluence {

using base::Code;
using base::Context;
using base::Result;
using base::Status;

namespace {

constexpr size_t kMaxAsked = 250;    // things that are asked for one by one
constexpr size_t kAskedAtOnce = 50;  // ids in one search

class Listing {
 public:
  Listing(Wiki& wiki, const Selection& selection, const Bookmark& old, const Context& context)
      : wiki_(wiki), selection_(selection), old_(old), context_(context) {}

  Result<There> run() {
    TARN_ASSIGN(const std::vector<Space> spaces, wiki_.spaces(selection_.spaces, context_));
    Status failure;
    for (const Space& space : spaces) {
      context_.update("listing", there_.entries.size(), 0, "items");
      const Status listed = list_space(space);
      if (listed.ok()) {
        there_.spaces.push_back(space);
        continue;
      }
      TARN_TRY(context_.check());
      failure = listed;
      failed_.insert(space.key);
      there_.rejects.push_back({wiki_.base() + "/display/" + space.key, "the list of its pages", with_hint(listed)});
    }
    if (!spaces.empty() && there_.spaces.empty()) return failure;
    TARN_TRY(missing());
    return std::move(there_);
  }

 private:
  std::string condition() const {
    std::string out;
    if (!selection_.labels.empty()) {
      out += fmt::format(" and label in (\"{}\")", fmt::join(selection_.labels, "\", \""));
    }
    if (!selection_.ancestor.empty()) {
      out += fmt::format(" and (id = {} or ancestor = {})", selection_.ancestor, selection_.ancestor);
    }
    if (!selection_.cql.empty()) out += " and (" + selection_.cql + ")";
    return out;
  }

  std::string children() const {
    std::string out = selection_.comments ? "comment" : "";
    if (selection_.attachments) out += out.empty() ? "attachment" : ", attachment";
    return out;
  }

  Status list_space(const Space& space) {
    std::map<std::string, Entry> found, swept;
    const auto into = [](std::map<std::string, Entry>& map) { return [&map](Entry e) { map[e.id] = std::move(e); }; };
    const std::string of_space = fmt::format("space = \"{}\" and type in (page, blogpost", space.key);
    if (selection_.is_narrow()) {
      TARN_TRY(wiki_.search(of_space + ")" + condition(), into(found), context_));
    } else {
      const std::string more = children();
      TARN_TRY(wiki_.search(of_space + (more.empty() ? ")" : ", " + more + ")"), into(found), context_));
    }
    for (const Kind kind : {Kind::page, Kind::post}) {
      TARN_TRY(wiki_.sweep(space, kind, into(swept), context_));
    }
    std::map<std::string, Entry> entries;
    std::vector<std::string> unlabelled;
    for (auto& [id, e] : swept) {
      const auto more = found.find(id);
      if (more != found.end()) {
        e.labels = std::move(more->second.labels);
        e.author = std::move(more->second.author);
        e.above = std::move(more->second.above);
      } else if (selection_.is_narrow()) {
        continue;
      } else if (wiki_.is_cloud() && extra_asked_ < kMaxAsked) {
        // The index does not know it yet: its labels are told by itself.
        ++extra_asked_;
        TARN_ASSIGN(const auto itself, ask_one(e.kind, id, "", "its labels"));
        if (!itself) continue;
        if (*itself) e.labels = (*itself)->labels;
      } else if (wiki_.is_cloud() && old_.items.contains(id)) {
        unlabelled.push_back(id);  // so many: it is being made anew, and has lost what it knew
        continue;
      }
      if (e.space.empty()) e.space = space.key;
      entries[id] = std::move(e);
    }
    // It slipped through between two pages of the list, or is archived where the list has none such.
    for (const auto& [id, e] : found) {
      if (!is_page(e.kind) || swept.contains(id) || extra_asked_ >= kMaxAsked) continue;
      ++extra_asked_;
      TARN_ASSIGN(auto itself, ask_one(e.kind, id, "", "whether it is there"));
      if (itself && *itself && (*itself)->space == space.key) {
        (*itself)->above = e.above;
        (*itself)->author = e.author;
        entries[id] = std::move(**itself);
      }
    }
    if (selection_.is_narrow() && !children().empty()) {
      TARN_TRY(
          wiki_.search(fmt::format("space = \"{}\" and type in ({})", space.key, children()), into(found), context_));
    }
    add_children(Kind::attachment, found, &entries);
    add_children(Kind::comment, found, &entries);  // of files too
    there_.entries.merge(entries);
    there_.unsure.insert(unlabelled.begin(), unlabelled.end());
    if (!unlabelled.empty()) {
      there_.notes.push_back(
          fmt::format("the search of Confluence does not know {} pages of {} that are there: they stay as they were",
                      unlabelled.size(), space.key));
    }
    return {};
  }

  bool wants(Kind kind) const {
    return is_page(kind) || (kind == Kind::comment ? selection_.comments : selection_.attachments);
  }

  void add_children(Kind kind, std::map<std::string, Entry>& found, std::map<std::string, Entry>* entries) const {
    if (!wants(kind)) return;
    for (auto& [id, e] : found) {
      if (e.kind == kind && entries->contains(e.container)) (*entries)[id] = std::move(e);
    }
  }

  // ---- What is missing

  Status missing() {
    for (const Kind kind : {Kind::page, Kind::post, Kind::attachment, Kind::comment}) {
      std::vector<std::string> ids;
      for (const auto& [id, known] : old_.items) {
        if (known.kind != kind || there_.entries.contains(id) || there_.unsure.contains(id)) continue;
        if (failed_.contains(known.space) || there_.unsure.contains(known.container)) {
          there_.unsure.insert(id);
        } else if (wants(kind) && (is_page(kind) || there_.entries.contains(known.container))) {
          ids.push_back(id);
        }  // else it is not meant any more, or is gone with its page
      }
      if (!ids.empty()) TARN_TRY(ask(kind, ids));
    }
    return {};
  }

  // What the database says of one thing; nothing where it does not answer, which is a reject: what it had stays.
  using Told = std::optional<std::optional<Entry>>;
  Result<Told> ask_one(Kind kind, const std::string& id, const std::string& container, const char* place) {
    if (failures_ == kMaxFailures) {
      there_.unsure.insert(id);
      ++not_asked_;
      return Told();
    }
    auto answer = wiki_.one(kind, id, context_);
    TARN_TRY(context_.check());
    failures_ = answer.ok() ? 0 : failures_ + 1;
    if (answer.ok()) return Told(std::in_place, std::move(*answer));
    there_.unsure.insert(id);
    there_.rejects.push_back({wiki_.base() + "/" + path_of(id, kind, container), place, with_hint(answer.status())});
    return Told();
  }

  Status ask(Kind kind, const std::vector<std::string>& ids) {
    if (is_page(kind) && selection_.is_narrow()) return ask_search(ids);
    failures_ = 0;
    size_t asked = 0, were_there = 0;
    for (const std::string& id : ids) {
      if (asked == kMaxAsked && were_there == 0) return {};  // the list is right: so many are gone
      if (asked == kMaxAsked) {
        there_.unsure.insert(id);
        ++not_asked_;
        continue;
      }
      if (failures_ < kMaxFailures) ++asked;
      TARN_ASSIGN(auto itself, ask_one(kind, id, old_.items.at(id).container, "whether it is gone"));
      if (!itself) continue;
      if (*itself && failed_.contains((*itself)->space)) {
        there_.unsure.insert(id);  // it moved to where nothing could be listed
      } else if (*itself && is_meant(**itself)) {
        ++were_there;
        add(std::move(**itself));
      }
    }
    if (not_asked_ != 0) {
      there_.notes.push_back(
          fmt::format("{} items are missing from the lists of Confluence, and of those that were asked "
                      "for some are there, or it did not answer: they stay as they were",
                      not_asked_));
      not_asked_ = 0;
    }
    return {};
  }

  bool is_meant(const Entry& e) const {
    if (!is_page(e.kind)) return there_.entries.contains(e.container);
    return std::any_of(there_.spaces.begin(), there_.spaces.end(), [&](const Space& s) { return s.key == e.space; });
  }

  void add(Entry e) {
    if (e.space.empty()) {
      const auto on = there_.entries.find(e.container);
      if (on != there_.entries.end()) e.space = on->second.space;
    }
    there_.entries[e.id] = std::move(e);
  }

  // Of some pages only: those that the same condition finds by their ids.
  Status ask_search(const std::vector<std::string>& ids) {
    std::string keys;
    for (const Space& space : there_.spaces) keys += (keys.empty() ? "\"" : ", \"") + space.key + "\"";
    for (size_t from = 0; from < ids.size(); from += kAskedAtOnce) {
      std::string some;
      for (size_t i = from; i < std::min(from + kAskedAtOnce, ids.size()); ++i) {
        some += (some.empty() ? "" : ", ") + ids[i];
      }
      TARN_TRY(wiki_.search(
          fmt::format("id in ({}) and space in ({}) and type in (page, blogpost){}", some, keys, condition()),
          [this](Entry e) { add(std::move(e)); }, context_));
    }
    return {};
  }

  Wiki& wiki_;
  const Selection& selection_;
  const Bookmark& old_;
  const Context& context_;
  There there_;
  std::set<std::string> failed_;  // keys of spaces
  size_t extra_asked_ = 0, not_asked_ = 0;
  int failures_ = 0;  // in a row
};

}  // namespace

std::string with_hint(const Status& status) {
  return status.hint().empty() ? status.message() : status.message() + ": " + status.hint();
}

Result<There> list(Wiki& wiki, const Selection& selection, const Bookmark& old, const Context& context) {
  return Listing(wiki, selection, old, context).run();
}

}  // namespace tarn::connector::confluence
