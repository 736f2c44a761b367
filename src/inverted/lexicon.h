// One directory of terms over many segments, so that a query asks for a term once and not in every segment.
// Shape:   doc/format/lexicon.md. Terms sorted by bytes; for each its segments ascending, with its ordinal, document
//          frequency and impacts there. Made from the segments and disposable.
// Errors:  open() returns corruption (what, offset). An entry damaged deeper is not given, or names a term that its
//          segment lacks, which search() takes for absent.
// Limits:  kMaxSegments; 4 GiB of entries.
// Threads: immutable.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "inverted/dictionary.h"
#include "inverted/postings.h"
#include "inverted/query.h"

namespace tarn::inverted {

inline constexpr uint32_t kMaxSegments = 1u << 20;

struct LexiconEntry {
  uint32_t segment = 0;
  uint32_t document_frequency = 0;  // with passages deleted since
  ResolvedTerm term;
};

class Lexicon {
 public:
  // `bytes` outlives the lexicon; `what` names the file in errors.
  static base::Result<std::shared_ptr<const Lexicon>> open(std::string_view bytes, std::string_view what);

  uint32_t segment_count() const { return segments_; }
  uint32_t term_count() const { return dictionary_.count(); }
  // The term's entries by ascending segment; returns the sum of their document frequencies.
  uint64_t find(std::string_view term, std::vector<LexiconEntry>* out) const;

  // All of a query's terms in all segments.
  struct Resolution {
    size_t terms = 0;                                       // of all clauses
    std::vector<ResolvedTerm> by_segment;                   // segment after segment
    std::vector<std::vector<uint64_t>> document_frequency;  // as Statistics': sums over the segments
    std::span<const ResolvedTerm> of(uint32_t segment) const { return {by_segment.data() + segment * terms, terms}; }
  };
  Resolution resolve(const Query& query) const;

 private:
  friend class LexiconMerge;
  template <typename Sink>
  void each_entry(uint32_t term, Sink&& sink) const;
  void entries(uint32_t term, std::vector<LexiconEntry>* out) const;

  uint32_t segments_ = 0;
  Dictionary dictionary_;
  std::string_view offsets_, entries_;
};

// The bytes of a lexicon over the readers, numbered from 0 in the given order. Needs at most kMaxSegments of them.
std::string build_lexicon(std::span<const Reader* const> readers);

// The same from a lexicon and what changed: segment s of `before` becomes renumber[s] (kGone: it is no more), and each
// of `added` has the number given with it. Costs about as much as reading `before` once. Numbers are distinct and below
// segment_count.
inline constexpr uint32_t kGone = ~0u;
struct AddedSegment {
  uint32_t number = 0;
  const Reader* reader = nullptr;
};
std::string update_lexicon(const Lexicon& before, std::span<const uint32_t> renumber,
                           std::span<const AddedSegment> added, uint32_t segment_count);

}  // namespace tarn::inverted
