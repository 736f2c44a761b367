#include "inverted/clause_cursor.h"

#include <algorithm>

#include "inverted/phrase.h"

namespace tarn::inverted {

void ClauseCursor::open(const Segment& segment, const Clause& clause, std::span<const ResolvedTerm> terms,
                        const Bm25& bm25, double weight) {
  segment_ = &segment;
  clause_ = &clause;
  bm25_ = &bm25;
  weight_ = weight;
  size_ = terms.size();
  if (terms_.size() < size_) terms_.resize(size_);
  ordinals_.clear();
  for (const ResolvedTerm& t : terms) ordinals_.push_back(t.term.value);
  rarest_first_.assign(terms.begin(), terms.end());
  if (is_phrase()) {
    std::sort(rarest_first_.begin(), rarest_first_.end(), [&](const ResolvedTerm& a, const ResolvedTerm& b) {
      return segment.document_frequency(a.term) < segment.document_frequency(b.term);
    });
  }
  for (size_t i = 0; i < size_; ++i) terms_[i].open(segment, rarest_first_[i], bm25, weight);
  bound_ = terms_[0].bound();
  // A phrase is never more frequent than any of its terms.
  for (size_t i = 1; i < size_; ++i) bound_ = std::min(bound_, terms_[i].bound());
}

bool ClauseCursor::to_block(uint32_t passage) {
  bool there = true;
  for (size_t i = 0; i < size_; ++i) there &= terms_[i].to_block(passage);
  return there;
}

uint32_t ClauseCursor::block_last() const {
  uint32_t last = terms_[0].block_last();
  for (size_t i = 1; i < size_; ++i) last = std::min(last, terms_[i].block_last());
  return last;
}

double ClauseCursor::block_bound() {
  double bound = terms_[0].block_bound();
  for (size_t i = 1; i < size_; ++i) bound = std::min(bound, terms_[i].block_bound());
  return bound;
}

double ClauseCursor::bound_within(uint32_t to) {
  double bound = terms_[0].bound_within(to);
  for (size_t i = 1; i < size_; ++i) bound = std::min(bound, terms_[i].bound_within(to));
  return bound;
}

bool ClauseCursor::find_all(uint32_t passage) {
  for (size_t i = 0; i < size_; ++i) {
    if (!terms_[i].find(passage)) return false;
  }
  return true;
}

uint32_t ClauseCursor::phrase_frequency_in(uint32_t passage, PassageAtHand* at_hand) const {
  return phrase_frequency(at_hand->of(*segment_, passage), ordinals_, clause_->offsets);
}

ClauseCursor::Found ClauseCursor::add_part(uint32_t passage, double rest, double least, PassageAtHand* at_hand,
                                           double* sum) {
  if (!to_block(passage)) return *sum + rest < least ? Found::hopeless : Found::no;
  if (*sum + block_bound() + rest < least) return Found::hopeless;
  if (!find_all(passage)) return Found::no;
  const uint32_t length = segment_->length_of(passage);
  if (!is_phrase()) {
    *sum += terms_[0].part(length);
    return Found::yes;
  }
  uint32_t frequency = terms_[0].frequency();
  for (size_t i = 1; i < size_; ++i) frequency = std::min(frequency, terms_[i].frequency());
  if (*sum + bm25_->part(weight_, frequency, length) + rest < least) return Found::hopeless;
  frequency = phrase_frequency_in(passage, at_hand);
  if (frequency == 0) return Found::no;
  *sum += bm25_->part(weight_, frequency, length);
  return Found::yes;
}

bool ClauseCursor::matches(uint32_t passage, PassageAtHand* at_hand) {
  return find_all(passage) && (!is_phrase() || phrase_frequency_in(passage, at_hand) > 0);
}

}  // namespace tarn::inverted
