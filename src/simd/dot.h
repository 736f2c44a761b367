// Dot products of one float32 query with many float16 rows.
// Shape:   lane l of 32 takes the products of elements l, l + 32, l + 64, … in that order, each rounded, then added
//          (never fused); the 32 lanes are summed as a tree: l with l + 16, then + 8, + 4, + 2, + 1. Each kernel keeps
//          this order, so all give the same bits.
// Limits:  `length` is a multiple of kDotLanes: rows are stored so, and queries are padded with zeros.
// Threads: pure.
#pragma once

#include <cstddef>
#include <cstdint>

#include "simd/kernel.h"

namespace tarn::simd {

inline constexpr size_t kDotLanes = 32;

constexpr size_t padded_length(size_t dimensions) { return (dimensions + kDotLanes - 1) / kDotLanes * kDotLanes; }

// out[i] = query · row ordinals[i], where row r begins at rows + r × length. Needs no alignment beyond that of
// uint16_t.
using DotHalves = void (*)(const float* query, size_t length, const uint16_t* rows, const uint32_t* ordinals,
                           size_t count, float* out);

// The kernel of this name, which must be one of available_kernels().
DotHalves dot_halves(Kernel kernel);
inline DotHalves dot_halves() { return dot_halves(best_kernel()); }

}  // namespace tarn::simd
