// Texts as the encoder takes them, for tests.
#pragma once

#include <string>
#include <vector>

#include "encode/encoder.h"

namespace tarn::encode {

inline std::vector<Input> passages(const std::vector<std::string>& texts) {
  std::vector<Input> inputs;
  for (const std::string& text : texts) inputs.push_back({Role::passage, text});
  return inputs;
}

inline base::Result<std::vector<float>> encode_bulk(Encoder& encoder, const std::vector<std::string>& texts,
                                                    const base::Context& context = {}) {
  return encoder.encode(passages(texts), Urgency::bulk, context);
}

}  // namespace tarn::encode
