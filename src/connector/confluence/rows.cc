#include "connector/confluence/rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tarn::connector::confluence {

using json::Value;

namespace {
constexpr int kMaxAncestors = 100;
}  // namespace

std::vector<std::string> Rows::above(const Entry& e) const {
  std::vector<std::string> out;
  std::string at = e.kind == Kind::page ? e.parent : "";
  for (int n = 0; n < kMaxAncestors && !at.empty(); ++n) {
    const auto found = there_.entries.find(at);
    if (found == there_.entries.end()) break;
    out.insert(out.begin(), found->second.title);
    at = found->second.parent;
  }
  if (at.empty()) return out;
  out.clear();  // some are not pulled: as the wiki told them
  for (const auto& [id, title] : e.above) out.push_back(title);
  return out;
}

Value Rows::extra(const Entry& e) const {
  Value out = Value::object({{"id", e.id}, {"version", e.version}, {"space", e.space}});
  const auto space =
      std::find_if(there_.spaces.begin(), there_.spaces.end(), [&](const Space& s) { return s.key == e.space; });
  if (space != there_.spaces.end()) out.set("space_name", space->name);
  if (!e.webui.empty()) out.set("url", wiki_.base() + e.webui);
  if (e.status != "current") out.set("status", e.status);
  if (const auto ancestors = above(e); !ancestors.empty()) {
    Value names = Value::array();
    for (const std::string& name : ancestors) names.push(name);
    out.set("ancestors", std::move(names));
  }
  static constexpr std::pair<Kind, const char*> kTypes[] = {
      {Kind::page, "page"}, {Kind::post, "blogpost"}, {Kind::comment, "comment"}, {Kind::attachment, "attachment"}};
  for (const auto& [kind, name] : kTypes) {
    if (kind == e.kind) out.set("type", name);
  }
  if (e.kind == Kind::comment) {
    out.set("location", e.is_inline ? "inline" : "footer");
    if (e.is_inline) out.set("resolved", e.is_resolved);
    if (!e.selection.empty()) out.set("selection", e.selection);
    if (!e.parent.empty()) out.set("answers", e.parent);
  }
  if (e.kind == Kind::attachment) out.set("file", e.title);
  if (!e.note.empty()) out.set("comment", e.note);
  return out;
}

Item Rows::item(const Entry& e) const {
  Item out;
  out.uri = uri(e);
  out.name = e.title;
  out.author = e.author;
  out.created_at_us = e.created_at_us;
  out.modified_at_us = e.updated_at_us;
  out.labels = e.labels;
  out.extra = extra(e);
  if (!e.container.empty()) out.parent = page_uri(e.container);
  if (e.kind == Kind::page && !e.parent.empty()) out.parent = page_uri(e.parent);
  return out;
}

base::Hash128 Rows::rest(const Entry& e) const {
  Value all = Value::array({extra(e), e.title, e.parent, e.container});
  for (const std::string& label : e.labels) all.push(label);
  return base::hash128(json::write(all));
}

std::string Rows::source_version(const Entry& e) const { return fmt::format("{};{}", e.version, rest(e).hex()); }

Known Rows::known(const Entry& e) const { return {e.kind, e.version, rest(e), e.space, e.container}; }

}  // namespace tarn::connector::confluence
