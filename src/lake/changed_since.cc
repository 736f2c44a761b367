#include "lake/changed_since.h"

#include <algorithm>

#include "delta/log.h"

namespace tarn::lake {

bool changed_since(const TableReader& table, const delta::Snapshot& snapshot, const std::string& app_id) {
  const auto last = snapshot.transactions.find(app_id);
  if (last == snapshot.transactions.end()) return true;
  const delta::Log log(table.store(), table.path(), nullptr);
  for (int64_t version = snapshot.version.value; version >= 0; --version) {
    const auto commit = log.read_commit(base::Version(version));
    if (!commit.ok()) return true;
    for (const delta::Transaction& transaction : commit->transactions) {
      if (transaction.app_id == app_id && transaction.version == last->second) return false;
    }
    const auto changes = [](const auto& action) { return action.data_change; };
    if (std::any_of(commit->adds.begin(), commit->adds.end(), changes) ||
        std::any_of(commit->removes.begin(), commit->removes.end(), changes)) {
      return true;
    }
  }
  return true;
}

}  // namespace tarn::lake
