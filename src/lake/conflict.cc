// How a change follows a table that moved after its base: the protocol's conflict rules, told from the difference of
// two states. Appends never conflict. A change of the schema, the protocol or the same app id's txn always does.
// Deletions by key are looked up again in what others added (an optimize, an upsert of the same key); deletions of
// given rows hold while those rows live in their file.
#include <fmt/format.h>

#include <algorithm>

#include "lake/change.h"

namespace tarn::lake {
namespace {

using base::Code;
using base::Status;

Status conflict(std::string why) { return {Code::conflict, std::move(why), "read the newest version and do it again"}; }

}  // namespace

Status TableChange::follow(const std::shared_ptr<const delta::State>& latest, const base::Context& context) {
  if (latest->version == seen_->version) return {};
  const std::string name = fmt::format("table '{}'", table_->path());
  if (!delta::same_json(latest->protocol, base_->protocol) || !delta::same_json(latest->metadata, base_->metadata)) {
    return conflict(
        fmt::format("{}: its schema, properties or protocol changed after version {}", name, base_->version.value));
  }
  if (transaction_) {
    const auto mine = base_->transactions.find(transaction_->app_id);
    const auto theirs = latest->transactions.find(transaction_->app_id);
    const bool moved =
        theirs != latest->transactions.end() && (mine == base_->transactions.end() || mine->second != theirs->second);
    if (moved) {
      return conflict(
          fmt::format("{}: another commit took '{}' to {} meanwhile", name, transaction_->app_id, theirs->second));
    }
  }
  TARN_TRY(follow_given(*latest));
  std::vector<const delta::DataFile*> added;
  for (const auto& [path, file] : latest->files) {
    if (seen_->files.find(path) == seen_->files.end()) added.push_back(&file);
  }
  for (auto it = found_.begin(); it != found_.end();) {
    const bool pending = std::any_of(pending_.begin(), pending_.end(),
                                     [&](const delta::DataFile& file) { return file.path == it->first; });
    it = pending || latest->files.count(it->first) != 0 ? std::next(it) : found_.erase(it);
  }
  seen_ = latest;
  if (added.empty() || sources_.empty()) return {};
  return delta::with_connection(table_->connect(), [&](duck::Connection& connection) -> Status {
    for (const KeySource& source : sources_) TARN_TRY(find_rows(connection, added, source, context));
    return {};
  });
}

Status TableChange::follow_given(const delta::State& latest) {
  for (const auto& [path, rows] : given_) {
    const auto now = latest.files.find(path);
    const auto before = seen_->files.find(path);
    if (now == latest.files.end()) return conflict(fmt::format("file '{}' was removed by another commit", path));
    if (before == seen_->files.end() || now->second.deletion_vector == before->second.deletion_vector) continue;
    TARN_ASSIGN(const delta::RowList gone, table_->deleted_rows(now->second));
    for (int64_t row : rows) {
      if (std::binary_search(gone.begin(), gone.end(), row)) {
        return conflict(fmt::format("row {} of file '{}' was deleted by another commit", row, path));
      }
    }
  }
  return {};
}

}  // namespace tarn::lake
