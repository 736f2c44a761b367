#include "document/anchor.h"

#include <algorithm>
#include <charconv>

namespace tarn::document {

std::optional<Anchor> anchor_at(std::span<const Anchor> anchors, uint64_t at, std::string_view text, uint64_t from) {
  const auto next = std::upper_bound(anchors.begin(), anchors.end(), at,
                                     [](uint64_t place, const Anchor& anchor) { return place < anchor.start; });
  if (next == anchors.begin()) return std::nullopt;
  Anchor found = *(next - 1);
  if (found.kind != kLine || found.start == at) return found;
  uint64_t line = 0;
  const char* end = found.value.data() + found.value.size();
  const auto [stop, error] = std::from_chars(found.value.data(), end, line);
  if (error != std::errc() || stop != end || found.start < from || at - from > text.size()) return found;
  const std::string_view between = text.substr(found.start - from, at - found.start);
  line += static_cast<uint64_t>(std::count(between.begin(), between.end(), '\n'));
  return Anchor{at, found.kind, std::to_string(line)};
}

std::vector<Anchor> AnchorWalk::next(uint64_t start, uint64_t end) {
  for (; !anchors_.empty() && anchors_.front().start <= start; anchors_ = anchors_.subspan(1)) at_ = anchors_.front();
  std::vector<Anchor> found;
  if (at_) {
    at_ = anchor_at({&*at_, 1}, start, body_);  // lines are counted from where the last span began
    at_->start = start;
    found.push_back(*at_);
  }
  for (const Anchor& anchor : anchors_) {
    if (anchor.start >= end) break;
    found.push_back(anchor);
  }
  return found;
}

bool are_valid(std::span<const Anchor> anchors, uint64_t body_bytes) {
  uint64_t before = 0;
  return std::all_of(anchors.begin(), anchors.end(), [&](const Anchor& anchor) {
    const bool ascends = anchor.start >= before && anchor.start <= body_bytes;
    before = anchor.start;
    return ascends && !anchor.kind.empty() && anchor.kind.size() + anchor.value.size() <= kMaxAnchorBytes;
  });
}

}  // namespace tarn::document
