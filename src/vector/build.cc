#include <algorithm>

#include "base/bytes.h"
#include "base/check.h"
#include "simd/dot.h"
#include "simd/float16.h"
#include "vector/layout.h"
#include "vector/vectors.h"

namespace tarn::vector {
namespace {

// The header, and zero rows to be filled in.
std::string blank(size_t rows, size_t dimensions) {
  std::string out;
  out.reserve(kHeaderBytes + rows * simd::padded_length(dimensions) * sizeof(uint16_t));
  base::ByteWriter writer(&out);
  writer.bytes(kMagic);
  writer.fixed(static_cast<uint32_t>(rows));
  writer.fixed(static_cast<uint32_t>(dimensions));
  writer.align(kHeaderBytes);
  out.resize(out.capacity(), '\0');
  return out;
}

size_t rows_of(size_t values, size_t dimensions) {
  TARN_CHECK(dimensions > 0 && dimensions <= kMaxDimensions && values % dimensions == 0);
  TARN_CHECK(values / dimensions <= UINT32_MAX);
  return values / dimensions;
}

}  // namespace

std::string build_from_halves(std::span<const uint16_t> halves, size_t dimensions) {
  const size_t rows = rows_of(halves.size(), dimensions);
  std::string out = blank(rows, dimensions);
  const size_t stride_bytes = simd::padded_length(dimensions) * sizeof(uint16_t);
  for (size_t r = 0; r < rows; ++r) {
    const std::span<const uint16_t> row = halves.subspan(r * dimensions, dimensions);
    if (!std::all_of(row.begin(), row.end(), simd::half_is_finite)) continue;
    std::memcpy(out.data() + kHeaderBytes + r * stride_bytes, row.data(), row.size_bytes());
  }
  return out;
}

std::string build(std::span<const float> values, size_t dimensions) {
  std::vector<uint16_t> halves(values.size());
  simd::to_halves(values.data(), values.size(), halves.data());
  return build_from_halves(halves, dimensions);
}

}  // namespace tarn::vector
