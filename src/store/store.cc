#include "store/store.h"

namespace tarn::store {

base::Result<LocalFiles> Store::local_files(const std::vector<std::string>& paths) const {
  LocalFiles files;
  auto leases = std::make_shared<std::vector<Local>>();
  for (const std::string& path : paths) {
    TARN_ASSIGN(Local copy, local(path));
    files.paths.push_back(copy->path());
    leases->push_back(std::move(copy));
  }
  files.lease = std::move(leases);
  return files;
}

std::string Store::local_path(std::string_view path) const {
  const std::string root = local_root();
  return path.empty() ? root : root + (root == "/" ? "" : "/") + std::string(path);
}

}  // namespace tarn::store
