// Which data files are merged, and when: the policy, apart from how it is carried out (optimize.cc).
// Shape:   by itself after a commit: files below `small_bytes` stand in levels by their live rows (level l: kFanIn^l
//          and more). The commit that brings a level to a multiple of kFanIn files merges them into one of the next
//          level; so each row is written once for each level, and one writer of several does it. A file with more than
//          half of its rows deleted is rewritten once. On demand (plan_all): every small file, and every file with more
//          than a fifth of its rows deleted. Files merge only within their partition; a merge takes at most
//          `target_bytes`.
// Source:  tiered merging as in O'Neil et al., "The Log-Structured Merge-Tree" (1996); doc/design/compaction.md has the
//          figures.
#pragma once

#include <string_view>
#include <vector>

#include "lake/table.h"

namespace tarn::lake {

inline constexpr size_t kFanIn = 16;

struct Merge {
  std::vector<delta::DataFile> inputs;  // older rows first
  // None while it is planned, and when no row is left; several only where rows are put in order.
  std::vector<delta::DataFile> outputs;
};

// The tag of a file whose partition was put in the order of the column that it names.
inline constexpr std::string_view kClusterTag = "tarn.clustered";

std::vector<Merge> plan_all(const delta::Snapshot& snapshot, const OptimizeOptions& options);
// Each partition that is not in the order of options.cluster_by: all of its files.
std::vector<Merge> plan_clusters(const delta::Snapshot& snapshot, const OptimizeOptions& options);
// What became due by the commit that made `after` of `before`.
std::vector<Merge> plan_due(const delta::Snapshot& before, const delta::Snapshot& after,
                            const OptimizeOptions& options);

}  // namespace tarn::lake
