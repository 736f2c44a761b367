#include "vector/halves.h"

#include "base/check.h"
#include "simd/float16.h"

namespace tarn::vector {

void to_halves(std::span<const float> values, std::span<uint16_t> out) {
  TARN_CHECK(values.size() == out.size());
  simd::to_halves(values.data(), values.size(), out.data());
}

}  // namespace tarn::vector
