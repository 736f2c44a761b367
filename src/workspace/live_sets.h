// The live sets of the versions that are searched, opened once, with the index built where it is not complete.
// Threads: any. Who asks for a version that another one is opening waits for that; nobody else waits.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>

#include "base/once.h"
#include "index/live_set.h"
#include "workspace/indexing.h"

namespace tarn::workspace {

// A lake snapshot of one table: what one operation reads, resolved once.
struct Pinned {
  std::string name;  // "main.docs"
  std::shared_ptr<lake::TableReader> table;
  std::shared_ptr<const delta::Snapshot> snapshot;
};

class LiveSets {
 public:
  explicit LiveSets(Indexing& indexing) : indexing_(indexing) {}

  base::Result<std::shared_ptr<const index::LiveSet>> open(const Pinned& pinned, bool with_vectors,
                                                           const base::Context& context);
  void forget(const std::string& table);

 private:
  using Key = std::tuple<std::string, std::string, base::Version, bool>;  // name, id, version, with vectors

  Indexing& indexing_;
  base::OncePerKey<Key, std::shared_ptr<const index::LiveSet>> opening_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const index::LiveSet>> kept_;  // newest asked for, by table
};

}  // namespace tarn::workspace
