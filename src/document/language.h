// The language that a text is written in, where its source does not say it.
// Limits:  the prose of its first kLanguageBytes is looked at; below kLeastLanguageBytes nothing is said.
// Threads: pure.
// Source:  CLD2 with the tables of Chrome; what was measured: doc/design/language.md.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tarn::document {

inline constexpr size_t kLanguageBytes = 4096;
inline constexpr size_t kLeastLanguageBytes = 60;

// "de", "zh", "zh-Hant" (BCP 47) of a Markdown text; "" when it is not sure, or in several languages. Code is no
// language.
std::string language_of(std::string_view markdown);

}  // namespace tarn::document
