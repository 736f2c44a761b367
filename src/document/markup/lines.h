// The lines of a source, as the readers of markup languages and of code go through them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tarn::document::markup {

// A line of a source without blanks at its end, and its number from 1.
struct Line {
  std::string_view text;
  uint32_t number = 0;
  size_t indent() const { return std::min(text.find_first_not_of(' '), text.size()); }
  bool blank() const { return text.empty(); }
};
using Lines = std::vector<Line>;

Lines lines_of(std::string_view text);
Lines slice(const Lines& lines, size_t from, size_t to);
// Without `columns` blanks at their start, or as many as there are.
Lines dedented(Lines lines, size_t columns);
// Without the indentation that all have, and blank lines at both ends.
Lines dedented(Lines lines);
std::string joined(const Lines& lines);

size_t characters_of(std::string_view text);  // of UTF-8

}  // namespace tarn::document::markup
