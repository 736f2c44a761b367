// Fetches over HTTP and HTTPS for one source: its own URLs at its own address, and what it links to from the open
// internet alone.
// Shape:   an origin (scheme, host, port) whose name is looked up once. There it may lie anywhere, also in a private
//          network, and there go the credentials. Every other address must be public, checked after its name was looked
//          up and for every redirect; the connection is made to what was checked.
// Errors:  invalid_argument, unsupported (a URL that is not fetched), permission_denied (an address that may not be
//          reached, a certificate), not_found (no such host), unavailable (it may work later), exhausted (a limit), io.
//          What a server answers is a Response, 404 too; only what may pass (is_passing) and did not is unavailable.
//          No message has a secret or a query in it.
// Threads: any. A Stream belongs to one thread at a time.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/once.h"
#include "base/progress.h"
#include "base/random.h"
#include "http/address.h"
#include "http/credentials.h"
#include "http/message.h"
#include "http/pace.h"
#include "http/url.h"
#include "http/world.h"

namespace tarn::http {

struct Options {
  std::string origin = {};  // a URL of the source; "" = nothing is its own
  Credentials credentials = {};
  std::string user_agent = "tarn";
  size_t at_once = 4;   // requests to one host
  double a_second = 0;  // to one host; 0 = as fast as it goes
  Limits limits = {};
  World world = {};
};

class Client;
class Exchange;
class Handles;
struct Question;

// A body as it comes. Only what went wrong before its first byte was tried again.
class Stream {
 public:
  ~Stream();
  const Head& head() const { return head_; }
  // The next bytes, unpacked, good until the next call; none at the end. unavailable when it ends too early.
  base::Result<std::string_view> next(const base::Context& context);

 private:
  friend class Client;
  Stream(const Client& client, Pace::Turn turn, std::unique_ptr<Exchange> exchange, Head head);
  const Client& client_;
  Pace::Turn turn_;
  std::unique_ptr<Exchange> exchange_;
  Head head_;
};

class Client {
 public:
  static base::Result<std::unique_ptr<Client>> make(Options options);
  ~Client();

  // The whole answer. Tried again where that may help and does no harm; redirects are followed.
  base::Result<Response> send(const Request& request, const base::Context& context);
  // The same, and the body when it is asked for. The client outlives the stream. A stream counts among the requests at
  // once to its host: a thread that holds one and asks the same host waits while all of them are taken, and for ever
  // if its own are all of them.
  base::Result<std::unique_ptr<Stream>> open(const Request& request, const base::Context& context);
  // A Status for an answer that is not what was asked for: "https://…: answered 403", with its remedy.
  base::Status refusal(const Head& head) const;

 private:
  friend class Stream;
  // What one try came to.
  struct Attempt {
    base::Status status;
    bool again = false;
    std::optional<std::chrono::milliseconds> wait;  // as the server asks
    std::string host;                               // that asked for it
    std::unique_ptr<Stream> stream;
    std::string body;
  };
  explicit Client(Options options);
  base::Result<Attempt> persist(const Request& request, bool whole, const base::Context& context);
  Attempt attempt(const Request& request, const base::Context& context);
  base::Result<Question> question(const Request& request, const Url& url, bool credentials,
                                  const base::Context& context);
  base::Result<std::vector<Address>> addresses(const Url& url, bool is_home, bool by_proxy,
                                               const base::Context& context);
  base::Result<std::vector<Address>> look_up(const std::string& host, const base::Context& context);
  base::Status clean(const base::Status& status) const;

  const Options options_;
  Url home_;
  Pace pace_;
  const std::unique_ptr<Handles> handles_;
  base::Random random_;
  base::OncePerKey<std::string, std::vector<Address>> home_addresses_;
  struct Known {
    std::vector<Address> addresses;
    std::chrono::steady_clock::time_point until;
  };
  std::mutex known_mutex_;
  std::map<std::string, Known> known_;
};

}  // namespace tarn::http
