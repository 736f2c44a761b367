// What holds for the characters and paragraphs of an RTF group, and for the row of a table that is defined.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "document/office/tables.h"
#include "document/rtf/destinations.h"

namespace tarn::document::rtf {

struct State {
  Place place = Place::text;
  bool opens_flow = false, opens_field = false, opens_property = false;
  bool starred = false;
  bool nested_row = false;  // what is said of rows is said of those of a table within a cell
  bool hidden = false, deleted = false, strong = false, emphasis = false, strike = false;
  int font = -1, fallback = 1, style = 0, character_style = -1;
  bool in_table = false;
  int depth = 0, list = 0, level = 0, outline = -1;

  int table_depth() const;
  // Control words; false for one of another kind. `on`: what it names is not switched off.
  bool take_character(std::string_view word, int32_t number, bool on, int default_font);
  bool take_paragraph(std::string_view word, int32_t number);
};

struct RowShape {
  int32_t left = 0;
  bool head = false;
  std::vector<office::CellEdge> edges;
  office::CellEdge next;

  bool take(std::string_view word, int32_t number);  // likewise
};

}  // namespace tarn::document::rtf
