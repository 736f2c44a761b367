// Any bytes as an archive: its members are read as what they are.
#include <cstdint>
#include <cstdlib>

#include "document/document.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const char* names[] = {"a.zip", "a.tar", "a.tar.gz", "a.txt.zst"};
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto status = tarn::document::read(bytes, "application/zip", names[data[0] % 4], {}, [](auto d) {
    if (!tarn::document::are_valid(d.anchors, d.body.size())) std::abort();
    return tarn::base::ok();
  });
  if (status.code() == tarn::base::Code::internal || status.code() == tarn::base::Code::corruption) std::abort();
  return 0;
}
