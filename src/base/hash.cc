#include "base/hash.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <charconv>

namespace tarn::base {

std::string Hash128::hex() const { return fmt::format("{:016x}{:016x}", high, low); }

std::optional<Hash128> Hash128::from_hex(std::string_view digits) {
  Hash128 hash;
  const char* middle = digits.data() + 16;
  if (digits.size() != 32 || std::from_chars(digits.data(), middle, hash.high, 16).ptr != middle ||
      std::from_chars(middle, middle + 16, hash.low, 16).ptr != middle + 16 || hash.hex() != digits) {
    return std::nullopt;
  }
  return hash;
}

uint64_t hash64(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

Hash128 hash128(std::string_view bytes) {
  const XXH128_hash_t h = XXH3_128bits(bytes.data(), bytes.size());
  return {h.low64, h.high64};
}

Hasher128::Hasher128() : state_(XXH3_createState()) { XXH3_128bits_reset(static_cast<XXH3_state_t*>(state_)); }
Hasher128::~Hasher128() { XXH3_freeState(static_cast<XXH3_state_t*>(state_)); }
void Hasher128::add(std::string_view bytes) {
  XXH3_128bits_update(static_cast<XXH3_state_t*>(state_), bytes.data(), bytes.size());
}
Hash128 Hasher128::finish() const {
  const XXH128_hash_t h = XXH3_128bits_digest(static_cast<XXH3_state_t*>(state_));
  return {h.low64, h.high64};
}

}  // namespace tarn::base
