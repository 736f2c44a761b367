// Any text as a query and as a filter: parsed or refused by name; what is parsed keeps its promises.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "search/filter.h"
#include "search/highlight.h"
#include "search/query.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tarn::search;
  static const auto analyzer = *tarn::text::make_analyzer("english");
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)check_condition(text);
  const auto question = parse_question(text, *analyzer);
  if (question.ok() && (!question->demands.empty() || question->terms.empty())) abort();
  const auto query = parse_query(text, *analyzer);
  if (!query.ok()) return 0;
  const auto& lexical = query->lexical;
  if (lexical.clauses.size() > kMaxClauses || lexical.boosts.size() != lexical.clauses.size() || query->terms.empty()) {
    abort();
  }
  for (const auto& clause : lexical.clauses) {
    if (clause.terms.empty() || clause.terms.size() != clause.offsets.size() || clause.offsets.front() != 0) abort();
  }
  uint32_t last = 0;
  for (const auto& [start, end] : highlights(text, query->marks, *analyzer)) {
    if (start < last || end <= start || end > size) abort();
    last = end;
  }
  return 0;
}
