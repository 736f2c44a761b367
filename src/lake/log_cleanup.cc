#include "lake/log_cleanup.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "delta/protocol.h"
#include "delta/retention.h"
#include "lake/bookmark.h"
#include "lake/leases.h"
#include "lake/tags.h"

namespace tarn::lake {
namespace {

using base::Result;

constexpr int64_t kHour = int64_t{3600} * 1000, kDay = 24 * kHour;

// The newest version of which it and all before it are as old as the cut; -1 when there is none.
int64_t newest_expired(const std::map<int64_t, int64_t>& modified_ms, int64_t cut_ms) {
  int64_t newest = -1;
  for (const auto& [version, time] : modified_ms) {
    if (time > cut_ms) break;
    newest = version;
  }
  return newest;
}

// The oldest version that somebody has named; INT64_MAX when nobody has.
Result<int64_t> oldest_named(const store::Store& store, const std::string& table_path, const std::string& table_id,
                             int64_t now_us) {
  int64_t oldest = INT64_MAX;
  TARN_ASSIGN(const auto tags, list_tags(store));
  for (const Tag& tag : tags) {
    const auto pinned = tag.tables.find(table_path);
    if (pinned != tag.tables.end() && pinned->second.table_id == table_id) {
      oldest = std::min(oldest, pinned->second.version.value);
    }
  }
  TARN_ASSIGN(const auto leases, live_leases(store, now_us));
  for (const Lease& lease : leases) {
    const auto versions = lease.versions.find(table_path);
    if (versions != lease.versions.end() && !versions->second.empty()) {
      oldest = std::min(oldest, *versions->second.begin());
    }
  }
  return oldest;
}

}  // namespace

Result<int64_t> clean_up_log(store::Store& store, const std::string& table_path, const delta::Log& log,
                             const delta::State& newest, int64_t now_ms, const base::Context& context) {
  const auto setting = newest.configuration.find("delta.enableExpiredLogCleanup");
  if (setting != newest.configuration.end() && setting->second != "true") return 0;
  const int64_t keep_ms = delta::duration_ms(newest, "delta.logRetentionDuration", 30 * kDay);
  if (keep_ms > now_ms) return 0;
  TARN_ASSIGN(const int64_t named, oldest_named(store, table_path, newest.table_id, now_ms * 1000));
  const int64_t cut_ms = (now_ms - keep_ms) / kDay * kDay;
  TARN_ASSIGN(const auto entries, store.list(delta::log_directory(table_path)));
  std::vector<std::string> names;
  std::map<int64_t, int64_t> modified_ms;
  for (const auto& entry : entries) {
    if (entry.is_directory) continue;
    names.push_back(entry.name);
    const delta::LogFiles one = delta::read_log_names({entry.name});
    if (!one.commits.empty()) modified_ms[one.commits[0]] = entry.modified_us / 1000;
  }
  const delta::LogFiles files = delta::read_log_names(names);
  const int64_t cut = std::min(newest_expired(modified_ms, cut_ms), named);
  auto keep = files.checkpoints.upper_bound(cut);
  if (keep == files.checkpoints.begin()) return 0;
  --keep;
  // What is about to become the beginning of the log is read before anything goes.
  bool readable = files.has_commit(keep->first);
  for (const delta::CheckpointFiles& checkpoint : keep->second) {
    readable = readable && log.from_checkpoint(keep->first, checkpoint, context).ok();
  }
  if (!readable) return 0;
  std::set<std::pair<int64_t, std::string>> doomed;  // oldest first: what a stop leaves is a log without a gap
  for (const std::string& name : names) {
    const delta::LogFiles one = delta::read_log_names({name});
    int64_t version = INT64_MAX;
    if (!one.commits.empty()) version = one.commits[0];
    if (!one.crcs.empty()) version = one.crcs[0];
    if (!one.checkpoints.empty()) version = one.checkpoints.begin()->first;
    for (const auto& [at, checkpoints] : files.checkpoints) {
      for (const delta::CheckpointFiles& checkpoint : checkpoints) {
        if (std::find(checkpoint.names.begin(), checkpoint.names.end(), name) != checkpoint.names.end()) version = at;
      }
    }
    if (version < keep->first) doomed.emplace(version, name);
  }
  int64_t removed = 0;
  for (const auto& [version, name] : doomed) {
    if (removed == static_cast<int64_t>(kMaxRemovedAtOnce)) break;
    TARN_TRY(context.check());
    TARN_TRY(store.remove(delta::log_directory(table_path) + "/" + name));
    ++removed;
  }
  return removed;
}

void drop_expired_transactions(const store::Store& store, const std::string& table_path, int64_t now_ms,
                               delta::State* state) {
  const int64_t keep_ms = delta::duration_ms(*state, "delta.setTransactionRetentionDuration", INT64_MAX);
  if (keep_ms == INT64_MAX) return;
  for (auto it = state->transaction_actions.begin(); it != state->transaction_actions.end();) {
    const delta::Transaction& transaction = it->second;
    const bool expired = transaction.updated_at_ms && *transaction.updated_at_ms < now_ms - keep_ms;
    const auto directory = bookmark_directory(table_path, transaction.app_id);
    bool bookmarked = false;
    if (directory.ok()) {
      const auto bookmarks = store.list(*directory);
      bookmarked = !bookmarks.ok() || !bookmarks->empty();
    }
    if (!expired || bookmarked) {
      ++it;
      continue;
    }
    state->transactions.erase(it->first);
    it = state->transaction_actions.erase(it);
  }
}

}  // namespace tarn::lake
