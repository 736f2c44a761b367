// SHA-256, for names that others compute too.
// Source:  FIPS 180-4.
#pragma once

#include <string>
#include <string_view>

namespace tarn::base {

// 64 lower-case hex digits.
std::string sha256(std::string_view bytes);

}  // namespace tarn::base
