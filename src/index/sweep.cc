// Taking away segments whose data file is gone. A segment is written after its data file, so one without it belongs to
// nobody.
#include <fmt/format.h>

#include <set>

#include "index/indexer.h"

namespace tarn::index {

using base::Result;

Result<std::vector<lake::RemovedFile>> Indexer::files_swept(const lake::TableReader& table,
                                                            const std::function<Result<lake::FilesThere>()>& there,
                                                            bool dry_run, const base::Context& context) {
  store::Store& store = table.store();
  const std::string root = table.path() + "/_tarn";
  std::vector<lake::RemovedFile> found;  // path relative to the table
  std::set<std::string> directories;
  TARN_ASSIGN(const auto parts, store.list(root));
  for (const auto& part : parts) {
    TARN_TRY(context.check());
    if (!part.is_directory || !(part.name.starts_with("lexical-") || part.name.starts_with("vector-"))) continue;
    directories.insert(root + "/" + part.name);
    TARN_ASSIGN(const auto entries, store.list(root + "/" + part.name));
    for (const auto& entry : entries) {
      if (entry.is_directory || !entry.name.ends_with(".seg")) continue;
      found.push_back({fmt::format("_tarn/{}/{}", part.name, entry.name), static_cast<int64_t>(entry.size_bytes)});
    }
  }
  if (found.empty()) return found;

  std::set<std::string> kept;  // names of files
  TARN_ASSIGN(const lake::FilesThere files, there());
  for (const auto& [path, size_bytes] : files) {
    delta::DataFile file;
    file.path = path;
    file.size_bytes = size_bytes;
    kept.insert(source_hash(file).hex() + ".seg");
  }
  TARN_ASSIGN(const auto newest, table.snapshot({}, context));
  std::vector<delta::DataFile> live;
  for (const auto& [path, file] : newest->files) {
    live.push_back(file);
    kept.insert(source_hash(file).hex() + ".seg");  // of a linked folder, its time counts as well
  }
  kept.insert(fmt::format("lexicon-{}.seg", lexicon_source(live).hex()));

  std::vector<lake::RemovedFile> removed;
  for (const lake::RemovedFile& file : found) {
    if (kept.count(file.path.substr(file.path.rfind('/') + 1)) != 0) continue;
    TARN_TRY(context.check());
    if (!dry_run) TARN_TRY(store.remove(table.path() + "/" + file.path));
    removed.push_back(file);
  }
  if (!dry_run) {
    // Opening a directory for writing takes away what dead writers left in it.
    for (const std::string& directory : directories) {
      const auto staged = store.stage(directory);
      if (staged.ok()) store.discard(*staged);
    }
  }
  return removed;
}

}  // namespace tarn::index
