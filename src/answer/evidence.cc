// From evidence to a confidence. Numbers: doc/design/answer-threshold.md, made by bench/answers/fit.py.
#include <algorithm>
#include <cmath>

#include "answer/extract.h"

namespace tarn::answer {
namespace {

// log-odds = bias + passage · best cosine + coverage · share + match · share + length · ln(words).
struct Model {
  double bias, passage, coverage, match, length, threshold;
};
constexpr Model kWithEncoder = {-11.96, 6.90, 9.80, 0, 1.80, 0.5};
constexpr Model kByWord = {-13.12, 0, 10.71, 4.82, 3.15, 0.5};

const Model& model(bool has_encoder) { return has_encoder ? kWithEncoder : kByWord; }

}  // namespace

void weigh(Evidence* evidence, bool has_encoder) {
  const Model& m = model(has_encoder);
  const double odds = m.bias + m.passage * evidence->passage + m.coverage * evidence->coverage +
                      m.match * evidence->match + m.length * std::log(std::max(1.0, evidence->words));
  evidence->confidence = 1 / (1 + std::exp(-odds));
}

bool is_relevant(const Evidence& evidence, bool has_encoder) {
  return evidence.confidence >= model(has_encoder).threshold;
}

}  // namespace tarn::answer
