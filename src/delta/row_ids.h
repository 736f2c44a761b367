// Row tracking: each new file gets the first of its rows' ids and the version that it came with; a high-water mark goes
// along as a domain.
// Source:  Delta protocol, "Row Tracking", writer requirements while it is supported.
#pragma once

#include "base/ids.h"
#include "delta/commit.h"
#include "delta/state.h"

namespace tarn::delta {

// Completes the adds of a commit that becomes `version`; nothing for tables without the feature. A file that is added
// again keeps its ids.
void assign_row_ids(const State& latest, base::Version version, CommitDraft* draft);

}  // namespace tarn::delta
