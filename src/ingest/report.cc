#include <fmt/format.h>

#include "ingest/ingest.h"

namespace tarn::ingest {

std::string_view kind_name(PlannedChange::Kind kind) {
  switch (kind) {
    case PlannedChange::Kind::added:
      return "added";
    case PlannedChange::Kind::changed:
      return "changed";
    case PlannedChange::Kind::renamed:
      return "renamed";
    case PlannedChange::Kind::deleted:
      return "deleted";
    case PlannedChange::Kind::taken_over:
      return "taken over";
  }
  return "";
}

void report_rejects(const std::vector<connector::Reject>& rejects, PullReport& report) {
  for (const bool failures : {true, false}) {
    for (const auto& r : rejects) {
      if (r.is_failure() != failures) continue;
      ++(failures ? report.rejected : report.skipped);
      if (report.rejects.size() < kReportedItems) report.rejects.push_back(r);
    }
  }
}

std::string PullReport::summary() const {
  std::string counts;
  auto say = [&](uint64_t n, std::string_view what) {
    if (n > 0) counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", n, what);
  };
  say(added, "added");
  say(changed, "changed");
  say(renamed, "renamed");
  say(deleted, "deleted");
  say(taken_over, "taken over");
  say(unchanged, "unchanged");
  say(kept, "kept");
  say(skipped, "skipped");
  say(rejected, "rejected");
  if (counts.empty()) counts = "nothing there";
  std::string end = dry_run            ? std::string("dry run, nothing written")
                    : versions.empty() ? std::string("nothing to commit")
                    : versions.size() == 1
                        ? fmt::format("version {}", version.value)
                        : fmt::format("versions {} to {}", versions.front().value, versions.back().value);
  return fmt::format("{} from {}: {}; {}; {:.2f} s", table, source, counts, end, seconds);
}

}  // namespace tarn::ingest
