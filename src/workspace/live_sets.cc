#include "workspace/live_sets.h"

namespace tarn::workspace {

using base::Result;
using base::Status;

Result<std::shared_ptr<const index::LiveSet>> LiveSets::open(const Pinned& pinned, bool with_vectors,
                                                             const base::Context& context) {
  TARN_ASSIGN(index::Indexer * builder, indexing_.open());
  const auto complete = [&](const index::LiveSet& live) {
    return live.lexical_coverage() == 1 && (!with_vectors || !builder->has_vectors() || live.semantic_coverage() == 1);
  };
  const delta::Snapshot& wanted = *pinned.snapshot;
  {
    const std::lock_guard lock(mutex_);
    const auto known = kept_.find(pinned.name);
    if (known != kept_.end() && known->second->snapshot().version == wanted.version &&
        known->second->snapshot().table_id == wanted.table_id && complete(*known->second)) {
      return known->second;
    }
  }
  const Key key(pinned.name, wanted.table_id, wanted.version, with_vectors);
  const auto open = [&]() -> Result<std::shared_ptr<const index::LiveSet>> {
    TARN_ASSIGN(auto live, index::LiveSet::open(*pinned.table, pinned.snapshot, *builder));
    if (!complete(*live)) {
      const Status built = builder->ensure(*pinned.table, wanted, with_vectors, context);
      if (context.stopped()) return built.ok() ? context.check() : built;
      // A lake that cannot be written is searched as far as its segments go; the reply says how far.
      TARN_ASSIGN(live, index::LiveSet::open(*pinned.table, pinned.snapshot, *builder));
    }
    const std::lock_guard lock(mutex_);
    kept_[pinned.name] = live;
    return live;
  };
  auto live = opening_.get(key, open, context);
  opening_.forget(key);  // kept_ has it
  return live;
}

void LiveSets::forget(const std::string& table) {
  const std::lock_guard lock(mutex_);
  kept_.erase(table);
}

}  // namespace tarn::workspace
