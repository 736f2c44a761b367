// Merging small files and files with many deleted rows: the same rows in fewer files, committed with dataChange false.
// Or all files of a partition written anew in the order of a column: then a row's place is not known, and a merge whose
// files others changed is dropped. It gives way to others: rows that they deleted meanwhile are deleted in the merged
// file too, through the place that each row has there by the order of the inputs. When that is most of it, the merge is
// dropped and planned anew (or, after a commit, left to the next one).
#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "delta/physical.h"
#include "delta/protocol.h"
#include "delta/schema.h"
#include "delta/statistics.h"
#include "lake/change.h"
#include "lake/compaction.h"
#include "lake/data_file.h"
#include "lake/uncommitted.h"

namespace tarn::lake {
namespace {

using base::Code;
using base::Result;
using base::Status;

constexpr int kMaxRounds = 5;
// Merges that one commit may bring about: more than there are levels.
constexpr int kMaxCascade = 10;

// What runs a statement: the caller's connection, or the lake's own.
using Run = std::function<Status(const std::function<Status(duck::Connection&)>&)>;

Status write_outputs(const DeltaTable& table, const delta::State& base, const Run& run, const OptimizeOptions& options,
                     const base::Context& context, Merge* merge, Uncommitted* uncommitted) {
  std::vector<const delta::DataFile*> inputs;
  for (const delta::DataFile& file : merge->inputs) inputs.push_back(&file);
  TARN_ASSIGN(const auto sources, table.sources(inputs));
  TARN_ASSIGN(const Select select, table.select_rows(base, sources, {{}, false, true}));
  const bool ordered = !options.cluster_by.empty();
  TARN_TRY(run([&](duck::Connection& connection) -> Status {
    WriteOptions write;
    write.enforce = false;
    write.partition = &merge->inputs[0].partition_values;
    write.order_by = options.cluster_by;
    write.target_bytes = options.target_bytes;
    TARN_ASSIGN(merge->outputs, write_rows(table, connection, base, select.sql, write, context));
    return {};
  }));
  for (const delta::DataFile& output : merge->outputs) uncommitted->add(output);
  for (delta::DataFile& output : merge->outputs) {
    if (ordered) output.tags[std::string(kClusterTag)] = options.cluster_by;
    if (table.observer() == nullptr) continue;
    TARN_TRY(ordered ? table.observer()->file_written(table, &base, output, context)
                     : table.observer()->files_merged(table, base, merge->inputs, output, context));
  }
  return {};
}

// Rows of the output that others deleted from its inputs (or moved: then they live elsewhere) since `merge` was
// planned; nothing when that cannot be told from the files, because rows came back.
Result<std::optional<delta::RowList>> lost_rows(const DeltaTable& table, const delta::State& latest,
                                                const Merge& merge) {
  delta::RowList lost;
  int64_t first = 0;  // of the input's rows in the output
  for (const delta::DataFile& input : merge.inputs) {
    TARN_ASSIGN(const delta::RowList before, table.deleted_rows(input));
    const auto count = input.row_count();
    if (!count) return std::optional<delta::RowList>();
    const int64_t live = *count - static_cast<int64_t>(before.size());
    const auto now = latest.files.find(input.path);
    if (now == latest.files.end()) {
      for (int64_t row = 0; row < live; ++row) lost.push_back(first + row);
    } else if (now->second.deletion_vector != input.deletion_vector) {
      TARN_ASSIGN(const delta::RowList deleted, table.deleted_rows(now->second));
      if (!without(before, deleted).empty()) return std::optional<delta::RowList>();
      for (int64_t row : without(deleted, before)) {
        const auto below = std::lower_bound(before.begin(), before.end(), row) - before.begin();
        lost.push_back(first + row - below);
      }
    }
    first += live;
  }
  return std::optional(std::move(lost));
}

// Gives the output what its inputs lost meanwhile. False when the merge is not worth it any more, or cannot be had.
Result<bool> keep_up(const DeltaTable& table, const delta::State& latest, const OptimizeOptions& options, Merge* merge,
                     Uncommitted* uncommitted) {
  TARN_ASSIGN(const auto lost, lost_rows(table, latest, *merge));
  if (!lost) return false;
  if (merge->outputs.empty() || !options.cluster_by.empty()) return lost->empty();
  delta::DataFile& output = merge->outputs[0];
  output.deletion_vector.reset();  // of an attempt before
  if (lost->empty()) return true;
  const auto cardinality = static_cast<int64_t>(lost->size());
  if (!delta::writes_deletion_vectors(latest) || cardinality * 2 > output.row_count().value_or(0)) return false;
  const std::string encoded = delta::encode_rows(*lost);
  if (encoded.size() <= delta::kMaxInlineBytes) {
    output.deletion_vector = delta::inline_deletion_vector(encoded, cardinality);
  } else {
    delta::DeletionVectorFile file;
    const std::string id = table.uuid();
    output.deletion_vector = file.add(encoded, cardinality);
    TARN_ASSIGN(output.deletion_vector->path_or_inline, delta::encode_uuid(id));
    const std::string name = delta::deletion_vector_file_name(id);
    uncommitted->add_other(name);
    TARN_TRY(table.store().put_if_absent(table.path() + "/" + name, file.bytes()));
  }
  output.stats = delta::loosen(output.stats);
  return true;
}

delta::CommitDraft draft_of(const std::vector<Merge>& merges, const delta::State& latest,
                            const OptimizeOptions& options, int64_t now_ms) {
  delta::CommitDraft draft;
  draft.operation = "OPTIMIZE";
  draft.parameters = json::Value::object({{"predicate", "[]"}, {"targetSize", options.target_bytes}});
  if (!options.cluster_by.empty()) draft.parameters.set("clusterBy", json::Value::array({options.cluster_by}));
  int64_t removed = 0, added = 0, removed_bytes = 0, added_bytes = 0;
  for (const Merge& merge : merges) {
    for (const delta::DataFile& input : merge.inputs) {
      const auto now = latest.files.find(input.path);
      if (now == latest.files.end()) continue;
      draft.removes.push_back(delta::removal_of(now->second, now_ms, false));
      ++removed;
      removed_bytes += input.size_bytes;
    }
    for (const delta::DataFile& output : merge.outputs) {
      draft.adds.push_back({output, false});
      ++added;
      added_bytes += output.size_bytes;
    }
  }
  draft.metrics = {{"numRemovedFiles", removed},
                   {"numRemovedBytes", removed_bytes},
                   {"numAddedFiles", added},
                   {"numAddedBytes", added_bytes}};
  return draft;
}

// Whether rows can be put in the order of a column, which gets the name that it has in the schema.
Status check_order(const delta::Snapshot& snapshot, std::string* column) {
  if (column->empty()) return {};
  const delta::Field* field = delta::find_field(snapshot.schema, *column);
  if (field == nullptr) return {Code::invalid_argument, fmt::format("there is no column '{}'", *column)};
  if (delta::is_partition(snapshot, *field) || !field->type.is_string() || delta::is_primitive(field->type, "binary")) {
    return {Code::invalid_argument, fmt::format("rows cannot be put in the order of '{}'", *column),
            "name a column of numbers, text or times that is not one of the partition's"};
  }
  *column = field->name;
  return {};
}

// The states before and after the commit of `merges`, or nothing when others had changed all of their files.
struct Step {
  std::shared_ptr<const delta::State> before, after;
};
Result<std::optional<Step>> carry_out(DeltaTable* table, const delta::State& base, const Run& run,
                                      std::vector<Merge> merges, const OptimizeOptions& options,
                                      const base::Context& context) {
  Uncommitted uncommitted(*table);
  uint64_t done = 0, total = 0;
  for (const Merge& merge : merges) total += merge.inputs.size();
  for (Merge& merge : merges) {
    TARN_TRY(context.check());
    context.update("merging", done, total, "files");
    TARN_TRY(write_outputs(*table, base, run, options, context, &merge, &uncommitted));
    done += merge.inputs.size();
  }
  context.update("merging", done, total, "files");
  for (int attempt = 0; attempt < kMaxCommitAttempts; ++attempt) {
    TARN_TRY(context.check());
    TARN_ASSIGN(auto latest, table->state(std::nullopt, context));
    if (!delta::same_json(latest->metadata, base.metadata) || !delta::same_json(latest->protocol, base.protocol)) break;
    std::vector<Merge> kept;
    for (Merge& merge : merges) {
      TARN_ASSIGN(const bool good, keep_up(*table, *latest, options, &merge, &uncommitted));
      if (good) kept.push_back(std::move(merge));
    }
    merges = std::move(kept);
    if (merges.empty()) break;
    auto committed = table->try_commit(latest.get(), draft_of(merges, *latest, options, table->now_ms()), context);
    uncommitted.settle(committed.status());
    if (committed.ok()) return std::optional(Step{std::move(latest), std::move(*committed)});
    if (committed.status().code() != Code::already_exists) return committed.status();
  }
  return std::optional<Step>();
}

Result<base::Version> merge_all(DeltaTable* table, const Run& run, OptimizeOptions options,
                                const base::Context& context) {
  for (int round = 0; round < kMaxRounds; ++round) {
    TARN_TRY(context.check());
    TARN_ASSIGN(const auto base, table->state(std::nullopt, context));
    TARN_TRY(delta::check_rewritable(*base));
    TARN_TRY(check_order(*base, &options.cluster_by));
    auto merges = options.cluster_by.empty() ? plan_all(*base, options) : plan_clusters(*base, options);
    if (merges.empty()) return base->version;
    TARN_ASSIGN(const auto step, carry_out(table, *base, run, std::move(merges), options, context));
    if (step) return step->after->version;
  }
  return Status(
      Code::conflict,
      fmt::format("table '{}': others changed the files while they were merged, {} times", table->path(), kMaxRounds),
      "run it when fewer write");
}

}  // namespace

Result<base::Version> DeltaTable::optimize(duck::Connection& connection, const OptimizeOptions& options,
                                           const base::Context& context) {
  const Run run = [&](const std::function<Status(duck::Connection&)>& work) { return work(connection); };
  auto version = merge_all(this, run, options, context);
  return version.ok() ? version : Result<base::Version>(context.reason(version.status()));
}

Status DeltaTable::maintain(std::shared_ptr<const delta::State> before, std::shared_ptr<const delta::State> after,
                            const base::Context& context) {
  const auto property = after->configuration.find("delta.autoOptimize.autoCompact");
  if (property != after->configuration.end() && property->second == "false") return {};
  if (!delta::check_rewritable(*after).ok()) return {};
  const Run run = [this](const std::function<Status(duck::Connection&)>& work) {
    return delta::with_connection(connect(), work);
  };
  const OptimizeOptions options;
  // A merge may be what its own level was waiting for.
  for (int i = 0; i < kMaxCascade; ++i) {
    auto merges = plan_due(*before, *after, options);
    if (merges.empty()) return {};
    TARN_ASSIGN(auto step, carry_out(this, *after, run, std::move(merges), options, context));
    if (!step) return {};
    before = std::move(step->before);
    after = std::move(step->after);
  }
  return {};
}

}  // namespace tarn::lake
