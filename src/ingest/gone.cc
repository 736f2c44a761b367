#include "ingest/gone.h"

#include <algorithm>

namespace tarn::ingest {

bool Said::keeps(const std::string& uri) const {
  return kept.contains(uri) || std::any_of(kept_below.begin(), kept_below.end(),
                                           [&](const std::string& prefix) { return uri.starts_with(prefix); });
}

std::vector<std::string> find_gone(const Said& said, const LiveRows& live, const SharedRows& shared,
                                   const connector::Connector& connector, bool complete, PullReport* report) {
  std::vector<std::string> ids;
  const auto take = [&](const std::string& uri, const LiveRow& row) {
    if (row.renamed || said.named.contains(uri) || said.keeps(uri)) return;
    row.add_ids_to(ids);
    report->count({PlannedChange::Kind::deleted, uri});
  };
  std::vector<const std::string*> uris;  // in their order, so that a dry run tells them in it
  if (complete) {
    for (const auto& [uri, row] : live.by_uri()) uris.push_back(&uri);
  } else {
    for (const std::string& uri : said.vanished) uris.push_back(&uri);
  }
  std::sort(uris.begin(), uris.end(), [](const auto* a, const auto* b) { return *a < *b; });
  for (const std::string* uri : uris) {
    if (const auto row = live.by_uri().find(*uri); row != live.by_uri().end()) take(*uri, row->second);
  }
  // Another source's row goes when its file does, not when it is only not wanted here.
  for (const auto& [uri, theirs] : shared.by_our_uri()) {
    if (connector.is_gone(uri)) take(uri, theirs.row);
  }
  for (const auto& [uri, row] : live.by_uri()) {
    if (row.again || !said.named.contains(uri)) continue;
    const auto stale = row.stale_parts();
    ids.insert(ids.end(), stale.begin(), stale.end());
  }
  ids.insert(ids.end(), live.orphans().begin(), live.orphans().end());
  ids.insert(ids.end(), shared.extra().begin(), shared.extra().end());
  return ids;
}

}  // namespace tarn::ingest
