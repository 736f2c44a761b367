// How fast hosts are asked: so many requests at once, so many a second, and none before the time for which a host asked
// us to wait. A host that was asked too much is asked by half as many at once, and by one more again after each
// kGoodInARow that went well.
// Threads: any.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>

#include "http/world.h"

namespace tarn::http {

inline constexpr int kGoodInARow = 20;

class Pace {
 public:
  // `a_second` 0: as fast as it goes. The world outlives it.
  Pace(size_t at_once, double a_second, const World& world);

  // The right to ask a host once, until it is destroyed.
  class Turn {
   public:
    Turn() = default;
    Turn(Pace* pace, std::string host) : pace_(pace), host_(std::move(host)) {}
    Turn(Turn&& other) noexcept : pace_(std::exchange(other.pace_, nullptr)), host_(std::move(other.host_)) {}
    Turn& operator=(Turn&& other) noexcept {
      std::swap(pace_, other.pace_);
      std::swap(host_, other.host_);
      return *this;
    }
    ~Turn() {
      if (pace_ != nullptr) pace_->leave(host_);
    }

   private:
    Pace* pace_ = nullptr;
    std::string host_;
  };

  base::Result<Turn> enter(const std::string& host, const base::Context& context);
  void went_well(const std::string& host);
  void asked_too_much(const std::string& host, std::chrono::milliseconds wait);
  // How many it knows something about: no more than matters for what is asked next.
  size_t hosts();

 private:
  struct Host {
    size_t busy = 0, at_once = 1;
    int good = 0;
    std::chrono::steady_clock::time_point not_before = {};
  };
  Host& host(const std::string& name);
  void leave(const std::string& host);

  const size_t at_once_;
  const std::chrono::nanoseconds apart_;
  const World& world_;
  std::mutex mutex_;
  std::condition_variable left_;
  std::map<std::string, Host> hosts_;
};

}  // namespace tarn::http
