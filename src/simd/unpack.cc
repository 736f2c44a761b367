#include "simd/unpack.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <utility>

namespace tarn::simd {
namespace {

// Four lanes are what every x86-64 and arm64 has, so these kernels need no choice at run time.
using Lanes [[gnu::vector_size(16)]] = uint32_t;

Lanes load(const void* p) {
  Lanes v;
  std::memcpy(&v, p, sizeof v);
  return v;
}

void store(void* p, Lanes v) { std::memcpy(p, &v, sizeof v); }

template <unsigned kBits, unsigned kAt>
Lanes extract(const unsigned char* in) {
  constexpr unsigned kWord = kAt * kBits / 32, kShift = kAt * kBits % 32;
  Lanes v = load(in + 16 * kWord) >> kShift;
  if constexpr (kShift + kBits > 32) v |= load(in + 16 * (kWord + 1)) << (32 - kShift);
  if constexpr (kBits < 32) v &= Lanes{} + ((1u << kBits) - 1);
  return v;
}

template <unsigned kBits, size_t... kAt>
void unpack_all(const unsigned char* in, uint32_t* out, std::index_sequence<kAt...>) {
  if constexpr (kBits == 0) {
    std::memset(out, 0, kPackedBlock * sizeof *out);
  } else {
    (store(out + 4 * kAt, extract<kBits, kAt>(in)), ...);
  }
}

template <unsigned kBits>
void unpack_bits(const unsigned char* in, uint32_t* out) {
  unpack_all<kBits>(in, out, std::make_index_sequence<32>());
}

using Unpack = void (*)(const unsigned char*, uint32_t*);
template <size_t... kBits>
constexpr std::array<Unpack, sizeof...(kBits)> table(std::index_sequence<kBits...>) {
  return {unpack_bits<kBits>...};
}
constexpr auto kUnpack = table(std::make_index_sequence<33>());

}  // namespace

unsigned bits_needed(const uint32_t* values, size_t count) {
  uint32_t all = 0;
  for (size_t i = 0; i < count; ++i) all |= values[i];
  return static_cast<unsigned>(std::bit_width(all));
}

void pack_block(const uint32_t* values, unsigned bits, std::string* out) {
  uint32_t words[kPackedBlock] = {};
  for (size_t i = 0; i < kPackedBlock; ++i) {
    const size_t lane = i % 4, bit = i / 4 * bits;
    if (bits == 0) break;
    words[bit / 32 * 4 + lane] |= values[i] << (bit % 32);
    if (bit % 32 + bits > 32) words[(bit / 32 + 1) * 4 + lane] |= values[i] >> (32 - bit % 32);
  }
  out->append(reinterpret_cast<const char*>(words), packed_block_bytes(bits));
}

void unpack_block(const unsigned char* packed, unsigned bits, uint32_t* values) { kUnpack[bits](packed, values); }

void pack_row(const uint32_t* values, size_t count, unsigned bits, std::string* out) {
  uint64_t pending = 0;
  unsigned used = 0;
  for (size_t i = 0; i < count; ++i) {
    pending |= static_cast<uint64_t>(values[i]) << used;
    used += bits;
    for (; used >= 8; used -= 8, pending >>= 8) out->push_back(static_cast<char>(pending));
  }
  if (used > 0) out->push_back(static_cast<char>(pending));
}

void unpack_row(const unsigned char* packed, size_t count, unsigned bits, uint32_t* values) {
  if (bits == 0 || count == 0) {
    std::fill_n(values, count, 0u);
    return;
  }
  const uint64_t mask = (uint64_t{1} << bits) - 1;
  size_t i = 0;
  if (bits <= 8) {  // eight values are `bits` whole bytes: one load
    for (; i + 8 <= count; i += 8, packed += bits, values += 8) {
      uint64_t word;
      std::memcpy(&word, packed, sizeof word);
      for (size_t j = 0; j < 8; ++j, word >>= bits) values[j] = static_cast<uint32_t>(word & mask);
    }
  } else if (bits <= 16) {  // and here two loads
    for (; i + 8 <= count; i += 8, packed += bits, values += 8) {
      uint64_t low, high;
      std::memcpy(&low, packed, sizeof low);
      std::memcpy(&high, packed + bits / 2, sizeof high);
      high >>= bits % 2 * 4;
      for (size_t j = 0; j < 4; ++j, low >>= bits) values[j] = static_cast<uint32_t>(low & mask);
      for (size_t j = 4; j < 8; ++j, high >>= bits) values[j] = static_cast<uint32_t>(high & mask);
    }
  }
  count -= i;
  size_t bit = 0;
  for (i = 0; i < count; ++i, bit += bits) {
    uint64_t word;
    std::memcpy(&word, packed + bit / 8, sizeof word);
    values[i] = static_cast<uint32_t>((word >> (bit % 8)) & mask);
  }
}

void sum_gaps_block(uint32_t base, uint32_t* values) {
  const Lanes zero{};
  const Lanes ones = zero + 1;
  Lanes carry = zero + base;
  for (size_t i = 0; i < kPackedBlock; i += 4) {
    Lanes v = load(values + i) + ones;
    v += __builtin_shufflevector(zero, v, 0, 4, 5, 6);
    v += __builtin_shufflevector(zero, v, 0, 1, 4, 5);
    v += carry;
    carry = __builtin_shufflevector(v, v, 3, 3, 3, 3);
    store(values + i, v);
  }
}

void sum_gaps_row(uint32_t base, size_t count, uint32_t* values) {
  for (size_t i = 0; i < count; ++i) values[i] = base += values[i] + 1;
}

bool ascends_to(const uint32_t* values, uint32_t last) {
  bool ascends = true;
  for (size_t i = 1; i < kPackedBlock; ++i) ascends &= values[i - 1] < values[i];
  return ascends && values[kPackedBlock - 1] == last;
}

}  // namespace tarn::simd
