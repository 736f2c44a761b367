// Any text as a bookmark.
#include <cstddef>
#include <cstdint>
#include <string>

#include "lake/bookmark.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(tarn::lake::parse_bookmark(text, "source", 1, "path"));
  return 0;
}
