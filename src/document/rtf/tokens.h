// The signs of an RTF file one after another: groups, control words and characters.
// Source:  Rich Text Format specification 1.9.1.
#pragma once

#include <cstdint>
#include <string_view>

namespace tarn::document::rtf {

struct Token {
  enum Kind : uint8_t { end, open, close, word, byte } kind = end;
  std::string_view name;  // of a control word, or the sign of a control symbol
  int32_t number = 0;     // behind its name
  bool has_number = false;
  bool escaped = false;  // a byte that is written as \'hh
  uint8_t value = 0;     // of a byte
};

class Tokens {
 public:
  explicit Tokens(std::string_view bytes) : bytes_(bytes) {}
  Token next();

 private:
  Token control();
  std::string_view bytes_;
  size_t at_ = 0;
};

}  // namespace tarn::document::rtf
