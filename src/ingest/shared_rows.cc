#include "ingest/shared_rows.h"

#include <algorithm>

namespace tarn::ingest {

void SharedRows::find(const connector::Connector& connector, std::vector<OtherSource>& others) {
  for (OtherSource& other : others) {
    auto overlap = other.url.empty() ? nullptr : connector.overlap_with(other.url);
    if (!overlap) continue;
    other.relation = overlap->relation();
    overlaps_.push_back({other.url, std::move(overlap)});
  }
}

base::Status SharedRows::load(const lake::TableReader& table, const delta::Snapshot& snapshot,
                              duck::Connection& connection, LiveRows& own) {
  for (const Other& other : overlaps_) {
    LiveRows theirs;
    TARN_TRY(theirs.load(table, snapshot, connection, other.source));
    for (const auto& [uri, row] : theirs.by_uri()) {
      own.add_ids(row);
      if (auto our_uri = other.overlap->ours(uri)) add(*our_uri, {row, other.source, uri, other.overlap.get()}, own);
    }
  }
  return {};
}

void SharedRows::add(const std::string& our_uri, SharedRow row, LiveRows& own) {
  if (const LiveRow* ours = own.find(our_uri)) {
    if (!row.stays_theirs()) return row.row.add_ids_to(extra_);
    ours->add_ids_to(extra_);
    own.erase(our_uri);
  }
  const auto [at, fresh] = rows_.try_emplace(our_uri, row);
  if (fresh) return;
  // The shorter URL is the wider source's, or one of two spellings of the same.
  if (row.source.size() < at->second.source.size()) std::swap(at->second, row);
  row.row.add_ids_to(extra_);
}

SharedRow* SharedRows::find(const std::string& our_uri) {
  const auto at = rows_.find(our_uri);
  return at == rows_.end() ? nullptr : &at->second;
}

bool others_moved(const std::vector<OtherSource>& before, const std::vector<OtherSource>& now) {
  const auto find = [](const std::vector<OtherSource>& all, const std::string& id) {
    const auto at = std::find_if(all.begin(), all.end(), [&](const OtherSource& o) { return o.id == id; });
    return at == all.end() ? nullptr : &*at;
  };
  for (const OtherSource& other : now) {
    const OtherSource* known = find(before, other.id);
    const bool same = known ? known->relation == other.relation : other.relation.empty();
    if (!same || (!other.relation.empty() && known->moved_at != other.moved_at)) return true;
  }
  return std::any_of(before.begin(), before.end(),
                     [&](const OtherSource& o) { return !o.relation.empty() && !find(now, o.id); });
}

}  // namespace tarn::ingest
