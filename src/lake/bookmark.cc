#include "lake/bookmark.h"

#include <fmt/format.h>

#include "base/hash.h"
#include "base/percent.h"
#include "lake/delta_table.h"

namespace tarn::lake {
namespace {

using base::Code;
using base::Result;
using base::Status;

constexpr int kMaxTaken = 10'000;  // numbers that pulls which never committed may have used up

// A source id as a file name: what is not plain is percent-encoded, and so is a leading dot.
Result<std::string> directory_name(const std::string& source_id) {
  if (source_id.empty() || source_id.size() > kMaxSourceId) {
    return Status(Code::invalid_argument,
                  fmt::format("a source id has 1 to {} bytes, not {}", kMaxSourceId, source_id.size()));
  }
  const bool dot = source_id.starts_with('.');
  return (dot ? "%2E" : "") + base::percent_encoded(std::string_view(source_id).substr(dot ? 1 : 0), "-_.");
}

std::string file_name(int64_t n) { return fmt::format("{}.json", n); }

}  // namespace

Result<std::string> bookmark_directory(const std::string& table_path, const std::string& source_id) {
  TARN_ASSIGN(const std::string name, directory_name(source_id));
  return fmt::format("{}/{}/{}", table_path, kBookmarks, name);
}

Result<std::string> bookmark_name(const std::string& source_id, int64_t n) {
  TARN_ASSIGN(const std::string name, directory_name(source_id));
  return fmt::format("{}/{}/{}", kBookmarks, name, file_name(n));
}

std::string bookmark_text(const std::string& source_id, int64_t n, const json::Value& bookmark) {
  return json::write(json::Value::object({{"format", kBookmarkFormat},
                                          {"source", source_id},
                                          {"n", n},
                                          {"xxh3", base::hash128(json::write(bookmark)).hex()},
                                          {"bookmark", bookmark}})) +
         "\n";
}

Result<json::Value> parse_bookmark(const std::string& text, const std::string& source_id, int64_t n,
                                   const std::string& path) {
  const auto parsed = json::parse(text);
  if (!parsed.ok()) return Status(Code::corruption, fmt::format("bookmark {}: {}", path, parsed.status().message()));
  const auto damaged = [&](std::string_view why) {
    return Status(Code::corruption, fmt::format("bookmark {}: {}", path, why));
  };
  const json::Value& file = *parsed;
  if (file["format"].as_int(-1) != kBookmarkFormat) {
    if (file["format"].is_int() && file["format"].as_int() > kBookmarkFormat) {
      return Status(Code::unsupported, fmt::format("bookmark {}: written by a newer Tarn", path),
                    "use that version of Tarn");
    }
    return damaged("no format number");
  }
  if (file["source"].as_string() != source_id || file["n"].as_int(-1) != n) {
    return damaged("it is of another source or number");
  }
  const json::Value* bookmark = file.find("bookmark");
  if (bookmark == nullptr) return damaged("nothing in it");
  if (file["xxh3"].as_string() != base::hash128(json::write(*bookmark)).hex()) {
    return damaged("its hash does not match");
  }
  return *bookmark;
}

Result<json::Value> read_bookmark(const store::Store& store, const std::string& table_path,
                                  const std::string& source_id, int64_t n) {
  TARN_ASSIGN(const std::string directory, bookmark_directory(table_path, source_id));
  const std::string path = directory + "/" + file_name(n);
  const auto text = store.read(path);
  if (!text.ok()) {
    if (text.status().code() != Code::not_found) return text.status();
    return Status(Code::corruption, fmt::format("bookmark {} of source '{}' is missing: {}", n, source_id, path),
                  "pull the source from its beginning");
  }
  return parse_bookmark(*text, source_id, n, path);
}

Status write_bookmark(store::Store& store, const std::string& table_path, const std::string& source_id, int64_t n,
                      const json::Value& bookmark) {
  if (n < 0) return {Code::invalid_argument, fmt::format("a bookmark's number is not negative, as {} is", n)};
  TARN_ASSIGN(const std::string directory, bookmark_directory(table_path, source_id));
  const std::string path = directory + "/" + file_name(n);
  const std::string text = bookmark_text(source_id, n, bookmark);
  const Status put = store.put_if_absent(path, text);
  if (put.code() != Code::already_exists) return put;
  // The same pull again, after a crash before its commit.
  const auto there = store.read(path);
  if (there.ok() && *there == text) return {};
  return {Code::already_exists, fmt::format("bookmark {} of source '{}' was written by another pull", n, source_id),
          "take the next number"};
}

Result<std::vector<std::string>> rewrite_bookmarks(store::Store& store, const std::string& table_path,
                                                   const std::function<bool(json::Value*)>& change) {
  std::vector<std::string> rewritten;
  const std::string root = fmt::format("{}/{}", table_path, kBookmarks);
  TARN_ASSIGN(const auto sources, store.list(root));
  for (const auto& source : sources) {
    if (!source.is_directory) continue;
    TARN_ASSIGN(const auto entries, store.list(root + "/" + source.name));
    for (const auto& entry : entries) {
      if (entry.is_directory || !entry.name.ends_with(".json")) continue;
      const std::string path = root + "/" + source.name + "/" + entry.name;
      TARN_ASSIGN(const std::string text, store.read(path));
      const auto file = json::parse(text);
      if (!file.ok()) {
        return Status(Code::corruption, fmt::format("bookmark {}: {}", path, file.status().message()),
                      "remove the file; the source is then pulled from its beginning");
      }
      json::Value bookmark = (*file)["bookmark"];
      if (!change(&bookmark)) continue;
      TARN_TRY(store.put(path, bookmark_text((*file)["source"].as_string(), (*file)["n"].as_int(), bookmark)));
      rewritten.push_back(path.substr(table_path.size() + 1));
    }
  }
  return rewritten;
}

Status DeltaTable::put_bookmark(const std::string& source_id, int64_t n, const json::Value& bookmark) {
  return write_bookmark(store(), path_, source_id, n, bookmark);
}

Result<int64_t> DeltaTable::put_next_bookmark(const delta::Snapshot& snapshot, const std::string& source_id,
                                              const json::Value& bookmark) {
  const auto it = snapshot.transactions.find(source_id);
  const int64_t first = it == snapshot.transactions.end() ? 1 : it->second + 1;
  for (int64_t n = first; n < first + kMaxTaken; ++n) {
    const Status written = write_bookmark(store(), path_, source_id, n, bookmark);
    if (written.ok()) return n;
    if (written.code() != Code::already_exists) return written;
  }
  return Status(Code::exhausted, fmt::format("source '{}': {} bookmarks in a row are taken", source_id, kMaxTaken));
}

Result<std::optional<json::Value>> DeltaTable::bookmark(const delta::Snapshot& snapshot,
                                                        const std::string& source_id) const {
  const auto it = snapshot.transactions.find(source_id);
  if (it == snapshot.transactions.end()) return std::optional<json::Value>();
  TARN_ASSIGN(json::Value found, read_bookmark(store(), path_, source_id, it->second));
  return std::optional(std::move(found));
}

}  // namespace tarn::lake
