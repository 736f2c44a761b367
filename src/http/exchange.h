// One question to one URL and its answer: no redirect is followed and nothing is asked again.
// Shape:   start(), head(), then next() until there is nothing more. The answer is unpacked as it comes (gzip,
//          deflate, br, zstd).
// Errors:  unavailable, permission_denied, exhausted, io; again() says whether asking again may help.
// Threads: one at a time. It works only within its calls.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/progress.h"
#include "http/address.h"
#include "http/handles.h"
#include "http/message.h"
#include "http/url.h"

namespace tarn::http {

struct Question {
  Url url;
  std::string method, body;
  std::vector<std::string> headers;  // "Name: value"
  std::vector<Address> addresses;    // where it may connect to, unless by the proxy
  std::string proxy;                 // "" = none
  std::string user_agent, ca_file, ca_directory;
  Limits limits;
};

class Exchange {
 public:
  // Nothing is sent yet. `handles` outlives it.
  static base::Result<std::unique_ptr<Exchange>> start(Question question, Handles* handles);
  // A handle whose answer was read to its end goes back with its connection; of another one the connection is closed.
  ~Exchange();
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  // Until its headers are there.
  base::Status head(const base::Context& context);
  // The next bytes of the body, good until the next call; none at the end.
  base::Result<std::string_view> next(const base::Context& context);

  int status() const { return status_; }
  const std::vector<Header>& headers() const { return headers_; }
  uint64_t body_bytes() const { return body_bytes_; }
  // After head() or next() failed: whether asking again may help.
  bool again() const { return again_; }

 private:
  Exchange(Question question, std::unique_ptr<Handle> handle, Handles* handles);
  template <typename Value>
  void set(CURLoption option, Value value);
  void set_up();
  // As far as it goes now, and a moment more. Fails only when it is to stop; what went wrong is in failure_.
  base::Status turn(const base::Context& context);
  void failed(CURLcode code);
  void fail(base::Status why, bool again);
  size_t take_header(std::string_view line);
  size_t take_body(std::string_view bytes);
  curl_socket_t open_socket(curl_sockaddr* address);

  static size_t on_header(char* bytes, size_t size, size_t count, void* self);
  static size_t on_body(char* bytes, size_t size, size_t count, void* self);
  static curl_socket_t on_socket(void* self, curlsocktype purpose, curl_sockaddr* address);

  const Question question_;
  Handles* const handles_;
  std::unique_ptr<Handle> handle_;
  StringList header_lines_, resolved_;
  int status_ = 0;
  std::vector<Header> headers_;
  uint64_t header_bytes_ = 0, body_bytes_ = 0;
  bool has_head_ = false, over_ = false, again_ = false;
  std::string refused_;  // the address that it was not let connect to
  std::string arrived_, given_;
  base::Status failure_;
  char reason_[CURL_ERROR_SIZE] = {};
};

}  // namespace tarn::http
