#include "delta/log.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/hash.h"
#include "delta/state_file.h"
#include "store/hash_file.h"

namespace tarn::delta {
namespace {

using base::Code;
using base::Result;
using base::Status;

constexpr size_t kVersionDigits = 20, kPartDigits = 10;

std::optional<int64_t> digits(std::string_view text, size_t width) {
  int64_t value = 0;
  if (text.size() != width) return std::nullopt;
  const auto result = std::from_chars(text.data(), text.data() + width, value);
  if (result.ec != std::errc() || result.ptr != text.data() + width || value < 0) return std::nullopt;
  return value;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(separator, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

struct Parts {
  int64_t expected = 0;
  std::map<int64_t, std::string> names;
};

// Parquet has bytes that no reader checks: the newest checkpoint of Tarn's is known by its hash in _last_checkpoint.
Status damage_of(const store::Store& store, const std::string& table_path, int64_t version,
                 const CheckpointFiles& files) {
  if (files.json || files.names.size() != 1) return {};
  const std::string name = log_directory(table_path) + "/" + files.names[0];
  const auto text = store.read(log_directory(table_path) + "/_last_checkpoint");
  const auto pointer = text.ok() ? json::parse(*text) : base::Result<json::Value>(text.status());
  if (!pointer.ok() || (*pointer)["version"].as_int(-1) != version) return {};
  const json::Value& hash = (*pointer)["tags"][kHashTag];
  if (!hash.is_string() || name != checkpoint_path(table_path, base::Version(version))) return {};
  TARN_ASSIGN(const std::string found, store::hash_file(store, name));
  if (found == hash.as_string()) return {};
  return {Code::corruption, fmt::format("{}: its bytes are not those that were written (the hash differs)", name),
          "restore it from a copy, or remove _last_checkpoint when another engine wrote it anew"};
}

// Few are read before anybody could see it.
constexpr int64_t kManyVersions = 20;
void tell_versions(const base::Context& context, int64_t done, int64_t total) {
  if (total >= kManyVersions) {
    context.update("reading the log", static_cast<uint64_t>(done), static_cast<uint64_t>(total), "versions");
  }
}

std::string version_name(int64_t version) { return fmt::format("{:020}", version); }

}  // namespace

std::string log_directory(const std::string& table_path) { return table_path + "/_delta_log"; }
std::string commit_path(const std::string& table_path, base::Version version) {
  return log_directory(table_path) + "/" + version_name(version.value) + ".json";
}
std::string crc_path(const std::string& table_path, base::Version version) {
  return log_directory(table_path) + "/" + version_name(version.value) + ".crc";
}
std::string checkpoint_path(const std::string& table_path, base::Version version) {
  return log_directory(table_path) + "/" + version_name(version.value) + ".checkpoint.parquet";
}

int64_t LogFiles::newest() const {
  return std::max(commits.empty() ? int64_t{-1} : commits.back(),
                  checkpoints.empty() ? int64_t{-1} : checkpoints.rbegin()->first);
}

bool LogFiles::has_commit(int64_t version) const { return std::binary_search(commits.begin(), commits.end(), version); }

LogFiles read_log_names(const std::vector<std::string>& names) {
  LogFiles files;
  std::string remains;
  std::map<std::pair<int64_t, int64_t>, Parts> multipart;  // by version and number of parts
  for (const std::string& name : names) {
    const auto parts = split(name, '.');
    const auto version = digits(parts[0], kVersionDigits);
    if (name == "_last_checkpoint") remains = std::max(remains, name);
    if (!version || parts.size() < 2) continue;
    if (parts.back() == "crc" || parts.back() == "parquet") remains = std::max(remains, name);
    if (parts.size() == 2 && parts[1] == "json") files.commits.push_back(*version);
    if (parts.size() == 2 && parts[1] == "crc") files.crcs.push_back(*version);
    if (parts[1] != "checkpoint") continue;
    const bool json = parts.back() == "json";
    if (!json && parts.back() != "parquet") continue;
    if (parts.size() == 3 && !json) files.checkpoints[*version].push_back({{name}, false});
    if (parts.size() == 4) files.checkpoints[*version].push_back({{name}, json});
    if (parts.size() == 5 && !json) {
      const auto part = digits(parts[2], kPartDigits), count = digits(parts[3], kPartDigits);
      if (!part || !count || *part < 1 || *part > *count) continue;
      multipart[{*version, *count}].names[*part] = name;
    }
  }
  for (const auto& [key, parts] : multipart) {
    if (static_cast<int64_t>(parts.names.size()) != key.second) continue;  // a part is missing: never a checkpoint
    CheckpointFiles checkpoint;
    for (const auto& [part, name] : parts.names) checkpoint.names.push_back(name);
    files.checkpoints[key.first].push_back(std::move(checkpoint));
  }
  std::sort(files.commits.begin(), files.commits.end());
  std::sort(files.crcs.begin(), files.crcs.end());
  if (files.empty()) files.remains = std::move(remains);
  return files;
}

Result<LogFiles> list_log(const store::Store& store, const std::string& table_path) {
  TARN_ASSIGN(const auto entries, store.list(log_directory(table_path), store::Detail::names));
  std::vector<std::string> names;
  for (const auto& entry : entries) {
    if (!entry.is_directory) names.push_back(entry.name);
  }
  return read_log_names(names);
}

Status ruined_log(const std::string& table_path, const LogFiles& files) {
  return {Code::corruption,
          fmt::format("{}: the log is damaged: no commit and no whole checkpoint is left of it, only '{}'",
                      log_directory(table_path), files.remains),
          "restore its files from a copy"};
}

Result<Actions> Log::read_commit(base::Version version) const {
  const std::string path = commit_path(table_path_, version);
  auto text = store_.read(path);
  if (!text.ok()) return text.status();
  // No engine commits nothing at all: what is empty was lost.
  auto actions = text->empty() ? Result<Actions>(Status(Code::corruption, path + ": the commit is empty"))
                               : parse_actions(*text, path);
  if (actions.ok() || actions.status().code() != Code::corruption) return actions;
  return Status(Code::corruption, actions.status().message(),
                version.value == 0 ? "restore the file from a backup"
                                   : fmt::format("restore the file from a backup; the versions before it can be read: "
                                                 "--as-of {}",
                                                 version.value - 1));
}

Status Log::apply_commit(int64_t version, Actions actions, State* state) const {
  auto time = commit_time_us(actions.commit_info);
  if (auto status = state->apply(std::move(actions)); !status.ok()) {
    return status.with_context(commit_path(table_path_, base::Version(version)));
  }
  state->version = base::Version(version);
  // Where the commit does not say when it was made, the file's time has to do.
  if (!time) {
    const auto entry = store_.stat(commit_path(table_path_, base::Version(version)));
    if (entry.ok()) time = entry->modified_us;
  }
  if (time) state->committed_at_us = *time;
  return {};
}

Result<std::shared_ptr<const State>> Log::next(const State& state, const Actions& actions) const {
  auto next = std::make_shared<State>(state);
  TARN_TRY(apply_commit(state.version.value + 1, actions, next.get()));
  if (auto status = next->validate(foreign_files_); !status.ok()) return status.with_context(table_path_);
  return std::shared_ptr<const State>(std::move(next));
}

Result<std::shared_ptr<State>> Log::from_checkpoint(int64_t version, const CheckpointFiles& files,
                                                    const base::Context& context, bool with_tombstones) const {
  auto state = std::make_shared<State>();
  state->keeps_tombstones = with_tombstones;
  TARN_ASSIGN(Actions actions, checkpoints_->read(files, with_tombstones, context));
  if (!actions.protocol || !actions.metadata) {
    return Status(Code::corruption, fmt::format("{}/{}: the checkpoint has no {}", log_directory(table_path_),
                                                files.names[0], actions.protocol ? "metaData" : "protocol"));
  }
  TARN_TRY(state->apply(std::move(actions)));
  state->version = base::Version(version);
  // The commit itself may be cleaned up; its time is then that of the checkpoint's file.
  const auto commit = read_commit(base::Version(version));
  if (commit.ok()) state->committed_at_us = commit_time_us(commit->commit_info).value_or(0);
  if (state->committed_at_us == 0) {
    const auto entry = store_.stat(log_directory(table_path_) + "/" + files.names[0]);
    if (entry.ok()) state->committed_at_us = entry->modified_us;
  }
  return state;
}

Result<std::shared_ptr<State>> Log::from_checkpoints(int64_t version, const std::vector<CheckpointFiles>& all,
                                                     bool with_tombstones, const base::Context& context) const {
  std::shared_ptr<State> found;
  std::string name;
  Status failure;
  for (const CheckpointFiles& candidate : all) {
    auto state = [&]() -> Result<std::shared_ptr<State>> {
      TARN_TRY(damage_of(store_, table_path_, version, candidate));
      return from_checkpoint(version, candidate, context, with_tombstones);
    }();
    TARN_TRY(context.check());
    if (!state.ok()) {
      failure = state.status();
      continue;
    }
    if (found && !found->agrees_with(**state)) {
      return Status(Code::corruption,
                    fmt::format("{}: the checkpoints '{}' and '{}' of version {} disagree", log_directory(table_path_),
                                name, candidate.names[0], version),
                    "remove the one that is wrong; the commits before it, where they are still there, tell");
    }
    found = *state;
    name = candidate.names[0];
  }
  if (!found) return failure;
  return found;
}

std::shared_ptr<State> Log::from_state_file(const LogFiles& files, int64_t target) const {
  auto stored = load_state(store_, table_path_, base::Version(target));
  if (!stored.ok()) return nullptr;
  for (int64_t version = stored->state->version.value; version <= target; ++version) {
    if (!files.has_commit(version)) return nullptr;
  }
  const auto commit = store_.read(commit_path(table_path_, stored->state->version));
  return commit.ok() && base::hash128(*commit) == stored->commit ? std::move(stored->state) : nullptr;
}

Result<std::shared_ptr<const State>> Log::load(std::optional<base::Version> wanted, const base::Context& context,
                                               bool with_tombstones, size_t* actions_read) const {
  TARN_ASSIGN(const LogFiles files, list_log(store_, table_path_));
  if (!files.remains.empty()) return ruined_log(table_path_, files);
  if (files.empty()) {
    const auto entries = store_.list(table_path_);
    if (!entries.ok() || entries->empty()) {
      return Status(Code::not_found, fmt::format("there is no table at '{}'", table_path_));
    }
    return Status(Code::not_found,
                  fmt::format("'{}' is not a Delta table: it has no commits in _delta_log", table_path_),
                  "name a directory that holds a _delta_log, or link a folder of Parquet files as a table");
  }
  const int64_t target = wanted ? wanted->value : files.newest();
  if (target > files.newest() || target < 0) {
    return Status(Code::not_found,
                  fmt::format("table '{}' has no version {}; its newest is {}", table_path_, target, files.newest()),
                  "its history lists the versions");
  }
  size_t count = 0;
  const auto go_on = [&](std::shared_ptr<State> state) -> Result<std::shared_ptr<const State>> {
    const int64_t first = state->version.value + 1;
    for (int64_t version = first; version <= target; ++version) {
      TARN_TRY(context.check());
      tell_versions(context, version - first, target + 1 - first);
      TARN_ASSIGN(Actions actions, read_commit(base::Version(version)));
      count += actions.adds.size() + actions.removes.size();
      TARN_TRY(apply_commit(version, std::move(actions), state.get()));
    }
    tell_versions(context, target + 1 - first, target + 1 - first);
    if (auto status = state->validate(foreign_files_); !status.ok()) return status.with_context(table_path_);
    if (actions_read != nullptr) *actions_read = count;
    return std::shared_ptr<const State>(std::move(state));
  };
  if (!with_tombstones) {
    if (auto state = from_state_file(files, target)) return go_on(std::move(state));
  }
  // The newest checkpoint that can be read and from which the commits reach the target without a gap.
  std::optional<Status> failure;
  int64_t hole = -1;
  std::vector<std::pair<int64_t, const std::vector<CheckpointFiles>*>> starts;
  for (const auto& [version, candidates] : files.checkpoints) {
    if (version > target) break;
    starts.emplace_back(version, &candidates);
  }
  starts.insert(starts.begin(), {-1, nullptr});
  for (auto start = starts.rbegin(); start != starts.rend(); ++start) {
    int64_t missing = start->first + 1;
    while (missing <= target && files.has_commit(missing)) ++missing;
    if (missing <= target) {
      hole = std::max(hole, missing);
      continue;
    }
    auto state = std::make_shared<State>();
    state->keeps_tombstones = with_tombstones;
    state->version = base::Version(-1);
    if (start->second != nullptr) {
      auto read = from_checkpoints(start->first, *start->second, with_tombstones, context);
      TARN_TRY(context.check());
      if (!read.ok()) {
        if (!failure) failure = read.status();
        continue;
      }
      state = std::move(*read);
      count = state->files.size();
    }
    return go_on(std::move(state));
  }
  if (failure) return *failure;
  const bool cleaned_up = files.commits.empty() || target < files.commits.front() ||
                          (!files.checkpoints.empty() && target < files.checkpoints.begin()->first);
  if (cleaned_up && files.commits.size() + files.checkpoints.size() > 0 && !files.has_commit(0)) {
    return Status(Code::not_found, fmt::format("table '{}' can no longer be read at version {}: its log was cleaned up",
                                               table_path_, target));
  }
  return Status(Code::corruption,
                fmt::format("{}: version {} is missing from the log", log_directory(table_path_), hole),
                "restore the file from a copy, or read a version before it");
}

}  // namespace tarn::delta
