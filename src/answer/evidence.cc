// From evidence to a confidence. Numbers: doc/design/answer-threshold.md, made by bench/answers/fit.py; those of a
// model lie beside it.
#include <cmath>

#include "answer/extract.h"

namespace tarn::answer {
namespace {

// log-odds = bias + nearest · best cosine + found · weights found + missing · rarest weight missing + counterpart ·
// least counterpart
//            + unkind, where nothing of the kind stands there.
using Model = encode::Calibration::Answer;
// No cosine has a say: the numbers for where there is no encoder, or one whose cosines nothing was fitted with.
constexpr Model kByWord = {0.54, 0, 1.27, -0.57, 0, 0};
constexpr double kThreshold = 0.5;

}  // namespace

void weigh(Evidence* evidence, const encode::Calibration* calibration) {
  const Model& m = calibration ? calibration->answer : kByWord;
  const double odds = m.bias + m.nearest * evidence->nearest + m.found * evidence->found +
                      m.missing * evidence->missing + m.counterpart * evidence->counterpart +
                      m.unkind * evidence->unkind;
  evidence->confidence = 1 / (1 + std::exp(-odds));
}

bool is_relevant(const Evidence& evidence) { return evidence.confidence >= kThreshold; }

}  // namespace tarn::answer
