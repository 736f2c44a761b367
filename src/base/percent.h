// Percent encoding: bytes as '%' and two hex digits.
// Source:  RFC 3986, section 2.1.
#pragma once

#include <string>
#include <string_view>

namespace tarn::base {

// Letters and digits of ASCII and what stands in `kept` stay, every other byte is encoded.
std::string percent_encoded(std::string_view text, std::string_view kept);
// A '%' without two hex digits stays as it is.
std::string percent_decoded(std::string_view text);
// Where the first '%' without two hex digits is; npos where there is none.
size_t bad_percent(std::string_view text);

}  // namespace tarn::base
