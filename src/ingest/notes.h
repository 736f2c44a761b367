// What a pull tells its user in words beside the counts, once: when it is new.
// Threads: one.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "connector/connector.h"
#include "document/document.h"
#include "ingest/ingest.h"
#include "ingest/state.h"

namespace tarn::ingest {

// What the page's reader left out as navigation.
uint64_t left_out_bytes(const document::Document& page);

// Pages of which more was left out than taken.
class LeftOutPages {
 public:
  void add(const std::string& uri, const document::Document& page);
  void tell(std::vector<std::string>* notes) const;

 private:
  uint64_t pages_ = 0;
  std::multimap<uint64_t, std::string> worst_;  // by bytes
};

// Rejects that are noted, by name. `before`: those of the last pull, by item, which were told then.
void tell_what_is_passed_over(const std::vector<connector::Reject>& rejects,
                              const std::unordered_map<std::string, const connector::Reject*>& before,
                              std::vector<std::string>* notes);

// Which documents are one row for several sources. `twice`: rows that were there beside another of the same document.
void tell_what_is_shared(const connector::Connector& connector, const std::vector<OtherSource>& others, uint64_t twice,
                         bool first_time, PullReport* report);

// Deletions that were not believed, and what believes them.
void tell_what_is_doubted(const PullReport& report, std::vector<std::string>* notes);

}  // namespace tarn::ingest
