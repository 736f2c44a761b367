#include "document/compound/characters.h"

#include "base/bytes.h"
#include "base/utf8.h"
#include "text/charset.h"

namespace tarn::document::compound {
namespace {

std::string label_of(int code_page) {
  if (code_page >= 28591 && code_page <= 28606) return "iso-8859-" + std::to_string(code_page - 28590);
  switch (code_page) {
    case 10000:
      return "macintosh";
    case 10007:
      return "x-mac-cyrillic";
    case 20866:
      return "koi8-r";
    case 21866:
      return "koi8-u";
    case 20932:
    case 51932:
      return "euc-jp";
    case 50220:
    case 50221:
    case 50222:
      return "iso-2022-jp";
    case 50225:
      return "iso-2022-kr";
    case 51949:
      return "euc-kr";
    case 52936:
      return "hz-gb-2312";
    case 54936:
      return "gb18030";
    default:
      return "cp" + std::to_string(code_page);
  }
}

}  // namespace

void append_utf16(std::string_view bytes, std::string* out) {
  const auto unit = [&](size_t at) { return base::load_le<uint16_t>(bytes.data() + at); };
  for (size_t at = 0; at + 2 <= bytes.size(); at += 2) {
    char32_t c = unit(at);
    if (c >= 0xD800 && c < 0xDC00 && at + 4 <= bytes.size() && unit(at + 2) >= 0xDC00 && unit(at + 2) < 0xE000) {
      c = 0x10000 + ((c - 0xD800) << 10) + (unit(at + 2) - 0xDC00u);
      at += 2;
    } else if (c >= 0xD800 && c < 0xE000) {
      c = base::kReplacement;
    }
    base::append_utf8(c, out);
  }
}

std::string from_utf16(std::string_view bytes) {
  std::string out;
  append_utf16(bytes, &out);
  return out;
}

std::string from_code_page(std::string_view bytes, int code_page) {
  if (code_page == 1200) return from_utf16(bytes);
  if (code_page == 65001) return std::string(bytes);
  text::Decoded decoded;
  if (!text::decode_charset(bytes, text::charset_of_label(label_of(code_page)), &decoded)) {
    text::decode_charset(bytes, "windows-1252", &decoded);
  }
  return std::move(decoded.text);
}

int code_page_of_charset(int charset) {
  switch (charset) {
    case 77:
      return 10000;
    case 128:
      return 932;
    case 129:
      return 949;
    case 130:
      return 1361;
    case 134:
      return 936;
    case 136:
      return 950;
    case 161:
      return 1253;
    case 162:
      return 1254;
    case 163:
      return 1258;
    case 177:
      return 1255;
    case 178:
      return 1256;
    case 186:
      return 1257;
    case 204:
      return 1251;
    case 222:
      return 874;
    case 238:
      return 1250;
    case 255:
      return 850;
    default:
      return 0;
  }
}

}  // namespace tarn::document::compound
