// How long a table keeps what its newest version no longer has.
// Source:  Delta protocol, table property delta.deletedFileRetentionDuration.
#pragma once

#include <cstdint>

#include "lake/snapshot.h"

namespace tarn::lake {

// delta.deletedFileRetentionDuration ("interval 7 days") in ms; a week when it is not set, INT64_MAX when it cannot be read.
int64_t tombstone_ms(const Snapshot& snapshot);

}  // namespace tarn::lake
