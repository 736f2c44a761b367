// Passages of a length that the caller names: what an index definition says (index/definition.h).
#pragma once

#include "document/document.h"

namespace tarn::document {

// As split_passages(body) in document.h, which cuts at kPassageBytes.
inline constexpr size_t kLeastPassageBytes = 100;
std::vector<Passage> split_passages(std::string_view body, size_t most_bytes);

}  // namespace tarn::document
