// Which tables Tarn may read and write, and how: protocol versions and table features, refused by name when unknown.
// Shape:   doc/format/delta-features.md has the whole table of feature and operation, which a test reads.
// Errors:  unsupported, naming the version or the feature and what it is for; permission_denied for an append-only
//          table.
// Source:  Delta protocol, "Table Features", "Reader/Writer Version Requirements", "Valid Feature Names".
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/status.h"
#include "delta/snapshot.h"

namespace tarn::delta {

enum class ColumnMapping { none, name, id };

base::Status check_readable(const Snapshot& snapshot);
// A commit may be made at all: every writer feature is known.
base::Status check_writable(const Snapshot& snapshot);
// New rows may come: nothing is active that computes values which Tarn does not.
base::Status check_appendable(const Snapshot& snapshot);
// Rows may move to other files (optimize, updates without deletion vectors).
base::Status check_rewritable(const Snapshot& snapshot);
base::Status check_deletable(const Snapshot& snapshot);    // not append-only
base::Status check_replaceable(const Snapshot& snapshot);  // rows may be replaced by newer ones (upsert)

// The feature is in the protocol, by name or by the version that has it.
bool supports(const Snapshot& snapshot, std::string_view feature);
bool is_true(const Snapshot& snapshot, const std::string& property);

bool writes_deletion_vectors(const Snapshot& snapshot);
bool keeps_change_feed(const Snapshot& snapshot);
bool has_commit_timestamps(const Snapshot& snapshot);  // delta.enableInCommitTimestamps
bool assigns_row_ids(const Snapshot& snapshot);        // rowTracking, not suspended
ColumnMapping column_mapping(const Snapshot& snapshot);

// The features that a schema and properties need; invalid_argument for a property whose value is none, unsupported for
// a feature that Tarn does not switch on.
base::Result<std::set<std::string>> needed_features(const std::vector<Field>& schema,
                                                    const std::map<std::string, std::string>& configuration);
// The protocol action of a new table, and that of a table which needs more than it has (nothing when it has all).
json::Value protocol_for(const std::set<std::string>& features);
std::optional<json::Value> upgraded_protocol(const Snapshot& snapshot, const std::set<std::string>& features);

}  // namespace tarn::delta
