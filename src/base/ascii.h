// Letters, digits and blanks of ASCII, whatever the locale. Bytes of other characters are none of them.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace tarn::base {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_letter(char c) { return is_lower(c) || is_upper(c); }
constexpr bool is_alnum(char c) { return is_letter(c) || is_digit(c); }
// A letter of ASCII, or a byte of a character beyond it.
constexpr bool may_be_letter(char c) { return is_letter(c) || (c & '\x80') != 0; }

constexpr char lower(char c) { return is_upper(c) ? static_cast<char>(c | 0x20) : c; }
constexpr char upper(char c) { return is_lower(c) ? static_cast<char>(c & ~0x20) : c; }
inline std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return lower(c); });
  return out;
}
inline std::string upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return upper(c); });
  return out;
}

inline constexpr std::string_view kBlanks = " \t\r\n";
// Without the blanks at its start and its end.
inline std::string_view trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// Of a hexadecimal digit; -1 for anything else.
constexpr int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  c = lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

}  // namespace tarn::base
