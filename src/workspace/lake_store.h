// The store of the lake's directory.
// Errors:  not_found when there is no lake: reading never makes one.
// Threads: any.
#pragma once

#include <memory>
#include <string>

#include "base/once.h"
#include "store/store.h"

namespace tarn::workspace {

class LakeStore {
 public:
  explicit LakeStore(std::string directory) : directory_(std::move(directory)) {}

  const std::string& directory() const { return directory_; }
  base::Result<store::Store*> open(bool create = false);

 private:
  const std::string directory_;
  base::Once<std::shared_ptr<store::Store>> store_;
};

}  // namespace tarn::workspace
