#include "index/occurrences.h"

#include "index/definition.h"

namespace tarn::index {

void Occurrences::clear() {
  terms_.clear();
  items_.clear();
}

void Occurrences::add(std::string_view term, uint32_t position) {
  items_.push_back({terms_.size(), static_cast<uint32_t>(term.size()), position});
  terms_.append(term);
}

void Occurrences::analyze(const text::Analyzer& analyzer, std::string_view title,
                          const std::vector<std::string>& heading, std::string_view text, std::string_view context) {
  clear();
  uint32_t base = 0, next = 0;
  const auto sink = [&](const text::Token& token) {
    add(token.term, base + token.position);
    next = base + token.position + 1;
  };
  analyzer.analyze(context_text(title, heading, context), sink);
  base = next == 0 ? 0 : next + kContextGap;
  analyzer.analyze(searchable_text(text, context), sink);
}

std::span<const inverted::Occurrence> Occurrences::view() {
  view_.clear();
  for (const Item& item : items_) {
    view_.push_back({std::string_view(terms_).substr(item.offset, item.size), item.position});
  }
  return view_;
}

}  // namespace tarn::index
