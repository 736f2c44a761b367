#include "document/html/links.h"

#include <algorithm>
#include <vector>

#include "base/ascii.h"

namespace tarn::document {
namespace {

constexpr size_t kMaxLinkBytes = 4096;

struct Link {
  std::string_view scheme, authority, path, query, fragment;  // with "https:", "//host", "?q", "#f"
};

Link split(std::string_view s) {
  Link l;
  const auto take = [&](size_t n) {
    const std::string_view head = s.substr(0, n);
    s.remove_prefix(head.size());
    return head;
  };
  const size_t colon = s.find_first_of(":/?#");
  const bool letter = !s.empty() && base::is_letter(s[0]);
  if (letter && colon != std::string_view::npos && s[colon] == ':') l.scheme = take(colon + 1);
  if (s.starts_with("//")) l.authority = take(std::min(s.find_first_of("/?#", 2), s.size()));
  l.path = take(std::min(s.find_first_of("?#"), s.size()));
  l.query = take(std::min(s.find('#'), s.size()));
  l.fragment = s;
  return l;
}

std::string without_dots(std::string_view path) {
  std::vector<std::string_view> parts;
  const bool rooted = path.starts_with('/');
  bool folder = false;  // ends as a folder
  for (size_t at = rooted; at <= path.size();) {
    const size_t end = std::min(path.find('/', at), path.size());
    const std::string_view part = path.substr(at, end - at);
    folder = part == "." || part == "..";
    if (part == "..") {
      if (!parts.empty() && parts.back() != "..") {
        parts.pop_back();
      } else if (!rooted) {
        parts.push_back(part);
      }
    } else if (part != ".") {
      parts.push_back(part);
    }
    at = end + 1;
  }
  std::string out = rooted ? "/" : "";
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += '/';
    out += parts[i];
  }
  if (folder && !parts.empty()) out += '/';
  return out;
}

}  // namespace

std::string resolve_link(std::string_view base, std::string_view link) {
  const size_t start = link.find_first_not_of(" \t\r\n\f");
  link = start == std::string_view::npos ? std::string_view() : link.substr(start);
  link = link.substr(0, link.find_last_not_of(" \t\r\n\f") + 1);
  const Link l = split(link), b = split(base);
  if (!l.scheme.empty() || base.size() > kMaxLinkBytes || link.size() > kMaxLinkBytes) return std::string(link);
  const auto join = [](std::string_view scheme, std::string_view authority, std::string_view path,
                       std::string_view query, std::string_view fragment) {
    std::string out(scheme);
    out.append(authority).append(path).append(query).append(fragment);
    return out;
  };
  if (!l.authority.empty()) return join(b.scheme, l.authority, without_dots(l.path), l.query, l.fragment);
  if (l.path.empty()) return join(b.scheme, b.authority, b.path, l.query.empty() ? b.query : l.query, l.fragment);
  std::string path;
  if (!l.path.starts_with('/')) {
    path = b.path.substr(0, b.path.find_last_of('/') == std::string_view::npos ? 0 : b.path.find_last_of('/') + 1);
    if (path.empty() && !b.authority.empty()) path = "/";
  }
  path += l.path;
  return join(b.scheme, b.authority, without_dots(path), l.query, l.fragment);
}

}  // namespace tarn::document
