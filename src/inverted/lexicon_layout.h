// Where things lie in the bytes of a lexicon: doc/format/lexicon.md in code.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tarn::inverted::lexicon_layout {

inline constexpr std::string_view kMagic = "TARNLEX1";
enum Section : size_t { kDictionaryIndex, kDictionary, kOffsets, kEntries, kEnd, kSections };
inline constexpr size_t kAtSegments = 8, kAtTerms = 12, kAtSections = 16;
inline constexpr size_t kHeaderBytes = kAtSections + 8 * kSections;
inline constexpr uint32_t kMostDocuments =
    0x3FFFFFFF;  // a document frequency shares its 32 bits with the number of impacts

}  // namespace tarn::inverted::lexicon_layout
