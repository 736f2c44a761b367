// URLs of http and https, as libcurl reads them: what is judged is what is asked.
// Errors:  unsupported (another scheme, a host beyond ASCII, an address with a zone), invalid_argument (no URL, a user
//          or a password in it, too long). Messages never hold a query, a fragment or a password: a secret may be in
//          them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.h"

namespace tarn::http {

inline constexpr size_t kMaxUrlBytes = 16 << 10;

struct Url {
  std::string scheme;  // "http" or "https"
  std::string host;    // lower case, ASCII; an address without brackets, in its usual form
  uint16_t port = 0;
  std::string text;  // all of it, without a fragment

  // What credentials and addresses are bound to.
  bool same_origin(const Url& other) const {
    return scheme == other.scheme && host == other.host && port == other.port;
  }
};

base::Result<Url> parse_url(std::string_view text);
// What a page at `base` means by `reference`.
base::Result<Url> join(const Url& base, std::string_view reference);

// For messages: without a user, a password, a fragment, and what a query says. Any text, also one that is no URL.
std::string shown(std::string_view url);

}  // namespace tarn::http
