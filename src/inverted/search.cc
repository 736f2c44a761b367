#include "inverted/query.h"
#include "inverted/top_k.h"

namespace tarn::inverted {

std::vector<Scored> search(const Query& query, const Statistics& statistics, std::span<const SegmentView> segments, size_t k) {
  TopK best(k, segments);
  const auto has = [](const std::vector<uint64_t>& bits, uint32_t i) { return i / 64 < bits.size() && (bits[i / 64] >> (i % 64) & 1); };
  for (uint32_t s = 0; s < segments.size(); ++s) {
    const SegmentView& view = segments[s];
    for (uint32_t p = 0; p < view.reader->passage_count(); ++p) {
      if ((view.deleted && has(*view.deleted, p)) || (view.allowed && !has(*view.allowed, p))) continue;
      if (const auto found = score(query, statistics, *view.reader, base::PassageOrdinal(p))) best.add(s, p, double{*found});
    }
  }
  return best.take();
}

}  // namespace tarn::inverted
