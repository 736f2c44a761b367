// An ignore file and a path, separated by a NUL, from any bytes: no crash, and an answer in bounded time.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "connector/folder/ignore.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  size_t nul = bytes.find('\0');
  std::string_view path = nul == std::string_view::npos ? "a/b" : bytes.substr(nul + 1);
  auto list = tarn::connector::folder::PatternList::parse_file(bytes.substr(0, nul));
  if (!list.ok()) return 0;
  static_cast<void>(list->decide(path.substr(0, 4096), false));
  static_cast<void>(list->decide(path.substr(0, 4096), true));
  return 0;
}
