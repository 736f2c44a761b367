#include "inverted/term_cursor.h"

namespace tarn::inverted {

namespace {

double list_bound(const Segment& segment, const PostingList& list, const Bm25& bm25, double weight) {
  if (list.is_single()) return bm25.part(weight, list.single_frequency(), segment.length_of(list.single_passage()));
  double bound = 0;
  for (uint32_t i = 0; i < list.impacts(); ++i) bound = std::max(bound, bm25.bound(weight, list.impact(i)));
  return bound;
}

}  // namespace

void TermCursor::open(const Segment& segment, const ResolvedTerm& term, const Bm25& bm25, double weight) {
  segment_ = &segment;
  bm25_ = &bm25;
  weight_ = weight;
  list_ = segment.postings(term);
  records_ = list_.has_records();
  blocks_ = list_.blocks();
  block_ = 0;
  loaded_ = kNone;
  size_ = at_ = 0;
  last_possible_ = segment.passage_count() - 1;
  bound_ = list_.count() == 0 ? 0 : list_bound(segment, list_, bm25, weight);
  block_bounds_.clear();
  if (records_) block_bounds_.resize(blocks_, -1.0);
}

bool TermCursor::gallop_to_block(uint32_t passage) {
  if (!records_) {
    if (block_ < blocks_) block_ = blocks_;  // its last passage is known and lies before
    return false;
  }
  uint32_t step = 1, low = block_;  // all before `low` end before `passage`
  while (low < blocks_ && list_.last_passage(std::min(low + step, blocks_) - 1) < passage) {
    low = std::min(low + step, blocks_);
    step *= 2;
  }
  uint32_t high = std::min(low + step, blocks_);
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    if (list_.last_passage(middle) < passage) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  block_ = low;
  return block_ < blocks_;
}

double TermCursor::bound_of(uint32_t block) {
  if (!records_) return bound_;
  double& bound = block_bounds_[block];
  if (bound < 0) {
    const BlockRecord r = list_.record(block);
    bound = 0;
    for (uint32_t i = 0; i < r.impacts; ++i) {
      bound = std::max(bound, bm25_->bound(weight_, list_.block_impact(r.first_impact + i)));
    }
  }
  return bound;
}

double TermCursor::bound_within(uint32_t to) {
  if (exhausted()) return 0;
  double bound = block_bound();
  for (uint32_t b = block_; records_ && b + 1 < blocks_ && list_.last_passage(b) + 1 < to;) {
    bound = std::max(bound, bound_of(++b));
  }
  return bound;
}

void TermCursor::load() {
  if (loaded_ == block_) return;
  loaded_ = block_;
  at_ = 0;
  frequencies_loaded_ = false;
  size_ = list_.read_passages(block_, segment_->passage_count(), passages_.data());
}

void TermCursor::load_frequencies() {
  if (frequencies_loaded_) return;
  frequencies_loaded_ = true;
  list_.read_frequencies(loaded_, frequencies_.data());
}

void TermCursor::seek_in_block(uint32_t passage) {
  if (passages_[at_] >= passage) return;
  uint32_t low = at_, step = 1;  // passages_[low] < passage
  while (low + step < size_ && passages_[low + step] < passage) {
    low += step;
    step *= 2;
  }
  const auto end = passages_.begin() + std::min(low + step, size_ - 1);
  at_ = static_cast<uint32_t>(std::lower_bound(passages_.begin() + low + 1, end, passage) - passages_.begin());
}

const double* TermCursor::parts_of(size_t from, size_t count) {
  load_frequencies();
  // The kernel takes groups of eight from an aligned start of the block's arrays.
  const size_t start = from / kPartsPad * kPartsPad, end = (from + count + kPartsPad - 1) / kPartsPad * kPartsPad;
  const size_t real = std::min<size_t>(end, size_);
  gather_lengths(*segment_, passages_.data() + start, real - start, lengths_.data() + start);
  for (size_t i = real; i < end; ++i) lengths_[i] = frequencies_[i] = 1;  // beyond the block's postings
  part_block(*bm25_, weight_, frequencies_.data() + start, lengths_.data() + start, end - start, parts_.data() + start);
  return parts_.data() + from;
}

uint32_t TermCursor::next_in(uint32_t from, uint32_t to) {
  while (from < to && to_block(from)) {
    load();
    if (size_ > 0 && passages_[size_ - 1] >= from) {
      seek_in_block(from);
      return std::min(passages_[at_], to);
    }
    if (block_last() >= to - 1) break;
    from = block_last() + 1;
  }
  return to;
}

size_t TermCursor::read_block(uint32_t block, const uint32_t** passages, const double** parts) {
  block_ = block;
  load();
  *passages = passages_.data();
  *parts = size_ > 0 ? parts_of(0, size_) : parts_.data();
  return size_;
}

}  // namespace tarn::inverted
