// The tables of reStructuredText that are drawn with characters.
// Source:  docutils' reStructuredText Markup Specification, "Grid Tables", "Simple Tables".
#pragma once

#include <string_view>
#include <vector>

#include "document/markup/placed_blocks.h"

namespace tarn::document::markup {

// The text of each cell, lines parted by '\n'.
struct DrawnTable {
  std::vector<Row> rows;
  size_t header_rows = 0;
};

bool is_grid_rule(std::string_view line);    // +---+---+
bool is_simple_rule(std::string_view line);  // ====  ====
DrawnTable grid_table(const Lines& lines);
DrawnTable simple_table(const Lines& lines);

}  // namespace tarn::document::markup
