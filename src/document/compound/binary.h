// Fields at known offsets of bytes that may end anywhere: what is not there is 0, or empty.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace tarn::document::compound {

class Binary {
 public:
  Binary() = default;
  explicit Binary(std::string_view bytes) : bytes_(bytes) {}

  bool has(uint64_t at, uint64_t count) const { return at <= bytes_.size() && count <= bytes_.size() - at; }
  uint8_t u8(uint64_t at) const { return get<uint8_t>(at); }
  uint16_t u16(uint64_t at) const { return get<uint16_t>(at); }
  uint32_t u32(uint64_t at) const { return get<uint32_t>(at); }
  int32_t i32(uint64_t at) const { return get<int32_t>(at); }
  uint64_t u64(uint64_t at) const { return get<uint64_t>(at); }
  double f64(uint64_t at) const { return get<double>(at); }
  // As much of it as there is.
  std::string_view part(uint64_t at, uint64_t count = UINT64_MAX) const {
    return at < bytes_.size() ? bytes_.substr(at, count) : std::string_view();
  }
  size_t size() const { return bytes_.size(); }
  std::string_view bytes() const { return bytes_; }

 private:
  template <typename T>
  T get(uint64_t at) const {
    return has(at, sizeof(T)) ? base::load_le<T>(bytes_.data() + at) : T{};
  }
  std::string_view bytes_;
};

}  // namespace tarn::document::compound
