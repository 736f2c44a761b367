#include "lake/retention.h"

#include <sstream>

namespace tarn::lake {

int64_t tombstone_ms(const Snapshot& snapshot) {
  constexpr int64_t kDay = int64_t{24} * 3600 * 1000;
  const auto it = snapshot.configuration.find("delta.deletedFileRetentionDuration");
  if (it == snapshot.configuration.end()) return 7 * kDay;
  std::istringstream words(it->second);
  std::string interval, unit;
  int64_t count = -1;
  words >> interval >> count >> unit;
  if (!words || interval != "interval" || count < 0 || count > 36'500) return INT64_MAX;
  if (unit.starts_with("week")) return count * 7 * kDay;
  if (unit.starts_with("day")) return count * kDay;
  if (unit.starts_with("hour")) return count * kDay / 24;
  return INT64_MAX;
}

}  // namespace tarn::lake
