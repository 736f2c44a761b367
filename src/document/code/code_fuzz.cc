// Any bytes as source code of each form.
#include <cstdint>
#include <cstdlib>

#include "document/document.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const char* name : {"a.cc", "a.go", "a.rs", "a.ts", "a.py", "a.rb", "a.sh", "a.sql"}) {
    const auto status = tarn::document::read(bytes, "text/x-source-code", name, {}, [](auto d) {
      if (!tarn::document::are_valid(d.anchors, d.body.size())) std::abort();
      return tarn::base::ok();
    });
    if (status.code() == tarn::base::Code::internal || status.code() == tarn::base::Code::corruption) std::abort();
  }
  return 0;
}
