#include "workspace/lake_store.h"

#include <fmt/format.h>

#include <filesystem>

namespace tarn::workspace {

using base::Code;
using base::Result;
using base::Status;

Result<std::unique_ptr<store::Store>> LakeStore::open_once(bool create) const {
  if (options_.store) return options_.store(create);
  std::error_code error;
  if (!create && !std::filesystem::is_directory(directory(), error)) {
    return Status(Code::not_found, fmt::format("there is no lake at {}", directory()),
                  "tarn pull makes it; --lake or TARN_LAKE says where it is");
  }
  return store::open_local(directory());
}

Result<store::Store*> LakeStore::open(bool create) {
  bool tried = false;
  const auto open = [&]() -> Result<std::shared_ptr<store::Store>> {
    tried = true;
    TARN_ASSIGN(auto opened, open_once(create));
    return std::shared_ptr<store::Store>(std::move(opened));
  };
  auto opened = store_.get(open);
  // Who only reads may have looked first, and found none.
  while (create && !tried && !opened.ok()) opened = store_.get(open);
  if (!opened.ok()) return opened.status();
  return opened->get();
}

}  // namespace tarn::workspace
