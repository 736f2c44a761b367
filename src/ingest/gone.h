// What a source says of its items in one run, and the rows whose items are gone by it.
// Threads: one.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

#include "connector/connector.h"
#include "ingest/ingest.h"
#include "ingest/rows.h"
#include "ingest/shared_rows.h"
#include "ingest/state.h"

namespace tarn::ingest {

// Every uri that starts with one of them.
class Prefixes {
 public:
  void add(const std::string& prefix);
  bool cover(const std::string& uri) const;

 private:
  std::set<std::string> prefixes_;  // none starts with another
};

struct Said {
  std::unordered_set<std::string> named, kept, vanished;
  Prefixes kept_below, named_below;
  bool names(const std::string& uri) const;
  // It could not be read now; what was read before stays.
  bool keeps(const std::string& uri) const;
};

// Half of what was there, and so many at least, gone at once is doubted: a listing that was cut looks so. It stays
// until the caller says how many deletions are to be believed, or until all of it is back: as long as something waits,
// what goes waits with it.
inline constexpr uint64_t kDoubtedDeletions = 10;
struct Belief {
  uint64_t waiting = 0;              // since an earlier pull
  std::optional<uint64_t> believed;  // deletions, by the caller
};
Belief belief(const State* state, const PullRequest& request);
bool doubted(uint64_t gone, uint64_t were_there, const Belief& belief);

// The ids of rows whose items are gone, each counted in the report, and of parts that items have no more. `complete`:
// an item that is not named is gone; else only what vanished is. What is doubted is counted as such, and stays.
std::vector<std::string> find_gone(const Said& said, const LiveRows& live, const SharedRows& shared,
                                   const connector::Connector& connector, bool complete, const Belief& belief,
                                   PullReport* report);

}  // namespace tarn::ingest
