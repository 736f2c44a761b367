// Taking away the part of a log that is older than the table keeps it: after a checkpoint, as Delta's other writers do.
// Shape:   everything before the newest checkpoint that is as old as the retention goes; that checkpoint, its commit and all later ones
//          stay. Nothing goes while the lake has tags, nor when that checkpoint cannot be read. Sidecars stay.
// Limits:  kMaxRemovedAtOnce files a run.
// Source:  Delta protocol, "Metadata Cleanup"; table properties delta.logRetentionDuration (30 days), delta.enableExpiredLogCleanup (true),
//          delta.setTransactionRetentionDuration.
#pragma once

#include <cstdint>
#include <string>

#include "lake/log.h"
#include "lake/state.h"

namespace tarn::lake {

inline constexpr size_t kMaxRemovedAtOnce = 10'000;

// How many files went.
base::Result<int64_t> clean_up_log(store::Store& store, const std::string& table_path, const Log& log,
                                   const State& newest, int64_t now_ms);

// Forgets transactions that the table no longer keeps; never those that a bookmark hangs on.
void drop_expired_transactions(const store::Store& store, const std::string& table_path, int64_t now_ms, State* state);

}  // namespace tarn::lake
