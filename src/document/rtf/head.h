// What stands before the text of an RTF file: fonts, styles, and what the document says of itself.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "document/document.h"
#include "document/office/word_styles.h"
#include "document/rtf/characters.h"

namespace tarn::document::rtf {

class Head {
 public:
  // Null for one that is not known.
  const Font* font(int number) const;
  const office::Style& style(int number) const;

  // Control words of each table, and the end of an entry, with the name that stands in it.
  void font_word(const Token& t);
  void end_font(std::string_view name);
  void style_word(const Token& t);
  void end_style(std::string_view name);
  void begin_property(std::string_view word);
  void time_word(const Token& t, Document* d);
  void end_property(std::string_view text, Document* d);

 private:
  std::unordered_map<int, Font> fonts_;
  std::unordered_map<int, office::Style> styles_;
  int font_number_ = -1, style_number_ = 0, based_on_ = -1;
  office::Style open_style_;
  std::string property_;
  int year_ = 0, month_ = 0, day_ = 0, hour_ = 0, minute_ = 0;
};

}  // namespace tarn::document::rtf
