#include "document/front_matter/scalar_escapes.h"

#include <charconv>

#include "text/utf8.h"

namespace tarn::document {
namespace {

// Reads `digits` hexadecimal digits at `at` as one character.
bool append_code_point(std::string_view inner, size_t at, size_t digits, std::string* out) {
  if (at + digits > inner.size()) return false;
  uint32_t value = 0;
  const char* begin = inner.data() + at;
  auto [end, error] = std::from_chars(begin, begin + digits, value, 16);
  if (error != std::errc() || end != begin + digits) return false;
  if (value > 0x10FFFF || (value >= 0xD800 && value < 0xE000)) value = text::kReplacement;
  text::append_utf8(value, out);
  return true;
}

}  // namespace

bool unescape(std::string_view inner, char quote, std::string* out) {
  for (size_t i = 0; i < inner.size(); ++i) {
    if (quote == '\'') {
      out->push_back(inner[i]);
      if (inner[i] == '\'') ++i;
      continue;
    }
    if (inner[i] != '\\') {
      out->push_back(inner[i]);
      continue;
    }
    if (++i == inner.size()) return false;
    switch (inner[i]) {
      case 'n':
        out->push_back('\n');
        break;
      case 't':
        out->push_back('\t');
        break;
      case 'r':
        out->push_back('\r');
        break;
      case 'b':
        out->push_back('\b');
        break;
      case 'f':
        out->push_back('\f');
        break;
      case 'e':
        out->push_back('\x1b');
        break;
      case '0':
        out->append("\xEF\xBF\xBD");
        break;  // NUL has no place in a text
      case 'x':
        if (!append_code_point(inner, i + 1, 2, out)) return false;
        i += 2;
        break;
      case 'u':
        if (!append_code_point(inner, i + 1, 4, out)) return false;
        i += 4;
        break;
      case 'U':
        if (!append_code_point(inner, i + 1, 8, out)) return false;
        i += 8;
        break;
      case '"':
      case '\\':
      case '/':
      case ' ':
      case '\'':
        out->push_back(inner[i]);
        break;
      default:
        return false;
    }
  }
  return true;
}

}  // namespace tarn::document
