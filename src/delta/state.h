// A snapshot with what writers need beside it: the raw protocol and metadata, tombstones, and how commits change it.
// Threads: const after it was built; shared.
// Source:  Delta protocol, "Action Reconciliation".
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>

#include "delta/actions.h"
#include "delta/snapshot.h"

namespace tarn::delta {

struct State : Snapshot {
  json::Value protocol, metadata;  // as the log has them
  std::map<std::string, Transaction> transaction_actions;
  int64_t size_bytes = 0;         // of the live files
  std::set<std::string> foreign;  // live paths that leave the table
  // Removed files by (path, deletion vector); filled only where a checkpoint is made of it.
  bool keeps_tombstones = false;
  std::map<std::pair<std::string, std::string>, Remove> tombstones;

  // Applies the actions of the next commit, or of a checkpoint to an empty state. The version is the caller's to set.
  base::Status apply(Actions actions);
  // What must hold of a whole state: a protocol and a schema that Tarn can read, no file outside the table (of a linked
  // one: none outside this machine).
  base::Status validate(bool foreign_files = false) const;
  // The same table, whatever statistics and tags say.
  bool agrees_with(const State& other) const;
};

// Equal as what they say: members in any order, a null member as good as none. (A checkpoint gives both back
// differently.)
bool same_json(const json::Value& a, const json::Value& b);

// Microseconds: inCommitTimestamp, else timestamp, else nothing.
std::optional<int64_t> commit_time_us(const json::Value& commit_info);

}  // namespace tarn::delta
