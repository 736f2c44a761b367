// Rows of other sources in one table whose items this source names too.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "connector/connector.h"
#include "ingest/rows.h"
#include "ingest/state.h"

namespace tarn::ingest {

struct SharedRow {
  LiveRow row;
  std::string source, uri;  // as its owner names it
  const connector::Overlap* overlap = nullptr;
  bool stays_theirs() const { return overlap->theirs_is_wider(); }
};

class SharedRows {
 public:
  // Finds out how the other sources lie to this one, and says it in each `relation`.
  void find(const connector::Connector& connector, std::vector<OtherSource>& others);
  bool any() const { return !overlaps_.empty(); }

  // Reads their live rows. Of two rows for one item only the widest source's stays: the ids of the others are in
  // extra().
  base::Status load(const lake::TableReader& table, const delta::Snapshot& snapshot, duck::Connection& connection,
                    LiveRows& own);
  SharedRow* find(const std::string& our_uri);
  const std::map<std::string, SharedRow>& by_our_uri() const { return rows_; }
  const std::vector<std::string>& extra() const { return extra_; }

 private:
  struct Other {
    std::string source;
    std::unique_ptr<connector::Overlap> overlap;
  };
  void add(const std::string& our_uri, SharedRow row, LiveRows& own);

  std::vector<Other> overlaps_;
  std::map<std::string, SharedRow> rows_;
  std::vector<std::string> extra_;
};

// Whether what `before` says of the other sources makes its bookmark one that cannot be relied on: rows that it knows
// of may have been changed or deleted by a source that has part in them.
bool others_moved(const std::vector<OtherSource>& before, const std::vector<OtherSource>& now);

}  // namespace tarn::ingest
