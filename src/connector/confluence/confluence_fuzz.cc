// Any bytes as a bookmark and as a page's storage format: what is understood of the one is written back the same, and
// the search for names in the other ends.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "connector/confluence/bookmark.h"
#include "connector/confluence/storage_names.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace confluence = tarn::connector::confluence;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  confluence::people_in(bytes);
  confluence::included_in(bytes, "ENG");
  const auto value = tarn::json::parse(bytes);
  if (!value.ok()) return 0;
  const confluence::Bookmark bookmark = confluence::parse_bookmark(*value);
  TARN_CHECK(confluence::parse_bookmark(confluence::to_json(bookmark)) == bookmark);
  return 0;
}
