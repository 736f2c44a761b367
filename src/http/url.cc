#include "http/url.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory>

#include "base/ascii.h"
#include "http/curl.h"

namespace tarn::http {

using base::Code;
using base::Status;

namespace {

constexpr unsigned kReading = CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE | CURLU_ALLOW_SPACE;
constexpr size_t kMaxShownBytes = 300;

// One URL that libcurl has read.
class Parsed {
 public:
  explicit Parsed(const Curl& curl) : curl_(curl), handle_(curl.url(), curl.url_cleanup) {}
  // Relative to what was set before.
  Status set(std::string_view text) {
    if (text.size() > kMaxUrlBytes) {
      return {Code::invalid_argument,
              shown(text) + ": the URL is longer than " + std::to_string(kMaxUrlBytes) + " bytes"};
    }
    if (text.find('\0') != std::string_view::npos) return {Code::invalid_argument, shown(text) + ": a NUL in a URL"};
    const CURLUcode code = curl_.url_set(handle_.get(), CURLUPART_URL, std::string(text).c_str(), kReading);
    if (code == CURLUE_OK) return {};
    return {Code::invalid_argument, shown(text) + ": no URL: " + curl_.url_strerror(code)};
  }
  std::string get(CURLUPart part, unsigned flags = 0) const {
    char* text = nullptr;
    if (curl_.url_get(handle_.get(), part, &text, flags) != CURLUE_OK) return {};
    std::string out(text);
    curl_.free(text);
    return out;
  }
  void drop(CURLUPart part) { curl_.url_set(handle_.get(), part, nullptr, 0); }

 private:
  const Curl& curl_;
  std::unique_ptr<CURLU, decltype(Curl::url_cleanup)> handle_;
};

base::Result<Url> finish(Parsed* parsed, std::string_view given) {
  Url url;
  url.scheme = base::lower(parsed->get(CURLUPART_SCHEME));
  if (url.scheme != "http" && url.scheme != "https") {
    return Status(Code::unsupported, shown(given) + ": only http and https are fetched, not " + url.scheme);
  }
  if (!parsed->get(CURLUPART_USER).empty() || !parsed->get(CURLUPART_PASSWORD).empty()) {
    return Status(Code::invalid_argument, shown(given) + ": a URL with a user or a password in it is not fetched");
  }
  parsed->drop(CURLUPART_FRAGMENT);
  url.host = base::lower(parsed->get(CURLUPART_HOST));
  if (url.host.starts_with('[')) url.host = url.host.substr(1, url.host.size() - 2);
  if (url.host.empty()) return Status(Code::invalid_argument, shown(given) + ": the URL names no host");
  // It says by which of this machine's networks the address is meant, and is no part of an origin.
  if (!parsed->get(CURLUPART_ZONEID).empty()) {
    return Status(Code::unsupported, shown(given) + ": an address with a zone is not fetched",
                  "give it a name, or an address without one");
  }
  // libcurl asks the locale what the bytes are, and this program has none.
  if (std::any_of(url.host.begin(), url.host.end(), [](char c) { return (c & '\x80') != 0; })) {
    return Status(Code::unsupported, shown(given) + ": a host beyond ASCII is not looked up",
                  "write it in its form for name servers, such as xn--bcher-kva.example");
  }
  const std::string port = parsed->get(CURLUPART_PORT, CURLU_DEFAULT_PORT);
  std::from_chars(port.data(), port.data() + port.size(), url.port);
  if (url.port == 0) return Status(Code::invalid_argument, shown(given) + ": no port can be asked");
  url.text = parsed->get(CURLUPART_URL);
  return url;
}

}  // namespace

base::Result<Url> parse_url(std::string_view text) {
  TARN_ASSIGN(const Curl* const library, curl());
  Parsed parsed(*library);
  TARN_TRY(parsed.set(text));
  return finish(&parsed, text);
}

base::Result<Url> join(const Url& base, std::string_view reference) {
  TARN_ASSIGN(const Curl* const library, curl());
  Parsed parsed(*library);
  TARN_TRY(parsed.set(base.text));
  TARN_TRY(parsed.set(reference));
  return finish(&parsed, reference);
}

std::string shown(std::string_view url) {
  // What stands before an '@' in the host's place may be a password, also in a text that is no URL.
  const size_t slashes = url.find("//");
  const size_t start = slashes == std::string_view::npos ? 0 : slashes + 2;
  const size_t authority_end = std::min(url.find_first_of("/?#", start), url.size());
  const size_t at = url.substr(0, authority_end).rfind('@');
  std::string out;
  if (at != std::string_view::npos && at >= start) {
    out = url.substr(0, start);
    url.remove_prefix(at + 1);
  }
  const size_t end = std::min(url.find_first_of("?#"), url.size());
  for (const char c : url.substr(0, std::min(end, kMaxShownBytes))) {
    out += c > ' ' && c < 0x7f ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  if (end > kMaxShownBytes || (end < url.size() && url[end] == '?')) out += "…";
  return out;
}

}  // namespace tarn::http
