// Any bytes as delimited values, JSON, JSON lines, subtitles and a notebook.
#include <cstdint>
#include <cstdlib>

#include "document/document.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const char* mime :
       {"text/csv", "application/json", "application/jsonl", "text/vtt", "application/x-ipynb+json"}) {
    const auto status = tarn::document::read(bytes, mime, "a", {}, [](auto d) {
      if (!tarn::document::are_valid(d.anchors, d.body.size())) std::abort();
      return tarn::base::ok();
    });
    if (status.code() == tarn::base::Code::internal || status.code() == tarn::base::Code::corruption) std::abort();
  }
  return 0;
}
