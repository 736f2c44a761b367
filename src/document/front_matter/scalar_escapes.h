// Escapes within quoted strings of YAML and TOML.
#pragma once

#include <string>
#include <string_view>

namespace tarn::document {

// `inner` is what stands between the quotes. With '"' backslash escapes are read; with '\'' only '' (YAML). False: an
// unknown escape.
bool unescape(std::string_view inner, char quote, std::string* out);

}  // namespace tarn::document
