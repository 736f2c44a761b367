// Seeded pseudo-random numbers. A test passes its seed; the program takes one from the system.
// Source:  splitmix64 (Steele, Lea, Flood, OOPSLA 2014).
// Threads: any; one that several threads draw from gives each number once, in no order among them.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

namespace tarn::base {

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  static Random from_system();  // seeded by getrandom(2)

  uint64_t next();
  uint64_t below(uint64_t bound);  // uniform in [0, bound); bound > 0
  double unit();                   // uniform in [0, 1)
  std::string uuid();              // RFC 9562 version 4 form, lower case

 private:
  std::atomic<uint64_t> state_;
};

}  // namespace tarn::base
