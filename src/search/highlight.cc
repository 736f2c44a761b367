#include "search/highlight.h"

#include <algorithm>

#include "index/definition.h"

namespace tarn::search {

std::vector<std::pair<uint32_t, uint32_t>> highlights(std::string_view text, const std::vector<std::string>& terms,
                                                      const text::Analyzer& analyzer, std::string_view context) {
  std::vector<std::pair<uint32_t, uint32_t>> spans;
  // The same view of the text that was indexed: link targets do not count.
  analyzer.analyze(index::searchable_text(text, context), [&](const text::Token& token) {
    if (std::binary_search(terms.begin(), terms.end(), token.term)) spans.emplace_back(token.start, token.end);
  });
  std::sort(spans.begin(), spans.end());
  std::vector<std::pair<uint32_t, uint32_t>> merged;
  for (const auto& span : spans) {
    if (!merged.empty() && span.first <= merged.back().second) {
      merged.back().second = std::max(merged.back().second, span.second);
    } else {
      merged.push_back(span);
    }
  }
  return merged;
}

}  // namespace tarn::search
