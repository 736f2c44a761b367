// The encoder of every model that is a tokenizer and a transformer with BERT's layers: tokens, batches, run time.
// Errors:  those of the tokenizer and the run time, at the first text that has words.
// Threads: encoder.h.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "encode/calibration.h"
#include "encode/encoder.h"
#include "encode/model_directory.h"
#include "encode/openvino/module.h"
#include "encode/tokenizer.h"

namespace tarn::encode {

// What a family knows of its model.
struct TransformerParts {
  std::string name;         // of the family and its version, first in the identity: "bert/1"
  std::string fingerprint;  // of the model's files
  const TarnBertModel* weights = nullptr;
  std::shared_ptr<const void> owner;                                          // of what the weights point to
  size_t max_tokens = 0;                                                      // of a text, frame included
  std::function<base::Result<std::unique_ptr<const Tokenizer>>()> tokenizer;  // called by the first text
};

base::Result<std::unique_ptr<Encoder>> make_transformer(TransformerParts parts, const ModelDirectory& directory,
                                                        const ModelOptions& options);

}  // namespace tarn::encode
