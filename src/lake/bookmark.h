// Bookmarks: how far a source was read, in a file of its own that a commit's txn names.
// Shape:   `<table>/_tarn/bookmarks/<source id>/<n>.json`, written once and never changed; doc/format/bookmark.md.
// Limits:  a source id of kMaxSourceId bytes; a bookmark of json::kMaxBytes.
// Errors:  already_exists when another bookmark has the number; corruption (file) for one that is not what was written.
#pragma once

#include <string>

#include "base/status.h"
#include "json/value.h"
#include "store/store.h"

namespace tarn::lake {

inline constexpr size_t kMaxSourceId = 200;
inline constexpr int kBookmarkFormat = 1;

base::Result<std::string> bookmark_directory(const std::string& table_path, const std::string& source_id);
std::string bookmark_text(const std::string& source_id, int64_t n, const json::Value& bookmark);
base::Result<json::Value> parse_bookmark(const std::string& text, const std::string& source_id, int64_t n,
                                         const std::string& path);
base::Result<json::Value> read_bookmark(const store::Store& store, const std::string& table_path,
                                        const std::string& source_id, int64_t n);
base::Status write_bookmark(store::Store& store, const std::string& table_path, const std::string& source_id, int64_t n,
                            const json::Value& bookmark);

}  // namespace tarn::lake
