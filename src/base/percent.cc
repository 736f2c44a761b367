#include "base/percent.h"

#include "base/ascii.h"

namespace tarn::base {
namespace {

// Of the '%' at `at`; -1 where no two hex digits follow.
int encoded_byte(std::string_view text, size_t at) {
  const int high = text.size() - at > 2 ? hex_value(text[at + 1]) : -1;
  const int low = high >= 0 ? hex_value(text[at + 2]) : -1;
  return low < 0 ? -1 : high * 16 + low;
}

}  // namespace

std::string percent_encoded(std::string_view text, std::string_view kept) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (is_alnum(c) || kept.find(c) != std::string_view::npos) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return out;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size(); ++at) {
    const int byte = text[at] == '%' ? encoded_byte(text, at) : -1;
    out += byte < 0 ? text[at] : static_cast<char>(byte);
    if (byte >= 0) at += 2;
  }
  return out;
}

size_t bad_percent(std::string_view text) {
  size_t at = text.find('%');
  while (at != std::string_view::npos && encoded_byte(text, at) >= 0) at = text.find('%', at + 3);
  return at;
}

}  // namespace tarn::base
