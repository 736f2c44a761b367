#include "search/highlight.h"

#include <algorithm>
#include <string>
#include <unordered_map>

#include "index/definition.h"

namespace tarn::search {
namespace {

using Spans = std::vector<std::pair<uint32_t, uint32_t>>;

struct Place {
  uint32_t position, start, end;
};

Spans merged(Spans spans) {
  std::sort(spans.begin(), spans.end());
  Spans apart;
  for (const auto& span : spans) {
    if (!apart.empty() && span.first <= apart.back().second) {
      apart.back().second = std::max(apart.back().second, span.second);
    } else {
      apart.push_back(span);
    }
  }
  return apart;
}

}  // namespace

Spans highlights(std::string_view text, const std::vector<Mark>& marks, const text::Analyzer& analyzer,
                 std::string_view context) {
  // Of each term that is wanted, its places in the text, by position.
  std::unordered_map<std::string, std::vector<Place>> places;
  for (const Mark& mark : marks) {
    for (const std::string& term : mark.clause.terms) places[term];
  }
  // The same view of the text that was indexed: link targets do not count.
  std::string term;
  analyzer.analyze(index::searchable_text(text, context), [&](const text::Token& token) {
    term.assign(token.term);
    const auto wanted = places.find(term);
    if (wanted != places.end()) wanted->second.push_back({token.position, token.start, token.end});
  });
  const auto place_at = [&](const std::string& wanted, uint32_t position) -> const Place* {
    const std::vector<Place>& of = places.find(wanted)->second;
    const auto found = std::lower_bound(of.begin(), of.end(), position,
                                        [](const Place& place, uint32_t at) { return place.position < at; });
    return found != of.end() && found->position == position ? &*found : nullptr;
  };
  Spans spans;
  for (const Mark& mark : marks) {
    for (const Place& first : places.find(mark.clause.terms.front())->second) {
      if (!mark.written.empty() && text.substr(first.start, first.end - first.start) != mark.written) continue;
      Spans occurrence{{first.start, first.end}};
      for (size_t i = 1; i < mark.clause.terms.size(); ++i) {
        const Place* next = place_at(mark.clause.terms[i], first.position + mark.clause.offsets[i]);
        if (next == nullptr) break;
        occurrence.emplace_back(next->start, next->end);
      }
      if (occurrence.size() == mark.clause.terms.size()) {
        spans.insert(spans.end(), occurrence.begin(), occurrence.end());
      }
    }
  }
  return merged(std::move(spans));
}

}  // namespace tarn::search
