// The k best passages seen so far, over all segments.
// Order:   score descending, then tie key ascending, then segment and passage. Keys are asked for only when scores are
//          equal.
// Threads: one thread.
#pragma once

#include <limits>
#include <span>
#include <string>
#include <vector>

#include "inverted/query.h"

namespace tarn::inverted {

class TopK {
 public:
  TopK(size_t k, std::span<const SegmentView> views);
  // A sum of parts below this cannot enter, whatever its tie key.
  double least() const { return least_; }
  bool full() const { return entries_.size() == k_; }
  // Takes the passage if it is among the best.
  void add(uint32_t segment, uint32_t passage, double sum);
  std::vector<Scored> take();

 private:
  struct Entry {
    Scored scored;
    bool has_key = false;
    uint32_t ordinal = 0;
    std::string id;
  };
  void fill_key(Entry& e) const;
  bool better(Entry& a, Entry& b) const;
  void sift_down(size_t at);
  void sift_up(size_t at);

  size_t k_;
  std::span<const SegmentView> views_;
  std::vector<Entry> entries_;  // a heap, the worst at the front
  double least_ = -std::numeric_limits<double>::infinity();
};

}  // namespace tarn::inverted
