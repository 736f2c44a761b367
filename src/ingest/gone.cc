#include "ingest/gone.h"

#include <algorithm>
#include <iterator>

namespace tarn::ingest {

void Prefixes::add(const std::string& prefix) {
  if (cover(prefix)) return;
  auto at = prefixes_.lower_bound(prefix);
  while (at != prefixes_.end() && at->starts_with(prefix)) at = prefixes_.erase(at);
  prefixes_.insert(prefix);
}

bool Prefixes::cover(const std::string& uri) const {
  // What stands between a prefix of it and itself would start with that prefix.
  const auto behind = prefixes_.upper_bound(uri);
  return behind != prefixes_.begin() && uri.starts_with(*std::prev(behind));
}

bool Said::keeps(const std::string& uri) const { return kept.contains(uri) || kept_below.cover(uri); }
bool Said::names(const std::string& uri) const { return named.contains(uri) || named_below.cover(uri); }

Belief belief(const State* state, const PullRequest& request) {
  return {state ? state->doubted : 0, request.believe_deletions};
}

bool doubted(uint64_t gone, uint64_t were_there, const Belief& belief) {
  const bool many = gone >= kDoubtedDeletions && 2 * gone >= were_there;
  return (many || belief.waiting > 0) && gone > belief.believed.value_or(0);
}

std::vector<std::string> find_gone(const Said& said, const LiveRows& live, const SharedRows& shared,
                                   const connector::Connector& connector, bool complete, const Belief& belief,
                                   PullReport* report) {
  uint64_t were_there = 0;
  std::vector<std::pair<std::string, const LiveRow*>> gone;
  const auto look = [&](const std::string& uri, const LiveRow& row, bool may_go) {
    if (row.renamed) return;
    ++were_there;
    if (may_go && !said.names(uri) && !said.keeps(uri)) gone.emplace_back(uri, &row);
  };
  for (const auto& [uri, row] : live.by_uri()) look(uri, row, complete || said.vanished.contains(uri));
  // Another source's row goes when its file does, not when it is only not wanted here.
  for (const auto& [uri, theirs] : shared.by_our_uri()) {
    look(uri, theirs.row, !said.names(uri) && connector.is_gone(uri));
  }
  if (doubted(gone.size(), were_there, belief)) {
    report->doubted = gone.size();
    gone.clear();
  }
  std::vector<std::string> ids;
  std::sort(gone.begin(), gone.end());  // a dry run tells them in the order of their uris
  for (const auto& [uri, row] : gone) {
    row->add_ids_to(ids);
    report->count({PlannedChange::Kind::deleted, uri});
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
