// How often a phrase stands in a passage: the number of its starting positions.
#pragma once

#include <cstdint>
#include <span>

#include "inverted/forward.h"

namespace tarn::inverted {

// Every occurrence counts, also two at one position.
uint32_t term_frequency(const ForwardRecord& passage, uint32_t term);
// terms[i] (ordinals in the segment) stands offsets[i] words after the start. `offsets` may be shorter: the rest follow
// one by one.
uint32_t phrase_frequency(const ForwardRecord& passage, std::span<const uint32_t> terms,
                          std::span<const uint32_t> offsets);

}  // namespace tarn::inverted
