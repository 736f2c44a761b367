// Where a text has what was looked for.
// Threads: pure.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "search/query.h"
#include "text/analyzer.h"

namespace tarn::search {

// Byte spans of `text`, ascending and apart: words, and of a phrase the words of its occurrences only. `context` as in
// document::Passage.
std::vector<std::pair<uint32_t, uint32_t>> highlights(std::string_view text, const std::vector<Mark>& marks,
                                                      const text::Analyzer& analyzer, std::string_view context = {});

}  // namespace tarn::search
