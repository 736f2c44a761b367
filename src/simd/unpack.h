// Integers of a fixed number of bits: 128 at a time in four lanes, or any number one after the other.
// Shape:   four lanes: value i lies in lane i % 4 of 32-bit words, low bits first; 16 · bits bytes. In a row: value i
//          begins at bit i · bits of a little-endian stream; ceil(count · bits / 8) bytes.
// Units:   bits is 0 to 32. Values need no alignment.
// Source:  Lemire and Boytsov, "Decoding billions of integers per second through vectorization" (2015), the SIMD-BP128
//          layout.
// Threads: free functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace tarn::simd {

inline constexpr size_t kPackedBlock = 128;
// unpack_row() may read so many bytes past the packed values; they need not mean anything.
inline constexpr size_t kUnpackSlack = 8;

constexpr size_t packed_block_bytes(unsigned bits) { return size_t{16} * bits; }
constexpr size_t packed_row_bytes(size_t count, unsigned bits) { return (count * bits + 7) / 8; }

// The bits that the largest of `values` needs.
unsigned bits_needed(const uint32_t* values, size_t count);

void pack_block(const uint32_t* values, unsigned bits, std::string* out);         // 128 values
void unpack_block(const unsigned char* packed, unsigned bits, uint32_t* values);  // 128 values

void pack_row(const uint32_t* values, size_t count, unsigned bits, std::string* out);
void unpack_row(const unsigned char* packed, size_t count, unsigned bits, uint32_t* values);

// values[i] becomes base + sum of (values[0..i] + 1): gaps of an ascending list, less one each, back to the list.
void sum_gaps_block(uint32_t base, uint32_t* values);  // 128 values
void sum_gaps_row(uint32_t base, size_t count, uint32_t* values);

// Whether the 128 values ascend strictly and end with `last`.
bool ascends_to(const uint32_t* values, uint32_t last);

}  // namespace tarn::simd
