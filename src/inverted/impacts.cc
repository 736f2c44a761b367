#include "inverted/impacts.h"

#include <algorithm>

namespace tarn::inverted {

void ImpactFront::insert(Impact impact) {
  std::erase_if(front_, [&](const Impact& i) { return i.frequency <= impact.frequency && i.length >= impact.length; });
  const auto at = std::lower_bound(front_.begin(), front_.end(), impact,
                                   [](const Impact& a, const Impact& b) { return a.frequency < b.frequency; });
  front_.insert(at, impact);
}

std::span<const Impact> ImpactFront::cut(size_t limit) {
  // Two neighbours a, b (b with more of both) become (b.frequency, a.length), which covers both. The pair that loses
  // least, as measured by 1 + length over frequency (BM25's shape at any average), goes first.
  while (front_.size() > limit) {
    size_t best = 0;
    double least = 0;
    for (size_t i = 0; i + 1 < front_.size(); ++i) {
      const Impact &a = front_[i], &b = front_[i + 1];
      const auto ratio = [](double length, double frequency) { return (64 + length) / frequency; };
      const double loss =
          std::min(ratio(a.length, a.frequency), ratio(b.length, b.frequency)) - ratio(a.length, b.frequency);
      if (i == 0 || loss < least) {
        best = i;
        least = loss;
      }
    }
    front_[best].frequency = front_[best + 1].frequency;
    front_.erase(front_.begin() + static_cast<ptrdiff_t>(best) + 1);
  }
  return front_;
}

}  // namespace tarn::inverted
