#include "simd/unpack.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/random.h"

namespace tarn::simd {
namespace {

constexpr uint64_t kSeed = 41;

std::vector<uint32_t> random_values(base::Random& random, size_t count, unsigned bits) {
  std::vector<uint32_t> v(count);
  for (auto& x : v) x = bits == 0 ? 0 : static_cast<uint32_t>(random.next() >> (64 - bits));
  return v;
}

TEST(Unpack, BlocksComeBackAtEveryWidth) {
  base::Random random(kSeed);
  for (unsigned bits = 0; bits <= 32; ++bits) {
    const auto values = random_values(random, kPackedBlock, bits);
    std::string packed;
    pack_block(values.data(), bits, &packed);
    ASSERT_EQ(packed.size(), packed_block_bytes(bits));
    // Value i by the definition of the layout.
    for (size_t i = 0; i < kPackedBlock; ++i) {
      uint32_t want = 0;
      for (unsigned b = 0; b < bits; ++b) {
        const size_t bit = i / 4 * bits + b;
        const size_t byte = (bit / 32 * 4 + i % 4) * 4 + bit % 32 / 8;
        want |= static_cast<uint32_t>((static_cast<unsigned char>(packed[byte]) >> (bit % 8)) & 1) << b;
      }
      ASSERT_EQ(want, values[i]) << "bits " << bits << " value " << i;
    }
    std::vector<uint32_t> got(kPackedBlock, 7);
    unpack_block(reinterpret_cast<const unsigned char*>(packed.data()), bits, got.data());
    ASSERT_EQ(got, values) << "bits " << bits;
  }
}

TEST(Unpack, RowsComeBackAtEveryWidthAndCount) {
  base::Random random(kSeed);
  for (unsigned bits = 0; bits <= 32; ++bits) {
    for (size_t count : {0, 1, 2, 7, 8, 31, 127, 300}) {
      const auto values = random_values(random, count, bits);
      std::string packed;
      pack_row(values.data(), count, bits, &packed);
      ASSERT_EQ(packed.size(), packed_row_bytes(count, bits));
      packed.append(kUnpackSlack, '\xff');
      std::vector<uint32_t> got(count);
      unpack_row(reinterpret_cast<const unsigned char*>(packed.data()), count, bits, got.data());
      ASSERT_EQ(got, values) << "bits " << bits << " count " << count;
    }
  }
}

TEST(Unpack, GapsAddUp) {
  base::Random random(kSeed);
  for (int round = 0; round < 50; ++round) {
    auto block = random_values(random, kPackedBlock, static_cast<unsigned>(random.below(20)));
    const auto base = static_cast<uint32_t>(random.below(1000)) - 1;  // also -1: nothing before
    auto want = block;
    sum_gaps_row(base, want.size(), want.data());
    uint32_t sum = base;
    for (size_t i = 0; i < block.size(); ++i) ASSERT_EQ(want[i], sum += block[i] + 1);
    sum_gaps_block(base, block.data());
    ASSERT_EQ(block, want);
    ASSERT_TRUE(ascends_to(block.data(), want.back()));
    ASSERT_FALSE(ascends_to(block.data(), want.back() + 1));
    const size_t at = 1 + random.below(kPackedBlock - 1);
    block[at] = block[at - 1];
    ASSERT_FALSE(ascends_to(block.data(), block.back()));
  }
}

TEST(Unpack, BitsNeeded) {
  const uint32_t values[] = {0, 0, 5, 1};
  EXPECT_EQ(bits_needed(values, 2), 0u);
  EXPECT_EQ(bits_needed(values, 4), 3u);
  const uint32_t all = ~0u;
  EXPECT_EQ(bits_needed(&all, 1), 32u);
}

}  // namespace
}  // namespace tarn::simd
