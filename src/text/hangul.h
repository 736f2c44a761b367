// Korean words: a noun with what is joined to it. Particles and endings stand behind their noun, so an inflected word
// is found by what it begins with; what is looked for is the word, and the word without its particle.
// Shape:   ICU parts Hangul from what stands beside it: of API를 the noun is a word of its own.
// Threads: pure.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace tarn::text {

bool begins_with_hangul(std::string_view word);  // a syllable of U+AC00 to U+D7A3

struct KoreanParts {
  size_t noun = 0;                 // bytes without the particle; 0: it has none that is known
  std::vector<size_t> beginnings;  // bytes of what else it begins with, shortest first
};

// `word`: NFC; begins with a syllable.
KoreanParts korean_parts(std::string_view word);

}  // namespace tarn::text
