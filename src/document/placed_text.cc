#include "document/placed_text.h"

#include <algorithm>

namespace tarn::document {

void PlacedText::gap() {
  if (!body_.empty()) add(body_.ends_with('\n') ? "\n" : "\n\n");
}

void PlacedText::at_line(uint64_t number) {
  if (line_ == number) return;
  at(kLine, std::to_string(number));
  line_ = number;
}

void PlacedText::at(std::string_view kind, std::string value) {
  line_ = 0;
  if (!anchors_.empty() && anchors_.back().start == body_.size()) anchors_.pop_back();
  if (anchors_.size() < kMaxAnchors) anchors_.push_back({body_.size(), std::string(kind), std::move(value)});
}

void PlacedText::add(std::string_view text) {
  body_ += text;
  if (line_ > 0) line_ += static_cast<uint64_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace tarn::document
