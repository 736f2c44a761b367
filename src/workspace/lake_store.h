// The store of the lake: its directory, or what the options bring.
// Errors:  not_found when there is no lake: reading never makes one.
// Threads: any.
#pragma once

#include <memory>
#include <string>

#include "base/once.h"
#include "store/store.h"
#include "workspace/options.h"

namespace tarn::workspace {

class LakeStore {
 public:
  explicit LakeStore(const OpenOptions& options) : options_(options) {}

  const std::string& directory() const { return options_.lake; }
  base::Result<store::Store*> open(bool create = false);

 private:
  base::Result<std::unique_ptr<store::Store>> open_once(bool create) const;

  const OpenOptions& options_;
  base::Once<std::shared_ptr<store::Store>> store_;
};

}  // namespace tarn::workspace
