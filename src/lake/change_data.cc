// The change data feed: for tables with delta.enableChangeDataFeed, what a commit deleted, updated and inserted, row by row, in files of
// its own. A commit that only adds rows needs none: readers take its new files. Replaced rows are told as updates where an upsert's key,
// or an UPDATE, pairs them; else as a deletion and an insertion.
// Source: Delta protocol, "Add CDC File", "Change Data Files".
#include <fmt/format.h>

#include "lake/change.h"
#include "lake/data_file.h"
#include "lake/protocol.h"

namespace tarn::lake {
namespace {

using base::Status;

constexpr const char* kType = "_change_type";

}  // namespace

Status TableChange::draft_changes(const State& latest, CommitDraft* made) {
  if (!keeps_change_feed(latest)) return {};
  std::map<std::string, RowList> all = found_;
  for (const auto& [path, rows] : given_) all[path] = merged(all[path], rows);
  std::vector<SourceFile> gone, came;
  for (const auto& [path, rows] : all) {
    const auto file = latest.files.find(path);
    if (file == latest.files.end()) continue;  // the change's own
    TARN_ASSIGN(const RowList before, table_->deleted_rows(file->second));
    RowList now = without(rows, before);
    if (!now.empty()) gone.push_back({&file->second, std::move(now)});
  }
  if (gone.empty()) return {};
  for (const DataFile& file : pending_) {
    const auto own = all.find(file.path);
    came.push_back({&file, own == all.end() ? RowList() : own->second});
  }
  Selection listed;
  listed.listed_only = true;
  TARN_ASSIGN(const std::string gone_sql, select_rows(shape(), table_->directory(), gone, listed));
  TARN_ASSIGN(const std::string came_sql, select_rows(shape(), table_->directory(), came, {}));
  std::string was = "'delete'", is = "'insert'";
  std::string key;
  for (const KeySource& source : sources_) {
    if (source.files.empty()) continue;
    if (key.empty()) key = source.column;
    if (key != source.column) key = "\n";  // two keys: no pairs
  }
  if (operation_ == "UPDATE") {
    was = "'update_preimage'";
    is = "'update_postimage'";
  } else if (!key.empty() && key != "\n") {
    const std::string name = duck::quote_name(key);
    was = fmt::format("CASE WHEN {} IN (SELECT {} FROM came) THEN 'update_preimage' ELSE 'delete' END", name, name);
    is = fmt::format("CASE WHEN {} IN (SELECT {} FROM gone) THEN 'update_postimage' ELSE 'insert' END", name, name);
  }
  const std::string select = fmt::format(
      "WITH gone AS MATERIALIZED ({}), came AS MATERIALIZED ({}) SELECT *, {} AS {} FROM gone UNION ALL SELECT *, {} "
      "FROM came",
      gone_sql, came_sql, was, kType, is);
  WriteOptions options;
  options.enforce = false;
  options.directory = "_change_data/";
  options.prefix = "cdc-";
  options.extra.resize(1);
  options.extra[0].name = kType;
  options.extra[0].type = "string";
  return OwnDatabase::shared().run([&](duck::Connection& connection) -> Status {
    TARN_ASSIGN(made->changes, write_rows(*table_, connection, shape(), select, options));
    return {};
  });
}

}  // namespace tarn::lake
