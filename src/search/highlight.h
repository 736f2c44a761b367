// Where a text has the words that were looked for.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "text/analyzer.h"

namespace tarn::search {

// Byte spans of `text`, ascending and apart, of words whose term is in `terms` (sorted). `context` as in document::Passage.
std::vector<std::pair<uint32_t, uint32_t>> highlights(std::string_view text, const std::vector<std::string>& terms,
                                                      const text::Analyzer& analyzer, std::string_view context = {});

}  // namespace tarn::search
