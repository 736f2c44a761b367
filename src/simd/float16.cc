#include "simd/float16.h"

#include <bit>

#include "simd/kernel.h"

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

namespace tarn::simd {

float half_to_float(uint16_t half) {
  const uint32_t sign = static_cast<uint32_t>(half & 0x8000u) << 16;
  const uint32_t exponent = (half >> 10) & 0x1fu;
  const uint32_t mantissa = half & 0x3ffu;
  if (exponent == 0x1f) {
    const uint32_t quiet = mantissa != 0 ? 0x00400000u : 0u;
    return std::bit_cast<float>(sign | 0x7f800000u | quiet | (mantissa << 13));
  }
  if (exponent == 0) {  // zero or subnormal: mantissa × 2^-24, exact in binary32
    const float magnitude = static_cast<float>(mantissa) * 0x1.0p-24f;
    return std::bit_cast<float>(sign | std::bit_cast<uint32_t>(magnitude));
  }
  return std::bit_cast<float>(sign | ((exponent + 112) << 23) | (mantissa << 13));
}

uint16_t float_to_half(float value) {
  const uint32_t bits = std::bit_cast<uint32_t>(value);
  const auto sign = static_cast<uint16_t>((bits >> 16) & 0x8000u);
  const uint32_t magnitude = bits & 0x7fffffffu;
  if (magnitude > 0x7f800000u) {
    return static_cast<uint16_t>(sign | 0x7e00u | ((magnitude >> 13) & 0x3ffu));
  }
  if (magnitude >= 0x477ff000u) return static_cast<uint16_t>(sign | 0x7c00u);  // from 65520 on
  if (magnitude <= 0x33000000u) {
    return sign;  // up to 2^-25, a tie to zero
  }
  const uint32_t exponent = magnitude >> 23;
  // Below 2^-14 the result is subnormal: its unit stays 2^-24, so more bits of the significand go.
  const uint32_t shift = exponent < 113 ? 126 - exponent : 13;
  const uint32_t significand = exponent < 113 ? (magnitude & 0x7fffffu) | 0x800000u : magnitude - (112u << 23);
  const uint32_t kept = significand >> shift;
  const uint32_t rest = significand & ((1u << shift) - 1);
  const uint32_t half_unit = 1u << (shift - 1);
  const uint32_t up = rest > half_unit || (rest == half_unit && (kept & 1u)) ? 1u : 0u;
  return static_cast<uint16_t>(sign | (kept + up));  // a carry into the exponent is the right result
}

namespace {

void to_halves_scalar(const float* values, size_t count, uint16_t* out) {
  for (size_t i = 0; i < count; ++i) out[i] = float_to_half(values[i]);
}

#if defined(__x86_64__)
__attribute__((target("avx2,f16c"))) void to_halves_avx2(const float* values, size_t count, uint16_t* out) {
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    const __m128i halves = _mm256_cvtps_ph(_mm256_loadu_ps(values + i), _MM_FROUND_TO_NEAREST_INT);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + i), halves);
  }
  to_halves_scalar(values + i, count - i, out + i);
}
#elif defined(__aarch64__)
void to_halves_neon(const float* values, size_t count, uint16_t* out) {
  size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    vst1_u16(out + i, vreinterpret_u16_f16(vcvt_f16_f32(vld1q_f32(values + i))));
  }
  to_halves_scalar(values + i, count - i, out + i);
}
#endif

}  // namespace

void to_halves(const float* values, size_t count, uint16_t* out) {
#if defined(__x86_64__)
  if (best_kernel() != Kernel::scalar) return to_halves_avx2(values, count, out);
#elif defined(__aarch64__)
  return to_halves_neon(values, count, out);
#endif
  to_halves_scalar(values, count, out);
}

}  // namespace tarn::simd
