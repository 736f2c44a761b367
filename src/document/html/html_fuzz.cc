// Any bytes as a page: extract() returns a document or a Status, and what it returns splits into passages.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "document/document.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  auto d = tarn::document::extract(bytes, "text/html", "fuzz.html");
  if (!d.ok()) return 0;
  if (!d->body.empty() && d->body.back() != '\n') abort();
  uint64_t at = 0;
  for (const tarn::document::Passage& p : tarn::document::split_passages(d->body)) {
    if (p.start < at || p.end <= p.start || p.end > d->body.size()) abort();
    at = p.end;
  }
  return 0;
}
