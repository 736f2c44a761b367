// Any bytes as a page's storage format: HTML comes out, and the excerpt is storage format again.
#include <cstdint>
#include <string_view>

#include "document/confluence/storage.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view storage(reinterpret_cast<const char*>(data), size);
  tarn::document::Resolver names;
  names.included = [&](std::string_view, std::string_view, bool excerpt) {
    return excerpt ? tarn::document::excerpt_of(storage) : std::string(storage);
  };
  bool whole = false;
  tarn::document::storage_as_html(storage, names, &whole);
  return 0;
}
