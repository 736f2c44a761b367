#include "workspace/lake_store.h"

#include <fmt/format.h>

#include <filesystem>

namespace tarn::workspace {

using base::Code;
using base::Result;
using base::Status;

Result<store::Store*> LakeStore::open(bool create) {
  bool tried = false;
  const auto open = [&]() -> Result<std::shared_ptr<store::Store>> {
    tried = true;
    std::error_code error;
    if (!create && !std::filesystem::is_directory(directory_, error)) {
      return Status(Code::not_found, fmt::format("there is no lake at {}", directory_),
                    "tarn pull makes it; --lake or TARN_LAKE says where it is");
    }
    TARN_ASSIGN(auto local, store::open_local(directory_));
    return std::shared_ptr<store::Store>(std::move(local));
  };
  auto opened = store_.get(open);
  // Who only reads may have looked first, and found none.
  while (create && !tried && !opened.ok()) opened = store_.get(open);
  if (!opened.ok()) return opened.status();
  return opened->get();
}

}  // namespace tarn::workspace
