// Any bytes as a message, which answers one of the same bytes, and as a mailbox.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "document/document.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const tarn::document::ExtractOptions options{.charset = "", .answers = std::string(bytes)};
  for (const char* mime : {"message/rfc822", "application/mbox"}) {
    const auto status = tarn::document::read(bytes, mime, "a", options, [](auto d) {
      if (!tarn::document::are_valid(d.anchors, d.body.size())) std::abort();
      return tarn::base::ok();
    });
    if (status.code() == tarn::base::Code::internal || status.code() == tarn::base::Code::corruption) std::abort();
  }
  return 0;
}
