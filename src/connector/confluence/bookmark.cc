#include "connector/confluence/bookmark.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace tarn::connector::confluence {

using json::Value;

namespace {

constexpr size_t kIncludedFrom = 5;  // in an item: path, kind, version, rest, space, then what it includes
constexpr std::string_view kPage = "pages/viewpage.action?pageId=", kComment = "&focusedCommentId=",
                           kFile = "&preview=";

// Id and container out of a path; nothing where it is none of that kind.
std::optional<std::pair<std::string, std::string>> names_in(std::string_view path, Kind kind) {
  if (!path.starts_with(kPage)) return {};
  path.remove_prefix(kPage.size());
  const size_t end = std::min(path.find('&'), path.size());
  const std::string page(path.substr(0, end));
  path.remove_prefix(end);
  if (kind == Kind::page || kind == Kind::post) {
    if (page.empty() || !path.empty()) return {};
    return std::pair(page, std::string());
  }
  const std::string_view before = kind == Kind::comment ? kComment : kFile;
  if (!path.starts_with(before) || path.size() == before.size()) return {};
  return std::pair(std::string(path.substr(before.size())), page);
}

}  // namespace

std::string path_of(const std::string& id, Kind kind, const std::string& container) {
  const std::string start(kPage);
  if (kind == Kind::comment) return start + container + std::string(kComment) + id;
  if (kind == Kind::attachment) return start + container + std::string(kFile) + id;
  return start + id;
}

Value to_json(const Bookmark& bookmark) {
  Value items = Value::array();
  items.reserve(bookmark.items.size());
  for (const auto& [id, known] : bookmark.items) {
    Value item = Value::array({path_of(id, known.kind, known.container), std::string(1, static_cast<char>(known.kind)),
                               known.version, known.rest.hex(), known.space});
    for (const std::string& page : known.included) item.push(page);
    items.push(std::move(item));
  }
  return Value::object(
      {{"format", kBookmarkFormat}, {"rights_read_at_us", bookmark.rights_read_at_us}, {"items", std::move(items)}});
}

Bookmark parse_bookmark(const Value& value) {
  Bookmark out;
  if (value["format"] != Value(kBookmarkFormat)) return out;
  out.rights_read_at_us = value["rights_read_at_us"].as_int();
  for (const Value& item : value["items"].items()) {
    const auto& part = item.items();
    if (part.size() < kIncludedFrom || !part[2].is_int() || part[1].as_string().size() != 1) return {};
    const auto kind = static_cast<Kind>(part[1].as_string()[0]);
    const bool is_known = kind == Kind::page || kind == Kind::post || kind == Kind::comment || kind == Kind::attachment;
    const auto names = is_known ? names_in(part[0].as_string(), kind) : std::nullopt;
    const auto rest = base::Hash128::from_hex(part[3].as_string());
    if (!names || !rest) return {};
    Known known{kind, part[2].as_int(), *rest, part[4].as_string(), names->second};
    for (size_t i = kIncludedFrom; i < part.size(); ++i) known.included.push_back(part[i].as_string());
    out.items[names->first] = std::move(known);
  }
  return out;
}

}  // namespace tarn::connector::confluence
