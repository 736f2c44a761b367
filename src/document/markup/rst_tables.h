// The tables of reStructuredText that are drawn with characters.
// Limits:  those of Table (placed_blocks.h).
// Source:  docutils' reStructuredText Markup Specification, "Grid Tables", "Simple Tables".
#pragma once

#include <string_view>

#include "document/markup/lines.h"
#include "document/markup/placed_blocks.h"

namespace tarn::document::markup {

bool is_grid_rule(std::string_view line);    // +---+---+
bool is_simple_rule(std::string_view line);  // ====  ====
// Tables of the text of each cell, its lines parted by '\n'.
Table grid_table(const Lines& lines);
Table simple_table(const Lines& lines);

}  // namespace tarn::document::markup
