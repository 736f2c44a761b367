// RESTORE: a new version that has what an older one had. Files that are still there are named again; nothing is copied
// or encoded. Bookmarks go back with the rows, under numbers of their own, so that the next pull sees what the table
// has and not what it had.
// Source:  Delta's RESTORE command: remove and add actions, the metadata of the older version, never its protocol.
#include <fmt/format.h>

#include "delta/protocol.h"
#include "lake/delta_table.h"

namespace tarn::lake {
namespace {

using base::Code;
using base::Result;
using base::Status;

bool same_content(const delta::DataFile& a, const delta::DataFile& b) {
  return a.size_bytes == b.size_bytes && a.deletion_vector == b.deletion_vector;
}

delta::CommitDraft draft_of(const delta::State& latest, const delta::State& target, int64_t now_ms) {
  delta::CommitDraft draft;
  draft.operation = "RESTORE";
  draft.parameters = json::Value::object({{"version", target.version.value}, {"timestamp", json::Value()}});
  int64_t removed_bytes = 0, restored_bytes = 0;
  for (const auto& [path, file] : latest.files) {
    const auto before = target.files.find(path);
    if (before != target.files.end() && same_content(before->second, file)) continue;
    draft.removes.push_back(delta::removal_of(file, now_ms, true));
    removed_bytes += file.size_bytes;
  }
  for (const auto& [path, file] : target.files) {
    const auto now = latest.files.find(path);
    if (now != latest.files.end() && same_content(now->second, file)) continue;
    draft.adds.push_back({file, true});
    restored_bytes += file.size_bytes;
  }
  if (!delta::same_json(latest.metadata, target.metadata)) draft.metadata = target.metadata;
  draft.metrics = {{"tableSizeAfterRestore", target.size_bytes},
                   {"numOfFilesAfterRestore", static_cast<int64_t>(target.files.size())},
                   {"numRemovedFiles", static_cast<int64_t>(draft.removes.size())},
                   {"numRestoredFiles", static_cast<int64_t>(draft.adds.size())},
                   {"removedFilesSize", removed_bytes},
                   {"restoredFilesSize", restored_bytes}};
  return draft;
}

}  // namespace

Result<base::Version> DeltaTable::restore(base::Version version, const base::Context& context) {
  auto loaded = log_.load(version, context);
  if (!loaded.ok()) return context.reason(loaded.status());
  const std::shared_ptr<const delta::State> target = std::move(*loaded);
  std::map<std::string, int64_t> numbers;  // of the bookmarks that were put for this restore
  for (int attempt = 0; attempt < kMaxCommitAttempts; ++attempt) {
    TARN_TRY(context.check());
    const auto newest = state(std::nullopt, context);
    if (!newest.ok()) return context.reason(newest.status());
    const std::shared_ptr<const delta::State>& latest = *newest;
    TARN_TRY(delta::check_writable(*latest));
    if (target->table_id != latest->table_id) {
      return Status(Code::invalid_argument,
                    fmt::format("version {} of '{}' is of another table", version.value, path_));
    }
    TARN_TRY(check_no_vacuum());
    TARN_TRY(check_files(*target, context));
    TARN_TRY(context.check());  // the last: bookmarks are put for a commit that comes
    delta::CommitDraft draft = draft_of(*latest, *target, now_ms());
    if (!draft.removes.empty()) TARN_TRY(delta::check_deletable(*latest));
    for (const auto& [source, n] : latest->transactions) {
      const auto before = target->transactions.find(source);
      if (before != target->transactions.end() && before->second == n) continue;
      const auto now = bookmark(*latest, source);
      if (!now.ok() || !*now) continue;  // another program's
      // A source that came later was, at that version, not read at all.
      json::Value then = json::Value::object();
      if (before != target->transactions.end()) {
        const auto old = bookmark(*target, source);
        if (old.ok() && *old) then = **old;
      }
      if (*now && **now == then) continue;
      TARN_ASSIGN(numbers[source], put_next_bookmark(*latest, source, then));
      draft.more_transactions.push_back({source, numbers[source], now_ms()});
    }
    if (draft.adds.empty() && draft.removes.empty() && !draft.metadata && draft.more_transactions.empty()) {
      return latest->version;
    }
    const auto committed = try_commit(latest.get(), draft, context);
    if (committed.ok()) return (*committed)->version;
    if (committed.status().code() != Code::already_exists) return committed.status();
  }
  return Status(Code::conflict, fmt::format("table '{}': other writers were first {} times", path_, kMaxCommitAttempts),
                "try again when fewer write at once");
}

}  // namespace tarn::lake
