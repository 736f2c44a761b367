#include "connector/uri.h"

#include <cstdint>

#include "base/ascii.h"
#include "base/percent.h"
#include "base/utf8.h"

namespace tarn::connector {
namespace {

constexpr std::string_view kKeptInPath = "-._~/!$&'()*+,;=:@";

}  // namespace

std::string encode_path(std::string_view path) { return base::percent_encoded(path, kKeptInPath); }

base::Result<std::string> decode_path(std::string_view encoded) {
  if (const size_t bad = base::bad_percent(encoded); bad != std::string_view::npos) {
    return base::Status(base::Code::invalid_argument,
                        "'%' without two hex digits at byte " + std::to_string(bad) + " of " + display_name(encoded));
  }
  return base::percent_decoded(encoded);
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
