#include "connector/folder/bookmark.h"

#include <algorithm>
#include <charconv>

#include "connector/uri.h"

namespace tarn::connector::folder {
namespace {

constexpr size_t kHashDigits = 32;
constexpr std::string_view kUnsupported = "unsupported", kTooLarge = "too large", kMailbox = "mailbox ";

bool parse_hash(std::string_view hex, base::Hash128& out) {
  auto half = [](std::string_view h, uint64_t& v) {
    auto [end, error] = std::from_chars(h.data(), h.data() + h.size(), v, 16);
    return error == std::errc() && end == h.data() + h.size();
  };
  return hex.size() == 32 && half(hex.substr(0, 16), out.high) && half(hex.substr(16), out.low);
}

bool parse_entry(const json::Value& value, Entry& out) {
  const auto& fields = value.items();
  if (fields.size() != 7) return false;
  for (size_t i : {1, 2, 3, 4}) {
    if (!fields[i].is_int()) return false;
  }
  auto path = decode_path(fields[0].as_string());
  if (!path.ok() || path->empty() || path->find('\0') != std::string::npos) return false;
  out.path = std::move(*path);
  out.size_bytes = static_cast<uint64_t>(fields[1].as_int());
  out.mtime_ns = fields[2].as_int();
  out.ctime_ns = fields[3].as_int();
  out.inode = static_cast<uint64_t>(fields[4].as_int());
  if (!fields[5].is_bool()) return false;
  out.settled = fields[5].as_bool();
  const std::string& hash = fields[6].as_string();
  out.state = hash == kUnsupported ? State::unsupported : hash == kTooLarge ? State::too_large : State::read;
  if (out.state != State::read) return true;
  if (hash.starts_with(kMailbox)) {  // "mailbox 1200;charset=koi8-r"
    const size_t end = std::min(hash.find(';'), hash.size());
    const auto [stop, error] = std::from_chars(hash.data() + kMailbox.size(), hash.data() + end, out.messages);
    out.state = State::mailbox;
    out.way = hash.substr(end);
    return error == std::errc() && stop == hash.data() + end;
  }
  if (hash.size() > kHashDigits && hash[kHashDigits] == ';') out.way = hash.substr(kHashDigits);
  return hash.size() == kHashDigits + out.way.size() && parse_hash(hash.substr(0, kHashDigits), out.hash);
}

}  // namespace

const Entry* Bookmark::find(std::string_view path) const {
  auto at = std::lower_bound(entries.begin(), entries.end(), path,
                             [](const Entry& e, std::string_view p) { return e.path < p; });
  return at != entries.end() && at->path == path ? &*at : nullptr;
}

json::Value to_json(const Bookmark& bookmark) {
  json::Value files = json::Value::array();
  files.reserve(bookmark.entries.size());
  for (const Entry& e : bookmark.entries) {
    json::Value hash = e.state == State::unsupported ? json::Value(kUnsupported)
                       : e.state == State::too_large ? json::Value(kTooLarge)
                       : e.state == State::mailbox
                           ? json::Value(std::string(kMailbox) + std::to_string(e.messages) + e.way)
                           : json::Value(e.hash.hex() + e.way);
    files.push(json::Value::array(
        {encode_path(e.path), e.size_bytes, e.mtime_ns, e.ctime_ns, e.inode, e.settled, std::move(hash)}));
  }
  json::Value value = json::Value::object({{"format", kBookmarkFormat}, {"device", bookmark.device}});
  if (!bookmark.reading.empty()) value.set("reading", to_json(bookmark.reading));
  return value.set("files", std::move(files));
}

Bookmark parse_bookmark(const json::Value& value) {
  Bookmark out;
  if (value["format"].as_int() != kBookmarkFormat) return {};
  out.device = static_cast<uint64_t>(value["device"].as_int());
  out.reading = parse_reading(value["reading"]);
  out.entries.reserve(value["files"].items().size());
  for (const json::Value& file : value["files"].items()) {
    Entry entry;
    if (!parse_entry(file, entry)) return {};
    if (!out.entries.empty() && out.entries.back().path >= entry.path) return {};
    out.entries.push_back(std::move(entry));
  }
  return out;
}

}  // namespace tarn::connector::folder
