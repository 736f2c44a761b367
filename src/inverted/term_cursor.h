// A term's postings in one segment, walked upward for one query: by blocks (bounds, nothing decoded) and by postings.
// Shape:   block and posting move independently; neither moves back. A block is decoded at most once.
// Threads: one thread; reused for segment after segment.
#pragma once

#include <algorithm>
#include <array>
#include <vector>

#include "inverted/bm25_block.h"
#include "inverted/segment.h"

namespace tarn::inverted {

class TermCursor {
 public:
  void open(const Segment& segment, const ResolvedTerm& term, const Bm25& bm25, double weight);

  uint32_t count() const { return list_.count(); }
  // No part in the whole list is above this.
  double bound() const { return bound_; }

  // To the block that may hold `passage`; false when the list ends before it.
  bool to_block(uint32_t passage) {
    if (block_ < blocks_ && block_last() >= passage) return true;
    return gallop_to_block(passage);
  }
  bool exhausted() const { return block_ >= blocks_; }
  // Of the block at hand. A list without records knows its last passage only when it is decoded.
  uint32_t block_last() const {
    return records_ ? list_.last_passage(block_) : loaded_ == 0 && size_ > 0 ? passages_[size_ - 1] : last_possible_;
  }
  double block_bound() { return records_ ? bound_of(block_) : bound_; }
  // The greatest bound of the blocks that overlap [from, to), where the block at hand may hold `from`.
  double bound_within(uint32_t to);

  // Whether the term stands in `passage`.
  bool find(uint32_t passage) {
    if (!to_block(passage)) return false;
    load();
    if (size_ == 0 || passages_[size_ - 1] < passage) return false;
    seek_in_block(passage);
    return passages_[at_] == passage;
  }
  // After find() or next_in(): of the posting at hand.
  uint32_t frequency() {
    load_frequencies();
    return frequencies_[at_];
  }
  double part(uint32_t length) { return bm25_->part(weight_, frequency(), length); }

  // The first passage >= from in [from, to), or to.
  uint32_t next_in(uint32_t from, uint32_t to);

  // The postings of [from, to), a slice of one block at a time: sink(passages, parts, count). Blocks whose bound and
  // `rest` together stay below `least` are passed over.
  template <typename Sink>
  void slices(uint32_t from, uint32_t to, double rest, double least, Sink&& sink);

  // The parts of one whole block, in any order of blocks (for a query of one term).
  size_t read_block(uint32_t block, const uint32_t** passages, const double** parts);
  uint32_t blocks() const { return blocks_; }
  double bound_of(uint32_t block);

 private:
  bool gallop_to_block(uint32_t passage);
  void load();
  void load_frequencies();
  void seek_in_block(uint32_t passage);
  const double* parts_of(size_t from, size_t count);

  static constexpr uint32_t kNone = ~0u;
  const Segment* segment_ = nullptr;
  const Bm25* bm25_ = nullptr;
  double weight_ = 0, bound_ = 0;
  PostingList list_;
  bool records_ = false, frequencies_loaded_ = false;
  uint32_t blocks_ = 0, block_ = 0, loaded_ = kNone, size_ = 0, at_ = 0, last_possible_ = 0;
  std::vector<double> block_bounds_;  // negative: not computed yet
  std::array<uint32_t, kBlock> passages_, frequencies_;
  std::array<uint32_t, kBlock> lengths_;
  std::array<double, kBlock> parts_;
};

template <typename Sink>
void TermCursor::slices(uint32_t from, uint32_t to, double rest, double least, Sink&& sink) {
  for (uint32_t next = from; next < to && to_block(next);) {
    if (block_bound() + rest < least) {
      const uint32_t last = block_last();
      if (last >= to - 1) return;
      next = last + 1;
      continue;
    }
    load();
    if (size_ == 0) {  // damaged
      if (block_last() >= to - 1) return;
      next = block_last() + 1;
      continue;
    }
    if (passages_[size_ - 1] < next) return;
    seek_in_block(next);
    const auto begin = passages_.begin() + at_;
    const auto end =
        passages_[size_ - 1] < to ? passages_.begin() + size_ : std::lower_bound(begin, passages_.begin() + size_, to);
    const auto count = static_cast<size_t>(end - begin);
    if (count > 0) sink(passages_.data() + at_, parts_of(at_, count), count);
    if (end != passages_.begin() + size_) {
      at_ = static_cast<uint32_t>(end - passages_.begin());
      return;
    }
    next = passages_[size_ - 1] + 1;
  }
}

}  // namespace tarn::inverted
