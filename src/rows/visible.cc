#include "rows/visible.h"

#include "base/characters.h"

namespace tarn::rows {

std::string visible(std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const size_t from = at;
    const char32_t code = base::next_character(text, at);
    if (code == '\n') {
      out += "\\n";
    } else if (code == '\r') {
      out += "\\r";
    } else if (code == '\t') {
      out += "\\t";
    } else if (code < 0x20 || (code >= 0x7f && code < 0xa0)) {
      out += "\\x";
      out += kHex[code >> 4];
      out += kHex[code & 15];
    } else if (code == base::kReplacement || base::turns_text(code)) {
      out += "\xef\xbf\xbd";
    } else {
      out += text.substr(from, at - from);
    }
  }
  return out;
}

size_t cell_width(std::string_view visible_text) {
  size_t width = 0;
  for (size_t at = 0; at < visible_text.size();) {
    width += base::cells_of(base::next_character(visible_text, at));
  }
  return width;
}

std::string cut_to_width(std::string_view visible_text, size_t width) {
  if (cell_width(visible_text) <= width) return std::string(visible_text);
  if (width == 0) return "";
  std::string out;
  size_t used = 0;
  for (size_t at = 0; at < visible_text.size();) {
    const size_t from = at, cells = base::cells_of(base::next_character(visible_text, at));
    if (used + cells > width - 1) break;
    used += cells;
    out += visible_text.substr(from, at - from);
  }
  return out + "…";
}

}  // namespace tarn::rows
