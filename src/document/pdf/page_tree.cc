#include "document/pdf/page_tree.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/ascii.h"

namespace tarn::document::pdf {
namespace {

constexpr size_t kMaxNodeBytes = 1 << 20;
constexpr std::string_view kCount = "/Count";

// What stands behind the key, without blanks; "" where it is not there.
std::string_view value_of(std::string_view dictionary, std::string_view key) {
  for (size_t at = dictionary.find(key); at != std::string_view::npos; at = dictionary.find(key, at + 1)) {
    const std::string_view value = dictionary.substr(at + key.size());
    if (value.empty() || base::is_letter(value[0])) continue;  // of another key, which begins so
    return base::trimmed(value);
  }
  return {};
}

}  // namespace

std::string without_page_counts(std::string_view bytes) {
  std::vector<size_t> counts;  // where the nodes have theirs
  bool wrong = false;
  size_t done = 0;
  for (size_t at = bytes.find("/Kids"); at != std::string_view::npos; at = bytes.find("/Kids", done)) {
    const size_t first = std::max(done, at - std::min(at, kMaxNodeBytes));
    const size_t object = bytes.substr(first, at - first).rfind("obj");
    const size_t end = bytes.substr(at, kMaxNodeBytes).find("endobj");
    done = at + (end == std::string_view::npos ? std::min(kMaxNodeBytes, bytes.size() - at) : end);
    if (object == std::string_view::npos || end == std::string_view::npos) continue;
    const std::string_view dictionary = bytes.substr(first + object, done - first - object);
    const std::string_view kids = value_of(dictionary, "/Kids"), count = value_of(dictionary, kCount);
    if (!value_of(dictionary, "/Type").starts_with("/Pages") || !kids.starts_with("[") || count.empty() ||
        dictionary.find("stream") != std::string_view::npos) {
      continue;
    }
    const std::string_view list = kids.substr(0, kids.find(']'));
    int64_t said = 0;
    std::from_chars(count.data(), count.data() + count.size(), said);
    wrong |= said < std::count(list.begin(), list.end(), 'R');
    counts.push_back(static_cast<size_t>(count.data() - bytes.data()));
  }
  if (!wrong) return {};
  std::string out(bytes);
  for (const size_t count : counts) out[out.rfind(kCount, count) + 1] = 'K';
  return out;
}

}  // namespace tarn::document::pdf
