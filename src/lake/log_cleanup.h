// Taking away the part of a log that is older than the table keeps it: after a checkpoint, as Delta's other writers do.
// Shape:   everything before one checkpoint goes; that checkpoint, its commit and all later ones stay. It is the newest
//          one that is as old as the retention, and not younger than any version that a tag names or a reader holds.
//          Nothing goes when it, or a tag, cannot be read. Sidecars stay. The log stays without a gap: an older piece,
//          kept for a tag, would be safe to read by version, but other engines take commits to be contiguous, and would
//          give its last version for every time in the gap.
// Limits:  kMaxRemovedAtOnce files a run.
// Source:  Delta protocol, "Metadata Cleanup"; table properties delta.logRetentionDuration (30 days),
//          delta.enableExpiredLogCleanup (true), delta.setTransactionRetentionDuration. Time travel over a gap:
//          getActiveCommitAtTime in Spark's DeltaHistoryManager.
#pragma once

#include <cstdint>
#include <string>

#include "delta/log.h"
#include "delta/state.h"

namespace tarn::lake {

inline constexpr size_t kMaxRemovedAtOnce = 10'000;

// How many files went.
base::Result<int64_t> clean_up_log(store::Store& store, const std::string& table_path, const delta::Log& log,
                                   const delta::State& newest, int64_t now_ms, const base::Context& context);

// Forgets transactions that the table no longer keeps; never those that a bookmark hangs on.
void drop_expired_transactions(const store::Store& store, const std::string& table_path, int64_t now_ms,
                               delta::State* state);

}  // namespace tarn::lake
