// Proves that the segments of a snapshot agree with its data files, both ways: same rows, ids, titles and spans, every
// text equal to the body's bytes, every term list equal to a fresh analysis, every vector there and of the right input.
// Errors:  what reading the data files returns; what is wrong with a segment is a finding, not an error.
#pragma once

#include <vector>

#include "index/indexer.h"

namespace tarn::index {

struct Verification {
  int64_t segments = 0, passages = 0;
  std::vector<lake::Finding> findings;
};

// Of the segment files that lie in the table's `_tarn`, lexicons and those of older versions and definitions too: every
// byte against the checksums, and the names that the files carry against where they lie.
base::Result<std::vector<lake::Finding>> verify_files(const lake::TableReader& table, const base::Context& context);

base::Result<Verification> verify(const lake::TableReader& table, const delta::Snapshot& snapshot,
                                  const Indexer& indexer, duck::Connection& connection, const base::Context& context);

}  // namespace tarn::index
