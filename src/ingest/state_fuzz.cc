// The bookmark of a pull and the folder's inside it, from any bytes: never a crash, and what is understood is written
// back the same.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "ingest/state.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto value = tarn::json::parse(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!value.ok()) return 0;
  auto bookmark = tarn::ingest::parse_bookmark(*value);
  if (!bookmark.state) return 0;
  std::string written = tarn::json::write(tarn::ingest::to_json(*bookmark.state));
  auto again = tarn::ingest::parse_bookmark(*tarn::json::parse(written));
  TARN_CHECK(again.state && tarn::json::write(tarn::ingest::to_json(*again.state)) == written);
  return 0;
}
