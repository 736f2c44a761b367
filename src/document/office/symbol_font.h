// The signs of the old fonts of signs, whose characters are numbers in a private place of Unicode.
#pragma once

#include <string_view>

namespace tarn::document::office {

// What a text has for the character `c` (32 to 255, or with 0xF000) of a font; 0 where that is nothing. `c` itself
// where it has its place in Unicode. A font that is not named is taken for Symbol.
char32_t sign_of_font(std::string_view font, char32_t c);

}  // namespace tarn::document::office
