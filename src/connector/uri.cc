#include "connector/uri.h"

#include <cstdint>

#include "base/ascii.h"
#include "base/utf8.h"

namespace tarn::connector {
namespace {

bool allowed_in_path(char c) {
  return base::is_alnum(c) || std::string_view("-._~/!$&'()*+,;=:@").find(c) != std::string_view::npos;
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
    int high = encoded.size() - i > 2 ? base::hex_value(encoded[i + 1]) : -1;
    int low = encoded.size() - i > 2 ? base::hex_value(encoded[i + 2]) : -1;
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
  while (n < text.size() && (base::is_letter(text[n]) || (n > 0 && (base::is_digit(text[n]) || text[n] == '+' ||
                                                                    text[n] == '-' || text[n] == '.')))) {
    ++n;
  }
  if (n < 2 || n >= text.size() || text[n] != ':') return {};
  // "singer:tap-x" has no slashes; a file named "a:b" is reached as "./a:b".
  return text.substr(0, n);
}

std::string display_name(std::string_view name) {
  std::string out;
  while (!name.empty()) {
    const base::Utf8Char first = base::utf8_at(name, 0);
    size_t n = first.well_formed ? first.size : 0;
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
