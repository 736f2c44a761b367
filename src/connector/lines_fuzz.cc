// Lines of any bytes, also across the end of a block, are those that a plain cut at line feeds gives. The first byte
// says how many bytes before such an end the rest begins, behind one long word; 0: at the file's beginning.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "connector/jsonl/lines.h"

namespace {

constexpr size_t kBlockBytes = size_t{1} << 20;

// What Lines promises, for texts without a line beyond its limit.
std::vector<std::string_view> cut(std::string_view text) {
  std::vector<std::string_view> lines;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  if (!lines.empty() && lines.front().starts_with("\xEF\xBB\xBF")) lines.front().remove_prefix(3);
  for (std::string_view& line : lines) {
    if (line.ends_with('\r')) line.remove_suffix(1);
  }
  return lines;
}

void check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  std::string text;
  if (data[0] != 0) text.assign(kBlockBytes - data[0], 'x');
  text.append(reinterpret_cast<const char*>(data) + 1, size - 1);
  const int file = memfd_create("lines", 0);
  check(file >= 0 && write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  auto lines = tarn::connector::jsonl::Lines::open("/proc/self/fd/" + std::to_string(file));
  check(lines.ok());
  uint64_t number = 0;
  for (const std::string_view line : cut(text)) {
    const auto more = lines->next();
    check(more.ok() && *more && lines->text() == line && !lines->too_long() && lines->number() == ++number);
  }
  const auto more = lines->next();
  check(more.ok() && !*more && lines->bytes_read() == text.size());
  check(lines->hash() == tarn::base::hash128(text));
  close(file);
  return 0;
}
