// Texts of about equal length together, so that padding wastes little.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace tarn::encode {

inline constexpr size_t kLengthStep = 8;  // lengths are padded to a multiple: fewer shapes to prepare kernels for
inline constexpr size_t kTokensPerBatch = 2048;  // measured: doc/design/encoder.md
inline constexpr size_t kLeastTokensPerBatch = 256;

struct Batch {
  size_t length = 0;          // tokens of each row, padding included
  std::vector<size_t> texts;  // indices into the lengths
};

// Each text of a length above 0 once; longest first. Small inputs are cut finer, so that each of `streams` gets some.
std::vector<Batch> make_batches(std::span<const size_t> lengths, size_t streams);

}  // namespace tarn::encode
