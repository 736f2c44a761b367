// The live set of one table at one snapshot: its segments, what is deleted in each, and the exact statistics of what is
// left.
// Shape:   segments in the order of their data files' paths; a file without a segment is left out and shows in the
//          coverage.
// Units:   coverage is the share of live rows, in [0, 1]; 1 for a table without rows.
// Errors:  open() fails only where the log or a deletion vector cannot be read; a segment that is damaged counts as
//          missing, and `damaged` names it.
// Threads: immutable and shared once opened.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "index/indexer.h"
#include "index/lexicon_file.h"
#include "inverted/query.h"

namespace tarn::index {

using Bitmap = std::vector<uint64_t>;  // bit i of word i/64

// From this many segments on, terms are asked of a lexicon and not of each segment.
inline constexpr size_t kLexiconSegments = 4;

class LiveSet {
 public:
  struct Segment {
    delta::DataFile file;
    std::shared_ptr<const LexicalSegment> lexical;
    std::shared_ptr<const VectorSegment> vectors;  // null when missing
    delta::RowList deleted_rows;
    Bitmap deleted;                                  // passages; empty when none
    std::vector<inverted::TermCount> deleted_terms;  // by term ordinal: passages deleted with it (frequency = passages)
  };

  static base::Result<std::shared_ptr<const LiveSet>> open(const lake::TableReader& table,
                                                           std::shared_ptr<const delta::Snapshot> snapshot,
                                                           const Indexer& indexer);

  const delta::Snapshot& snapshot() const { return *snapshot_; }
  const std::vector<Segment>& segments() const { return segments_; }
  double lexical_coverage() const { return lexical_coverage_; }
  double semantic_coverage() const { return semantic_coverage_; }
  const std::vector<std::string>& damaged() const { return damaged_; }

  // Exact, of the live passages: N, the sum of lengths, and the document frequency of a term.
  uint64_t passage_count() const { return passage_count_; }
  uint64_t total_length() const { return total_length_; }
  uint64_t document_frequency(std::string_view term) const;

  // A query as this live set sees it: exact statistics, and where its terms are in each segment, if a lexicon knows.
  struct Resolved {
    inverted::Statistics statistics;
    inverted::Lexicon::Resolution terms;
    bool by_lexicon = false;
    std::span<const inverted::ResolvedTerm> of(uint32_t segment) const {
      return by_lexicon ? terms.of(segment) : std::span<const inverted::ResolvedTerm>();
    }
  };
  Resolved resolve(const inverted::Query& query) const;

  // The tie key of a passage: document id, then ordinal in the document.
  static std::pair<std::string_view, uint32_t> tie(const LexicalSegment& segment, base::PassageOrdinal passage);

 private:
  LiveSet() = default;
  void add_deletions(Segment* segment);
  void open_lexicon(const lake::TableReader& table, const base::Hash128& definition);
  static uint64_t deleted_frequency(const Segment& segment, inverted::TermOrdinal term);

  std::shared_ptr<const delta::Snapshot> snapshot_;
  std::vector<Segment> segments_;
  std::vector<std::string> damaged_;
  LexiconFile lexicon_;  // none for few segments
  double lexical_coverage_ = 1, semantic_coverage_ = 1;
  uint64_t passage_count_ = 0, total_length_ = 0;
};

}  // namespace tarn::index
