// How long a table keeps what its newest version no longer has, and other durations among its properties.
// Source:  Delta protocol, table properties delta.deletedFileRetentionDuration, delta.logRetentionDuration and their
//          kin.
#pragma once

#include <cstdint>
#include <string>

#include "delta/snapshot.h"

namespace tarn::delta {

// A table property that is a duration ("interval 30 days") in ms; `otherwise` when it is not set, INT64_MAX when it
// cannot be read.
int64_t duration_ms(const Snapshot& snapshot, const std::string& property, int64_t otherwise);
// delta.deletedFileRetentionDuration ("interval 7 days") in ms; a week when it is not set, INT64_MAX when it cannot be
// read.
int64_t tombstone_ms(const Snapshot& snapshot);

}  // namespace tarn::delta
