// The records of a workbook of the old Excel (BIFF5, BIFF8), and the texts in them.
// Shape:   a record that goes on in others (CONTINUE) comes with them, as pieces: a text that is cut says at the
//          beginning of each piece anew how wide its characters are.
// Errors:  none: what is not there is 0 or empty.
// Source:  [MS-XLS] 2.1.4, 2.5.293 (XLUnicodeRichExtendedString).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "document/compound/binary.h"

namespace tarn::document::compound {

// The bytes of a record from some place on, over its pieces.
class RecordBytes {
 public:
  explicit RecordBytes(const std::vector<std::string_view>& pieces, size_t piece = 0, size_t at = 0)
      : pieces_(pieces), piece_(piece), at_(at) {}

  uint8_t u8();
  uint16_t u16() { return static_cast<uint16_t>(u8() | u8() << 8); }
  uint32_t u32() { return u16() | static_cast<uint32_t>(u16()) << 16; }
  void skip(uint64_t count);
  bool done();
  // Characters that stand behind their byte of flags, of BIFF8; bytes of a code page, of BIFF5.
  std::string characters(size_t count, uint8_t flags);
  std::string bytes(size_t count);
  // A text with its length before it (16 bits), its flags, and the formats that may stand behind it.
  std::string rich_text();

 private:
  std::string_view rest();
  const std::vector<std::string_view>& pieces_;
  size_t piece_, at_;
};

class Records {
 public:
  explicit Records(std::string_view stream, size_t at = 0) : stream_(stream), at_(at) {}
  // False at the end.
  bool next();
  uint16_t type() const { return type_; }
  Binary first() const { return Binary(pieces_[0]); }
  const std::vector<std::string_view>& pieces() const { return pieces_; }

 private:
  std::string_view stream_;
  size_t at_;
  uint16_t type_ = 0;
  std::vector<std::string_view> pieces_;
};

}  // namespace tarn::document::compound
