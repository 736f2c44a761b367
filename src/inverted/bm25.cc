#include "inverted/bm25.h"

#include <cmath>

namespace tarn::inverted {

double idf(double passages, double df) { return std::log(1 + (passages - df + 0.5) / (df + 0.5)); }

std::vector<double> clause_weights(const Query& query, const Statistics& statistics) {
  const auto n = static_cast<double>(statistics.passage_count);
  std::vector<double> weights(query.clauses.size());
  for (size_t c = 0; c < weights.size(); ++c) {
    double sum = 0;
    for (size_t t = 0; t < query.clauses[c].terms.size(); ++t) {
      const bool known = c < statistics.document_frequency.size() && t < statistics.document_frequency[c].size();
      const double df = known ? std::min(n, static_cast<double>(statistics.document_frequency[c][t])) : 0;
      sum += idf(n, df);
    }
    const double boost = c < query.boosts.size() ? static_cast<double>(query.boosts[c]) : 1.0;
    const double weight = sum * boost;
    weights[c] = weight > 0 ? std::min(weight, kMaxWeight) : 0;  // also for NaN
  }
  return weights;
}

}  // namespace tarn::inverted
