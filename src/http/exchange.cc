#include "http/exchange.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "base/ascii.h"

namespace tarn::http {

using base::Code;
using base::Context;
using base::Status;

namespace {

constexpr int kListenMs = 20;  // to the context while nothing comes
constexpr size_t kMaxHeaders = 2000;

// As --resolve of the command line tool: these addresses, and no other, for the host. "+" lets libcurl forget them
// after its minute; without it they would stay as long as the handle.
std::string resolved_entry(const Question& question) {
  std::string entry = fmt::format("+{}:{}:", question.url.host, question.url.port);
  for (size_t i = 0; i < question.addresses.size(); ++i) {
    const Address& address = question.addresses[i];
    entry += fmt::format(fmt::runtime(address.v6 ? "{}[{}]" : "{}{}"), i > 0 ? "," : "", to_text(address));
  }
  return entry;
}

}  // namespace

base::Result<std::unique_ptr<Exchange>> Exchange::start(Question question, Handles* handles) {
  TARN_ASSIGN(auto handle, handles->take());
  std::unique_ptr<Exchange> exchange(new Exchange(std::move(question), std::move(handle), handles));
  exchange->set_up();
  return exchange;
}

Exchange::Exchange(Question question, std::unique_ptr<Handle> handle, Handles* handles)
    : question_(std::move(question)),
      handles_(handles),
      handle_(std::move(handle)),
      header_lines_(handle_->curl),
      resolved_(handle_->curl) {}

Exchange::~Exchange() {
  handle_->curl.multi_remove_handle(handle_->multi.get(), handle_->easy.get());
  handle_->curl.easy_reset(handle_->easy.get());  // nothing of this exchange stays in it
  handles_->give_back(std::move(handle_));
}

template <typename Value>
void Exchange::set(CURLoption option, Value value) {
  handle_->curl.easy_setopt(handle_->easy.get(), option, value);
}

void Exchange::set_up() {
  const Limits& limits = question_.limits;
  set(CURLOPT_URL, question_.url.text.c_str());
  // The newer CURLOPT_PROTOCOLS_STR says the same, and libcurl before 7.85 does not know it.
  set(CURLOPT_PROTOCOLS, static_cast<long>(CURLPROTO_HTTP | CURLPROTO_HTTPS));
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_ACCEPT_ENCODING, "");  // all that it can unpack
  set(CURLOPT_USERAGENT, question_.user_agent.c_str());
  if (!question_.ca_file.empty()) set(CURLOPT_CAINFO, question_.ca_file.c_str());
  if (!question_.ca_directory.empty()) set(CURLOPT_CAPATH, question_.ca_directory.c_str());

  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits.connect.count()));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(limits.total.count()));
  set(CURLOPT_LOW_SPEED_LIMIT, static_cast<long>(limits.slow_bytes));
  set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(limits.slow.count()));

  // Both are said, so that libcurl does not look at the environment itself.
  set(CURLOPT_PROXY, question_.proxy.c_str());
  set(CURLOPT_NOPROXY, question_.proxy.empty() ? "*" : "");
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(CURLOPT_OPENSOCKETFUNCTION, &Exchange::on_socket);
  set(CURLOPT_OPENSOCKETDATA, this);
  if (!question_.addresses.empty() && !parse_address(question_.url.host)) {
    resolved_.add(resolved_entry(question_));
    set(CURLOPT_RESOLVE, resolved_.get());
  }

  for (const std::string& header : question_.headers) header_lines_.add(header);
  header_lines_.add("Expect:");  // a body goes at once
  set(CURLOPT_HTTPHEADER, header_lines_.get());
  if (question_.method == "HEAD") {
    set(CURLOPT_NOBODY, 1L);
  } else if (question_.method != "GET") {
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(question_.body.size()));
    set(CURLOPT_POSTFIELDS, question_.body.data());
    set(CURLOPT_CUSTOMREQUEST, question_.method.c_str());
  }

  set(CURLOPT_HEADERFUNCTION, &Exchange::on_header);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_WRITEFUNCTION, &Exchange::on_body);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_ERRORBUFFER, reason_);
  handle_->curl.multi_add_handle(handle_->multi.get(), handle_->easy.get());
}

Status Exchange::head(const Context& context) {
  while (!has_head_ && !over_) TARN_TRY(turn(context));
  return has_head_ ? Status() : failure_;
}

base::Result<std::string_view> Exchange::next(const Context& context) {
  while (arrived_.empty() && !over_) TARN_TRY(turn(context));
  if (arrived_.empty() && !failure_.ok()) return failure_;
  given_.swap(arrived_);
  arrived_.clear();
  return std::string_view(given_);
}

Status Exchange::turn(const Context& context) {
  TARN_TRY(context.check());
  const Curl& curl = handle_->curl;
  int running = 0;
  CURLMcode code = curl.multi_perform(handle_->multi.get(), &running);
  int left = 0;
  while (const CURLMsg* const message = curl.multi_info_read(handle_->multi.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    over_ = true;
    if (message->data.result != CURLE_OK) failed(message->data.result);
  }
  if (over_ || !arrived_.empty()) return {};
  if (code == CURLM_OK) code = curl.multi_poll(handle_->multi.get(), nullptr, 0, kListenMs, nullptr);
  if (code == CURLM_OK) return {};
  over_ = true;
  fail({Code::internal, fmt::format("libcurl gave up with code {}", static_cast<int>(code))}, false);
  return {};
}

void Exchange::fail(Status why, bool again) {
  if (!failure_.ok()) return;  // the first one is the reason of the others
  failure_ = why.with_context(shown(question_.url.text));
  again_ = again;
}

void Exchange::failed(CURLcode code) {
  const bool connects =
      code == CURLE_COULDNT_RESOLVE_PROXY || code == CURLE_COULDNT_CONNECT || code == CURLE_NOT_BUILT_IN;
  if (connects && !question_.proxy.empty()) {
    // Not in libcurl's words: they may quote the proxy with its password.
    fail({Code::unavailable, "the proxy that the environment names is not reached or not understood",
          "look at http_proxy, https_proxy and all_proxy in the environment"},
         code != CURLE_NOT_BUILT_IN);
    return;
  }
  const std::string why = reason_[0] != '\0' ? reason_ : handle_->curl.easy_strerror(code);
  switch (code) {
    case CURLE_COULDNT_CONNECT:
      if (!refused_.empty()) {
        fail({Code::permission_denied, "the address " + refused_ + " is not the one that was looked up"}, false);
      }
      fail({Code::unavailable, "no connection: " + why}, true);
      break;
    case CURLE_COULDNT_RESOLVE_HOST:
      fail({Code::unavailable, why, "check the environment's proxy settings"}, true);
      break;
    case CURLE_OPERATION_TIMEDOUT:
      fail({Code::unavailable, fmt::format("it took too long: {}", why)}, true);
      break;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
      fail({Code::permission_denied, "its certificate cannot be trusted: " + why,
            "name the file with your authority's certificate in CURL_CA_BUNDLE or SSL_CERT_FILE"},
           false);
      break;
    case CURLE_SSL_CONNECT_ERROR:
      fail({Code::unavailable, "no secure connection: " + why}, true);
      break;
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_PARTIAL_FILE:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      fail({Code::unavailable, fmt::format("the connection broke after {} bytes of the body: {}", body_bytes_, why)},
           true);
      break;
    case CURLE_BAD_CONTENT_ENCODING:
      fail({Code::io, "the answer cannot be unpacked: " + why}, true);
      break;
    case CURLE_OUT_OF_MEMORY:
      fail({Code::exhausted, "not enough memory for the answer"}, false);
      break;
    default:
      fail({Code::io, why}, false);
      break;
  }
}

size_t Exchange::take_header(std::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > question_.limits.header_bytes || headers_.size() > kMaxHeaders) {
    fail({Code::exhausted, fmt::format("its headers are over the limit of {} bytes or {} lines",
                                       question_.limits.header_bytes, kMaxHeaders)},
         false);
    return 0;
  }
  if (line.starts_with("HTTP/")) {
    headers_.clear();
    long status = 0;
    handle_->curl.easy_getinfo(handle_->easy.get(), CURLINFO_RESPONSE_CODE, &status);
    status_ = static_cast<int>(status);
  } else if (base::trimmed(line).empty()) {
    has_head_ = status_ >= 200 || status_ == 101;  // what comes before the answer is none
  } else if (const size_t colon = line.find(':'); colon != std::string_view::npos && !has_head_) {
    headers_.push_back({std::string(line.substr(0, colon)), std::string(base::trimmed(line.substr(colon + 1)))});
  }
  return line.size();
}

size_t Exchange::take_body(std::string_view bytes) {
  body_bytes_ += bytes.size();
  if (body_bytes_ > question_.limits.body_bytes) {
    fail({Code::exhausted, fmt::format("the answer is over the limit of {} bytes", question_.limits.body_bytes)},
         false);
    return 0;
  }
  arrived_.append(bytes);
  return bytes.size();
}

curl_socket_t Exchange::open_socket(curl_sockaddr* address) {
  if (question_.proxy.empty()) {
    const auto wanted = from_sockaddr(&address->addr);
    const auto& all = question_.addresses;
    if (!wanted || std::find(all.begin(), all.end(), *wanted) == all.end()) {
      refused_ = wanted ? to_text(*wanted) : "of another kind";
      return CURL_SOCKET_BAD;
    }
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

size_t Exchange::on_header(char* bytes, size_t size, size_t count, void* self) {
  return static_cast<Exchange*>(self)->take_header({bytes, size * count});
}
size_t Exchange::on_body(char* bytes, size_t size, size_t count, void* self) {
  return static_cast<Exchange*>(self)->take_body({bytes, size * count});
}
curl_socket_t Exchange::on_socket(void* self, curlsocktype, curl_sockaddr* address) {
  return static_cast<Exchange*>(self)->open_socket(address);
}

}  // namespace tarn::http
