// What search and ask work with: the targets that a request names, and the parts that searching them needs.
// Errors:  not_found where nothing can be searched; invalid_argument for a table without an index.
// Threads: any.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "search/search.h"
#include "workspace/operations/hit.h"
#include "workspace/tables.h"

namespace tarn::workspace {

class Retrieval {
 public:
  Retrieval(Tables& tables, LiveSets& live_sets, Databases& databases, Indexing& indexing, Model& model)
      : tables_(tables), live_sets_(live_sets), databases_(databases), indexing_(indexing), model_(model) {}

  // The tables named, or every text table; those that cannot be opened are said in `passed_over`, where it is given.
  base::Result<std::vector<search::Target>> targets(const std::vector<std::string>& names, const std::string& as_of,
                                                    bool with_vectors, const base::Context& context,
                                                    std::vector<PassedOver>* passed_over = nullptr);
  // After targets().
  search::Environment environment();
  // What the reader must know of how it was searched.
  std::vector<std::string> notes(const std::vector<search::Target>& targets, const std::vector<PassedOver>& passed_over,
                                 const std::string& asked, search::Mode done);

 private:
  Tables& tables_;
  LiveSets& live_sets_;
  Databases& databases_;
  Indexing& indexing_;
  Model& model_;
};

PinnedTable to_pinned(const search::Target& target, bool with_vectors);

}  // namespace tarn::workspace
