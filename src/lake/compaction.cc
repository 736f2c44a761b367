#include "lake/compaction.h"

#include <algorithm>
#include <tuple>

namespace tarn::lake {
namespace {

using Files = std::vector<const delta::DataFile*>;

int64_t deleted_rows(const delta::DataFile& file) {
  return file.deletion_vector ? file.deletion_vector->cardinality : 0;
}

// More than 1 / `share` of its rows are deleted.
bool holed(const delta::DataFile& file, int64_t share) {
  const auto count = file.row_count();
  return count && deleted_rows(file) > *count / share;
}

int level_of(const delta::DataFile& file) {
  int level = 0;
  for (int64_t rows = file.row_count().value_or(0) - deleted_rows(file); rows >= static_cast<int64_t>(kFanIn);
       ++level) {
    rows /= static_cast<int64_t>(kFanIn);
  }
  return level;
}

using Partition = std::map<std::string, std::optional<std::string>>;

std::vector<Merge> pack(Files files, int64_t target_bytes) {
  std::sort(files.begin(), files.end(), [](const delta::DataFile* a, const delta::DataFile* b) {
    return std::tie(a->partition_values, a->modified_ms, a->path) <
           std::tie(b->partition_values, b->modified_ms, b->path);
  });
  std::vector<Merge> merges;
  int64_t bytes = 0;
  for (const delta::DataFile* file : files) {
    if (merges.empty() || bytes + file->size_bytes > target_bytes ||
        merges.back().inputs.back().partition_values != file->partition_values) {
      merges.emplace_back();
      bytes = 0;
    }
    merges.back().inputs.push_back(*file);
    bytes += file->size_bytes;
  }
  return merges;
}

}  // namespace

std::vector<Merge> plan_all(const delta::Snapshot& snapshot, const OptimizeOptions& options) {
  Files candidates;
  for (const auto& [path, file] : snapshot.files) {
    if (file.size_bytes < options.small_bytes || holed(file, 5)) candidates.push_back(&file);
  }
  auto merges = pack(std::move(candidates), options.target_bytes);
  std::erase_if(merges, [](const Merge& merge) { return merge.inputs.size() == 1 && !holed(merge.inputs[0], 5); });
  return merges;
}

std::vector<Merge> plan_clusters(const delta::Snapshot& snapshot, const OptimizeOptions& options) {
  std::map<Partition, Files> partitions;
  for (const auto& [path, file] : snapshot.files) partitions[file.partition_values].push_back(&file);
  std::vector<Merge> merges;
  for (auto& [partition, files] : partitions) {
    const bool in_order = std::all_of(files.begin(), files.end(), [&](const delta::DataFile* file) {
      const auto tag = file->tags.find(std::string(kClusterTag));
      return tag != file->tags.end() && tag->second == options.cluster_by && !holed(*file, 5);
    });
    if (in_order) continue;
    Merge& merge = merges.emplace_back();
    for (const delta::DataFile* file : files) merge.inputs.push_back(*file);
  }
  return merges;
}

std::vector<Merge> plan_due(const delta::Snapshot& before, const delta::Snapshot& after,
                            const OptimizeOptions& options) {
  using Level = std::pair<Partition, int>;
  struct Count {
    size_t before = 0;
    Files after;
  };
  std::map<Level, Count> levels;
  std::vector<Merge> due;
  // The levels that the commit added to; all others are as they were, or smaller.
  for (const auto& [path, file] : after.files) {
    const auto old = before.files.find(path);
    if (old != before.files.end() && old->second.deletion_vector == file.deletion_vector) continue;
    if (file.size_bytes < options.small_bytes) {
      levels.try_emplace({file.partition_values, level_of(file)});
    } else if (holed(file, 2) && (old == before.files.end() || !holed(old->second, 2))) {
      due.push_back({{file}, {}});
    }
  }
  if (!levels.empty()) {
    const auto each = [&](const delta::Snapshot& snapshot, const auto& visit) {
      for (const auto& [path, file] : snapshot.files) {
        if (file.size_bytes >= options.small_bytes) continue;
        const auto level = levels.find({file.partition_values, level_of(file)});
        if (level != levels.end()) visit(file, &level->second);
      }
    };
    each(before, [](const delta::DataFile&, Count* count) { ++count->before; });
    each(after, [](const delta::DataFile& file, Count* count) { count->after.push_back(&file); });
  }
  for (auto& [level, count] : levels) {
    if (count.after.size() / kFanIn <= count.before / kFanIn) continue;
    for (Merge& merge : pack(std::move(count.after), options.target_bytes)) {
      if (merge.inputs.size() > 1) due.push_back(std::move(merge));
    }
  }
  return due;
}

}  // namespace tarn::lake
