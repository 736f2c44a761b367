#include "lake/delta_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/hash.h"
#include "delta/checksum.h"
#include "delta/evolve.h"
#include "delta/protocol.h"
#include "delta/retention.h"
#include "delta/row_ids.h"
#include "delta/schema.h"
#include "delta/state_file.h"
#include "lake/data_file.h"
#include "lake/dropped.h"
#include "lake/link.h"
#include "lake/log_cleanup.h"
#include "store/hash_file.h"

namespace tarn::lake {
namespace {

using base::Code;
using base::Result;
using base::Status;

constexpr size_t kOlderStates = 4;
constexpr int64_t kLoadNewest = -1;
// Actions that are read again and again before they are worth a file.
constexpr size_t kStoredActions = 1000;

bool sets_commit_timestamps(const delta::CommitDraft& draft) {
  return draft.metadata && (*draft.metadata)["configuration"]["delta.enableInCommitTimestamps"].as_string() == "true";
}

}  // namespace

DeltaTable::DeltaTable(const Environment& environment, std::string path, bool aside)
    : environment_(environment),
      path_(std::move(path)),
      aside_(aside),
      checkpoints_(*environment.store, environment.connect, delta::log_directory(path_)),
      log_(*environment.store, path_, &checkpoints_, environment.foreign_files) {}

DeltaTable::StatePointer DeltaTable::cached(base::Version version) const {
  const std::lock_guard lock(cache_mutex_);
  if (newest_.state && newest_.state->version == version) return newest_.state;
  for (auto it = older_.begin(); it != older_.end(); ++it) {
    if ((*it)->version != version) continue;
    older_.splice(older_.begin(), older_, it);
    return older_.front();
  }
  return nullptr;
}

bool DeltaTable::is_old(base::Version version) const {
  const std::lock_guard lock(cache_mutex_);
  return newest_.state && newest_.state->version > version;
}

DeltaTable::Newest DeltaTable::as_newest(StatePointer state) const {
  const auto entry = store().stat(delta::commit_path(path_, state->version));
  return {std::move(state), entry.ok() ? entry->size_bytes : 0, entry.ok() ? entry->modified_us : 0};
}

void DeltaTable::keep(StatePointer state) const {
  const std::lock_guard lock(cache_mutex_);
  older_.push_front(std::move(state));
  if (older_.size() > kOlderStates) older_.pop_back();
}

void DeltaTable::remember(Newest newest) const {
  StatePointer before;
  {
    const std::lock_guard lock(cache_mutex_);
    if (newest_.state && newest_.state->version >= newest.state->version) return;
    before = std::exchange(newest_, std::move(newest)).state;
  }
  if (before) keep(std::move(before));  // changes that began on it will ask for it
}

void DeltaTable::forget(const StatePointer& state) const {
  const std::lock_guard lock(cache_mutex_);
  if (newest_.state != state) return;
  newest_ = {};
  older_.clear();
}

Result<DeltaTable::StatePointer> DeltaTable::follow(Newest from, const base::Context& context) const {
  while (true) {
    TARN_TRY(context.check());
    auto actions = log_.read_commit(from.state->version.next());
    if (!actions.ok()) {
      if (actions.status().code() != Code::not_found) return actions.status();
      break;
    }
    TARN_ASSIGN(StatePointer next, log_.next(*from.state, *actions));
    from = as_newest(std::move(next));
    remember(from);
  }
  // The commit that the state ends with is still the same file: nothing was cleaned up past it, no other table came.
  const auto entry = store().stat(delta::commit_path(path_, from.state->version));
  if (entry.ok() && entry->size_bytes == from.size_bytes && entry->modified_us == from.modified_us) return from.state;
  forget(from.state);
  return StatePointer();
}

Result<DeltaTable::StatePointer> DeltaTable::load_newest(const base::Context& context) const {
  size_t actions = 0;
  TARN_ASSIGN(auto state, log_.load(std::nullopt, context, false, &actions));
  if (actions > std::max(kStoredActions, state->files.size() / 8)) store_state(*state);
  remember(as_newest(state));
  return state;
}

Result<DeltaTable::StatePointer> DeltaTable::newest(const base::Context& context) const {
  while (true) {
    Newest from;
    {
      const std::lock_guard lock(cache_mutex_);
      from = newest_;
    }
    if (from.state) {
      TARN_ASSIGN(StatePointer state, follow(std::move(from), context));
      if (state) return state;
    }
    bool own = false;
    auto loaded = loading_.get(
        kLoadNewest,
        [&] {
          own = true;
          return load_newest(context);
        },
        context);
    loading_.forget(kLoadNewest);
    // What another has loaded may have begun before this question: it is followed.
    if (own || !loaded.ok()) return loaded;
  }
}

// An aid: where it cannot be written, the log is read again.
void DeltaTable::store_state(const delta::State& state) const {
  if (read_only() || !state.foreign.empty()) return;
  const auto commit = store().read(delta::commit_path(path_, state.version));
  if (!commit.ok()) return;
  static_cast<void>(store().put_volatile(delta::state_path(path_), delta::state_bytes(state, base::hash128(*commit))));
  // A forget that committed meanwhile has removed what lay here before: what it took out must not come back.
  if (store::exists(store(), delta::commit_path(path_, state.version.next()))) {
    static_cast<void>(store().remove(delta::state_path(path_)));
  }
}

Result<std::shared_ptr<const delta::State>> DeltaTable::state(std::optional<base::Version> version,
                                                              const base::Context& context) const {
  if (!version) return newest(context);
  if (StatePointer known = cached(*version)) return known;
  if (!is_old(*version)) {
    const auto last = newest(context);
    // Damage in a later commit does not keep an older version from being read.
    if (!last.ok() && last.status().code() != Code::corruption) return last;
    if (last.ok() && (*last)->version == *version) return last;
  }
  TARN_ASSIGN(StatePointer old, loading_.get(version->value, [&] { return log_.load(version, context); }, context));
  loading_.forget(version->value);
  keep(old);
  return old;
}

Result<std::shared_ptr<const delta::Snapshot>> DeltaTable::snapshot(std::optional<base::Version> version,
                                                                    const base::Context& context) const {
  const auto found = state(version, context);
  if (!found.ok()) return context.reason(found.status());
  return std::shared_ptr<const delta::Snapshot>(*found);
}

Result<base::Version> DeltaTable::version_at(int64_t time_us, const base::Context& context) const {
  TARN_ASSIGN(const auto newest, snapshot(std::nullopt, context));
  if (newest->committed_at_us <= time_us) return newest->version;
  TARN_ASSIGN(const delta::LogFiles files, delta::list_log(store(), path_));
  for (auto it = files.commits.rbegin(); it != files.commits.rend(); ++it) {
    if (*it > newest->version.value) continue;
    TARN_TRY(context.check());
    const base::Version version(*it);
    TARN_ASSIGN(const delta::Actions actions, log_.read_commit(version));
    auto time = delta::commit_time_us(actions.commit_info);
    if (!time) {
      TARN_ASSIGN(const auto entry, store().stat(delta::commit_path(path_, version)));
      time = entry.modified_us;
    }
    if (*time <= time_us) return version;
  }
  return Status(Code::not_found,
                fmt::format("table '{}' has no version as old as {}", path_, base::format_utc(time_us)));
}

namespace {

// What the actions of a commit did to the rows that were live before. A file that is removed and added again has other
// deletions. Nothing counts that changes no data, such as a merge of files.
void count_rows(const delta::Actions& actions, const std::map<std::string, delta::DataFile>& before,
                delta::Commit* commit) {
  const auto live = [](const delta::DataFile& file) -> std::optional<int64_t> {
    const auto rows = file.row_count();
    if (!rows) return {};
    return *rows - (file.deletion_vector ? file.deletion_vector->cardinality : 0);
  };
  std::map<std::string, std::optional<int64_t>> added, removed;
  for (const delta::Add& add : actions.adds) {
    if (add.data_change) added[add.file.path] = live(add.file);
  }
  std::set<std::string> gone;
  for (const delta::Remove& remove : actions.removes) {
    gone.insert(remove.path);
    if (!remove.data_change) continue;
    const auto file = before.find(remove.path);
    removed[remove.path] = file == before.end() ? std::optional<int64_t>() : live(file->second);
  }
  for (const delta::Add& add : actions.adds) {
    if (gone.erase(add.file.path) == 0) ++commit->files_added;
  }
  commit->files_removed = static_cast<int64_t>(gone.size());
  int64_t more = 0, less = 0;
  bool known = true;
  for (const auto& [path, rows] : added) {
    const auto old = removed.find(path);
    known = known && rows && (old == removed.end() || old->second);
    if (!known) return;
    const int64_t change = *rows - (old == removed.end() ? 0 : *old->second);
    (change > 0 ? more : less) += change;
  }
  for (const auto& [path, rows] : removed) {
    if (added.count(path) != 0) continue;
    if (!rows) return;
    less -= *rows;
  }
  commit->rows_added = more;
  commit->rows_deleted = -less;
}

}  // namespace

Result<std::vector<delta::Commit>> DeltaTable::history(size_t limit, const base::Context& context) const {
  TARN_ASSIGN(const delta::LogFiles files, delta::list_log(store(), path_));
  if (!files.remains.empty()) return delta::ruined_log(path_, files);
  if (files.empty()) return Status(Code::not_found, fmt::format("there is no table at '{}'", path_));
  const size_t first = files.commits.size() - std::min(limit, files.commits.size());
  std::vector<delta::Actions> all;
  bool removals = false;  // by others, who need not say how many rows they took
  for (size_t i = first; i < files.commits.size(); ++i) {
    TARN_TRY(context.check());
    TARN_ASSIGN(delta::Actions actions, log_.read_commit(base::Version(files.commits[i])));
    removals =
        removals || (!actions.removes.empty() && !actions.commit_info["engineInfo"].as_string().starts_with("Tarn/"));
    all.push_back(std::move(actions));
  }
  // The files before the first commit that is told; where they cannot be read, what is removed of them is not counted.
  std::map<std::string, delta::DataFile> live;
  if (removals && files.commits[first] > 0) {
    const auto before = log_.load(base::Version(files.commits[first] - 1), context);
    TARN_TRY(context.check());
    if (before.ok()) live = (*before)->files;
  }
  std::vector<delta::Commit> commits;
  for (size_t i = first; i < files.commits.size(); ++i) {
    delta::Commit commit;
    commit.version = base::Version(files.commits[i]);
    const delta::Actions& actions = all[i - first];
    auto time = delta::commit_time_us(actions.commit_info);
    if (!time) {
      const auto entry = store().stat(delta::commit_path(path_, commit.version));
      if (entry.ok()) time = entry->modified_us;
    }
    commit.committed_at_us = time.value_or(0);
    commit.operation = actions.commit_info["operation"].as_string();
    commit.parameters = actions.commit_info["operationParameters"];
    commit.metrics = actions.commit_info["operationMetrics"];
    commit.engine = actions.commit_info["engineInfo"].as_string();
    const json::Value& user = actions.commit_info["userMetadata"];
    if (!user.is_null()) commit.user_metadata = user.is_string() ? user.as_string() : json::write(user);
    count_rows(actions, live, &commit);
    for (const delta::Remove& remove : actions.removes) live.erase(remove.path);
    for (const delta::Add& add : actions.adds) live[add.file.path] = add.file;
    commits.push_back(std::move(commit));
  }
  std::reverse(commits.begin(), commits.end());
  return commits;
}

Result<delta::RowList> DeltaTable::deleted_rows(const delta::DataFile& file) const {
  if (!file.deletion_vector) return delta::RowList();
  TARN_ASSIGN(delta::RowList rows, delta::read_deletion_vector(store(), path_, *file.deletion_vector, read_only()));
  const auto count = file.row_count();
  if (count && !rows.empty() && rows.back() >= *count) {
    return Status(Code::corruption,
                  fmt::format("{}/{}: its deletion vector names row {} of {}", path_, file.path, rows.back(), *count));
  }
  return rows;
}

Result<std::vector<delta::SourceFile>> DeltaTable::sources(const std::vector<const delta::DataFile*>& files) const {
  std::vector<delta::SourceFile> sources;
  for (const delta::DataFile* file : files) {
    TARN_ASSIGN(delta::RowList rows, deleted_rows(*file));
    sources.push_back({file, std::move(rows)});
  }
  return sources;
}

Result<store::LocalFiles> DeltaTable::local_files(const std::vector<std::string>& paths) const {
  std::vector<std::string> own;
  own.reserve(paths.size());
  for (const std::string& path : paths) {
    if (!path.starts_with('/')) own.push_back(path_ + "/" + path);
  }
  TARN_ASSIGN(store::LocalFiles files, store().local_files(own));
  if (own.size() == paths.size()) return files;
  // Of a linked table some lie elsewhere on this machine.
  std::vector<std::string> all;
  size_t next = 0;
  for (const std::string& path : paths) all.push_back(path.starts_with('/') ? path : files.paths[next++]);
  files.paths = std::move(all);
  return files;
}

Result<Select> DeltaTable::select_rows(const delta::Snapshot& snapshot, const std::vector<delta::SourceFile>& files,
                                       const delta::Selection& selection) const {
  TARN_ASSIGN(std::string sql, delta::select_rows(snapshot, store().local_path(path_), files, selection));
  std::vector<std::string> paths;
  paths.reserve(files.size());
  for (const delta::SourceFile& source : files) paths.push_back(source.file->path);
  TARN_ASSIGN(store::LocalFiles held, local_files(paths));
  return Select{std::move(sql), {std::move(held.lease)}};
}

Result<Select> DeltaTable::select(const delta::Snapshot& snapshot, const std::vector<std::string>& columns,
                                  bool with_position) const {
  std::vector<const delta::DataFile*> files;
  for (const auto& [path, file] : snapshot.files) files.push_back(&file);
  TARN_ASSIGN(const auto found, sources(files));
  return select_rows(snapshot, found, {columns, with_position, false});
}

Result<Select> DeltaTable::select_file(const delta::DataFile& file, const std::vector<std::string>& columns) const {
  TARN_ASSIGN(store::LocalFiles held, local_files({file.path}));
  std::string list = columns.empty() ? "*" : "file_row_number AS tarn_row";
  for (const std::string& column : columns) list += ", " + duck::quote_name(column);
  return Select{fmt::format("SELECT {} FROM read_parquet({}, file_row_number = {}, hive_partitioning = false)", list,
                            duck::quote_literal(held.paths[0]), !columns.empty()),
                {std::move(held.lease)}};
}

std::string DeltaTable::data_address(const delta::DataFile& file) const {
  return file.path.starts_with('/') ? file.path : store().address(path_ + "/" + file.path);
}

Result<std::string> DeltaTable::data_hash(const delta::DataFile& file) const {
  return store::hash_file(store(), path_ + "/" + file.path);
}

Result<std::shared_ptr<const delta::State>> DeltaTable::try_commit(const delta::State* latest,
                                                                   const delta::CommitDraft& given,
                                                                   const base::Context& context) {
  const base::Version version(latest != nullptr ? latest->version.value + 1 : 0);
  // Versions and times go the same way, also when a clock was put back.
  int64_t timestamp_ms = std::max(now_ms(), latest != nullptr ? latest->committed_at_us / 1000 : 0);
  delta::CommitDraft draft = given;
  const bool in_commit = latest != nullptr ? delta::has_commit_timestamps(*latest) : sets_commit_timestamps(given);
  if (in_commit && latest != nullptr) timestamp_ms = std::max(timestamp_ms, latest->committed_at_us / 1000 + 1);
  if (latest != nullptr) delta::assign_row_ids(*latest, version, &draft);
  const std::string transaction_id = uuid();
  const std::string text = delta::commit_text(draft, timestamp_ms, in_commit, transaction_id);
  const std::string path = delta::commit_path(path_, version);
  // What is about to be written is read first: a commit that Tarn could not read again never becomes one.
  TARN_ASSIGN(const delta::Actions actions, delta::parse_actions(text, path));
  delta::State before;
  before.version = base::Version(-1);
  TARN_ASSIGN(auto next, log_.next(latest != nullptr ? *latest : before, actions));
  if (!aside_ && is_dropped(store(), path_)) return no_longer_there(path_);
  const Status put = store().put_if_absent(path, text);
  if (!put.ok()) {
    if (put.code() != Code::already_exists) return put;
    TARN_ASSIGN(const std::string there, store().read(path));
    if (there != text) return put;  // equal: an earlier try of ours that arrived after all
  }
  remember(as_newest(next));
  after_commit(*next, text, transaction_id, context);
  return next;
}

// The commit stands whatever becomes of these: both are aids that the next writer, or check(), makes up for.
void DeltaTable::after_commit(const delta::State& state, const std::string& text, const std::string& transaction_id,
                              const base::Context& context) {
  const std::string checkpoint_hash = checkpoint_due(state) ? make_checkpoint(state, context) : std::string();
  static_cast<void>(store().put_if_absent(delta::crc_path(path_, state.version),
                                          delta::checksum_text(state, text, transaction_id, checkpoint_hash)));
}

std::string DeltaTable::make_checkpoint(const delta::State& state, const base::Context& context) {
  const auto whole = log_.load(state.version, context.silent(), true);
  if (!whole.ok()) return {};
  delta::State kept = **whole;
  drop_expired_transactions(store(), path_, now_ms(), &kept);
  const int64_t keep_ms = delta::tombstone_ms(state);
  const int64_t expired = keep_ms == INT64_MAX ? INT64_MIN : state.committed_at_us / 1000 - keep_ms;
  const Status written = delta::with_connection(connect(), [&](duck::Connection& connection) {
    return delta::write_checkpoint(store(), path_, connection, kept, expired, context);
  });
  if (!written.ok()) return {};
  static_cast<void>(clean_up_log(store(), path_, log_, state, now_ms(), context));
  const auto hash = store::hash_file(store(), delta::checkpoint_path(path_, state.version));
  return hash.ok() ? *hash : std::string();
}

bool DeltaTable::checkpoint_due(const delta::State& state) const {
  // Such a table's checkpoints have statistics as columns of their own: those who know how write them.
  if (delta::is_true(state, "delta.checkpoint.writeStatsAsStruct")) return false;
  int64_t interval = delta::kCheckpointInterval;
  const auto it = state.configuration.find("delta.checkpointInterval");
  if (it != state.configuration.end()) {
    const auto parsed = json::parse(it->second);
    if (parsed.ok() && parsed->as_int(0) > 0) interval = parsed->as_int();
  }
  return state.version.value > 0 && state.version.value % interval == 0;
}

namespace {

// The metadata action of a new table.
json::Value metadata_for(const std::string& id, const CreateOptions& options, int64_t now_ms) {
  json::Value configuration = json::Value::object(), partitions = json::Value::array();
  for (const std::string& column : options.partition_columns) partitions.push(column);
  for (const auto& [key, value] : options.configuration) configuration.set(key, value);
  return json::Value::object(
      {{"id", id},
       {"format", json::Value::object({{"provider", "parquet"}, {"options", json::Value::object()}})},
       {"schemaString", delta::write_schema(options.schema)},
       {"partitionColumns", std::move(partitions)},
       {"configuration", std::move(configuration)},
       {"createdTime", now_ms}});
}

}  // namespace

Result<std::shared_ptr<TableReader>> open_reader(const Environment& environment, const std::string& path,
                                                 std::optional<base::Version> version, const base::Context& context) {
  if (is_dropped(*environment.store, path)) return no_longer_there(path);
  if (store::exists(*environment.store, link_path(path))) return open_link(environment, path, context);
  auto table = std::make_shared<DeltaTable>(environment, path);
  TARN_TRY(table->snapshot(version, context));
  return std::shared_ptr<TableReader>(std::move(table));
}

Result<std::shared_ptr<Table>> writable(const std::shared_ptr<TableReader>& reader) {
  if (auto table = std::dynamic_pointer_cast<Table>(reader)) return table;
  return only_read(reader->path(), reader->link().value_or(LinkInfo{}));
}

Result<std::shared_ptr<Table>> open_table(const Environment& environment, const std::string& path,
                                          std::optional<base::Version> version, const base::Context& context) {
  TARN_ASSIGN(const auto reader, open_reader(environment, path, version, context));
  return writable(reader);
}

Status check_no_table(const store::Store& store, const std::string& path) {
  if (store::exists(store, link_path(path))) {
    return Status(Code::already_exists, fmt::format("'{}' is a link", path),
                  "take it away first: tarn link --as TABLE --delete");
  }
  if (is_dropped(store, path)) {
    return Status(Code::already_exists,
                  fmt::format("a table that was dropped lies at '{}' until vacuum takes it", path),
                  "take another name, or let it go now: tarn vacuum --retain 0");
  }
  TARN_ASSIGN(const delta::LogFiles files, delta::list_log(store, path));
  if (!files.empty()) return Status(Code::already_exists, fmt::format("there is a table at '{}' already", path));
  if (!files.remains.empty()) return delta::ruined_log(path, files);
  return check_spelling(store, path);
}

Result<delta::CommitDraft> first_commit(const DeltaTable& table, const CreateOptions& given, delta::State* made) {
  CreateOptions options = given;
  options.configuration.try_emplace("delta.enableDeletionVectors", "true");
  TARN_TRY(delta::check_names(options.schema));
  for (std::string& column : options.partition_columns) {
    const delta::Field* field = delta::find_field(options.schema, column);
    if (field == nullptr) {
      return Status(Code::invalid_argument, fmt::format("there is no column '{}' to partition by", column));
    }
    column = field->name;
  }
  if (options.configuration["delta.enableChangeDataFeed"] == "true") {
    for (const char* name : {"_change_type", "_commit_version", "_commit_timestamp"}) {
      if (delta::find_field(options.schema, name) != nullptr) {
        return Status(Code::invalid_argument,
                      fmt::format("column '{}' has a name of the change data feed's own", name));
      }
    }
  } else if (options.configuration["delta.enableChangeDataFeed"].empty()) {
    options.configuration.erase("delta.enableChangeDataFeed");
  }
  if (options.configuration["delta.columnMapping.mode"] == "name" ||
      options.configuration["delta.columnMapping.mode"] == "id") {
    int64_t last_id = 0;
    delta::map_columns(&options.schema, &last_id, [&] { return table.uuid(); });
    options.configuration["delta.columnMapping.maxColumnId"] = std::to_string(last_id);
  }
  if (options.configuration["delta.columnMapping.mode"].empty()) {
    options.configuration.erase("delta.columnMapping.mode");
  }
  delta::CommitDraft draft;
  TARN_ASSIGN(const auto features, delta::needed_features(options.schema, options.configuration));
  draft.protocol = delta::protocol_for(features);
  draft.metadata = metadata_for(table.uuid(), options, table.now_ms());
  delta::Actions actions;
  actions.protocol = draft.protocol;
  actions.metadata = draft.metadata;
  TARN_TRY(made->apply(actions));
  if (auto status = delta::check_appendable(*made); !status.ok()) return status.with_context("the new table");
  draft.operation = "CREATE TABLE";
  draft.parameters = json::Value::object({{"partitionBy", json::write((*draft.metadata)["partitionColumns"])},
                                          {"properties", (*draft.metadata)["configuration"]}});
  return draft;
}

Result<std::shared_ptr<Table>> create_table(const Environment& environment, const std::string& path,
                                            const CreateOptions& options) {
  TARN_TRY(check_no_table(*environment.store, path));
  auto table = std::make_shared<DeltaTable>(environment, path);
  delta::State made;
  TARN_ASSIGN(const delta::CommitDraft draft, first_commit(*table, options, &made));
  const auto created = table->try_commit(nullptr, draft, {});
  if (!created.ok()) {
    if (created.status().code() != Code::already_exists) return created.status();
    return Status(Code::already_exists, fmt::format("there is a table at '{}' already", path));
  }
  return std::shared_ptr<Table>(std::move(table));
}

Result<std::vector<std::string>> list_tables(const store::Store& store) {
  std::vector<std::string> tables;
  TARN_ASSIGN(const auto spaces, store.list("", store::Detail::names));
  for (const auto& space : spaces) {
    if (!space.is_directory || space.name[0] == '_' || space.name[0] == '.') continue;
    TARN_ASSIGN(const auto entries, store.list(space.name, store::Detail::names));
    for (const auto& entry : entries) {
      if (!entry.is_directory || entry.name[0] == '_' || entry.name[0] == '.') continue;
      const std::string path = space.name + "/" + entry.name;
      TARN_ASSIGN(const delta::LogFiles files, delta::list_log(store, path));
      const bool there = !files.empty() || !files.remains.empty() || store::exists(store, link_path(path));
      if (there && !is_dropped(store, path)) tables.push_back(path);
    }
  }
  std::sort(tables.begin(), tables.end());
  return tables;
}

}  // namespace tarn::lake
