// A page's words → lines and tables in the order in which they are read.
// Shape:   words on one baseline are a row; where a wide gap goes through several rows there are columns, read one
//          after another, or the columns of a table, read row by row. What rules enclose is a table whatever its gaps.
// Limits:  kMaxPartedWords of a direction, beyond which its rows are not parted into columns and tables;
//          kMaxTableColumns.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "document/pdf/page.h"

namespace tarn::document::pdf {

inline constexpr size_t kMaxPartedWords = 20'000;
inline constexpr size_t kMaxTableColumns = 100;

// Rows of a table no further apart than so many type sizes may be lines of one cell.
inline constexpr float kNextLine = 1.45f;

// What stands for the dots that lead from an entry of a table of contents to its page.
inline constexpr std::string_view kLeader = " … ";

// Words with one blank between them, and which bytes of them are links.
struct Text {
  struct Link {
    size_t start, end;
    int link;
  };
  std::string words;
  std::vector<Link> links;

  void add(const Word& word, bool blank);
  void append(const Text& other);  // behind a blank
};

// Scripts that are written without blanks: there a gap is no end of a word, and every glyph may be a line's last.
constexpr bool is_unspaced(char32_t c) {
  return (c >= 0x2E80 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFF00 && c <= 0xFFEF) ||
         (c >= 0x20000 && c <= 0x3FFFF);
}
bool ends_unspaced(std::string_view text);

struct Line {
  Text text;
  float x0 = 0, x1 = 0, y = 0, size = 0;
  float left = 0, right = 0;  // of the column that it stands in
  int column = 0;             // which of the page's
  bool bold = false, mono = false;
  bool turned = false;                           // of another direction than most of the page
  bool running = false;                          // a running head or foot, of which this one stays
  bool first_apart = false, last_apart = false;  // its first and last word, by a wide gap
  int heading = 0;                               // its level; 0: none
  int outline = -1;                              // the entry that it is, or is a part of
};

// A line, or a table where `table` has rows; its line then has the place only.
struct Item {
  Line line;
  std::vector<std::vector<Text>> table;
};

std::vector<Item> lay_out(const Page& page);

// The words of one row in reading order, as one text.
Text join(const std::vector<const Word*>& words);

}  // namespace tarn::document::pdf
