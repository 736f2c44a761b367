// Every source that Tarn reads: one line each.
#include "connector/confluence/confluence.h"
#include "connector/descriptor.h"
#include "connector/folder/folder.h"
#include "connector/jsonl/jsonl.h"

namespace tarn::connector {

const std::vector<Descriptor>& connectors() {
  static const std::vector<Descriptor> all = {
      folder::descriptor(),
      jsonl::descriptor(),
      confluence::descriptor(),
  };
  return all;
}

}  // namespace tarn::connector
