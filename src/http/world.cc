#include "http/world.h"

#include <netdb.h>

#include <condition_variable>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace tarn::http {

using base::Code;
using base::Context;
using base::Status;

namespace {

constexpr std::chrono::milliseconds kListen{20};  // to the context of one who waits
constexpr size_t kMaxAddresses = 32;

base::Result<std::vector<Address>> ask_system(const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(host.c_str(), nullptr, &hints, &found);
  if (error == EAI_NONAME || error == EAI_NODATA) {
    return Status(Code::not_found, "there is no host " + host, "check the name, and that this machine has a network");
  }
  if (error != 0) {
    return Status(Code::unavailable, "the host " + host + " cannot be looked up: " + gai_strerror(error),
                  "check that this machine has a network");
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, freeaddrinfo);
  std::vector<Address> addresses;
  for (const addrinfo* one = found; one != nullptr && addresses.size() < kMaxAddresses; one = one->ai_next) {
    if (const auto address = from_sockaddr(one->ai_addr)) addresses.push_back(*address);
  }
  return addresses;
}

}  // namespace

base::Result<std::vector<Address>> resolve_by_system(const std::string& host, const Context& context) {
  struct Asked {
    std::mutex mutex;
    std::condition_variable answered;
    std::optional<base::Result<std::vector<Address>>> answer;
  };
  // getaddrinfo() cannot be stopped: a thread that nobody waits for any more ends with it.
  const auto asked = std::make_shared<Asked>();
  std::thread([asked, host] {
    auto answer = ask_system(host);
    const std::lock_guard lock(asked->mutex);
    asked->answer = std::move(answer);
    asked->answered.notify_one();
  }).detach();
  std::unique_lock lock(asked->mutex);
  while (!asked->answered.wait_for(lock, kListen, [&] { return asked->answer.has_value(); })) {
    TARN_TRY(context.check());
  }
  return *asked->answer;
}

Status wait_in_time(std::chrono::milliseconds time, const Context& context) {
  const auto end = std::chrono::steady_clock::now() + time;
  for (;;) {
    TARN_TRY(context.check());
    const auto left = end - std::chrono::steady_clock::now();
    if (left <= std::chrono::nanoseconds(0)) return {};
    std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(left, kListen));
  }
}

std::string environment_of_program(const char* name) {
  const char* const value = std::getenv(name);
  return value != nullptr ? value : "";
}

}  // namespace tarn::http
