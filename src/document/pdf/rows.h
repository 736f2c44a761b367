// Words → rows, which share a baseline, and their segments, which wide gaps part.
#pragma once

#include <vector>

#include "document/pdf/layout.h"

namespace tarn::document::pdf {

// A table that rules enclose, with the words in it.
struct RuledTable {
  float x0, y0, x1, y1;
  std::vector<std::vector<Text>> rows;
};

struct Segment {
  float x0 = 0, x1 = 0;
  std::vector<const Word*> words;
  size_t characters = 0;
  bool marker = false;                // of a list item: a bullet, "3.", "b)", "[12]"
  const RuledTable* table = nullptr;  // which stands here instead of words
};

struct Row {
  float y = 0, size = 0;
  std::vector<Segment> segments;  // from left to right
};

// `made` holds words that were put together of letters set apart; its capacity is their limit, and it is kept as long
// as the rows. Null: all words stay as they are.
std::vector<Row> rows_of(const std::vector<const Word*>& words, std::vector<Word>* made);
Segment segment_of(std::vector<const Word*> words);
// A bullet or number with which a list's item begins, and nothing else.
bool is_marker(std::string_view text);
bool is_section_number(std::string_view text);  // "1.2", "B.4", "3.1.12"; it may be a decimal number, too

}  // namespace tarn::document::pdf
