// What the formats of a text of Word say of its paragraphs and characters, its styles and lists.
// Source:  [MS-DOC] 2.6 (single property modifiers), 2.9.271 (STSH), 2.9.150 (LSTF), 2.9.131 (LFO).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "document/compound/word_file.h"
#include "document/office/numbering.h"
#include "document/office/tables.h"
#include "document/office/word_styles.h"

namespace tarn::document::compound {

struct ParagraphFormat {
  uint16_t style = 0;
  bool in_table = false, ends_row = false;
  bool ends_inner_cell = false, ends_inner_row = false;
  int depth = 0;  // of tables that it lies in
  std::optional<int> list, level, outline;
  int32_t row_left = 0;
  std::vector<office::CellEdge> row;
  bool row_is_head = false;
};

struct CharacterFormat {
  std::optional<uint16_t> style;
  bool deleted = false, special = false, is_object = false;
  int strong = -1, emphasis = -1, strike = -1, hidden = -1;  // -1: not said; 128: as the style says, 129: other than it
  char16_t symbol = 0;
};

// `data`: where changes stand that are too many for their page. What is behind the first kMaxChanges is left out.
void apply(std::string_view changes, bool old, Binary data, ParagraphFormat* format);
void apply(std::string_view changes, bool old, CharacterFormat* format);

class WordStyles {
 public:
  WordStyles() = default;
  explicit WordStyles(const WordFile& file);
  const office::Style& get(uint16_t number) const;

 private:
  std::vector<office::Style> all_;
};

// By the number of its use.
office::Numbering read_lists(const WordFile& file);

}  // namespace tarn::document::compound
