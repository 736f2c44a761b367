#include "http/pace.h"

#include <algorithm>

namespace tarn::http {

using std::chrono::milliseconds;

namespace {

constexpr milliseconds kListen{20};  // to the context of one who waits

std::chrono::nanoseconds apart(double a_second) {
  return a_second > 0 ? std::chrono::nanoseconds(static_cast<int64_t>(1e9 / a_second)) : std::chrono::nanoseconds(0);
}

}  // namespace

Pace::Pace(size_t at_once, double a_second, const World& world)
    : at_once_(std::max<size_t>(at_once, 1)), apart_(apart(a_second)), world_(world) {}

Pace::Host& Pace::host(const std::string& name) { return hosts_.try_emplace(name, Host{0, at_once_}).first->second; }

base::Result<Pace::Turn> Pace::enter(const std::string& name, const base::Context& context) {
  for (;;) {
    TARN_TRY(context.check());
    std::unique_lock lock(mutex_);
    Host& asked = host(name);
    if (asked.busy >= asked.at_once) {
      left_.wait_for(lock, kListen);
      continue;
    }
    const auto now = world_.now();
    if (asked.not_before <= now) {
      ++asked.busy;
      asked.not_before = now + apart_;
      return Turn(this, name);
    }
    const auto wait = std::chrono::ceil<milliseconds>(asked.not_before - now);
    lock.unlock();
    TARN_TRY(world_.wait(wait, context));
  }
}

void Pace::leave(const std::string& name) {
  const std::lock_guard lock(mutex_);
  --host(name).busy;
  // What is as it was at first need not be known, and links lead to any number of hosts.
  std::erase_if(hosts_, [this, now = world_.now()](const auto& entry) {
    const Host& asked = entry.second;
    return asked.busy == 0 && asked.at_once == at_once_ && asked.not_before <= now;
  });
  left_.notify_all();
}

size_t Pace::hosts() {
  const std::lock_guard lock(mutex_);
  return hosts_.size();
}

void Pace::went_well(const std::string& name) {
  const std::lock_guard lock(mutex_);
  Host& asked = host(name);
  if (asked.at_once == at_once_ || ++asked.good < kGoodInARow) return;
  asked.good = 0;
  ++asked.at_once;
}

void Pace::asked_too_much(const std::string& name, milliseconds wait) {
  const std::lock_guard lock(mutex_);
  Host& asked = host(name);
  asked.good = 0;
  asked.at_once = std::max<size_t>(asked.at_once / 2, 1);
  asked.not_before = std::max(asked.not_before, world_.now() + wait);
}

}  // namespace tarn::http
