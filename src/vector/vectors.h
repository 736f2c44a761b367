// The vectors of one segment as one block of bytes, and exact search over many such blocks.
// Shape:   doc/format/vectors.md: float16 rows, 64-byte aligned, passage ordinal = row; a zero row stands for a passage
//          without a vector.
// Scores:  cosine as the dot product of the float32 query with the float16 row, accumulated in one fixed order that
//          every kernel keeps (same bits from scalar, AVX2, AVX-512 and NEON; simd/dot.h). A score that is not finite
//          counts as 0.
// Limits:  kMaxDimensions; bytes begin at an even address (a cache line's is fastest).
// Errors:  open() returns corruption (what, offset); after it no call fails or reads outside.
// Threads: a Reader is immutable and shared; search() is pure.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/status.h"

namespace tarn::vector {

inline constexpr size_t kMaxDimensions = 16384;

// float32 row-major → the bytes; dimensions in [1, kMaxDimensions] divide values.size(). A row with a value that is not
// finite as float16 becomes a zero row.
std::string build(std::span<const float> values, size_t dimensions);
// From rows that are float16 already (merging, reuse).
std::string build_from_halves(std::span<const uint16_t> halves, size_t dimensions);

class Reader {
 public:
  static base::Result<std::shared_ptr<const Reader>> open(std::string_view bytes, std::string what);
  virtual ~Reader() = default;
  virtual uint32_t passage_count() const = 0;
  virtual uint32_t dimensions() const = 0;
  virtual std::span<const uint16_t> row(base::PassageOrdinal passage) const = 0;  // IEEE binary16
  // `query` has dimensions() values. 0 for a passage without a vector.
  virtual float score(std::span<const float> query, base::PassageOrdinal passage) const = 0;
  // All rows, each simd::padded_length(dimensions()) long: what a scan reads.
  virtual std::span<const uint16_t> padded_rows() const = 0;
};

struct SegmentView {
  const Reader* reader = nullptr;
  const std::vector<uint64_t>* deleted = nullptr;  // as inverted::SegmentView
  const std::vector<uint64_t>* allowed = nullptr;
  std::function<std::pair<std::string_view, uint32_t>(base::PassageOrdinal)> tie;
};
struct Scored {
  uint32_t segment = 0;
  base::PassageOrdinal passage;
  float score = 0;
};
// The k passages of highest score, exact; same order rule as inverted/query.h. A passage without a vector is never a
// hit, nor is one of a segment whose dimensions are not the query's.
std::vector<Scored> search(std::span<const float> query, std::span<const SegmentView> segments, size_t k);

}  // namespace tarn::vector
