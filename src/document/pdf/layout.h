// A page's words → lines and tables in the order in which they are read.
// Shape:   words on one baseline are a row; where a wide gap goes through several rows there are columns, read one
//          after another, or the columns of a table, read row by row. What rules enclose is a table whatever its gaps.
// Limits:  kMaxRows of a page, beyond which its words come as they stand in the file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "document/pdf/page.h"

namespace tarn::document::pdf {

inline constexpr size_t kMaxRows = 3'000;
inline constexpr size_t kMaxTableColumns = 100;

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
};

struct Line {
  Text text;
  float x0 = 0, x1 = 0, y = 0, size = 0;
  float left = 0, right = 0;  // of the column that it stands in
  int column = 0;             // which of the page's
  bool bold = false, mono = false;
  bool turned = false;   // of another direction than most of the page
  bool running = false;  // a running head or foot, of which this one stays
  int heading = 0;       // its level; 0: none
  int outline = -1;      // the entry that it is, or is a part of
};

// A line, or a table where `table` has rows; its line then has the place only.
struct Item {
  Line line;
  std::vector<std::vector<Text>> table;
};

std::vector<Item> lay_out(const Page& page);

// The words of one row in reading order, as one text.
Text join(std::vector<const Word*> words);

}  // namespace tarn::document::pdf
