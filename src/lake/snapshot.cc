#include "lake/snapshot.h"

namespace tarn::lake {

std::string DeletionVector::unique_id() const {
  std::string id = storage + path_or_inline;
  if (offset) id += "@" + std::to_string(*offset);
  return id;
}

std::optional<int64_t> DataFile::row_count() const {
  if (stats.empty()) return std::nullopt;
  const auto parsed = json::parse(stats);
  if (!parsed.ok()) return std::nullopt;
  const json::Value* count = parsed->find("numRecords");
  if (count == nullptr || !count->is_number() || count->as_int(-1) < 0) return std::nullopt;
  return count->as_int();
}

}  // namespace tarn::lake
