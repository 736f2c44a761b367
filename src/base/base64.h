// Bytes as letters and digits.
// Threads: a pure function.
// Source:  RFC 4648, section 4.
#pragma once

#include <string>
#include <string_view>

namespace tarn::base {

std::string to_base64(std::string_view bytes);  // with its padding, on one line

}  // namespace tarn::base
