// What a relative link means.
// Source: RFC 3986, section 5.2
#pragma once

#include <string>
#include <string_view>

namespace tarn::document {

// `base` may be relative itself ("/docs/"): then the result is.
std::string resolve_link(std::string_view base, std::string_view link);

}  // namespace tarn::document
