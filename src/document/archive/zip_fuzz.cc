// Any bytes as a zip archive: every member that its directory names is read.
#include <cstdint>
#include <string_view>

#include "document/archive/zip.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto zip = tarn::document::Zip::open({reinterpret_cast<const char*>(data), size});
  if (!zip.ok()) return 0;
  for (const auto& member : zip->members()) {
    const auto bytes = zip->read(member, 1 << 20);
    if (bytes.ok() && bytes->size() > 1 << 20) __builtin_trap();
  }
  return 0;
}
