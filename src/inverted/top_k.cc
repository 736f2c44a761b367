#include "inverted/top_k.h"

#include <algorithm>
#include <cmath>

namespace tarn::inverted {

TopK::TopK(size_t k, std::span<const SegmentView> views) : k_(k), views_(views) {
  if (k_ == 0) least_ = std::numeric_limits<double>::infinity();
}

void TopK::fill_key(Entry& e) const {
  if (e.has_key) return;
  e.has_key = true;
  if (const auto& tie = views_[e.scored.segment].tie) {
    const auto [id, ordinal] = tie(e.scored.passage);
    e.id = id;
    e.ordinal = ordinal;
  }
}

bool TopK::better(Entry& a, Entry& b) const {
  if (a.scored.score != b.scored.score) return a.scored.score > b.scored.score;
  fill_key(a);
  fill_key(b);
  if (const int order = a.id.compare(b.id); order != 0) return order < 0;
  if (a.ordinal != b.ordinal) return a.ordinal < b.ordinal;
  if (a.scored.segment != b.scored.segment) return a.scored.segment < b.scored.segment;
  return a.scored.passage < b.scored.passage;
}

void TopK::sift_down(size_t at) {
  for (;;) {
    size_t worst = at;
    for (const size_t child : {2 * at + 1, 2 * at + 2}) {
      if (child < entries_.size() && better(entries_[worst], entries_[child])) worst = child;
    }
    if (worst == at) return;
    std::swap(entries_[at], entries_[worst]);
    at = worst;
  }
}

void TopK::sift_up(size_t at) {
  while (at > 0) {
    const size_t parent = (at - 1) / 2;
    if (!better(entries_[parent], entries_[at])) return;
    std::swap(entries_[parent], entries_[at]);
    at = parent;
  }
}

void TopK::add(uint32_t segment, uint32_t passage, double sum) {
  if (sum < least_) return;
  Entry e;
  e.scored = {segment, base::PassageOrdinal(passage), static_cast<float>(sum)};
  if (entries_.size() < k_) {
    entries_.push_back(std::move(e));
    sift_up(entries_.size() - 1);
    if (entries_.size() < k_) return;
  } else {
    if (!better(e, entries_.front())) return;
    entries_.front() = std::move(e);
    sift_down(0);
  }
  // Half way down to the next float: what lies below rounds to less than the worst that is in.
  const float worst = entries_.front().scored.score;
  const float below = std::nextafter(worst, -std::numeric_limits<float>::infinity());
  least_ = (static_cast<double>(worst) + static_cast<double>(below)) / 2;
}

std::vector<Scored> TopK::take() {
  std::sort(entries_.begin(), entries_.end(),
            [&](const Entry& a, const Entry& b) { return better(const_cast<Entry&>(a), const_cast<Entry&>(b)); });
  std::vector<Scored> out;
  out.reserve(entries_.size());
  for (const Entry& e : entries_) out.push_back(e.scored);
  return out;
}

}  // namespace tarn::inverted
