// The live set of one table at one snapshot: its segments, what is deleted in each, and the exact statistics of what is left.
// Shape:   segments in the order of their data files' paths; a file without a segment is left out and shows in the coverage.
// Units:   coverage is the share of live rows, in [0, 1]; 1 for a table without rows.
// Errors:  open() fails only where the log or a deletion vector cannot be read; a segment that is damaged counts as missing, and
//          `damaged` names it.
// Threads: immutable and shared once opened.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "index/indexer.h"
#include "inverted/query.h"

namespace tarn::index {

using Bitmap = std::vector<uint64_t>;   // bit i of word i/64

class LiveSet {
 public:
  struct Segment {
    lake::DataFile file;
    std::shared_ptr<const LexicalSegment> lexical;
    std::shared_ptr<const VectorSegment> vectors;      // null when missing
    lake::RowList deleted_rows;
    Bitmap deleted;                                    // passages; empty when none
    std::vector<inverted::TermCount> deleted_terms;    // by term ordinal: passages deleted with it (frequency = passages)
  };

  static base::Result<std::shared_ptr<const LiveSet>> open(const lake::Table& table, std::shared_ptr<const lake::Snapshot> snapshot,
                                                           const Indexer& indexer);

  const lake::Snapshot& snapshot() const { return *snapshot_; }
  const std::vector<Segment>& segments() const { return segments_; }
  double lexical_coverage() const { return lexical_coverage_; }
  double semantic_coverage() const { return semantic_coverage_; }
  const std::vector<std::string>& damaged() const { return damaged_; }

  // Exact, of the live passages: N, the sum of lengths, and the document frequency of a term.
  uint64_t passage_count() const { return passage_count_; }
  uint64_t total_length() const { return total_length_; }
  uint64_t document_frequency(std::string_view term) const;
  inverted::Statistics statistics(const inverted::Query& query) const;

  // The tie key of a passage: document id, then ordinal in the document.
  static std::pair<std::string_view, uint32_t> tie(const LexicalSegment& segment, base::PassageOrdinal passage);

 private:
  LiveSet() = default;
  void add_deletions(Segment* segment);

  std::shared_ptr<const lake::Snapshot> snapshot_;
  std::vector<Segment> segments_;
  std::vector<std::string> damaged_;
  double lexical_coverage_ = 1, semantic_coverage_ = 1;
  uint64_t passage_count_ = 0, total_length_ = 0;
};

}  // namespace tarn::index
