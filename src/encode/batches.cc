#include "encode/batches.h"

#include <algorithm>
#include <numeric>

namespace tarn::encode {

std::vector<Batch> make_batches(std::span<const size_t> lengths, size_t streams) {
  const auto padded = [&](size_t text) { return (lengths[text] + kLengthStep - 1) / kLengthStep * kLengthStep; };
  std::vector<size_t> order;
  size_t total = 0;
  for (size_t i = 0; i < lengths.size(); ++i) {
    if (lengths[i] == 0) continue;
    order.push_back(i);
    total += padded(i);
  }
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return lengths[a] != lengths[b] ? lengths[a] > lengths[b] : a < b; });
  const size_t share = (total + streams - 1) / streams;
  const size_t budget = std::clamp(share, kLeastTokensPerBatch, kTokensPerBatch);
  std::vector<Batch> batches;
  for (size_t text : order) {
    if (batches.empty() || (batches.back().texts.size() + 1) * batches.back().length > budget) {
      batches.push_back({padded(text), {}});
    }
    batches.back().texts.push_back(text);
  }
  return batches;
}

}  // namespace tarn::encode
