#include "delta/z85.h"

#include <array>
#include <cstdint>

namespace tarn::delta {
namespace {

constexpr std::string_view kAlphabet =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
static_assert(kAlphabet.size() == 85);

constexpr std::array<uint8_t, 256> kValues = [] {
  std::array<uint8_t, 256> values{};
  for (auto& v : values) v = 255;
  for (size_t i = 0; i < kAlphabet.size(); ++i) {
    values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<uint8_t>(i);
  }
  return values;
}();

}  // namespace

std::string z85_encode(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 3) / 4 * 5);
  for (size_t i = 0; i < bytes.size(); i += 4) {
    uint32_t word = 0;
    for (size_t k = 0; k < 4; ++k) {
      word = word << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    }
    char group[5];
    for (size_t k = 5; k-- > 0; word /= 85) group[k] = kAlphabet[word % 85];
    text.append(group, sizeof group);
  }
  return text;
}

base::Result<std::string> z85_decode(std::string_view text) {
  if (text.size() % 5 != 0) {
    return base::Status(base::Code::corruption, "base85 text is not a multiple of five characters long");
  }
  std::string bytes;
  bytes.reserve(text.size() / 5 * 4);
  for (size_t i = 0; i < text.size(); i += 5) {
    uint64_t word = 0;
    for (size_t k = 0; k < 5; ++k) {
      const uint8_t value = kValues[static_cast<unsigned char>(text[i + k])];
      if (value == 255) return base::Status(base::Code::corruption, "base85 text has a character outside its alphabet");
      word = word * 85 + value;
    }
    if (word > UINT32_MAX) return base::Status(base::Code::corruption, "base85 text has a group beyond 32 bits");
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(word >> shift & 0xff);
  }
  return bytes;
}

}  // namespace tarn::delta
