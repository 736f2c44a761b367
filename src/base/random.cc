#include "base/random.h"

#include <fmt/format.h>
#include <sys/random.h>

#include "base/check.h"

namespace tarn::base {

Random Random::from_system() {
  uint64_t seed = 0;
  TARN_CHECK(getrandom(&seed, sizeof seed, 0) == sizeof seed);
  return Random(seed);
}

uint64_t Random::next() {
  constexpr uint64_t kStep = 0x9e3779b97f4a7c15ull;
  uint64_t z = state_.fetch_add(kStep, std::memory_order_relaxed) + kStep;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}

uint64_t Random::below(uint64_t bound) {
  TARN_CHECK(bound > 0);
  const uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
  uint64_t v = next();
  while (v >= limit) v = next();
  return v % bound;
}

double Random::unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

std::string Random::uuid() {
  const uint64_t a = (next() & ~0xf000ull) | 0x4000ull;
  const uint64_t b = (next() & ~(0xc0ull << 56)) | (0x80ull << 56);
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", a >> 32, (a >> 16) & 0xffff, a & 0xffff, b >> 48,
                     b & 0xffffffffffffull);
}

}  // namespace tarn::base
