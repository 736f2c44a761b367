// What a client takes from outside; a test puts its own in place of it.
// Threads: all of it is called from any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/progress.h"
#include "http/address.h"

namespace tarn::http {

// By the system's resolver: not_found (no such name), unavailable (it cannot be asked now), or why the context stopped.
base::Result<std::vector<Address>> resolve_by_system(const std::string& host, const base::Context& context);
// Returns early only when the context stops.
base::Status wait_in_time(std::chrono::milliseconds time, const base::Context& context);
std::string environment_of_program(const char* name);

struct World {
  std::function<base::Result<std::vector<Address>>(const std::string&, const base::Context&)> resolve =
      resolve_by_system;
  std::function<std::string_view(const Address&)> why_not_public = http::why_not_public;
  std::function<std::string(const char*)> environment = environment_of_program;
  std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
  std::function<base::Status(std::chrono::milliseconds, const base::Context&)> wait = wait_in_time;
  const base::Clock* clock = &base::system_clock();
};

}  // namespace tarn::http
