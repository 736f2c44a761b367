#include "http/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>

namespace tarn::http {
namespace {

struct Block {
  std::array<uint8_t, 16> first;
  int bits;
  std::string_view what;
};

constexpr Block kNotPublic4[] = {
    {{0}, 8, "this machine"},
    {{10}, 8, "a private network"},
    {{100, 64}, 10, "a provider's inner network"},
    {{127}, 8, "loopback"},
    {{168, 63, 129, 16}, 32, "a cloud's metadata"},
    {{169, 254}, 16, "link-local, and clouds' metadata"},
    {{172, 16}, 12, "a private network"},
    {{192, 0, 0}, 24, "reserved"},
    {{192, 0, 2}, 24, "for documentation"},
    {{192, 88, 99}, 24, "reserved"},
    {{192, 168}, 16, "a private network"},
    {{198, 18}, 15, "for benchmarks"},
    {{198, 51, 100}, 24, "for documentation"},
    {{203, 0, 113}, 24, "for documentation"},
    {{224}, 4, "multicast"},
    {{240}, 4, "reserved"},
};

constexpr Block kNat64 = {{0x00, 0x64, 0xff, 0x9b}, 96, ""};
constexpr Block kGlobal6 = {{0x20}, 3, ""};
// What of 2000::/3 is not public.
constexpr Block kNotPublic6[] = {
    {{0x20, 0x01}, 23, "reserved, and tunnels"},
    {{0x20, 0x01, 0x0d, 0xb8}, 32, "for documentation"},
    {{0x20, 0x02}, 16, "a tunnel"},
    {{0x3f, 0xff}, 20, "for documentation"},
};
// What lies outside of it, by name.
constexpr Block kNamed6[] = {
    {{}, 128, "this machine"},
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 128, "loopback"},
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96, "IPv4 in the form of IPv6"},
    {{0x00, 0x64, 0xff, 0x9b, 0x00, 0x01}, 48, "a private network"},
    {{0xfc}, 7, "a private network"},
    {{0xfe, 0x80}, 10, "link-local"},
    {{0xfe, 0xc0}, 10, "a private network"},
    {{0xff}, 8, "multicast"},
};

bool within(const Address& address, const Block& block) {
  for (int bit = 0; bit < block.bits; bit += 8) {
    const auto at = static_cast<size_t>(bit / 8);
    const int of_byte = std::min(8, block.bits - bit);
    const auto mask = static_cast<uint8_t>(0xff << (8 - of_byte));
    if ((address.bytes[at] & mask) != (block.first[at] & mask)) return false;
  }
  return true;
}

template <size_t N>
std::string_view look_up(const Address& address, const Block (&blocks)[N]) {
  const auto* const found =
      std::find_if(blocks, blocks + N, [&](const Block& block) { return within(address, block); });
  return found == blocks + N ? std::string_view() : found->what;
}

}  // namespace

std::optional<Address> parse_address(const std::string& text) {
  Address address;
  if (inet_pton(AF_INET, text.c_str(), address.bytes.data()) == 1) return address;
  address.v6 = true;
  if (inet_pton(AF_INET6, text.c_str(), address.bytes.data()) == 1) return address;
  return {};
}

std::optional<Address> from_sockaddr(const sockaddr* address) {
  Address out;
  if (address->sa_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, address, sizeof v4);
    std::memcpy(out.bytes.data(), &v4.sin_addr, 4);
    return out;
  }
  if (address->sa_family != AF_INET6) return {};
  sockaddr_in6 v6;
  std::memcpy(&v6, address, sizeof v6);
  out.v6 = true;
  std::memcpy(out.bytes.data(), &v6.sin6_addr, 16);
  return out;
}

std::string to_text(const Address& address) {
  char text[INET6_ADDRSTRLEN] = {};
  inet_ntop(address.v6 ? AF_INET6 : AF_INET, address.bytes.data(), text, sizeof text);
  return text;
}

std::string_view why_not_public(const Address& address) {
  if (!address.v6) return look_up(address, kNotPublic4);
  if (within(address, kNat64)) {
    Address inner;
    std::copy(address.bytes.begin() + 12, address.bytes.end(), inner.bytes.begin());
    return look_up(inner, kNotPublic4);
  }
  if (within(address, kGlobal6)) return look_up(address, kNotPublic6);
  const std::string_view name = look_up(address, kNamed6);
  return name.empty() ? "reserved" : name;
}

}  // namespace tarn::http
