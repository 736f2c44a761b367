// From evidence to a confidence. Numbers: doc/design/answer-threshold.md, made by bench/answers/fit.py.
#include <cmath>

#include "answer/extract.h"

namespace tarn::answer {
namespace {

// log-odds = bias + nearest · best cosine + found · weights found + missing · rarest weight missing + counterpart · least counterpart
//            + unkind, where nothing of the kind stands there.
struct Model {
  double bias, nearest, found, missing, counterpart, unkind;
};
constexpr Model kWithEncoder = {-2.78, 8.46, 0, -0.50, 3.32, -2.52};
constexpr Model kByWord = {0.54, 0, 1.27, -0.57, 0, 0};
constexpr double kThreshold = 0.5;

}  // namespace

void weigh(Evidence* evidence, bool has_encoder) {
  const Model& m = has_encoder ? kWithEncoder : kByWord;
  const double odds = m.bias + m.nearest * evidence->nearest + m.found * evidence->found +
                      m.missing * evidence->missing + m.counterpart * evidence->counterpart +
                      m.unkind * evidence->unkind;
  evidence->confidence = 1 / (1 + std::exp(-odds));
}

bool is_relevant(const Evidence& evidence) { return evidence.confidence >= kThreshold; }

}  // namespace tarn::answer
