#include "ingest/gone.h"

#include <algorithm>

namespace tarn::ingest {

bool Said::keeps(const std::string& uri) const {
  return kept.contains(uri) || std::any_of(kept_below.begin(), kept_below.end(),
                                           [&](const std::string& prefix) { return uri.starts_with(prefix); });
}

bool doubted(uint64_t gone, uint64_t were_there, const std::optional<uint64_t>& believed) {
  return gone >= kDoubtedDeletions && 2 * gone >= were_there && gone > believed.value_or(0);
}

std::vector<std::string> find_gone(const Said& said, const LiveRows& live, const SharedRows& shared,
                                   const connector::Connector& connector, bool complete,
                                   const std::optional<uint64_t>& believed, PullReport* report) {
  std::vector<std::string> ids;
  const auto is_gone = [&](const std::string& uri, const LiveRow& row) {
    return !row.renamed && !said.named.contains(uri) && !said.keeps(uri);
  };
  const auto take = [&](const std::string& uri, const LiveRow& row) {
    row.add_ids_to(ids);
    report->count({PlannedChange::Kind::deleted, uri});
  };
  std::vector<const std::pair<const std::string, LiveRow>*> gone;
  uint64_t were_there = 0;
  for (const auto& entry : live.by_uri()) {
    were_there += entry.second.renamed ? 0 : 1;
    const bool may_go = complete || said.vanished.contains(entry.first);
    if (may_go && is_gone(entry.first, entry.second)) gone.push_back(&entry);
  }
  if (doubted(gone.size(), were_there, believed)) {
    report->doubted = gone.size();
    gone.clear();
  }
  // In the order of their uris, so that a dry run tells them in it.
  std::sort(gone.begin(), gone.end(), [](const auto* a, const auto* b) { return a->first < b->first; });
  for (const auto* entry : gone) take(entry->first, entry->second);
  // Another source's row goes when its file does, not when it is only not wanted here.
  for (const auto& [uri, theirs] : shared.by_our_uri()) {
    if (connector.is_gone(uri) && is_gone(uri, theirs.row)) take(uri, theirs.row);
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
