#include "inverted/phrase.h"

#include <algorithm>
#include <vector>

namespace tarn::inverted {
namespace {

int64_t offset_of(std::span<const uint32_t> offsets, size_t i) {
  if (i < offsets.size()) return offsets[i];
  return offsets.empty() ? static_cast<int64_t>(i)
                         : static_cast<int64_t>(offsets.back()) + static_cast<int64_t>(i - offsets.size() + 1);
}

void positions_of(const ForwardRecord& passage, uint32_t local, int64_t less, std::vector<int64_t>* out) {
  out->clear();
  for (size_t i = 0; i < passage.which.size(); ++i) {
    if (passage.which[i] != local) continue;
    const int64_t start = static_cast<int64_t>(passage.positions[i]) - less;
    if (out->empty() || out->back() != start) out->push_back(start);
  }
}

}  // namespace

uint32_t term_frequency(const ForwardRecord& passage, uint32_t term) {
  const auto found = std::lower_bound(passage.terms.begin(), passage.terms.end(), term);
  if (found == passage.terms.end() || *found != term) return 0;
  return static_cast<uint32_t>(
      std::count(passage.which.begin(), passage.which.end(), static_cast<uint32_t>(found - passage.terms.begin())));
}

uint32_t phrase_frequency(const ForwardRecord& passage, std::span<const uint32_t> terms,
                          std::span<const uint32_t> offsets) {
  thread_local std::vector<int64_t> starts, others, both;
  for (size_t i = 0; i < terms.size(); ++i) {
    const auto found = std::lower_bound(passage.terms.begin(), passage.terms.end(), terms[i]);
    if (found == passage.terms.end() || *found != terms[i]) return 0;
    const auto local = static_cast<uint32_t>(found - passage.terms.begin());
    positions_of(passage, local, offset_of(offsets, i), i == 0 ? &starts : &others);
    if (i > 0) {
      both.clear();
      std::set_intersection(starts.begin(), starts.end(), others.begin(), others.end(), std::back_inserter(both));
      starts.swap(both);
    }
    if (starts.empty()) return 0;
  }
  return static_cast<uint32_t>(starts.size());
}

}  // namespace tarn::inverted
