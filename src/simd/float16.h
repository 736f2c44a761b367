// IEEE 754 binary16 ↔ binary32. Widening is exact; narrowing rounds to nearest, ties to even, overflow to infinity.
// Shape:   every kernel gives the bits of the scalar one, NaN payloads included (quieted, upper bits kept).
// Source:  IEEE 754-2019, 3.6 and 4.3.1.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tarn::simd {

float half_to_float(uint16_t half);
uint16_t float_to_half(float value);

// The same over arrays, with the machine's best kernel.
void to_halves(const float* values, size_t count, uint16_t* out);

inline constexpr uint16_t kHalfInfinity = 0x7c00;  // exponent all ones: infinity or NaN
inline bool half_is_finite(uint16_t half) { return (half & kHalfInfinity) != kHalfInfinity; }

}  // namespace tarn::simd
