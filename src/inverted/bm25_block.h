// Parts of many postings at once: the same bits as Bm25::part(), whatever instructions the machine has.
// Threads: free functions.
#pragma once

#include <cstddef>
#include <cstdint>

#include "inverted/bm25.h"
#include "inverted/segment.h"

namespace tarn::inverted {

inline constexpr size_t kPartsPad = 8;  // arrays hold a multiple of this many values

// lengths[i] = the length of passages[i].
void gather_lengths(const Segment& segment, const uint32_t* passages, size_t count, uint32_t* lengths);
// parts[i] of frequencies[i] and lengths[i]. All three arrays have room for count rounded up to kPartsPad.
void part_block(const Bm25& bm25, double weight, const uint32_t* frequencies, const uint32_t* lengths, size_t count,
                double* parts);

}  // namespace tarn::inverted
