// How a line must begin to start a block: one function for each kind, on the line's rest from its first character that
// is no space.
// Source:  CommonMark 0.31, section 4; GFM 0.29, section 4.10.
#pragma once

#include <cstddef>
#include <string_view>

namespace tarn::document {

struct HeadingLine {
  int level = 0;  // 0: it is none
  size_t text_start = 0, text_end = 0;
};
HeadingLine atx_heading(std::string_view rest);
int setext_level(std::string_view rest);  // 1 for "===", 2 for "---", 0: none

struct Fence {
  char mark = 0;  // '`' or '~'; 0: it is none
  size_t length = 0;
};
Fence opening_fence(std::string_view rest);
bool closes(const Fence& fence, std::string_view rest);

bool is_rule(std::string_view rest);

// 0: no list item begins here; else the marker's bytes. `ordinal` is an ordered item's number, -1 for bullets.
size_t list_marker(std::string_view rest, int* ordinal);

// The kind of HTML block (1 to 7) that begins here, 0 for none; and whether a line ends one of kinds 1 to 5.
int html_block_kind(std::string_view rest);
bool ends_html_block(int kind, std::string_view line);

// Cells of a table's delimiter row ("|---|:-:|"), 0 when it is none; cells of any row.
size_t delimiter_cells(std::string_view rest);
size_t row_cells(std::string_view rest);

}  // namespace tarn::document
