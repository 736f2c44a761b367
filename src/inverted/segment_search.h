// One segment's passages into the top k: windows of passages, bounds first, then candidates clause by clause.
// Shape:   should clauses: in each window the clauses that cannot reach the threshold together are not essential; the
//          others' parts are added up in an array over the window, and what may still reach the threshold is completed
//          by the rest. must clauses: the rarest leads, the others are looked up. A query of one term visits its blocks
//          in the order of their bounds.
// Threads: one thread; scratch is kept from segment to segment.
// Source:  Turtle and Flood 1995 (MAXSCORE); Ding and Suel 2011 (block-max); the windowed form is Lucene 10's and
//          turbopuffer's.
#pragma once

#include <deque>
#include <vector>

#include "inverted/clause_cursor.h"
#include "inverted/top_k.h"

namespace tarn::inverted {

class SegmentSearch {
 public:
  SegmentSearch(const Query& query, const Bm25& bm25, const std::vector<double>& weights, TopK* top)
      : query_(query), bm25_(bm25), weights_(weights), top_(top) {}
  // `terms`: of all clauses, in order, those that the segment lacks marked absent.
  void run(uint32_t segment, const SegmentView& view, std::span<const ResolvedTerm> terms);

 private:
  static constexpr uint32_t kLeastWindow = 256;
  static constexpr uint32_t kWindow = 4096;

  bool open_clauses(std::span<const ResolvedTerm> terms);  // false when nothing here can match
  void one_term(TermCursor& term);
  void any_of();
  void all_of();
  void from_filter();
  uint32_t window_end(uint32_t from) const;
  void collect_one(ClauseCursor& clause, uint32_t from, uint32_t to, double rest);
  void collect_sums(size_t first_essential, uint32_t from, uint32_t to, double rest);
  // sink(passage, part) for each live passage of [from, to) that the phrase stands in and that may reach `least` with
  // `rest`.
  template <typename Sink>
  void collect_phrase(ClauseCursor& clause, uint32_t from, uint32_t to, double rest, double least, Sink&& sink);
  void keep_live();
  void apply(ClauseCursor& clause, bool required, double rest);
  void finish_candidates(bool any_match);
  bool is_live(uint32_t passage) const;
  void candidate(uint32_t passage, double sum, bool matched) {
    passages_.push_back(passage);
    sums_.push_back(sum);
    matched_.push_back(matched);
  }
  void keep(size_t to, size_t from) {
    passages_[to] = passages_[from];
    sums_[to] = sums_[from];
    matched_[to] = matched_[from];
  }
  void cut(size_t count) {
    passages_.resize(count);
    sums_.resize(count);
    matched_.resize(count);
  }

  const Query& query_;
  const Bm25& bm25_;
  const std::vector<double>& weights_;
  TopK* top_;

  uint32_t segment_index_ = 0;
  const SegmentView* view_ = nullptr;
  const Segment* segment_ = nullptr;
  std::deque<ClauseCursor> pool_;
  std::vector<ClauseCursor*> musts_, shoulds_, nots_;
  PassageAtHand at_hand_;

  struct Bounded {
    ClauseCursor* clause;
    double bound;  // in the window at hand
  };
  std::vector<Bounded> ordered_;
  std::vector<double> window_sums_;
  std::vector<uint64_t> window_bits_;
  std::vector<uint32_t> passages_;  // candidates, ascending
  std::vector<double> sums_;
  std::vector<uint8_t> matched_;
};

}  // namespace tarn::inverted
