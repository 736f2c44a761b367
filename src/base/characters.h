// Characters of UTF-8 text, and the cells of a terminal that they take.
// Units:   cells: 2 for wide characters (East Asian, emoji), 0 for combining ones, else 1.
// Source:  Unicode 15.1, EastAsianWidth.txt and general categories Mn and Me, in ranges that are rounded to whole
//          scripts.
// Threads: pure.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/utf8.h"

namespace tarn::base {

// The character at `at`, which moves past it; kReplacement for a byte that begins none, which is passed alone.
char32_t next_character(std::string_view text, size_t& at);
size_t cells_of(char32_t character);
// Marks that turn the direction of what follows them, so that a text can disguise its neighbours.
bool turns_text(char32_t character);

}  // namespace tarn::base
