// Any bytes as a body: passages ascend, stay below their limit and leave only white space out; plain_text() copes with
// each.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "document/document.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string body(reinterpret_cast<const char*>(data), size);
  uint64_t at = 0;
  const auto blank = [&](uint64_t from, uint64_t to) {
    return body.substr(from, to - from).find_first_not_of(" \t\n\r\f\v") == std::string::npos;
  };
  for (const tarn::document::Passage& p : tarn::document::split_passages(body)) {
    if (p.start < at || p.end <= p.start || p.end > size || p.end - p.start > tarn::document::kPassageBytes) abort();
    if (p.context_start > p.context_end || p.context_end > p.start) abort();
    if (!blank(at, p.start)) abort();
    (void)tarn::document::plain_text(std::string_view(body).substr(p.start, p.end - p.start));
    at = p.end;
  }
  if (!blank(at, size)) abort();
  (void)tarn::document::plain_text(body);
  return 0;
}
