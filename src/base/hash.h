// Hashes for identity and damage: XXH3. Not for secrets.
// Source:  xxHash specification, XXH3_64bits and XXH3_128bits with seed 0.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tarn::base {

struct Hash128 {
  uint64_t low = 0, high = 0;
  auto operator<=>(const Hash128&) const = default;
  std::string hex() const;  // 32 lower-case digits, high half first (the canonical order)
  static std::optional<Hash128> from_hex(std::string_view digits);  // nothing when they are not what hex() gives
};

uint64_t hash64(std::string_view bytes);
Hash128 hash128(std::string_view bytes);

// The same over pieces, for files that are not held in memory.
class Hasher128 {
 public:
  Hasher128();
  ~Hasher128();
  Hasher128(const Hasher128&) = delete;
  Hasher128& operator=(const Hasher128&) = delete;
  void add(std::string_view bytes);
  Hash128 finish() const;

 private:
  void* state_;
};

struct Hash128Hasher {
  size_t operator()(const Hash128& h) const { return static_cast<size_t>(h.low ^ h.high); }
};

}  // namespace tarn::base
