// A folder's bookmark from any bytes: never a crash, and what is understood is written back the same.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "connector/folder/bookmark.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace folder = tarn::connector::folder;
  auto value = tarn::json::parse(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!value.ok()) return 0;
  folder::Bookmark bookmark = folder::parse_bookmark(*value);
  std::string written = tarn::json::write(folder::to_json(bookmark));
  folder::Bookmark again = folder::parse_bookmark(*tarn::json::parse(written));
  TARN_CHECK(again.entries.size() == bookmark.entries.size());
  TARN_CHECK(tarn::json::write(folder::to_json(again)) == written);
  return 0;
}
