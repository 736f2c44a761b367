// The characters of an RTF text: bytes of the code page of the document or of a font, and \u with what stands for it.
#pragma once

#include <map>
#include <string>

#include "document/rtf/tokens.h"

namespace tarn::document::rtf {

struct Font {
  int code_page = 0;  // 0: that of the document
  bool is_symbol = false;
  std::string name;
};

class Characters {
 public:
  // The document's code page, by "ansicpg", "mac" and their like; false for another word.
  bool take_word(const Token& token);
  void add_byte(uint8_t byte, const Font* font, std::string* out);
  // \uN; `fallback`: how many characters behind it stand for it.
  void add_unicode(int32_t number, int fallback, std::string* out);
  // What is behind \u and is not read: true takes one of them.
  bool skips();
  void end_skip() { skip_ = 0; }
  // Bytes that wait for the rest of their character.
  void flush(std::string* out);

 private:
  int document_page_ = 1252, page_ = 1252;
  int skip_ = 0;
  char32_t high_ = 0;
  std::string bytes_;
};

}  // namespace tarn::document::rtf
