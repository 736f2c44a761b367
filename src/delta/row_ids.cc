#include "delta/row_ids.h"

#include <algorithm>

#include "delta/protocol.h"

namespace tarn::delta {
namespace {

constexpr const char* kDomain = "delta.rowTracking";

}  // namespace

void assign_row_ids(const State& latest, base::Version version, CommitDraft* draft) {
  if (!assigns_row_ids(latest)) return;
  int64_t mark = -1;
  if (const auto domain = latest.domains.find(kDomain); domain != latest.domains.end()) {
    const auto parsed = json::parse(domain->second["configuration"].as_string());
    if (parsed.ok()) mark = (*parsed)["rowIdHighWaterMark"].as_int(-1);
  }
  const int64_t before = mark;
  for (Add& add : draft->adds) {
    if (add.file.base_row_id) continue;
    add.file.base_row_id = mark + 1;
    add.file.row_commit_version = version.value;
    mark += add.file.row_count().value_or(0);
  }
  draft->keeps_row_ids = is_true(latest, "delta.enableRowTracking");
  if (mark == before) return;
  draft->domains.push_back(
      json::Value::object({{"domain", kDomain},
                           {"configuration", json::write(json::Value::object({{"rowIdHighWaterMark", mark}}))},
                           {"removed", false}}));
}

}  // namespace tarn::delta
