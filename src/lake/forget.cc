#include "lake/forget.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>

#include "delta/deletion_vector.h"
#include "delta/path.h"
#include "delta/physical.h"
#include "delta/protocol.h"
#include "delta/schema.h"
#include "delta/state_file.h"
#include "duck/cancel_watch.h"
#include "lake/data_file.h"
#include "lake/uncommitted.h"
#include "lake/vacuum.h"

namespace tarn::lake {
namespace {

using base::Code;
using base::Result;
using base::Status;

constexpr size_t kBatch = 64;  // files that one query looks into
constexpr int kMaxRounds = 20;
// Columns of a text table that say the same of many rows: commits may name them for other reasons.
constexpr std::string_view kShared[] = {"source", "mime", "lang"};

}  // namespace

std::string Forgetting::condition(std::string_view column) const {
  std::string list;
  for (const std::string& value : options_.values) list += (list.empty() ? "" : ", ") + duck::quote_literal(value);
  return fmt::format("CAST({} AS VARCHAR) IN ({})", column, list);
}

bool Forgetting::by_partition() const {
  return delta::is_partition(*state_, *delta::find_field(state_->schema, options_.column));
}

bool Forgetting::erases(const std::string& path, const delta::PartitionValues& given) const {
  if (own_.empty()) return false;
  const auto known = partitions_.find(path);
  const delta::PartitionValues values = !given.empty()               ? given
                                        : known != partitions_.end() ? known->second
                                                                     : delta::partitions_of_path(path);
  return std::any_of(values.begin(), values.end(),
                     [&](const auto& value) { return value.second && own_.count({value.first, *value.second}) != 0; });
}

Result<int64_t> Forgetting::rows_in(const std::string& path) const {
  TARN_ASSIGN(const store::LocalFiles copy, table_.local_files({path}));
  TARN_ASSIGN(const auto rows, connection_.query("SELECT num_rows FROM parquet_file_metadata(" +
                                                 duck::quote_literal(copy.paths[0]) + ")"));
  TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
  return chunk != nullptr && chunk->rows() == 1 ? chunk->integer(0, 0) : 0;
}

Status Forgetting::read_partitions(const delta::State& whole, const std::map<std::string, StoredFile>& stored) {
  partitions_.clear();
  if (whole.partition_columns.empty()) return {};
  const auto add = [&](const std::string& path, const delta::PartitionValues& values) {
    if (!values.empty()) partitions_[path] = values;
  };
  TARN_ASSIGN(const delta::LogFiles files, delta::list_log(table_.store(), table_.path()));
  for (int64_t version : files.commits) {
    TARN_TRY(context_.check());
    TARN_ASSIGN(const delta::Actions actions, table_.log().read_commit(base::Version(version)));
    for (const std::string& path : actions.change_files) add(path, delta::partitions_of_path(path));
    for (const delta::Remove& remove : actions.removes) add(remove.path, remove.partition_values);
    for (const delta::Add& one : actions.adds) add(one.file.path, one.file.partition_values);
  }
  for (const auto& [id, remove] : whole.tombstones) add(remove.path, remove.partition_values);
  for (const auto& [path, file] : whole.files) add(path, file.partition_values);
  for (const auto& [path, file] : stored) {
    if (partitions_.count(path) == 0) add(path, delta::partitions_of_path(path));
  }
  return {};
}

Status Forgetting::find_own(const std::map<std::string, StoredFile>& stored) {
  own_.clear();
  if (partitions_.empty()) return {};
  std::set<std::string> whole;
  for (const ForgottenFile& file : report_.files) {
    const auto rows = rows_in(file.path);
    TARN_TRY(context_.check());
    if (!rows.ok() || *rows == file.rows) whole.insert(file.path);
  }
  for (const std::string& path : whole) {
    for (const auto& [column, value] : partitions_[path]) {
      if (value) own_.insert({column, *value});
    }
  }
  if (by_partition()) {
    for (const std::string& value : options_.values) {
      own_.insert({delta::physical_name(*state_, *delta::find_field(state_->schema, options_.column)), value});
    }
  }
  for (const auto& [path, file] : stored) {
    if (whole.count(path) != 0) continue;
    for (const auto& [column, value] : partitions_[path]) {
      if (value) own_.erase({column, *value});
    }
  }
  return {};
}

Status Forgetting::find_in(const std::vector<std::string>& paths, const delta::Field& key) {
  std::map<std::string, int64_t> found;  // by path
  if (by_partition()) {
    const std::string column = delta::physical_name(*state_, key);
    for (size_t i = 0; i < paths.size(); ++i) {
      const delta::PartitionValues& values = partitions_[paths[i]];
      const auto value = values.find(column);
      if (value == values.end() || !value->second) continue;
      const bool wanted =
          std::find(options_.values.begin(), options_.values.end(), *value->second) != options_.values.end();
      if (!wanted) continue;
      TARN_ASSIGN(found[paths[i]], rows_in(paths[i]));
    }
  } else {
    TARN_ASSIGN(const store::LocalFiles copies, table_.local_files(paths));
    std::map<std::string, std::string, std::less<>> path_of;
    for (size_t i = 0; i < paths.size(); ++i) path_of[copies.paths[i]] = paths[i];
    TARN_ASSIGN(const auto rows, connection_.query(fmt::format(
                                     "SELECT f.filename, count(*) FROM {} AS f WHERE {} GROUP BY ALL",
                                     delta::read_parquet_call(*state_, copies.paths, {&key}), condition("f.c0"))));
    while (true) {
      TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
      if (chunk == nullptr) break;
      for (size_t i = 0; i < chunk->rows(); ++i) {
        const auto path = path_of.find(chunk->text(0, i));
        if (path == path_of.end()) {
          return {Code::internal, fmt::format("DuckDB names a file '{}' that was not asked for", chunk->text(0, i))};
        }
        found[path->second] = chunk->integer(1, i);
      }
    }
  }
  for (size_t i = 0; i < paths.size(); ++i) {
    const auto rows = found.find(paths[i]);
    if (rows == found.end()) continue;
    const auto entry = table_.store().stat(table_.path() + "/" + paths[i]);
    report_.files.push_back({paths[i], entry.ok() ? static_cast<int64_t>(entry->size_bytes) : 0, rows->second,
                             state_->files.count(paths[i]) != 0});
  }
  return {};
}

Status Forgetting::find() {
  TARN_TRY(context_.check());
  TARN_ASSIGN(state_, table_.state(std::nullopt, context_));
  const delta::Field* key = delta::find_field(state_->schema, options_.column);
  if (key == nullptr) {
    return {Code::invalid_argument, fmt::format("table '{}' has no column '{}'", table_.path(), options_.column)};
  }
  report_.files.clear();
  young_.clear();
  TARN_ASSIGN(const auto stored, stored_files(table_.store(), table_.path(), context_));
  TARN_ASSIGN(const auto whole, table_.log().load(std::nullopt, context_, true));
  TARN_ASSIGN(std::set<std::string> committed, committed_change_files(table_, context_));
  for (const auto& [path, file] : whole->files) committed.insert(path);
  for (const auto& [id, remove] : whole->tombstones) committed.insert(remove.path);
  TARN_TRY(read_partitions(*whole, stored));
  std::vector<std::string> paths;
  for (const auto& [path, file] : stored) {
    if (is_data_file(path)) paths.push_back(path);
  }
  for (size_t begin = 0; begin < paths.size(); begin += kBatch) {
    context_.update("looking for the rows", begin, paths.size(), "files");
    const std::vector<std::string> batch(
        paths.begin() + static_cast<ptrdiff_t>(begin),
        paths.begin() + static_cast<ptrdiff_t>(std::min(begin + kBatch, paths.size())));
    const size_t before = report_.files.size();
    const bool good = find_in(batch, *key).ok();
    TARN_TRY(context_.check());
    if (good) continue;
    report_.files.resize(before);
    for (const std::string& path : batch) {
      const Status looked = find_in({path}, *key);
      TARN_TRY(context_.check());
      if (looked.ok()) continue;
      if (state_->files.count(path) != 0) return looked.with_context(table_.path() + "/" + path);
      // What cannot be read may hold anything, and no version needs it for its newest rows.
      report_.files.push_back({path, stored.at(path).size_bytes, 0, false});
    }
  }
  std::erase_if(report_.files, [&](const ForgottenFile& file) {
    const bool young =
        committed.count(file.path) == 0 && stored.at(file.path).modified_us > table_.now_us() - kOrphanAgeUs;
    if (young) young_.push_back(file.path);
    return young;
  });
  held_.clear();
  int64_t rows = 0;
  for (const ForgottenFile& file : report_.files) {
    held_.insert(file.path);
    rows += file.rows;
  }
  if (rows > kMaxForgetRows) {
    return {Code::exhausted, fmt::format("{} rows are to be forgotten; the limit is {}", rows, kMaxForgetRows),
            "delete them, then vacuum with no retention"};
  }
  return find_own(stored);
}

Status Forgetting::read_texts() {
  for (const std::string& value : options_.values) report_.texts[options_.column].insert(value);
  std::vector<const delta::Field*> fields{delta::find_field(state_->schema, options_.column)};
  for (const delta::Field& field : state_->schema) {
    const bool partition = std::find(state_->partition_columns.begin(), state_->partition_columns.end(), field.name) !=
                           state_->partition_columns.end();
    const bool shared = std::find(std::begin(kShared), std::end(kShared), field.name) != std::end(kShared);
    if (delta::is_primitive(field.type, "string") && !partition && !shared && field.name != fields[0]->name) {
      fields.push_back(&field);
    }
  }
  std::string list;
  for (size_t i = 1; i < fields.size(); ++i) {
    list += fmt::format("{}CASE WHEN strlen(f.c{}) BETWEEN 1 AND {} THEN f.c{} END", i == 1 ? "" : ", ", i,
                        kMaxForgetText, i);
  }
  if (list.empty()) return {};
  for (const ForgottenFile& file : report_.files) {
    TARN_TRY(context_.check());
    if (file.rows == 0) continue;
    TARN_ASSIGN(const store::LocalFiles copy, table_.local_files({file.path}));
    TARN_ASSIGN(const auto rows, connection_.query(fmt::format("SELECT DISTINCT {} FROM {} AS f WHERE {}", list,
                                                               delta::read_parquet_call(*state_, copy.paths, fields),
                                                               by_partition() ? "true" : condition("f.c0"))));
    while (true) {
      TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
      if (chunk == nullptr) break;
      for (size_t row = 0; row < chunk->rows(); ++row) {
        for (size_t i = 1; i < fields.size(); ++i) {
          if (!chunk->is_null(i - 1, row)) report_.texts[fields[i]->name].insert(std::string(chunk->text(i - 1, row)));
        }
      }
    }
  }
  return {};
}

Result<bool> Forgetting::rewrite_live(const std::shared_ptr<const delta::State>& latest) {
  TARN_TRY(delta::check_appendable(*latest));
  delta::CommitDraft draft;
  draft.operation = "FORGET";
  Uncommitted uncommitted(table_);
  int64_t rows = 0;
  uint64_t done = 0;
  for (const ForgottenFile& held : report_.files) {
    TARN_TRY(context_.check());
    context_.update("rewriting", done++, report_.files.size(), "files");
    const auto it = latest->files.find(held.path);
    if (it == latest->files.end()) continue;
    const delta::DataFile& file = it->second;
    rows += held.rows;
    if (by_partition()) {
      draft.removes.push_back(delta::removal_of(file, table_.now_ms(), true));
      continue;
    }
    TARN_ASSIGN(delta::RowList gone, table_.deleted_rows(file));
    const delta::Field* key = delta::find_field(latest->schema, options_.column);
    {
      TARN_ASSIGN(const store::LocalFiles copy, table_.local_files({file.path}));
      TARN_ASSIGN(const auto found, connection_.query(fmt::format("SELECT f.file_row_number FROM {} AS f WHERE {}",
                                                                  delta::read_parquet_call(*latest, copy.paths, {key}),
                                                                  condition("f.c0"))));
      while (true) {
        TARN_ASSIGN(const duck::Chunk* chunk, found->next());
        if (chunk == nullptr) break;
        for (size_t i = 0; i < chunk->rows(); ++i) gone.push_back(chunk->integer(0, i));
      }
    }
    std::sort(gone.begin(), gone.end());
    gone.erase(std::unique(gone.begin(), gone.end()), gone.end());
    TARN_ASSIGN(const Select select, table_.select_rows(*latest, {{&file, gone}}, {{}, false, true}));
    WriteOptions write;
    write.enforce = false;  // the rows were there
    write.partition = &file.partition_values;
    TARN_ASSIGN(auto outputs, write_rows(table_, connection_, *latest, select.sql, write, context_));
    draft.removes.push_back(delta::removal_of(file, table_.now_ms(), true));
    if (outputs.empty()) continue;
    delta::DataFile& output = outputs[0];
    uncommitted.add(output);
    if (table_.observer() != nullptr) {
      // The segment follows as it does when files are merged: nothing is encoded again.
      delta::DataFile input = file;
      input.deletion_vector =
          delta::inline_deletion_vector(delta::encode_rows(gone), static_cast<int64_t>(gone.size()));
      TARN_TRY(table_.observer()->files_merged(table_, *latest, {input}, output, context_));
    }
    draft.adds.push_back({std::move(output), true});
  }
  if (draft.removes.empty()) return true;
  draft.metrics = {{"numRemovedFiles", static_cast<int64_t>(draft.removes.size())},
                   {"numAddedFiles", static_cast<int64_t>(draft.adds.size())},
                   {"numDeletedRows", rows}};
  TARN_TRY(context_.check());
  const auto committed = table_.try_commit(latest.get(), draft, context_);
  uncommitted.settle(committed.status());
  if (committed.ok()) return true;
  return committed.status().code() == Code::already_exists ? Result<bool>(false) : Result<bool>(committed.status());
}

Status Forgetting::find_lost() {
  std::set<int64_t> lost;
  TARN_ASSIGN(const delta::LogFiles files, delta::list_log(table_.store(), table_.path()));
  if (files.empty()) return {};
  delta::State state;
  int64_t first = 0;
  if (!files.has_commit(0)) {
    if (files.checkpoints.empty()) return {};
    first = files.checkpoints.begin()->first;
  }
  for (int64_t version = first; version <= files.newest(); ++version) {
    TARN_TRY(context_.check());
    context_.update("reading versions", static_cast<uint64_t>(version - first),
                    static_cast<uint64_t>(files.newest() + 1 - first), "versions");
    if (version == first && first != 0) {
      TARN_ASSIGN(const auto loaded, table_.log().load(base::Version(version), context_.silent()));
      state = *loaded;
    } else {
      if (!files.has_commit(version)) break;
      TARN_ASSIGN(const delta::Actions actions, table_.log().read_commit(base::Version(version)));
      TARN_TRY(table_.log().apply_commit(version, actions, &state));
    }
    for (const std::string& path : held_) {
      const auto file = state.files.find(path);
      // What leaves the log is missed by nobody: the version is read without it.
      if (file == state.files.end() || erases(path, file->second.partition_values)) continue;
      lost.insert(version);
      break;
    }
  }
  report_.lost.assign(lost.begin(), lost.end());
  return {};
}

Status Forgetting::remove_files() {
  uint64_t done = 0;
  for (const ForgottenFile& file : report_.files) {
    TARN_TRY(context_.check());
    context_.update("removing", done++, report_.files.size(), "files");
    TARN_TRY(table_.store().remove(table_.path() + "/" + file.path));
    report_.removed.push_back({file.path, file.size_bytes});
  }
  // A directory's name is a partition's value: where nothing is left in it but the sums that Hadoop keeps, it goes.
  for (const auto& [path, values] : partitions_) {
    if (!erases(path, values)) continue;
    TARN_TRY(table_.store().remove(delta::hadoop_sum_path(table_.path() + "/" + path)));
    for (size_t slash = path.rfind('/'); slash != std::string::npos && slash > 0; slash = path.rfind('/', slash - 1)) {
      static_cast<void>(table_.store().remove(table_.path() + "/" + path.substr(0, slash)));
    }
  }
  return {};
}

Result<ForgetReport> Forgetting::run(const std::function<Status(const ForgetReport&)>& before_files_go) {
  TARN_TRY(find());
  TARN_TRY(read_texts());
  const auto first = report_.files;
  if (options_.dry_run) {
    TARN_TRY(find_lost());
    report_.version = state_->version;
    return report_;
  }
  const auto has_live = [&] {
    return std::any_of(report_.files.begin(), report_.files.end(), [](const ForgottenFile& file) { return file.live; });
  };
  // Others may write the row again while it is taken out.
  for (int round = 0; has_live(); ++round) {
    if (round == kMaxRounds) {
      return Status(Code::conflict,
                    fmt::format("table '{}': others changed the rows {} times meanwhile", table_.path(), kMaxRounds),
                    "stop who writes them, then do it again");
    }
    TARN_TRY(rewrite_live(state_));
    TARN_TRY(find());
    TARN_TRY(read_texts());
  }
  for (ForgottenFile& file : report_.files) {
    for (const ForgottenFile& before : first) file.live = file.live || (before.path == file.path && before.live);
  }
  TARN_TRY(find_lost());
  TARN_TRY(context_.check());
  if (before_files_go) TARN_TRY(before_files_go(report_));
  // Its statistics may be of files that go; and once more, should somebody have written it while the log was cut.
  TARN_TRY(table_.store().remove(delta::state_path(table_.path())));
  TARN_TRY(cut_log());
  TARN_TRY(table_.store().remove(delta::state_path(table_.path())));
  TARN_TRY(remove_files());
  if (table_.observer() != nullptr) {
    const auto there = [&]() -> Result<FilesThere> {
      TARN_ASSIGN(const auto stored, stored_files(table_.store(), table_.path(), context_));
      FilesThere files;
      for (const auto& [path, file] : stored) files[path] = file.size_bytes;
      return files;
    };
    TARN_ASSIGN(const auto swept, table_.observer()->files_swept(table_, there, false, context_));
    report_.removed.insert(report_.removed.end(), swept.begin(), swept.end());
  }
  if (!young_.empty()) {
    return Status(
        Code::conflict,
        fmt::format("{}/{} has it and is not committed yet; all else was forgotten", table_.path(), young_[0]),
        "do it again when whoever writes has ended; a dead writer's file goes after an hour");
  }
  TARN_ASSIGN(const auto now, table_.state(std::nullopt, {}));
  report_.version = now->version;
  return report_;
}

Result<ForgetReport> DeltaTable::forget(duck::Connection& connection, const ForgetOptions& options,
                                        const std::function<Status(const ForgetReport&)>& before_files_go,
                                        const base::Context& context) {
  const duck::CancelWatch watch(connection, context);
  auto report = Forgetting(*this, connection, options, context).run(before_files_go);
  if (report.ok()) return report;
  const Status failed = context.reason(report.status());
  return context.stopped() ? failed.with_hint("do it again: it goes on from there") : failed;
}

}  // namespace tarn::lake
