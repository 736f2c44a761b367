#include "delta/snapshot.h"

#include <charconv>

namespace tarn::delta {

std::string DeletionVector::unique_id() const {
  std::string id = storage + path_or_inline;
  if (offset) id += "@" + std::to_string(*offset);
  return id;
}

std::optional<int64_t> DataFile::row_count() const {
  if (stats.empty()) return std::nullopt;
  // As Tarn and most others write them; asked of every file at every commit.
  constexpr std::string_view kFirst = "{\"numRecords\":";
  if (stats.starts_with(kFirst)) {
    int64_t first = -1;
    const char* end = stats.data() + stats.size();
    const auto result = std::from_chars(stats.data() + kFirst.size(), end, first);
    if (result.ec == std::errc() && result.ptr != end && (*result.ptr == ',' || *result.ptr == '}') && first >= 0) {
      return first;
    }
  }
  const auto parsed = json::parse(stats);
  if (!parsed.ok()) return std::nullopt;
  const json::Value* count = parsed->find("numRecords");
  if (count == nullptr || !count->is_number() || count->as_int(-1) < 0) return std::nullopt;
  return count->as_int();
}

}  // namespace tarn::delta
