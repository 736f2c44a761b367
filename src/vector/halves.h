// float32 → float16 rows, for segments that mix new vectors with rows taken from other segments.
#pragma once

#include <cstdint>
#include <span>

namespace tarn::vector {

// As build() rounds. Both have the same length.
void to_halves(std::span<const float> values, std::span<uint16_t> out);

}  // namespace tarn::vector
