#include "connector/uri.h"

#include <cstdint>

namespace tarn::connector {
namespace {

bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool allowed_in_path(char c) {
  return is_alpha(c) || is_digit(c) || std::string_view("-._~/!$&'()*+,;=:@").find(c) != std::string_view::npos;
}

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// Length of the well-formed UTF-8 sequence at the start of `s`, 0 when there is none (Unicode, table 3-7).
size_t utf8_length(std::string_view s) {
  auto byte = [&](size_t i) { return static_cast<uint8_t>(s[i]); };
  auto tail = [&](size_t from, size_t to) {
    for (size_t i = from; i < to; ++i) {
      if (byte(i) < 0x80 || byte(i) > 0xBF) return false;
    }
    return true;
  };
  uint8_t a = byte(0);
  if (a < 0x80) return 1;
  size_t n = a >= 0xC2 && a <= 0xDF ? 2 : a >= 0xE0 && a <= 0xEF ? 3 : a >= 0xF0 && a <= 0xF4 ? 4 : 0;
  if (n == 0 || s.size() < n || !tail(1, n)) return 0;
  uint8_t b = byte(1);
  if ((a == 0xE0 && b < 0xA0) || (a == 0xED && b > 0x9F) || (a == 0xF0 && b < 0x90) || (a == 0xF4 && b > 0x8F)) {
    return 0;
  }
  return n;
}

}  // namespace

std::string encode_path(std::string_view path) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(path.size());
  for (char c : path) {
    if (allowed_in_path(c)) {
      out += c;
    } else {
      auto b = static_cast<uint8_t>(c);
      out += '%';
      out += kHex[b >> 4];
      out += kHex[b & 15];
    }
  }
  return out;
}

base::Result<std::string> decode_path(std::string_view encoded) {
  std::string out;
  out.reserve(encoded.size());
  for (size_t i = 0; i < encoded.size(); ++i) {
    if (encoded[i] != '%') {
      out += encoded[i];
      continue;
    }
    int high = encoded.size() - i > 2 ? hex_value(encoded[i + 1]) : -1;
    int low = encoded.size() - i > 2 ? hex_value(encoded[i + 2]) : -1;
    if (high < 0 || low < 0) {
      return base::Status(base::Code::invalid_argument,
                          "'%' without two hex digits at byte " + std::to_string(i) + " of " + display_name(encoded));
    }
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

std::string file_url(std::string_view absolute_path) { return "file://" + encode_path(absolute_path); }

std::string_view scheme_of(std::string_view text) {
  size_t n = 0;
  while (n < text.size() &&
         (is_alpha(text[n]) || (n > 0 && (is_digit(text[n]) || text[n] == '+' || text[n] == '-' || text[n] == '.')))) {
    ++n;
  }
  if (n < 2 || n >= text.size() || text[n] != ':') return {};
  // "singer:tap-x" has no slashes; a file named "a:b" is reached as "./a:b".
  return text.substr(0, n);
}

std::string display_name(std::string_view name) {
  std::string out;
  while (!name.empty()) {
    size_t n = utf8_length(name);
    if (n == 0) {
      out += "\xEF\xBF\xBD";
      n = 1;
    } else if (n == 1 && (static_cast<uint8_t>(name[0]) < 0x20 || name[0] == 0x7F)) {
      out += ' ';
    } else {
      out.append(name.substr(0, n));
    }
    name.remove_prefix(n);
  }
  return out;
}

}  // namespace tarn::connector
