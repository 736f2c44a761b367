// What a snapshot holds, as its log says.
#pragma once

#include "delta/snapshot.h"

namespace tarn::workspace {

inline int64_t deleted_rows(const delta::Snapshot& snapshot) {
  int64_t rows = 0;
  for (const auto& [path, file] : snapshot.files) rows += file.deletion_vector ? file.deletion_vector->cardinality : 0;
  return rows;
}

inline int64_t live_rows(const delta::Snapshot& snapshot) {
  int64_t rows = 0;
  for (const auto& [path, file] : snapshot.files) rows += file.row_count().value_or(0);
  return rows - deleted_rows(snapshot);
}

inline int64_t size_bytes(const delta::Snapshot& snapshot) {
  int64_t size = 0;
  for (const auto& [path, file] : snapshot.files) size += file.size_bytes;
  return size;
}

}  // namespace tarn::workspace
