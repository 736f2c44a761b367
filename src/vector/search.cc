#include <algorithm>
#include <bit>
#include <cmath>

#include "base/check.h"
#include "simd/dot.h"
#include "vector/vectors.h"

namespace tarn::vector {
namespace {

// The k best so far, as a heap whose front is the worst of them.
class TopK {
 public:
  TopK(std::span<const SegmentView> segments, size_t k) : segments_(segments), k_(k) {}

  // Below this a score cannot enter; equal to it, the tie decides.
  float threshold() const { return heap_.size() < k_ ? -std::numeric_limits<float>::infinity() : heap_.front().score; }

  void offer(const Scored& candidate) {
    const auto better = [this](const Scored& a, const Scored& b) { return precedes(a, b); };
    if (heap_.size() < k_) {
      heap_.push_back(candidate);
      std::push_heap(heap_.begin(), heap_.end(), better);
    } else if (precedes(candidate, heap_.front())) {
      std::pop_heap(heap_.begin(), heap_.end(), better);
      heap_.back() = candidate;
      std::push_heap(heap_.begin(), heap_.end(), better);
    }
  }

  std::vector<Scored> take() {
    std::sort(heap_.begin(), heap_.end(), [this](const Scored& a, const Scored& b) { return precedes(a, b); });
    return std::move(heap_);
  }

 private:
  // Score descending, tie key ascending by bytes, passage ordinal ascending; views without tie keys go by their place.
  bool precedes(const Scored& a, const Scored& b) const {
    if (a.score != b.score) return a.score > b.score;
    const auto& tie_a = segments_[a.segment].tie;
    const auto& tie_b = segments_[b.segment].tie;
    if (tie_a && tie_b) {
      const auto [view_a, ordinal_a] = tie_a(a.passage);
      const std::string key_a(view_a);  // a view may last only until the next call
      const auto [key_b, ordinal_b] = tie_b(b.passage);
      if (const int order = key_a.compare(key_b); order != 0) return order < 0;
      if (ordinal_a != ordinal_b) return ordinal_a < ordinal_b;
    }
    return std::pair(a.segment, a.passage) < std::pair(b.segment, b.passage);
  }

  std::span<const SegmentView> segments_;
  size_t k_;
  std::vector<Scored> heap_;
};

// The passages of word w that a search may return.
uint64_t live_bits(const SegmentView& view, size_t w, size_t passages) {
  uint64_t bits = ~uint64_t{0};
  if (const size_t left = passages - w * 64; left < 64) bits = (uint64_t{1} << left) - 1;
  if (view.allowed) bits &= w < view.allowed->size() ? (*view.allowed)[w] : 0;
  if (view.deleted && w < view.deleted->size()) bits &= ~(*view.deleted)[w];
  return bits;
}

bool is_zero_row(std::span<const uint16_t> row) {
  return std::all_of(row.begin(), row.end(), [](uint16_t half) { return (half & 0x7fff) == 0; });
}

void scan(const float* query, const SegmentView& view, uint32_t segment, TopK* top) {
  const simd::DotHalves dot = simd::dot_halves();
  const Reader& reader = *view.reader;
  const uint32_t passages = reader.passage_count();
  const size_t length = simd::padded_length(reader.dimensions());
  const uint16_t* rows = reader.padded_rows().data();
  constexpr size_t kBatch = 128;  // passages of one kernel call; two words of the bitmaps at most join it
  uint32_t ordinals[kBatch];
  float scores[kBatch];
  const size_t words = (size_t{passages} + 63) / 64;
  for (size_t w = 0; w < words;) {
    size_t count = 0;
    for (; w < words && count + 64 <= kBatch; ++w) {
      for (uint64_t bits = live_bits(view, w, passages); bits != 0; bits &= bits - 1) {
        ordinals[count++] = static_cast<uint32_t>(w * 64 + static_cast<size_t>(std::countr_zero(bits)));
      }
    }
    dot(query, length, rows, ordinals, count, scores);
    for (size_t i = 0; i < count; ++i) {
      const float score = std::isfinite(scores[i]) ? scores[i] + 0.0f : 0.0f;  // + 0.0f: no negative zero
      if (score < top->threshold()) continue;
      const base::PassageOrdinal passage(ordinals[i]);
      if (score == 0 && is_zero_row(reader.row(passage))) continue;
      top->offer({segment, passage, score});
    }
  }
}

}  // namespace

std::vector<Scored> search(std::span<const float> query, std::span<const SegmentView> segments, size_t k) {
  if (k == 0 || query.empty()) return {};
  std::vector<float> padded(simd::padded_length(query.size()));
  std::copy(query.begin(), query.end(), padded.begin());
  TopK top(segments, k);
  for (size_t s = 0; s < segments.size(); ++s) {
    if (segments[s].reader->dimensions() != query.size()) continue;
    scan(padded.data(), segments[s], static_cast<uint32_t>(s), &top);
  }
  return top.take();
}

}  // namespace tarn::vector
