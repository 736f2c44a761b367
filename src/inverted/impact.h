// What bounds the scores of many postings, whatever the statistics: pairs, never scores.
#pragma once

#include <cstdint>

namespace tarn::inverted {

// One of a set of (frequency, length) pairs: every posting has one with no smaller frequency and no greater length.
// Scores grow with the first and fall with the second, whatever the statistics, so the best of the pairs' scores bounds
// all.
struct Impact {
  uint16_t frequency = 0;  // kManyTimes means any number
  uint16_t length = 0;     // rounded down to what fits
  bool operator==(const Impact&) const = default;
};
inline constexpr uint16_t kManyTimes = 0xFFFF;
static_assert(sizeof(Impact) == 4);

}  // namespace tarn::inverted
