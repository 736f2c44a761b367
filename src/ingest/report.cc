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

void PullReport::count(const PlannedChange& change) {
  switch (change.kind) {
    case PlannedChange::Kind::added:
      ++added;
      break;
    case PlannedChange::Kind::changed:
      ++changed;
      break;
    case PlannedChange::Kind::renamed:
      ++renamed;
      break;
    case PlannedChange::Kind::deleted:
      ++deleted;
      break;
    case PlannedChange::Kind::taken_over:
      ++taken_over;
      break;
  }
  if (changes.size() < kReportedItems) changes.push_back(change);
}

void PullReport::close(const base::Stopwatch& stopwatch) {
  seen = added + changed + renamed + unchanged + taken_over + kept;
  took_ms = stopwatch.elapsed_ms();
}

}  // namespace tarn::ingest
