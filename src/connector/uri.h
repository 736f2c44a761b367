// Paths as URIs. A path is any bytes but NUL; a URI is ASCII.
// Source:  RFC 3986, section 2; RFC 8089 (file URIs).
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"

namespace tarn::connector {

// Percent-encodes all but unreserved characters, '/', and what RFC 3986 allows in a path. Each path has exactly one
// encoding.
std::string encode_path(std::string_view path);
// The reverse; invalid_argument for a '%' without two hex digits, with its offset.
base::Result<std::string> decode_path(std::string_view encoded);

// "file:///…" of an absolute path.
std::string file_url(std::string_view absolute_path);

// "https" of "https://…"; "" when the text is not a URL (a path). A scheme is two characters or more: "c:\x" is a path.
std::string_view scheme_of(std::string_view url_or_path);

// The name as text for people: bytes that are not UTF-8 become U+FFFD, control characters become spaces.
std::string display_name(std::string_view name);

}  // namespace tarn::connector
