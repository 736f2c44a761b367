// Any bytes through the analyzers, decode() and sentence_boundaries(): offsets stay inside and ascend, terms stay
// bounded, and ASCII gives the same by both ways.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/check.h"
#include "text/analyzer.h"
#include "text/analyzer_ways.h"
#include "text/utf8.h"

namespace {

using namespace tarn::text;

std::string terms(Way way, const Analyzer& analyzer, std::string_view text) {
  std::string out;
  uint32_t position = 0;
  analyze_by(way, analyzer, text, [&](const Token& t) {
    TARN_CHECK(t.start < t.end && t.end <= text.size());
    TARN_CHECK(t.position >= position && !t.term.empty() && t.term.size() <= kMaxTermBytes + 64);
    position = t.position;
    out += std::string(t.term) + ' ' + std::to_string(t.position) + ' ' + std::to_string(t.start) + ' ' +
           std::to_string(t.end) + '\n';
  });
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto english = make_analyzer("english").value();
  static const auto standard = make_analyzer("standard").value();
  static const auto turkish = make_analyzer("turkish").value();
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const auto* a : {english.get(), standard.get()}) {
    TARN_CHECK(terms(Way::fast, *a, bytes) == terms(Way::icu, *a, bytes));
  }
  terms(Way::icu, *turkish, bytes);
  const auto b = sentence_boundaries(bytes);
  for (size_t i = 0; i < b.size(); ++i) TARN_CHECK(b[i] < size && (i == 0 ? b[i] == 0 : b[i] > b[i - 1]));
  const Decoded d = decode(bytes, size % 3 == 0 ? "shift_jis" : "").value();
  for (size_t at = 0; at < d.text.size();) {
    const Utf8Char c = utf8_at(d.text, at);
    TARN_CHECK(c.well_formed);
    at += c.size;
  }
  return 0;
}
