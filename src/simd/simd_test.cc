#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "base/random.h"
#include "simd/dot.h"
#include "simd/float16.h"
#include "simd/kernel.h"

namespace tarn::simd {
namespace {

// The value of a half from its definition, in double.
double value_of(uint16_t half) {
  const double sign = (half & 0x8000) != 0 ? -1 : 1;
  const int exponent = (half >> 10) & 31, mantissa = half & 1023;
  if (exponent == 31) return mantissa != 0 ? std::nan("") : sign * std::numeric_limits<double>::infinity();
  return exponent == 0 ? sign * std::ldexp(mantissa, -24) : sign * std::ldexp(1024 + mantissa, exponent - 25);
}

TEST(Float16, EveryHalfWidensExactlyAndComesBack) {
  for (uint32_t bits = 0; bits < 65536; ++bits) {
    const auto half = static_cast<uint16_t>(bits);
    const float wide = half_to_float(half);
    if (std::isnan(value_of(half))) {
      EXPECT_TRUE(std::isnan(wide));
      EXPECT_EQ(float_to_half(wide), half | 0x200);
      EXPECT_FALSE(half_is_finite(half));
      continue;
    }
    ASSERT_EQ(static_cast<double>(wide), value_of(half)) << bits;
    ASSERT_EQ(std::signbit(wide), (half & 0x8000) != 0);
    ASSERT_EQ(float_to_half(wide), half) << bits;
    ASSERT_EQ(half_is_finite(half), std::isfinite(wide));
  }
}

// Around each edge between two neighbouring halves: the middle goes to the even one, what lies beside it to the nearer
// one.
TEST(Float16, NarrowsToNearestTiesToEven) {
  for (uint16_t half = 0; half < 0x7bff; ++half) {
    const auto above = static_cast<uint16_t>(half + 1);
    const auto middle = static_cast<float>((value_of(half) + value_of(above)) / 2);  // exact: one more bit
    const uint16_t even = (half & 1) == 0 ? half : above;
    ASSERT_EQ(float_to_half(middle), even) << half;
    ASSERT_EQ(float_to_half(-middle), even | 0x8000) << half;
    ASSERT_EQ(float_to_half(std::nextafter(middle, 0.0f)), half);
    ASSERT_EQ(float_to_half(std::nextafter(middle, 1e9f)), above);
  }
  EXPECT_EQ(float_to_half(65519.996f), 0x7bff);
  EXPECT_EQ(float_to_half(65520.0f), 0x7c00);
  EXPECT_EQ(float_to_half(std::numeric_limits<float>::denorm_min()), 0);
}

TEST(Float16, ArraysAgreeWithScalar) {
  constexpr uint64_t kSeed = 11;
  base::Random random(kSeed);
  for (int round = 0; round < 2000; ++round) {
    std::vector<float> values(random.below(40));
    for (float& v : values) v = std::bit_cast<float>(static_cast<uint32_t>(random.next()));
    if (!values.empty()) values[0] = half_to_float(static_cast<uint16_t>(random.next()));
    std::vector<uint16_t> out(values.size());
    to_halves(values.data(), values.size(), out.data());
    for (size_t i = 0; i < values.size(); ++i) {
      ASSERT_EQ(out[i], float_to_half(values[i])) << "seed " << kSeed << " bits " << std::bit_cast<uint32_t>(values[i]);
    }
  }
}

TEST(Dot, EveryKernelGivesTheSameBits) {
  constexpr uint64_t kSeed = 12;
  base::Random random(kSeed);
  for (int round = 0; round < 300; ++round) {
    const size_t length = kDotLanes * (1 + random.below(16));
    const size_t rows = 1 + random.below(20);
    std::vector<float> query(length);
    std::vector<uint16_t> halves(rows * length);
    // Up to overflow of nothing, down to subnormals.
    const double spread = std::ldexp(1.0, static_cast<int>(random.below(20)) - 10);
    for (float& q : query) q = static_cast<float>((random.unit() - 0.5) * spread);
    for (uint16_t& h : halves) h = float_to_half(static_cast<float>((random.unit() - 0.5) * spread));
    std::vector<uint32_t> ordinals(random.below(30));
    for (uint32_t& o : ordinals) o = static_cast<uint32_t>(random.below(rows));

    std::vector<float> expected(ordinals.size());
    dot_halves(Kernel::scalar)(query.data(), length, halves.data(), ordinals.data(), ordinals.size(), expected.data());
    for (size_t i = 0; i < ordinals.size(); ++i) {
      double exact = 0, absolute = 0;
      for (size_t d = 0; d < length; ++d) {
        const double product = double{query[d]} * value_of(halves[ordinals[i] * length + d]);
        exact += product;
        absolute += std::abs(product);
      }
      ASSERT_NEAR(expected[i], exact, absolute * 1e-5 + 1e-30) << "seed " << kSeed;
    }
    for (Kernel kernel : available_kernels()) {
      std::vector<float> got(ordinals.size());
      dot_halves(kernel)(query.data(), length, halves.data(), ordinals.data(), ordinals.size(), got.data());
      for (size_t i = 0; i < got.size(); ++i) {
        ASSERT_EQ(std::bit_cast<uint32_t>(got[i]), std::bit_cast<uint32_t>(expected[i]))
            << kernel_name(kernel) << " seed " << kSeed << " round " << round;
      }
    }
  }
}

// The order that doc/format/vectors.md promises: a sum that any other order of adding would round differently.
TEST(Dot, AddsInTheStatedOrder) {
  std::vector<float> query(64, 0.0f);
  std::vector<uint16_t> row(64, float_to_half(1.0f));
  query[0] = 0x1.0p24f;  // lane 0, first
  query[32] = 1.0f;      // lane 0, second: lost in rounding
  query[16] = 1.0f;      // lane 16: added to lane 0, lost too
  query[1] = 1.0f;       // lanes 1 and 17 meet first, so their 2 survives
  query[17] = 1.0f;
  const uint32_t ordinal = 0;
  for (Kernel kernel : available_kernels()) {
    float got = 0;
    dot_halves(kernel)(query.data(), 64, row.data(), &ordinal, 1, &got);
    EXPECT_EQ(got, 0x1.0p24f + 2.0f) << kernel_name(kernel);
  }
}

}  // namespace
}  // namespace tarn::simd
