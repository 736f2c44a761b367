// Numbers that were fitted with one model: what its cosines weigh beside words, and when what was found is an answer.
// Shape:   calibration.json in the model's directory: doc/format/calibration.md.
// Errors:  corruption (file, field, what is wrong), unsupported for a later format.
// Threads: values.
#pragma once

#include <optional>
#include <string>

#include "base/status.h"

namespace tarn::encode {

struct Calibration {
  static constexpr int kFormat = 1;
  static constexpr double kMaxWeight = 1000;  // of a number of `answer`, either sign

  double semantic_weight = 0;  // of the semantic leg in hybrid search, 0 to 1: doc/design/hybrid.md
  // log-odds that there is an answer: bias and weights of the evidence (answer/extract.h):
  // doc/design/answer-threshold.md
  struct Answer {
    double bias = 0, nearest = 0, found = 0, missing = 0, counterpart = 0, unkind = 0;
  };
  Answer answer;
};

// Nothing where the directory has no calibration.json. `fingerprint` is the model's: numbers of another model are
// refused.
base::Result<std::optional<Calibration>> read_calibration(const std::string& directory, const std::string& fingerprint);

}  // namespace tarn::encode
