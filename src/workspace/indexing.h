// The indexer: what makes a table's segments, and says what they are made with.
// Threads: any.
#pragma once

#include <memory>
#include <optional>

#include "base/once.h"
#include "index/indexer.h"
#include "workspace/databases.h"
#include "workspace/model.h"

namespace tarn::workspace {

class Indexing {
 public:
  Indexing(Databases& databases, Model& model) : databases_(databases), model_(model) {}

  base::Result<index::Indexer*> open();
  index::Indexer* known() const;  // null where nobody has needed it yet

 private:
  Databases& databases_;
  Model& model_;
  base::Once<std::shared_ptr<index::Indexer>> indexer_;
};

}  // namespace tarn::workspace
