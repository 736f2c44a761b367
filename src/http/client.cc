#include "http/client.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "http/exchange.h"
#include "http/handles.h"
#include "http/proxy.h"
#include "http/retry.h"

namespace tarn::http {

using base::Code;
using base::Context;
using base::Status;
using std::chrono::milliseconds;

namespace {

constexpr std::chrono::seconds kNamesAreGood{60};
constexpr size_t kMaxKnownHosts = 1000;
// What is read of an answer that nobody wants, so that its connection can be used again.
constexpr uint64_t kMaxIgnoredBytes = 64 << 10;

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool is_repeatable(const Request& request) {
  return request.repeatable || request.method == "GET" || request.method == "HEAD" || request.method == "OPTIONS";
}

bool is_sound(const Header& header) {
  constexpr std::string_view kNever("\r\n\0", 3);
  return !header.name.empty() && header.name.find_first_of(": ") == std::string::npos &&
         header.name.find_first_of(kNever) == std::string::npos &&
         header.value.find_first_of(kNever) == std::string::npos;
}

// These go by Credentials, which know where they may go.
bool is_credential(const Header& header) {
  const std::string name = base::lower(header.name);
  return name == "authorization" || name == "proxy-authorization" || name == "cookie";
}

void ignore_body(Exchange* exchange, const Context& context) {
  while (exchange->body_bytes() < kMaxIgnoredBytes) {
    const auto bytes = exchange->next(context);
    if (!bytes.ok() || bytes->empty()) return;
  }
}

// Where the authorities' certificates lie, as curl and OpenSSL are told by the environment.
void set_authorities(const World& world, Question* question) {
  question->ca_file = world.environment("CURL_CA_BUNDLE");
  if (question->ca_file.empty()) question->ca_file = world.environment("SSL_CERT_FILE");
  question->ca_directory = world.environment("SSL_CERT_DIR");
}

}  // namespace

Stream::Stream(const Client& client, Pace::Turn turn, std::unique_ptr<Exchange> exchange, Head head)
    : client_(client), turn_(std::move(turn)), exchange_(std::move(exchange)), head_(std::move(head)) {}

Stream::~Stream() = default;

base::Result<std::string_view> Stream::next(const Context& context) {
  auto bytes = exchange_->next(context);
  if (bytes.ok()) return bytes;
  return client_.clean(bytes.status());
}

base::Result<std::unique_ptr<Client>> Client::make(Options options) {
  if (!options.credentials.is_sound()) {
    return Status(Code::invalid_argument, "the secret has an end of line in it",
                  "look at where it is kept: it is one line");
  }
  if (!options.credentials.reveal_line().empty() && options.origin.empty()) {
    return Status(Code::internal, "credentials without an origin to which they go");
  }
  std::unique_ptr<Client> client(new Client(std::move(options)));
  if (!client->options_.origin.empty()) {
    auto home = parse_url(client->options_.origin);
    if (!home.ok()) return client->clean(home.status());
    client->home_ = *std::move(home);
  }
  return client;
}

Client::Client(Options options)
    : options_(std::move(options)),
      pace_(options_.at_once, options_.a_second, options_.world),
      handles_(std::make_unique<Handles>()),
      random_(base::Random::from_system()) {}

Client::~Client() = default;

base::Result<Response> Client::send(const Request& request, const Context& context) {
  TARN_ASSIGN(Attempt done, persist(request, true, context));
  Response response;
  static_cast<Head&>(response) = done.stream->head();
  response.body = std::move(done.body);
  return response;
}

base::Result<std::unique_ptr<Stream>> Client::open(const Request& request, const Context& context) {
  TARN_ASSIGN(Attempt done, persist(request, false, context));
  return std::move(done.stream);
}

base::Result<Client::Attempt> Client::persist(const Request& request, bool whole, const Context& context) {
  const int attempts = is_repeatable(request) ? std::max(options_.limits.attempts, 1) : 1;
  for (int n = 1;; ++n) {
    TARN_TRY(context.check());
    Attempt tried = attempt(request, context);
    while (tried.status.ok() && whole) {
      const auto bytes = tried.stream->exchange_->next(context);
      tried.status = bytes.status();
      tried.again = tried.stream->exchange_->again();
      if (!bytes.ok() || bytes->empty()) break;
      tried.body += *bytes;
    }
    if (tried.status.ok()) return tried;
    tried.stream.reset();  // its turn is over
    TARN_TRY(context.check());
    // Also where this request gives up: the next one, of any thread, comes after that time.
    if (tried.wait) pace_.asked_too_much(tried.host, std::min(*tried.wait, options_.limits.wait));
    if (!tried.again) return clean(tried.status);
    if (n >= attempts) {
      return clean(n == 1 ? tried.status
                          : Status(tried.status.code(), fmt::format("{} ({} attempts)", tried.status.message(), n),
                                   tried.status.hint()));
    }
    const milliseconds usual = backoff(n, &random_);
    if (tried.wait && *tried.wait > options_.limits.wait) {
      return clean(Status(Code::unavailable,
                          fmt::format("{}; it asks to wait {} s, more than the limit of {} s", tried.status.message(),
                                      tried.wait->count() / 1000, options_.limits.wait.count() / 1000),
                          "try again after that time"));
    }
    // By a little more than was asked for, so that not everybody comes back at once.
    const milliseconds wait = tried.wait ? std::max(*tried.wait + usual / 10, usual) : usual;
    TARN_TRY(options_.world.wait(wait, context));
  }
}

Client::Attempt Client::attempt(const Request& request, const Context& context) {
  Attempt out;
  const auto failed = [&](Status status, bool again = false) {
    out.again = again;
    out.status = std::move(status);
    return std::move(out);
  };
  auto parsed = parse_url(request.url);
  if (!parsed.ok()) return failed(parsed.status());
  Url url = *std::move(parsed);
  if (request.reach == Reach::own && !url.same_origin(home_)) {
    return failed({Code::permission_denied,
                   fmt::format("{} is not at the source's own address {}", shown(url.text), shown(home_.text))});
  }
  Request asked = request;
  bool credentials = request.reach == Reach::own;
  for (int hop = 0;; ++hop) {
    if (hop > options_.limits.redirects) {
      return failed({Code::exhausted, fmt::format("{}: more than {} redirects, at last to {}", shown(request.url),
                                                  options_.limits.redirects, shown(url.text))});
    }
    // Once they were left behind they stay there: another host may have chosen the way back.
    credentials = credentials && url.same_origin(home_);
    out.host = fmt::format("{}:{}", url.host, url.port);
    auto turn = pace_.enter(out.host, context);
    if (!turn.ok()) return failed(turn.status());
    auto made = question(asked, url, credentials, context);
    if (!made.ok()) return failed(made.status(), made.status().code() == Code::unavailable);
    auto started = Exchange::start(*std::move(made), handles_.get());
    if (!started.ok()) return failed(started.status());
    std::unique_ptr<Exchange> exchange = *std::move(started);
    if (Status status = exchange->head(context); !status.ok()) return failed(std::move(status), exchange->again());

    Head head{exchange->status(), exchange->headers(), url.text};
    const auto location = head.header("location");
    if (is_redirect(head.status) && location && !location->empty()) {
      ignore_body(exchange.get(), context);
      auto next = join(url, *location);
      if (!next.ok()) {
        return failed(next.status().with_context(shown(url.text) + " redirects where nothing is fetched"));
      }
      const bool leaves = !next->same_origin(url);
      url = *std::move(next);
      const bool was_post = asked.method == "POST" && (head.status == 301 || head.status == 302);
      if (was_post || (head.status == 303 && asked.method != "HEAD")) {
        asked.method = "GET";
        asked.body.clear();
      }
      if (leaves && !asked.body.empty()) {
        return failed({Code::permission_denied, "what is sent is not sent on to another host: " + shown(url.text)});
      }
      continue;
    }
    if (is_passing(head.status)) {
      out.wait = asked_wait(head, options_.world.clock->now_us());
      if (!out.wait && head.status == 429) pace_.asked_too_much(out.host, milliseconds(0));
      ignore_body(exchange.get(), context);
      return failed({Code::unavailable, fmt::format("{}: answered {}", shown(url.text), head.status)}, true);
    }
    pace_.went_well(out.host);
    out.stream.reset(new Stream(*this, *std::move(turn), std::move(exchange), std::move(head)));
    return out;
  }
}

base::Result<Question> Client::question(const Request& request, const Url& url, bool credentials,
                                        const Context& context) {
  Question out;
  out.url = url;
  out.method = request.method;
  out.body = request.body;
  out.limits = options_.limits;
  if (request.max_body_bytes > 0) out.limits.body_bytes = request.max_body_bytes;
  out.user_agent = options_.user_agent;
  out.proxy = proxy_for(url, options_.world.environment);
  set_authorities(options_.world, &out);
  const auto add = [&](const Header& header) {
    if (!is_sound(header)) {
      return Status(Code::invalid_argument,
                    "a header " + shown(header.name) + " cannot be sent: it has an end of line");
    }
    if (is_credential(header)) return Status(Code::internal, "a secret among the headers: " + header.name);
    out.headers.push_back(header.name + ": " + header.value);
    return Status();
  };
  for (const Header& header : request.headers) TARN_TRY(add(header));
  if (!request.etag.empty()) TARN_TRY(add({"If-None-Match", request.etag}));
  if (!request.last_modified.empty()) TARN_TRY(add({"If-Modified-Since", request.last_modified}));
  if (credentials && !options_.credentials.reveal_line().empty()) {
    out.headers.push_back(options_.credentials.reveal_line());
  }
  TARN_ASSIGN(out.addresses, addresses(url, url.same_origin(home_), !out.proxy.empty(), context));
  return out;
}

base::Result<std::vector<Address>> Client::addresses(const Url& url, bool is_home, bool by_proxy,
                                                     const Context& context) {
  if (is_home) {
    if (by_proxy) return std::vector<Address>();
    if (const auto address = parse_address(url.host)) return std::vector{*address};
    return home_addresses_.get(url.host, [&] { return options_.world.resolve(url.host, context); }, context);
  }
  auto all = look_up(url.host, context);
  if (!all.ok()) {
    // Behind a proxy names of the outside may be known to it alone.
    if (by_proxy && context.check().ok()) return std::vector<Address>();
    return all.status().with_context(shown(url.text));
  }
  std::vector<Address> open;
  std::string_view why = "it has no address";
  std::string refused;
  for (const Address& address : *all) {
    const std::string_view reason = options_.world.why_not_public(address);
    if (reason.empty()) {
      open.push_back(address);
    } else {
      why = reason;
      refused = to_text(address) + ": ";
    }
  }
  if (!open.empty()) return open;
  return Status(
      Code::permission_denied,
      fmt::format("{} is not reached by a link or a redirect of a source: {}{}", shown(url.text), refused, why),
      "if it is meant, pull it as a source of its own");
}

base::Result<std::vector<Address>> Client::look_up(const std::string& host, const Context& context) {
  if (const auto address = parse_address(host)) return std::vector{*address};
  const auto now = options_.world.now();
  {
    const std::lock_guard lock(known_mutex_);
    if (const auto known = known_.find(host); known != known_.end() && now < known->second.until) {
      return known->second.addresses;
    }
  }
  TARN_ASSIGN(const std::vector<Address> addresses, options_.world.resolve(host, context));
  const std::lock_guard lock(known_mutex_);
  if (known_.size() >= kMaxKnownHosts) known_.clear();
  known_[host] = {addresses, now + kNamesAreGood};
  return addresses;
}

Status Client::clean(const Status& status) const {
  return {status.code(), options_.credentials.without_secrets(status.message()), status.hint()};
}

Status Client::refusal(const Head& head) const {
  const std::string what = fmt::format("{}: answered {}", shown(head.url), head.status);
  if (head.status == 401) {
    return clean({Code::permission_denied, what, "the source's secret is missing, wrong or expired"});
  }
  if (head.status == 403) return clean({Code::permission_denied, what, "the source's account may not read it"});
  if (head.status == 404 || head.status == 410) return clean({Code::not_found, what});
  return clean({Code::io, what});
}

}  // namespace tarn::http
