// The families of models: the one table that a new one is put into. HACKING.md says how to add one.
#pragma once

#include <memory>
#include <string>

#include "base/status.h"
#include "encode/encoder.h"
#include "encode/model_directory.h"

namespace tarn::encode {

// What ModelDirectory::kind says, who makes the encoder, and what it is for a reader. A maker refuses by file and value
// what it does not compute.
// clang-format off
#define TARN_FAMILIES(family) \
  family("bert", make_bert, "BERT with WordPiece and mean pooling")

// clang-format on

#define TARN_DECLARE(kind, make, is) \
  base::Result<std::unique_ptr<Encoder>> make(const ModelDirectory& directory, const ModelOptions& options);
TARN_FAMILIES(TARN_DECLARE)
#undef TARN_DECLARE

}  // namespace tarn::encode
