// What is asked and what is answered.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tarn::http {

struct Header {
  std::string name, value;
};

// Whose word a URL is.
enum class Reach : uint8_t {
  own,    // the connector's own: it lies at the client's origin, and credentials go with it
  found,  // from what was read there: no credentials, and public addresses only unless it lies at the origin too
};

struct Request {
  std::string url;
  Reach reach = Reach::own;
  std::string method = "GET";
  std::vector<Header> headers = {};
  std::string body = {};  // with its Content-Type among the headers
  // May be asked again after a failure though its method does not say so: a search by POST.
  bool repeatable = false;
  uint64_t max_body_bytes = 0;  // unpacked; 0 = as the client's limits say
  // Of an earlier response: what has not changed since is answered by 304, without a body.
  std::string etag = {}, last_modified = {};
};

// Each is an error that names it. Units: bytes, milliseconds.
struct Limits {
  std::chrono::milliseconds connect{15'000};
  std::chrono::milliseconds total{600'000};  // one attempt, its body included
  std::chrono::seconds slow{60};             // so long with less than slow_bytes a second
  uint64_t slow_bytes = 64;
  uint64_t body_bytes = uint64_t{64} << 20;     // unpacked
  uint64_t header_bytes = uint64_t{256} << 10;  // of one answer
  int redirects = 10;
  int attempts = 5;
  std::chrono::milliseconds wait{120'000};  // before one attempt, also where the server asks for more
};

// The first header of that name, in any case; nothing if there is none.
std::optional<std::string_view> find(const std::vector<Header>& headers, std::string_view name);

struct Head {
  int status = 0;
  std::vector<Header> headers;
  std::string url;  // where it came from in the end
  std::optional<std::string_view> header(std::string_view name) const { return find(headers, name); }
  bool ok() const { return status >= 200 && status < 300; }
  bool not_modified() const { return status == 304; }
};

struct Response : Head {
  std::string body;
};

}  // namespace tarn::http
