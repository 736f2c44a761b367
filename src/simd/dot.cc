#include "simd/dot.h"

#include "base/check.h"
#include "simd/float16.h"

#if defined(__x86_64__)
#include <immintrin.h>
#if !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // g++ 12's own AVX-512 header trips it (GCC bug 105593)
#endif
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

namespace tarn::simd {
namespace {

// Rows ahead whose first lines are asked for: a scan is bound by memory, and the hardware does not see across gaps and
// pages.
constexpr size_t kRowsAhead = 4;

inline void prefetch_row(const uint16_t* rows, size_t length, const uint32_t* ordinals, size_t i, size_t count) {
  if (i + kRowsAhead >= count) return;
  const uint16_t* row = rows + size_t{ordinals[i + kRowsAhead]} * length;
  for (size_t at = 0; at < length; at += 32) __builtin_prefetch(row + at);  // 32 halves are one cache line
}

void dot_scalar(const float* query, size_t length, const uint16_t* rows, const uint32_t* ordinals, size_t count,
                float* out) {
  for (size_t i = 0; i < count; ++i) {
    const uint16_t* row = rows + size_t{ordinals[i]} * length;
    float lanes[kDotLanes] = {};
    for (size_t at = 0; at < length; at += kDotLanes) {
      for (size_t l = 0; l < kDotLanes; ++l) lanes[l] += query[at + l] * half_to_float(row[at + l]);
    }
    for (size_t width = kDotLanes / 2; width > 0; width /= 2) {
      for (size_t l = 0; l < width; ++l) lanes[l] += lanes[l + width];
    }
    out[i] = lanes[0];
  }
}

#if defined(__x86_64__)

// Sums of lanes l and l + 4, then + 2, then + 1.
__attribute__((target("avx2,f16c"))) inline float reduce8(__m256 lanes) {
  __m128 sum = _mm_add_ps(_mm256_castps256_ps128(lanes), _mm256_extractf128_ps(lanes, 1));
  sum = _mm_add_ps(sum, _mm_movehl_ps(sum, sum));
  sum = _mm_add_ss(sum, _mm_movehdup_ps(sum));
  return _mm_cvtss_f32(sum);
}

__attribute__((target("avx2,f16c"))) inline __m256 product8(const float* query, const uint16_t* row) {
  const __m256 wide = _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(row)));
  return _mm256_mul_ps(_mm256_loadu_ps(query), wide);
}

__attribute__((target("avx2,f16c"))) void dot_avx2(const float* query, size_t length, const uint16_t* rows,
                                                   const uint32_t* ordinals, size_t count, float* out) {
  for (size_t i = 0; i < count; ++i) {
    prefetch_row(rows, length, ordinals, i, count);
    const uint16_t* row = rows + size_t{ordinals[i]} * length;
    __m256 a = _mm256_setzero_ps(), b = a, c = a, d = a;
    for (size_t at = 0; at < length; at += kDotLanes) {
      a = _mm256_add_ps(a, product8(query + at, row + at));
      b = _mm256_add_ps(b, product8(query + at + 8, row + at + 8));
      c = _mm256_add_ps(c, product8(query + at + 16, row + at + 16));
      d = _mm256_add_ps(d, product8(query + at + 24, row + at + 24));
    }
    out[i] = reduce8(_mm256_add_ps(_mm256_add_ps(a, c), _mm256_add_ps(b, d)));
  }
}

__attribute__((target("avx512f,avx2,f16c"))) inline __m512 product16(const float* query, const uint16_t* row) {
  const __m512 wide = _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(row)));
  return _mm512_mul_ps(_mm512_loadu_ps(query), wide);
}

__attribute__((target("avx512f,avx2,f16c"))) void dot_avx512(const float* query, size_t length, const uint16_t* rows,
                                                             const uint32_t* ordinals, size_t count, float* out) {
  for (size_t i = 0; i < count; ++i) {
    prefetch_row(rows, length, ordinals, i, count);
    const uint16_t* row = rows + size_t{ordinals[i]} * length;
    __m512 a = _mm512_setzero_ps(), b = a;
    for (size_t at = 0; at < length; at += kDotLanes) {
      a = _mm512_add_ps(a, product16(query + at, row + at));
      b = _mm512_add_ps(b, product16(query + at + 16, row + at + 16));
    }
    const __m512 sum = _mm512_add_ps(a, b);
    const __m256 upper = _mm256_castpd_ps(_mm512_extractf64x4_pd(_mm512_castps_pd(sum), 1));
    out[i] = reduce8(_mm256_add_ps(_mm512_castps512_ps256(sum), upper));
  }
}

#elif defined(__aarch64__)

inline float32x4_t product4(const float* query, const uint16_t* row) {
  return vmulq_f32(vld1q_f32(query), vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(row))));
}

void dot_neon(const float* query, size_t length, const uint16_t* rows, const uint32_t* ordinals, size_t count,
              float* out) {
  for (size_t i = 0; i < count; ++i) {
    prefetch_row(rows, length, ordinals, i, count);
    const uint16_t* row = rows + size_t{ordinals[i]} * length;
    float32x4_t lanes[8];
    for (float32x4_t& lane : lanes) lane = vdupq_n_f32(0);
    for (size_t at = 0; at < length; at += kDotLanes) {
      for (size_t l = 0; l < 8; ++l) lanes[l] = vaddq_f32(lanes[l], product4(query + at + 4 * l, row + at + 4 * l));
    }
    for (size_t width = 4; width > 0; width /= 2) {
      for (size_t l = 0; l < width; ++l) lanes[l] = vaddq_f32(lanes[l], lanes[l + width]);
    }
    const float32x2_t pair = vadd_f32(vget_low_f32(lanes[0]), vget_high_f32(lanes[0]));
    out[i] = vget_lane_f32(pair, 0) + vget_lane_f32(pair, 1);
  }
}

#endif

}  // namespace

DotHalves dot_halves(Kernel kernel) {
  switch (kernel) {
    case Kernel::scalar:
      return dot_scalar;
#if defined(__x86_64__)
    case Kernel::avx2:
      return dot_avx2;
    case Kernel::avx512:
      return dot_avx512;
#elif defined(__aarch64__)
    case Kernel::neon:
      return dot_neon;
#endif
    default:
      break;
  }
  TARN_CHECK(false && "a kernel that this machine does not have");
  return nullptr;
}

}  // namespace tarn::simd
