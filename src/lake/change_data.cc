// The change data feed: for tables with delta.enableChangeDataFeed, what a commit deleted, updated and inserted, row by
// row, in files of its own. A commit that only adds rows needs none: readers take its new files. Replaced rows are told
// as updates where an upsert's key pairs them, or an UPDATE replaced them (change.h); else as a deletion and an
// insertion.
// Source: Delta protocol, "Add CDC File", "Change Data Files".
#include <fmt/format.h>

#include <iterator>

#include "delta/protocol.h"
#include "lake/change.h"
#include "lake/data_file.h"

namespace tarn::lake {
namespace {

using base::Status;

constexpr const char* kType = "_change_type";
constexpr const char* kPreimage = "'update_preimage'";
constexpr const char* kPostimage = "'update_postimage'";

}  // namespace

Status TableChange::draft_changes(const delta::State& latest, const base::Context& context, delta::CommitDraft* made) {
  if (!delta::keeps_change_feed(latest)) return {};
  std::map<std::string, delta::RowList> all = found_;
  for (const auto& [path, rows] : given_) all[path] = merged(all[path], rows);
  std::vector<delta::SourceFile> gone, came, preimages, postimages;
  for (const auto& [path, rows] : all) {
    const auto file = latest.files.find(path);
    if (file == latest.files.end()) continue;  // the change's own
    TARN_ASSIGN(const delta::RowList before, table_->deleted_rows(file->second));
    const delta::RowList now = without(rows, before);
    const auto updated = updated_.find(path);
    const delta::RowList others = updated == updated_.end() ? now : without(now, updated->second);
    if (!others.empty()) gone.push_back({&file->second, others});
    if (others.size() < now.size()) preimages.push_back({&file->second, without(now, others)});
  }
  if (gone.empty() && preimages.empty()) return {};
  for (const delta::DataFile& file : pending_) {
    const auto own = all.find(file.path);
    (updates_.count(file.path) != 0 ? postimages : came)
        .push_back({&file, own == all.end() ? delta::RowList() : own->second});
  }
  std::string was = "'delete'", is = "'insert'";
  std::string key;
  for (const KeySource& source : sources_) {
    if (source.files.empty()) continue;
    if (key.empty()) key = source.column;
    if (key != source.column) key = "\n";  // two keys: no pairs
  }
  if (!key.empty() && key != "\n") {
    const std::string name = duck::quote_name(key);
    was = fmt::format("CASE WHEN {} IN (SELECT {} FROM came) THEN {} ELSE 'delete' END", name, name, kPreimage);
    is = fmt::format("CASE WHEN {} IN (SELECT {} FROM gone) THEN {} ELSE 'insert' END", name, name, kPostimage);
  }
  std::string with, select;
  std::vector<store::Lease> leases;
  const auto add = [&](const char* name, const std::vector<delta::SourceFile>& files, bool listed,
                       const std::string& kind) -> Status {
    TARN_ASSIGN(Select rows, table_->select_rows(shape(), files, {{}, false, false, listed}));
    with += fmt::format("{} {} AS MATERIALIZED ({})", with.empty() ? "WITH" : ",", name, rows.sql);
    std::move(rows.files.begin(), rows.files.end(), std::back_inserter(leases));
    select += fmt::format("{} SELECT *, {} AS {} FROM {}", select.empty() ? "" : " UNION ALL", kind, kType, name);
    return {};
  };
  TARN_TRY(add("gone", gone, true, was));
  TARN_TRY(add("came", came, false, is));
  if (!preimages.empty()) TARN_TRY(add("preimages", preimages, true, kPreimage));
  if (!postimages.empty()) TARN_TRY(add("postimages", postimages, false, kPostimage));
  WriteOptions options;
  options.enforce = false;
  options.directory = "_change_data/";
  options.prefix = "cdc-";
  options.extra.resize(1);
  options.extra[0].name = kType;
  options.extra[0].type = "string";
  TARN_TRY(delta::with_connection(table_->connect(), [&](duck::Connection& connection) -> Status {
    TARN_ASSIGN(made->changes, write_rows(*table_, connection, shape(), with + select, options, context));
    return {};
  }));
  for (const delta::DataFile& file : made->changes) written_.add_other(file.path);
  return {};
}

}  // namespace tarn::lake
