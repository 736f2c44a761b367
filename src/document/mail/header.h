// The header of a message or of a part of it: fields, encoded words, parameters, times.
// Errors:  none: what cannot be read stays as it is written.
// Source:  RFC 5322, 2045 (parameters), 2047 (encoded words), 2231 (parameters in pieces and character sets).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tarn::document::mail {

inline constexpr size_t kMaxFields = 5'000;
inline constexpr size_t kMaxFieldBytes = size_t{256} << 10;  // what is longer is cut there

struct Field {
  std::string name;   // small letters
  std::string value;  // on one line, as it is written
};

struct Header {
  std::vector<Field> fields;
  std::string_view get(std::string_view name) const;  // the first one's value; ""
  std::string all(std::string_view name) const;       // of several, with commas between them, kMaxFieldBytes at most
};

// What stands up to the first empty line; `rest` becomes what is behind it. A line that is no field ends the header.
Header parse_header(std::string_view message, std::string_view* rest);

// "=?utf-8?q?caf=C3=A9?=" → "café". White space is one blank, and none between encoded words.
std::string decoded_words(std::string_view value);

struct Typed {
  std::string value;  // "text/plain", "attachment", in small letters
  std::vector<std::pair<std::string, std::string>> parameters;
  std::string get(std::string_view name) const;  // ""
};
Typed parse_typed(std::string_view value);

// "Wed, 1 May 2024 06:10:00 +0200", also as it was written before 2001: microseconds since 1970.
std::optional<int64_t> parse_date(std::string_view value);

// "<a@b> <c@d>" → "a@b", "c@d".
std::vector<std::string> message_ids(std::string_view value);

std::string from_base64(std::string_view text);
std::string from_quoted_printable(std::string_view text, bool in_header = false);

}  // namespace tarn::document::mail
