// The canonical score, by which everything is ranked and bounded.
// Scores:  a clause gives w · tf / (tf + k1 · (1 − b + b · length / average)), rounded to a multiple of 2^-30. Sums of
//          such parts are exact in double as long as they stay below kMaxScore, so the order of adding cannot change a
//          bit: clauses may be scored in whatever order prunes best. The sum is rounded to float once.
// Bounds:  the part is computed with one rounding at each step of a function that grows with tf and falls with length,
//          so the part of an impact pair is never below that of a posting which the pair covers.
// Limits:  tf counts up to kMaxFrequency (beyond it, parts are equal to 24 bits); w up to kMaxWeight.
#pragma once

#include <algorithm>
#include <cstdint>

#include "inverted/layout.h"
#include "inverted/query.h"

namespace tarn::inverted {

inline constexpr uint32_t kMaxFrequency = 1u << 20;
inline constexpr double kMaxWeight = 4096;
inline constexpr double kMaxScore = double{1 << 22};
inline constexpr double kRound = 1.5 * (1 << 22);  // x + kRound has 2^-30 as its last bit, for 0 <= x < 2^21

struct Bm25 {
  double base = 0, slope = 0;  // k1 · (1 − b) and k1 · b / average

  explicit Bm25(const Statistics& s) {
    const double average = s.passage_count == 0 || s.total_length == 0
                               ? 1.0
                               : static_cast<double>(s.total_length) / static_cast<double>(s.passage_count);
    base = kK1 * (1 - kB);
    slope = kK1 * kB / average;
  }

  double part(double weight, uint32_t frequency, uint32_t length) const {
    const double tf = std::min(frequency, kMaxFrequency);
    return rounded(weight * (tf / (tf + (base + slope * length))));
  }
  double bound(double weight, Impact impact) const {
    return impact.frequency == kManyTimes ? rounded(weight) : part(weight, impact.frequency, impact.length);
  }
  static double rounded(double x) { return (x + kRound) - kRound; }
};

// The weight of a term that stands in `df` of `passages` (query.h has the source).
double idf(double passages, double df);
// Of each clause: its idf (a phrase's: the sum of its terms') times its boost.
std::vector<double> clause_weights(const Query& query, const Statistics& statistics);

}  // namespace tarn::inverted
