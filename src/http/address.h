// Addresses of the internet protocol, and which of them a stranger's link may lead to.
// Source:  IANA's registries of special-purpose addresses (RFC 6890); RFC 4291, 6052 (IPv6, NAT64).
#pragma once

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tarn::http {

struct Address {
  bool v6 = false;
  std::array<uint8_t, 16> bytes = {};  // in network order; four of them for IPv4
  bool operator==(const Address&) const = default;
};

// "192.0.2.1" or "2001:db8::1", without brackets and in the usual form only; nothing for any other text.
std::optional<Address> parse_address(const std::string& text);
std::optional<Address> from_sockaddr(const sockaddr* address);
std::string to_text(const Address& address);

// "" for an address of the open internet; else what it is: "loopback", "a private network". One that carries an IPv4
// address through NAT64 is what that one is; other ways to carry one are not public.
std::string_view why_not_public(const Address& address);

}  // namespace tarn::http
