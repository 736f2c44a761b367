#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/bytes.h"
#include "base/check.h"
#include "simd/dot.h"
#include "vector/layout.h"
#include "vector/vectors.h"

namespace tarn::vector {
namespace {

class MappedReader final : public Reader {
 public:
  MappedReader(std::string_view bytes, uint32_t rows, uint32_t dimensions)
      : rows_(reinterpret_cast<const uint16_t*>(bytes.data() + kHeaderBytes)), count_(rows), dimensions_(dimensions) {}

  uint32_t passage_count() const override { return count_; }
  uint32_t dimensions() const override { return dimensions_; }

  std::span<const uint16_t> row(base::PassageOrdinal passage) const override {
    TARN_CHECK(passage.value < count_);
    return {rows_ + passage.value * simd::padded_length(dimensions_), dimensions_};
  }

  float score(std::span<const float> query, base::PassageOrdinal passage) const override {
    TARN_CHECK(passage.value < count_ && query.size() == dimensions_);
    const size_t length = simd::padded_length(dimensions_);
    std::vector<float> padded(length);
    std::copy(query.begin(), query.end(), padded.begin());
    float score = 0;
    simd::dot_halves()(padded.data(), length, rows_, &passage.value, 1, &score);
    return std::isfinite(score) ? score : 0.0f;
  }

  std::span<const uint16_t> padded_rows() const override { return {rows_, count_ * simd::padded_length(dimensions_)}; }

 private:
  const uint16_t* rows_;
  uint32_t count_;
  uint32_t dimensions_;
};

}  // namespace

base::Result<std::shared_ptr<const Reader>> Reader::open(std::string_view bytes, std::string what) {
  TARN_CHECK(reinterpret_cast<uintptr_t>(bytes.data()) % alignof(uint16_t) == 0);
  base::ByteReader reader(bytes, what);
  TARN_ASSIGN(const std::string_view magic, reader.bytes(kMagic.size()));
  if (magic != kMagic) return base::ByteReader(bytes, what).corrupt("not a block of vectors (TARNVEC1)");
  TARN_ASSIGN(const uint32_t rows, reader.fixed<uint32_t>());
  TARN_ASSIGN(const uint32_t dimensions, reader.fixed<uint32_t>());
  if (dimensions == 0 || dimensions > kMaxDimensions) {
    return reader.corrupt(fmt::format("{} dimensions, not 1 to {}", dimensions, kMaxDimensions));
  }
  TARN_ASSIGN(const std::string_view reserved, reader.bytes(kHeaderBytes - reader.offset()));
  if (reserved.find_first_not_of('\0') != std::string_view::npos) return reader.corrupt("reserved bytes are not zero");
  const uint64_t expected = uint64_t{rows} * simd::padded_length(dimensions) * sizeof(uint16_t);
  if (reader.remaining() != expected) {
    return reader.corrupt(fmt::format("{} rows of {} dimensions take {} bytes, there are {}", rows, dimensions,
                                      expected, reader.remaining()));
  }
  return std::shared_ptr<const Reader>(std::make_shared<MappedReader>(bytes, rows, dimensions));
}

}  // namespace tarn::vector
