// Which tables Tarn may read and write: protocol versions and table features, refused by name when unknown.
// Errors:  unsupported, naming the version or the feature and what it is for.
// Source:  Delta protocol, "Table Features", "Reader/Writer Version Requirements", "Valid Feature Names".
#pragma once

#include "base/status.h"
#include "lake/snapshot.h"

namespace tarn::lake {

enum class ColumnMapping { none, name, id };

base::Status check_readable(const Snapshot& snapshot);
// Also that no constraint, generated column or the like is active that Tarn would have to enforce.
base::Status check_writable(const Snapshot& snapshot);
// New rows need more than a change of which rows live: no partitions, no renamed columns.
base::Status check_appendable(const Snapshot& snapshot);
base::Status check_deletable(const Snapshot& snapshot);  // not append-only

bool writes_deletion_vectors(const Snapshot& snapshot);
ColumnMapping column_mapping(const Snapshot& snapshot);

// The protocol action of a new table with this schema and these properties.
json::Value protocol_for(const std::vector<Field>& schema, const std::map<std::string, std::string>& configuration);

}  // namespace tarn::lake
