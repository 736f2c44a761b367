// The score of one passage, from its forward list: slow, simple, and what search() must agree with.
#include <optional>
#include <vector>

#include "inverted/bm25.h"
#include "inverted/phrase.h"
#include "inverted/segment.h"

namespace tarn::inverted {

std::optional<float> score(const Query& query, const Statistics& statistics, const Reader& reader,
                           base::PassageOrdinal passage) {
  const Segment& segment = Segment::of(reader);
  const Bm25 bm25(statistics);
  const std::vector<double> weights = clause_weights(query, statistics);
  ForwardRecord record;
  segment.forward(passage.value, &record);
  const uint32_t length = segment.length(passage);
  bool musts = false, musts_match = true, shoulds_match = false;
  double sum = 0;
  for (size_t c = 0; c < query.clauses.size(); ++c) {
    const Clause& clause = query.clauses[c];
    std::vector<uint32_t> terms;
    for (const auto& term : clause.terms) {
      if (const auto found = segment.find(term)) terms.push_back(found->value);
    }
    const bool all_known = !terms.empty() && terms.size() == clause.terms.size();
    const uint32_t frequency = !all_known          ? 0
                               : terms.size() == 1 ? term_frequency(record, terms[0])
                                                   : phrase_frequency(record, terms, clause.offsets);
    const bool matches = frequency > 0;
    if (clause.occur == Occur::must_not) {
      if (matches) return std::nullopt;
      continue;
    }
    if (clause.occur == Occur::must) {
      musts = true;
      musts_match &= matches;
    } else {
      shoulds_match |= matches;
    }
    if (matches) sum += bm25.part(weights[c], frequency, length);
  }
  if (musts ? !musts_match : !shoulds_match) return std::nullopt;
  return static_cast<float>(sum);
}

}  // namespace tarn::inverted
