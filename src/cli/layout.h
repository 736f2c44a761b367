// Text for a screen of so many columns: width, wrapping, cutting, columns. Everything that came from outside passes
// printable() first.
// Units:   width in terminal cells; offsets in bytes.
// Errors:  none; bytes that are not UTF-8 become U+FFFD.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tarn::cli {

// Control characters but newline and tab, characters that turn the direction of what follows, and U+FFFD.
bool is_unsafe(char32_t c);

// Control characters (escape sequences among them) and broken UTF-8 as U+FFFD; newlines and tabs stay.
std::string printable(std::string_view text);
// The same on one line: runs of white space are one space.
std::string one_line(std::string_view text);

// Cells that printable text takes: 2 for wide characters, 0 for combining ones and for escape sequences made by Style.
size_t width_of(std::string_view text);
// Cut to `width` cells with "…" where something was left out.
std::string cut(std::string_view text, size_t width);
// Lines of at most `width` cells, each begun with `indent`; words longer than a line are broken.
std::string wrap(std::string_view text, size_t width, std::string_view indent);

// Markdown on one line as one reads it: without the signs of links, emphasis, code, headings and tables.
std::string plain_markdown(std::string_view text);

// The part of a Markdown text around its matches, plain and on one line: at most `width` cells, with marks as [start,
// end) bytes of it.
struct Snippet {
  std::string text;
  std::vector<std::array<size_t, 2>> marks;
};
Snippet snippet(std::string_view text, const std::vector<std::pair<uint32_t, uint32_t>>& highlights, size_t width);

// Columns under bold headings; the widest text column gives way when a line is too long. Numbers go right.
struct Column {
  std::string heading;
  bool right = false;
};
std::string columns(const std::vector<Column>& headings, const std::vector<std::vector<std::string>>& rows,
                    size_t width, bool color);

std::string count_text(int64_t n);                                     // 1,169
std::string count_text(int64_t n, const char* one, const char* many);  // "1 hit", "2 hits"
std::string bytes_text(int64_t bytes);                                 // 12.3 MB
std::string duration_text(double ms);                                  // 3.1 ms, 1.2 s, 2 min 5 s

}  // namespace tarn::cli
