// One clause of a query in one segment: a term, or a phrase as the conjunction of its terms that is then looked at in
// the passage.
// Threads: one thread; reused for segment after segment.
#pragma once

#include <span>
#include <vector>

#include "inverted/forward.h"
#include "inverted/query.h"
#include "inverted/term_cursor.h"

namespace tarn::inverted {

// The forward record of the passage looked at last.
struct PassageAtHand {
  static constexpr uint32_t kNone = ~0u;
  uint32_t passage = kNone;
  ForwardRecord record;
  const ForwardRecord& of(const Segment& segment, uint32_t which) {
    if (passage != which) segment.forward(passage = which, &record);
    return record;
  }
};

class ClauseCursor {
 public:
  // All of the clause's terms are in the segment.
  void open(const Segment& segment, const Clause& clause, std::span<const ResolvedTerm> terms, const Bm25& bm25,
            double weight);

  const Clause& clause() const { return *clause_; }
  bool is_phrase() const { return size_ > 1; }
  TermCursor& term() { return terms_[0]; }  // of a clause that is no phrase; of a phrase, its rarest term
  uint32_t cost() const { return terms_[0].count(); }
  double bound() const { return bound_; }

  bool to_block(uint32_t passage);
  uint32_t block_last() const;
  double block_bound();
  double bound_within(uint32_t to);

  enum class Found { no, yes, hopeless };
  // Adds the clause's part for `passage` to *sum. Hopeless: with it and `rest` the sum stays below `least`.
  Found add_part(uint32_t passage, double rest, double least, PassageAtHand* at_hand, double* sum);
  bool matches(uint32_t passage, PassageAtHand* at_hand);

 private:
  uint32_t phrase_frequency_in(uint32_t passage, PassageAtHand* at_hand) const;
  bool find_all(uint32_t passage);

  const Segment* segment_ = nullptr;
  const Clause* clause_ = nullptr;
  const Bm25* bm25_ = nullptr;
  double weight_ = 0, bound_ = 0;
  size_t size_ = 0;                 // of terms_ in use
  std::vector<TermCursor> terms_;   // rarest first
  std::vector<uint32_t> ordinals_;  // in the clause's order
  std::vector<ResolvedTerm> rarest_first_;
};

}  // namespace tarn::inverted
