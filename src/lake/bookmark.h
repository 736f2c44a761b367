// Bookmarks: how far a source was read, in a file of its own that a commit's txn names.
// Shape:   `<table>/_tarn/bookmarks/<source id>/<n>.json`, written once and never changed; doc/format/bookmark.md.
// Limits:  a source id of kMaxSourceId bytes; a bookmark of json::kMaxBytes.
// Errors:  already_exists when another bookmark has the number; corruption (file) for one that is not what was written.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "json/value.h"
#include "store/store.h"

namespace tarn::lake {

inline constexpr size_t kMaxSourceId = 200;
inline constexpr int kBookmarkFormat = 1;
inline constexpr std::string_view kBookmarks = "_tarn/bookmarks";  // below a table

// Relative to the table: `_tarn/bookmarks/<source id>/<n>.json`.
base::Result<std::string> bookmark_name(const std::string& source_id, int64_t n);
base::Result<std::string> bookmark_directory(const std::string& table_path, const std::string& source_id);
std::string bookmark_text(const std::string& source_id, int64_t n, const json::Value& bookmark);
base::Result<json::Value> parse_bookmark(const std::string& text, const std::string& source_id, int64_t n,
                                         const std::string& path);
base::Result<json::Value> read_bookmark(const store::Store& store, const std::string& table_path,
                                        const std::string& source_id, int64_t n);
base::Status write_bookmark(store::Store& store, const std::string& table_path, const std::string& source_id, int64_t n,
                            const json::Value& bookmark);

// Gives every bookmark of every source of the table to `change`, which returns true when it altered it; such a file is
// replaced. For forgetting, which alone may. Returns the paths of the files that were. What cannot be read is removed:
// it then counts as none.
base::Result<std::vector<std::string>> rewrite_bookmarks(store::Store& store, const std::string& table_path,
                                                         const std::function<bool(json::Value*)>& change);

}  // namespace tarn::lake
