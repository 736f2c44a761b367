// Merging small files and files with many deleted rows: the same rows in fewer files, committed with dataChange false.
// It gives way: when another commit took or changed one of its inputs meanwhile, that merge is dropped and planned anew.
#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "lake/change.h"
#include "lake/data_file.h"
#include "lake/protocol.h"

namespace tarn::lake {
namespace {

using base::Code;
using base::Result;
using base::Status;

constexpr int kMaxRounds = 5;

struct Merge {
  std::vector<DataFile> inputs;
  std::optional<DataFile> output;
};

bool many_deleted(const DataFile& file) {
  const auto count = file.row_count();
  return file.deletion_vector && count && file.deletion_vector->cardinality * 5 > *count;
}

std::vector<Merge> plan(const Snapshot& snapshot, const OptimizeOptions& options) {
  std::vector<const DataFile*> candidates;
  for (const auto& [path, file] : snapshot.files) {
    if (file.size_bytes < options.small_bytes || many_deleted(file)) candidates.push_back(&file);
  }
  // Older rows stay before newer ones.
  std::sort(candidates.begin(), candidates.end(), [](const DataFile* a, const DataFile* b) {
    return std::tie(a->modified_ms, a->path) < std::tie(b->modified_ms, b->path);
  });
  std::vector<Merge> merges(1);
  int64_t bytes = 0;
  for (const DataFile* file : candidates) {
    if (!merges.back().inputs.empty() && bytes + file->size_bytes > options.target_bytes) {
      merges.emplace_back();
      bytes = 0;
    }
    merges.back().inputs.push_back(*file);
    bytes += file->size_bytes;
  }
  std::erase_if(merges, [](const Merge& merge) {
    return merge.inputs.empty() || (merge.inputs.size() == 1 && !many_deleted(merge.inputs[0]));
  });
  return merges;
}

Status write_output(const DeltaTable& table, const State& base, duck::Connection& connection, Merge* merge) {
  std::vector<const DataFile*> inputs;
  for (const DataFile& file : merge->inputs) inputs.push_back(&file);
  TARN_ASSIGN(const auto sources, table.sources(inputs));
  TARN_ASSIGN(const std::string rows, select_rows(base, table.directory(), sources, {{}, true, true}));
  const std::string select = "SELECT * EXCLUDE (tarn_file_ordinal, tarn_file, tarn_row) FROM (" + rows +
                             ") ORDER BY tarn_file_ordinal, tarn_row";
  TARN_ASSIGN(merge->output, write_data_file(table, connection, base.schema, select));
  if (merge->output && table.observer() != nullptr) {
    TARN_TRY(table.observer()->files_merged(table, base, merge->inputs, *merge->output));
  }
  return {};
}

bool untouched(const State& latest, const Merge& merge) {
  return std::all_of(merge.inputs.begin(), merge.inputs.end(), [&](const DataFile& input) {
    const auto it = latest.files.find(input.path);
    return it != latest.files.end() && it->second.deletion_vector == input.deletion_vector;
  });
}

CommitDraft draft_of(const std::vector<Merge>& merges, const OptimizeOptions& options, int64_t now_ms) {
  CommitDraft draft;
  draft.operation = "OPTIMIZE";
  draft.parameters = json::Value::object({{"predicate", "[]"}, {"targetSize", options.target_bytes}});
  int64_t removed = 0, added = 0, removed_bytes = 0, added_bytes = 0;
  for (const Merge& merge : merges) {
    for (const DataFile& input : merge.inputs) {
      draft.removes.push_back(removal_of(input, now_ms, false));
      ++removed;
      removed_bytes += input.size_bytes;
    }
    if (!merge.output) continue;
    draft.adds.push_back({*merge.output, false});
    ++added;
    added_bytes += merge.output->size_bytes;
  }
  draft.metrics = {{"numRemovedFiles", removed},
                   {"numRemovedBytes", removed_bytes},
                   {"numAddedFiles", added},
                   {"numAddedBytes", added_bytes}};
  return draft;
}

}  // namespace

Result<base::Version> DeltaTable::optimize(duck::Connection& connection, const OptimizeOptions& options) {
  for (int round = 0; round < kMaxRounds; ++round) {
    TARN_ASSIGN(const auto base, state(std::nullopt));
    TARN_TRY(check_appendable(*base));
    auto merges = plan(*base, options);
    if (merges.empty()) return base->version;
    for (Merge& merge : merges) TARN_TRY(write_output(*this, *base, connection, &merge));
    for (int attempt = 0; attempt < kMaxCommitAttempts; ++attempt) {
      TARN_ASSIGN(const auto latest, state(std::nullopt));
      if (!same_json(latest->metadata, base->metadata) || !same_json(latest->protocol, base->protocol)) break;
      std::erase_if(merges, [&](const Merge& merge) { return !untouched(*latest, merge); });
      if (merges.empty()) break;
      const auto committed = try_commit(latest.get(), draft_of(merges, options, now_ms()));
      if (committed.ok()) return (*committed)->version;
      if (committed.status().code() != Code::already_exists) return committed.status();
    }
  }
  return Status(Code::conflict,
                fmt::format("table '{}': others changed the files while they were merged, {} times", path_, kMaxRounds),
                "run it when fewer write");
}

}  // namespace tarn::lake
