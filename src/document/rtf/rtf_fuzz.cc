// Any bytes as RTF, and as the page of HTML in it.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "document/document.h"
#include "document/rtf/rtf.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string bytes = "{\\rtf1" + std::string(reinterpret_cast<const char*>(data), size);
  const auto status = tarn::document::read(bytes, "application/rtf", "fuzz", {},
                                           [](tarn::document::Document) { return tarn::base::ok(); });
  if (status.code() == tarn::base::Code::internal || status.code() == tarn::base::Code::corruption) std::abort();
  tarn::document::rtf::html_in(bytes);
  return 0;
}
