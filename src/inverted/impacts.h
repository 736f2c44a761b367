// The Pareto front of (frequency, length) pairs, cut to a few.
// Source:  Mallia, Siedlaczek, Suel, "Fast disjunctive candidate generation using live block filtering" (2021) has
//          scores; pairs as in Lucene's impacts (LUCENE-8135) stay true when the statistics move.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "inverted/layout.h"

namespace tarn::inverted {

class ImpactFront {
 public:
  void clear() { front_.clear(); }
  void add(uint32_t frequency, uint32_t length) {
    const auto f = static_cast<uint16_t>(frequency < kManyTimes ? frequency : kManyTimes);
    const auto l = static_cast<uint16_t>(length < 0xFFFF ? length : 0xFFFF);
    for (const Impact& i : front_) {
      if (i.frequency >= f && i.length <= l) return;  // most postings end here
    }
    insert({f, l});
  }
  void add(const Impact& i) { add(i.frequency, i.length); }
  // At most `limit` (at least 1) pairs, ascending in both; they cover all that was added.
  std::span<const Impact> cut(size_t limit);

 private:
  void insert(Impact impact);
  std::vector<Impact> front_;  // ascending in both
};

// How many pairs a list or block of so many postings is worth.
constexpr size_t impact_limit(size_t postings) {
  return postings < 8 ? 1 : postings < 32 ? 2 : postings < kBlock ? 4 : 6;
}

}  // namespace tarn::inverted
