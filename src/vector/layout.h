// Where things lie in the bytes of a segment's vectors: doc/format/vectors.md.
#pragma once

#include <cstddef>
#include <string_view>

namespace tarn::vector {

inline constexpr std::string_view kMagic = "TARNVEC1";
inline constexpr size_t kHeaderBytes = 64;  // one cache line, so that rows keep the alignment of the block

}  // namespace tarn::vector
