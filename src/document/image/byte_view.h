// Numbers at places of untrusted bytes: 0 where there are none.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "text/analyzer.h"

namespace tarn::document::image {

struct ByteView {
  std::string_view bytes;
  bool big = true;  // the first byte counts most

  uint64_t number(size_t at, size_t size) const {
    if (at > bytes.size() || bytes.size() - at < size) return 0;
    uint64_t value = 0;
    for (size_t i = 0; i < size; ++i) {
      value = value << 8 | static_cast<unsigned char>(bytes[at + (big ? i : size - 1 - i)]);
    }
    return value;
  }
  uint32_t u16(size_t at) const { return static_cast<uint32_t>(number(at, 2)); }
  uint32_t u32(size_t at) const { return static_cast<uint32_t>(number(at, 4)); }
  std::string_view part(size_t at, size_t size) const {
    return at > bytes.size() ? std::string_view() : bytes.substr(at, size);
  }
  bool has(size_t at, size_t size) const { return at <= bytes.size() && bytes.size() - at >= size; }
};

// UTF-8 of a text; "" where it cannot be read.
inline std::string decoded(std::string_view bytes, std::string_view charset) {
  auto text = text::decode(bytes, charset);
  return text.ok() ? std::move(text->text) : std::string();
}

}  // namespace tarn::document::image
