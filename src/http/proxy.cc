#include "http/proxy.h"

#include <algorithm>
#include <charconv>

#include "base/ascii.h"
#include "http/address.h"

namespace tarn::http {
namespace {

bool same_bits(const Address& a, const Address& b, int bits) {
  for (int bit = 0; bit < bits; ++bit) {
    const auto at = static_cast<size_t>(bit / 8);
    const auto mask = static_cast<uint8_t>(0x80 >> (bit % 8));
    if ((a.bytes[at] & mask) != (b.bytes[at] & mask)) return false;
  }
  return true;
}

// "10.0.0.0/8", "10.1.2.3" or the same in IPv6, with brackets or without.
bool is_network_of(std::string_view entry, const Address& address) {
  const size_t slash = entry.find('/');
  std::string_view network = entry.substr(0, slash);
  if (network.size() > 2 && network.front() == '[' && network.back() == ']') {
    network = network.substr(1, network.size() - 2);
  }
  const auto parsed = parse_address(std::string(network));
  if (!parsed || parsed->v6 != address.v6) return false;
  const int all = parsed->v6 ? 128 : 32;
  int bits = all;
  if (slash != std::string_view::npos) {
    const std::string_view text = entry.substr(slash + 1);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
    if (error != std::errc() || end != text.data() + text.size() || bits < 0 || bits > all) return false;
  }
  return same_bits(*parsed, address, bits);
}

bool names(std::string_view entry, const std::string& host) {
  if (entry == "*") return true;
  if (const auto address = parse_address(host)) return is_network_of(entry, *address);
  std::string domain = base::lower(entry);
  while (domain.ends_with('.')) domain.pop_back();
  if (domain.starts_with("*.")) domain.erase(0, 2);
  if (domain.starts_with('.')) domain.erase(0, 1);
  if (domain.empty()) return false;
  std::string_view of = host;
  while (of.ends_with('.')) of.remove_suffix(1);
  return of == domain || (of.ends_with(domain) && of[of.size() - domain.size() - 1] == '.');
}

}  // namespace

std::string proxy_for(const Url& url, const std::function<std::string(const char*)>& environment) {
  const auto first_of = [&](std::initializer_list<const char*> variables) {
    for (const char* const variable : variables) {
      if (std::string value = environment(variable); !value.empty()) return value;
    }
    return std::string();
  };
  const std::string proxy = url.scheme == "https" ? first_of({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})
                                                  : first_of({"http_proxy", "all_proxy", "ALL_PROXY"});
  if (proxy.empty()) return {};
  const std::string without = first_of({"no_proxy", "NO_PROXY"});
  for (size_t at = 0; at < without.size();) {
    const size_t end = std::min(without.find_first_of(", \t", at), without.size());
    if (names(std::string_view(without).substr(at, end - at), url.host)) return {};
    at = end + 1;
  }
  return proxy;
}

}  // namespace tarn::http
