#include "inverted/segment_search.h"

#include <algorithm>
#include <bit>

namespace tarn::inverted {

void SegmentSearch::run(uint32_t segment, const SegmentView& view, std::span<const ResolvedTerm> terms) {
  segment_index_ = segment;
  view_ = &view;
  segment_ = &Segment::of(*view.reader);
  at_hand_.passage = PassageAtHand::kNone;
  if (!open_clauses(terms)) return;
  if (!musts_.empty()) return all_of();
  if (shoulds_.size() == 1 && nots_.empty() && !shoulds_[0]->is_phrase()) return one_term(shoulds_[0]->term());
  uint64_t postings = 0;
  for (const ClauseCursor* c : shoulds_) postings += c->cost();
  uint64_t words = 0, allowed = 0;
  if (view.allowed != nullptr) {
    for (const uint64_t w : *view.allowed) allowed += static_cast<uint64_t>(std::popcount(w)), ++words;
    if (allowed * 8 + words < postings) return from_filter();
  }
  any_of();
}

bool SegmentSearch::open_clauses(std::span<const ResolvedTerm> terms) {
  musts_.clear();
  shoulds_.clear();
  nots_.clear();
  size_t used = 0, at = 0;
  bool has_must = false;
  for (size_t c = 0; c < query_.clauses.size(); ++c) {
    const Clause& clause = query_.clauses[c];
    const auto mine = terms.subspan(at, clause.terms.size());
    at += clause.terms.size();
    has_must |= clause.occur == Occur::must;
    const bool here = !mine.empty() && std::none_of(mine.begin(), mine.end(), [&](const ResolvedTerm& t) {
      return t.term.value >= segment_->term_count();
    });
    if (!here) {
      if (clause.occur == Occur::must) return false;
      continue;
    }
    if (pool_.size() == used) pool_.emplace_back();
    ClauseCursor& cursor = pool_[used++];
    cursor.open(*segment_, clause, mine, bm25_, weights_[c]);
    (clause.occur == Occur::must ? musts_ : clause.occur == Occur::should ? shoulds_ : nots_).push_back(&cursor);
  }
  if (musts_.empty() && (has_must || shoulds_.empty())) return false;
  return true;
}

bool SegmentSearch::is_live(uint32_t passage) const {
  const auto has = [&](const std::vector<uint64_t>& bits) {
    return passage / 64 < bits.size() && (bits[passage / 64] >> (passage % 64) & 1);
  };
  return !(view_->deleted != nullptr && has(*view_->deleted)) && !(view_->allowed != nullptr && !has(*view_->allowed));
}

void SegmentSearch::one_term(TermCursor& term) {
  struct Visit {
    double bound;
    uint32_t block;
  };
  std::vector<Visit> visits(term.blocks());
  for (uint32_t b = 0; b < visits.size(); ++b) visits[b] = {term.bound_of(b), b};
  const auto later = [](const Visit& a, const Visit& b) {
    return a.bound != b.bound ? a.bound < b.bound : a.block > b.block;
  };
  std::make_heap(visits.begin(), visits.end(), later);
  for (; !visits.empty() && visits.front().bound >= top_->least(); visits.pop_back()) {
    const uint32_t* passages;
    const double* parts;
    const size_t count = term.read_block(visits.front().block, &passages, &parts);
    for (size_t i = 0; i < count; ++i) {
      if (parts[i] >= top_->least() && is_live(passages[i])) top_->add(segment_index_, passages[i], parts[i]);
    }
    std::pop_heap(visits.begin(), visits.end(), later);
  }
}

uint32_t SegmentSearch::window_end(uint32_t from) const {
  const uint32_t all = segment_->passage_count();
  uint32_t end = all;
  for (const Bounded& b : ordered_) end = std::min(end, b.clause->block_last() + 1);
  end = std::max(end, from + std::min(kLeastWindow, all - from));
  return std::min(end, from + std::min(kWindow, all - from));
}

void SegmentSearch::any_of() {
  const uint32_t all = segment_->passage_count();
  ordered_.clear();
  for (ClauseCursor* c : shoulds_) ordered_.push_back({c, c->bound()});
  window_sums_.resize(kWindow);
  window_bits_.assign(kWindow / 64, 0);
  for (uint32_t from = 0; from < all;) {
    std::erase_if(ordered_, [&](Bounded& b) { return !b.clause->to_block(from); });
    if (ordered_.empty()) return;
    const uint32_t to = window_end(from);
    double total = 0;
    for (Bounded& b : ordered_) total += b.bound = b.clause->bound_within(to);
    const double least = top_->least();
    if (total >= least) {
      // The clauses of the smallest bounds that cannot reach the threshold together are not essential.
      std::sort(ordered_.begin(), ordered_.end(), [](const Bounded& a, const Bounded& b) { return a.bound < b.bound; });
      size_t first_essential = 0;
      double rest = 0;
      while (first_essential + 1 < ordered_.size() && rest + ordered_[first_essential].bound < least) {
        rest += ordered_[first_essential++].bound;
      }
      cut(0);
      if (first_essential + 1 == ordered_.size() && !ordered_.back().clause->is_phrase()) {
        collect_one(*ordered_.back().clause, from, to, rest);
      } else {
        collect_sums(first_essential, from, to, rest);
      }
      keep_live();
      for (size_t i = first_essential; i-- > 0 && !passages_.empty();) {
        rest = 0;
        for (size_t j = 0; j < i; ++j) rest += ordered_[j].bound;
        apply(*ordered_[i].clause, false, rest);
      }
      finish_candidates(true);
    }
    from = to;
  }
}

template <typename Sink>
void SegmentSearch::collect_phrase(ClauseCursor& clause, uint32_t from, uint32_t to, double rest, double least,
                                   Sink&& sink) {
  TermCursor& lead = clause.term();
  for (uint32_t p = lead.next_in(from, to); p < to; p = lead.next_in(p + 1, to)) {
    double sum = 0;
    if (is_live(p) && clause.add_part(p, rest, least, &at_hand_, &sum) == ClauseCursor::Found::yes) sink(p, sum);
  }
}

void SegmentSearch::collect_one(ClauseCursor& clause, uint32_t from, uint32_t to, double rest) {
  const double least = top_->least();
  clause.term().slices(from, to, rest, least, [&](const uint32_t* passages, const double* parts, size_t count) {
    for (size_t i = 0; i < count; ++i) {
      if (parts[i] + rest >= least) candidate(passages[i], parts[i], true);
    }
  });
}

void SegmentSearch::collect_sums(size_t first_essential, uint32_t from, uint32_t to, double rest) {
  const double least = top_->least();
  double total = rest;
  for (size_t i = first_essential; i < ordered_.size(); ++i) total += ordered_[i].bound;
  const auto add = [&](uint32_t passage, double part) {
    const uint32_t at = passage - from;
    uint64_t& bits = window_bits_[at / 64];
    const uint64_t bit = uint64_t{1} << (at % 64);
    window_sums_[at] = (bits & bit ? window_sums_[at] : 0.0) + part;
    bits |= bit;
  };
  for (size_t i = first_essential; i < ordered_.size(); ++i) {
    ClauseCursor& clause = *ordered_[i].clause;
    if (clause.is_phrase()) {
      collect_phrase(clause, from, to, total - ordered_[i].bound, least, add);
      continue;
    }
    clause.term().slices(from, to, total - ordered_[i].bound, least,
                         [&](const uint32_t* passages, const double* parts, size_t count) {
                           for (size_t p = 0; p < count; ++p) add(passages[p], parts[p]);
                         });
  }
  for (uint32_t w = 0; w * 64 < to - from; ++w) {
    for (uint64_t bits = window_bits_[w]; bits != 0; bits &= bits - 1) {
      const uint32_t at = w * 64 + static_cast<uint32_t>(std::countr_zero(bits));
      if (window_sums_[at] + rest >= least) candidate(from + at, window_sums_[at], true);
    }
    window_bits_[w] = 0;
  }
}

void SegmentSearch::keep_live() {
  if (view_->deleted == nullptr && view_->allowed == nullptr) return;
  size_t kept = 0;
  for (size_t i = 0; i < passages_.size(); ++i) {
    if (is_live(passages_[i])) keep(kept++, i);
  }
  cut(kept);
}

void SegmentSearch::apply(ClauseCursor& clause, bool required, double rest) {
  const double least = top_->least();
  size_t kept = 0;
  for (size_t i = 0; i < passages_.size(); ++i) {
    const auto found = clause.add_part(passages_[i], rest, least, &at_hand_, &sums_[i]);
    if (found == ClauseCursor::Found::hopeless || (required && found == ClauseCursor::Found::no) ||
        sums_[i] + rest < least) {
      continue;
    }
    matched_[i] |= found == ClauseCursor::Found::yes;
    keep(kept++, i);
  }
  cut(kept);
}

void SegmentSearch::finish_candidates(bool any_match) {
  for (size_t i = 0; i < passages_.size(); ++i) {
    if (sums_[i] < top_->least() || !(any_match || matched_[i])) continue;
    const bool excluded =
        std::any_of(nots_.begin(), nots_.end(), [&](ClauseCursor* c) { return c->matches(passages_[i], &at_hand_); });
    if (!excluded) top_->add(segment_index_, passages_[i], sums_[i]);
  }
}

void SegmentSearch::all_of() {
  std::sort(musts_.begin(), musts_.end(),
            [](const ClauseCursor* a, const ClauseCursor* b) { return a->cost() < b->cost(); });
  ClauseCursor& lead = *musts_[0];
  const uint32_t all = segment_->passage_count();
  // The bounds of the clauses after the i-th of musts_ and shoulds_ together.
  std::vector<ClauseCursor*> order = musts_;
  order.insert(order.end(), shoulds_.begin(), shoulds_.end());
  std::vector<double> bounds(order.size());
  for (uint32_t from = 0; from < all;) {
    bool there = true;
    for (ClauseCursor* c : musts_) there &= c->to_block(from);
    if (!there) return;
    uint32_t to = all;
    for (ClauseCursor* c : musts_) to = std::min(to, c->block_last() + 1);
    to = std::max(to, std::min(lead.block_last() + 1, from + std::min(kLeastWindow, all - from)));
    double total = 0;
    for (size_t i = 0; i < order.size(); ++i) {
      bounds[i] = order[i]->to_block(from) ? order[i]->bound_within(to) : 0;
      total += bounds[i];
    }
    if (total >= top_->least()) {
      cut(0);
      double rest = total - bounds[0];
      if (lead.is_phrase()) {
        collect_phrase(lead, from, to, rest, top_->least(), [&](uint32_t p, double sum) { candidate(p, sum, true); });
      } else {
        collect_one(lead, from, to, rest);
        keep_live();
      }
      for (size_t i = 1; i < order.size() && !passages_.empty(); ++i) {
        rest = 0;
        for (size_t j = i + 1; j < order.size(); ++j) rest += bounds[j];
        apply(*order[i], i < musts_.size(), rest);
      }
      finish_candidates(true);
    }
    from = to;
  }
}

void SegmentSearch::from_filter() {
  const uint32_t all = segment_->passage_count();
  std::sort(shoulds_.begin(), shoulds_.end(),
            [](const ClauseCursor* a, const ClauseCursor* b) { return a->bound() > b->bound(); });
  for (uint32_t from = 0; from < all; from += kWindow) {
    cut(0);
    const uint32_t to = from + std::min(kWindow, all - from);
    for (uint32_t w = from / 64; w * 64 < to && w < view_->allowed->size(); ++w) {
      for (uint64_t bits = (*view_->allowed)[w]; bits != 0; bits &= bits - 1) {
        const uint32_t p = w * 64 + static_cast<uint32_t>(std::countr_zero(bits));
        if (p < to && is_live(p)) candidate(p, 0, false);
      }
    }
    for (size_t i = 0; i < shoulds_.size(); ++i) {
      double rest = 0;
      for (size_t j = i + 1; j < shoulds_.size(); ++j) rest += shoulds_[j]->bound();
      apply(*shoulds_[i], false, rest);
    }
    finish_candidates(false);
  }
}

}  // namespace tarn::inverted
