// Text as it stands in one line of a terminal's table: control characters made visible, counted and cut in cells.
// Units:   cells: base/characters.h.
#pragma once

#include <string>
#include <string_view>

namespace tarn::rows {

// Newlines, tabs, escape sequences and broken UTF-8 as \n, \t, \x1B, U+FFFD: nothing that moves the cursor is left.
std::string visible(std::string_view text);
size_t cell_width(std::string_view visible_text);
// At most `width` cells, with "…" where something was left out.
std::string cut_to_width(std::string_view visible_text, size_t width);

}  // namespace tarn::rows
