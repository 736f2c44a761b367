#include "delta/retention.h"

#include <sstream>

namespace tarn::delta {
namespace {

constexpr int64_t kHour = int64_t{3600} * 1000, kDay = 24 * kHour;

}  // namespace

int64_t duration_ms(const Snapshot& snapshot, const std::string& property, int64_t otherwise) {
  const auto it = snapshot.configuration.find(property);
  if (it == snapshot.configuration.end()) return otherwise;
  std::istringstream words(it->second);
  std::string interval, unit;
  int64_t count = -1;
  words >> interval >> count >> unit;
  if (!words || (interval != "interval" && interval != "INTERVAL") || count < 0 || count > 36'500) return INT64_MAX;
  if (unit.starts_with("week")) return count * 7 * kDay;
  if (unit.starts_with("day")) return count * kDay;
  if (unit.starts_with("hour")) return count * kHour;
  if (unit.starts_with("minute")) return count * kHour / 60;
  if (unit.starts_with("second")) return count * 1000;
  return INT64_MAX;
}

int64_t tombstone_ms(const Snapshot& snapshot) {
  return duration_ms(snapshot, "delta.deletedFileRetentionDuration", 7 * kDay);
}

}  // namespace tarn::delta
