// Any bytes as a picture.
#include <cstdint>
#include <cstdlib>

#include "document/document.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto status = tarn::document::read(bytes, "image/jpeg", "a", {}, [](auto) { return tarn::base::ok(); });
  if (!status.ok()) std::abort();
  return 0;
}
