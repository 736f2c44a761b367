// A file of JSON lines as a source of records: each line that is not empty is an object, its members are columns.
// Shape:   a column holds what all its values are: true and false, whole numbers, numbers; text where they differ or
//          nest, with what is no text as JSON. Of several lines with one key the last counts. A run names every record,
//          or that the file is the same: doc/format/jsonl-bookmark.md.
// Limits:  kMaxLineBytes (lines.h), kMaxColumns, kMaxBadLines.
// Errors:  not_found; invalid_argument when no record has the key or two columns have one name but for their case;
//          exhausted beyond a limit; unavailable when the file changed while it was read. A line that is no record is a
//          reject.
#pragma once

#include "connector/descriptor.h"

namespace tarn::connector::jsonl {

inline constexpr size_t kMaxColumns = 1000;
inline constexpr size_t kMaxBadLines = 10'000;

Descriptor descriptor();

}  // namespace tarn::connector::jsonl
