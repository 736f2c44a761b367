#include "lake/vacuum.h"

#include <fmt/format.h>

#include <algorithm>

#include "delta/deletion_vector.h"
#include "delta/physical.h"
#include "delta/protocol.h"
#include "delta/retention.h"
#include "lake/bookmark.h"
#include "lake/leases.h"
#include "lake/linked_table.h"
#include "lake/tags.h"

namespace tarn::lake {
namespace {

using base::Code;
using base::Result;
using base::Status;

bool is_hidden(const std::string& directory) {
  // A partition's directory may begin with '_', when its column does.
  return directory[0] == '.' || (directory[0] == '_' && directory.find('=') == std::string::npos);
}

bool is_vector_file(const std::string& name) { return name.starts_with("deletion_vector_") && name.ends_with(".bin"); }

Status walk(const store::Store& store, const std::string& root, const std::string& below, int depth,
            const base::Context& context, std::map<std::string, StoredFile>* files) {
  TARN_TRY(context.check());
  if (depth > kMaxWalkDepth) {
    return {Code::exhausted,
            fmt::format("{}/{}: more than {} directories below each other", root, below, kMaxWalkDepth)};
  }
  TARN_ASSIGN(const auto entries, store.list(below.empty() ? root : root + "/" + below));
  for (const auto& entry : entries) {
    const std::string path = below.empty() ? entry.name : below + "/" + entry.name;
    if (entry.is_directory) {
      if (!is_hidden(entry.name) || path == kChangeData) TARN_TRY(walk(store, root, path, depth + 1, context, files));
    } else if (entry.name[0] != '.' && (is_data_file(entry.name) || is_vector_file(entry.name))) {
      (*files)[path] = {static_cast<int64_t>(entry.size_bytes), entry.modified_us};
    }
  }
  return {};
}

void add_file(const delta::DataFile& file, std::set<std::string>* needed) {
  needed->insert(file.path);
  if (!file.deletion_vector || file.deletion_vector->storage == "i") return;
  const auto path = delta::deletion_vector_path(*file.deletion_vector);
  if (path.ok()) needed->insert(*path);
}

void add_bookmark(const std::string& source_id, int64_t n, std::set<std::string>* needed) {
  // Of another engine's application no bookmark lies there.
  if (const auto name = bookmark_name(source_id, n); name.ok()) needed->insert(*name);
}

void add_bookmarks(const delta::Snapshot& snapshot, std::set<std::string>* needed) {
  for (const auto& [source, n] : snapshot.transactions) add_bookmark(source, n, needed);
}

}  // namespace

Result<std::map<std::string, StoredFile>> stored_files(const store::Store& store, const std::string& table_path,
                                                       const base::Context& context) {
  std::map<std::string, StoredFile> files;
  TARN_TRY(walk(store, table_path, "", 0, context, &files));
  return files;
}

void add_needed(const delta::Snapshot& snapshot, std::set<std::string>* needed) {
  for (const auto& [path, file] : snapshot.files) add_file(file, needed);
}

Result<std::set<std::string>> committed_change_files(const DeltaTable& table, const base::Context& context) {
  std::set<std::string> found;
  TARN_ASSIGN(const delta::LogFiles files, delta::list_log(table.store(), table.path()));
  for (int64_t version : files.commits) {
    TARN_TRY(context.check());
    TARN_ASSIGN(const delta::Actions actions, table.log().read_commit(base::Version(version)));
    found.insert(actions.change_files.begin(), actions.change_files.end());
  }
  return found;
}

Result<std::map<std::string, StoredFile>> Vacuum::stored_bookmarks() const {
  std::map<std::string, StoredFile> found;
  const std::string root = fmt::format("{}/{}", table_.path(), kBookmarks);
  TARN_ASSIGN(const auto sources, table_.store().list(root));
  for (const auto& source : sources) {
    if (!source.is_directory) continue;
    TARN_ASSIGN(const auto entries, table_.store().list(root + "/" + source.name));
    for (const auto& entry : entries) {
      const size_t digits = entry.name.find_first_not_of("0123456789");
      if (entry.is_directory || digits == 0 || digits == std::string::npos || entry.name.substr(digits) != ".json") {
        continue;
      }
      found[fmt::format("{}/{}/{}", kBookmarks, source.name, entry.name)] = {static_cast<int64_t>(entry.size_bytes),
                                                                             entry.modified_us};
    }
  }
  return found;
}

Status Vacuum::add_version(base::Version version, const std::string& who, std::set<std::string>* needed) const {
  const auto state = table_.log().load(version, context_);
  TARN_TRY(context_.check());
  if (!state.ok()) {
    // Better nothing is removed than what someone counts on.
    return state.status().with_context(fmt::format("{} needs version {}", who, version.value));
  }
  add_needed(**state, needed);
  add_bookmarks(**state, needed);
  const auto actions = table_.log().read_commit(version);  // it may be cleaned up
  if (actions.ok()) needed->insert(actions->change_files.begin(), actions->change_files.end());
  return {};
}

Status Vacuum::add_since(const delta::State& newest, int64_t time_us, std::set<std::string>* needed) const {
  add_needed(newest, needed);
  add_bookmarks(newest, needed);
  TARN_ASSIGN(const delta::LogFiles files, delta::list_log(table_.store(), table_.path()));
  // Back to the version that was the newest at the time; where the log begins later, to its beginning.
  int64_t version = newest.version.value;
  for (; files.has_commit(version); --version) {
    TARN_TRY(context_.check());
    context_.update("reading versions", static_cast<uint64_t>(newest.version.value - version), 0, "versions");
    TARN_ASSIGN(const delta::Actions actions, table_.log().read_commit(base::Version(version)));
    auto committed = delta::commit_time_us(actions.commit_info);
    if (!committed) {
      TARN_ASSIGN(const auto entry, table_.store().stat(delta::commit_path(table_.path(), base::Version(version))));
      committed = entry.modified_us;
    }
    if (*committed < time_us) break;
    // What a commit took away, the version before it had.
    for (const delta::Add& add : actions.adds) add_file(add.file, needed);
    for (const delta::Remove& remove : actions.removes) {
      delta::DataFile file;
      file.path = remove.path;
      file.deletion_vector = remove.deletion_vector;
      add_file(file, needed);
    }
    needed->insert(actions.change_files.begin(), actions.change_files.end());
    for (const delta::Transaction& transaction : actions.transactions) {
      add_bookmark(transaction.app_id, transaction.version, needed);
    }
  }
  // The bookmarks that the first of these versions had, or the first that can be read; its files are among those above.
  for (; version < newest.version.value && !newest.transactions.empty(); ++version) {
    const auto first = table_.log().load(base::Version(version), context_.silent());
    TARN_TRY(context_.check());
    if (!first.ok()) continue;
    add_bookmarks(**first, needed);
    break;
  }
  return {};
}

Result<Vacuum::Plan> Vacuum::plan() const {
  // The order matters: see leases.h.
  TARN_ASSIGN(const auto newest, table_.log().load(std::nullopt, context_, true));
  const int64_t now_us = table_.now_us();
  TARN_ASSIGN(const auto tags, list_tags(table_.store()));
  TARN_ASSIGN(const auto leases, live_leases(table_.store(), now_us));
  TARN_ASSIGN(auto stored, stored_files(table_.store(), table_.path(), context_));
  TARN_ASSIGN(const auto bookmarks, stored_bookmarks());
  stored.insert(bookmarks.begin(), bookmarks.end());

  const int64_t keep_ms = delta::tombstone_ms(*newest);
  int64_t retain_us = options_.retain_us.value_or(keep_ms == INT64_MAX ? INT64_MAX : keep_ms * 1000);
  retain_us = std::min(retain_us, now_us);
  std::set<std::string> needed;
  TARN_TRY(add_since(*newest, now_us - retain_us, &needed));
  std::set<std::string> by_lease = needed;
  int64_t oldest_lease_us = INT64_MAX;
  for (const Lease& lease : leases) {
    oldest_lease_us = std::min(oldest_lease_us, lease.from_us - kClockSkewUs);
    const auto versions = lease.versions.find(table_.path());
    if (versions == lease.versions.end()) continue;
    for (int64_t version : versions->second) {
      // A reader that asked for a version that is not there holds nothing.
      const auto state = table_.log().load(base::Version(version), context_);
      TARN_TRY(context_.check());
      if (!state.ok()) continue;
      add_needed(**state, &by_lease);
      add_bookmarks(**state, &by_lease);
    }
  }
  if (oldest_lease_us < now_us - retain_us) TARN_TRY(add_since(*newest, oldest_lease_us, &by_lease));
  std::set<std::string> by_tag;
  for (const Tag& tag : tags) {
    const auto pinned = tag.tables.find(table_.path());
    if (pinned == tag.tables.end() || pinned->second.table_id != newest->table_id) continue;
    TARN_TRY(add_version(pinned->second.version, fmt::format("tag '{}'", tag.name), &by_tag));
  }
  std::set<std::string> removed_once;
  for (const auto& [key, remove] : newest->tombstones) {
    removed_once.insert(remove.path);
    if (remove.deletion_vector && remove.deletion_vector->storage != "i") {
      const auto path = delta::deletion_vector_path(*remove.deletion_vector);
      if (path.ok()) removed_once.insert(*path);
    }
  }
  const bool changes = std::any_of(stored.begin(), stored.end(), [&](const auto& file) {
    return file.first.starts_with(kChangeData) && needed.count(file.first) == 0;
  });
  if (changes) {
    TARN_ASSIGN(const auto committed, committed_change_files(table_, context_));
    removed_once.insert(committed.begin(), committed.end());
  }

  Plan plan;
  for (const auto& [path, file] : stored) {
    const bool within = needed.count(path) != 0;
    const bool young = removed_once.count(path) == 0 && file.modified_us > now_us - std::max(retain_us, kOrphanAgeUs);
    const bool leased = !within && by_lease.count(path) != 0, tagged = !within && by_tag.count(path) != 0;
    plan.kept_by_leases += leased ? 1 : 0;
    plan.kept_by_tags += tagged ? 1 : 0;
    if (!within && !young && !leased && !tagged) plan.remove[path] = file;
  }
  return plan;
}

Status Vacuum::commit(const std::string& operation, json::Value parameters,
                      std::vector<std::pair<std::string, int64_t>> metrics) {
  delta::CommitDraft draft;
  draft.operation = operation;
  draft.parameters = std::move(parameters);
  draft.metrics = std::move(metrics);
  for (int attempt = 0; attempt < kMaxCommitAttempts; ++attempt) {
    TARN_ASSIGN(const auto latest, table_.state(std::nullopt, {}));
    const auto committed = table_.try_commit(latest.get(), draft, {});
    if (committed.ok()) return {};
    if (committed.status().code() != Code::already_exists) return committed.status();
  }
  return {Code::conflict,
          fmt::format("table '{}': other writers were first {} times", table_.path(), kMaxCommitAttempts),
          "try again when fewer write at once"};
}

Status Vacuum::remove(const Plan& plan, int64_t* count) {
  for (const auto& [path, file] : plan.remove) {
    TARN_TRY(context_.check());
    context_.update("removing", static_cast<uint64_t>(*count), plan.remove.size(), "files");
    TARN_TRY(table_.store().remove(table_.path() + "/" + path));
    ++*count;
  }
  return {};
}

Result<VacuumReport> Vacuum::run() {
  TARN_ASSIGN(const auto base, table_.state(std::nullopt, context_));
  TARN_TRY(delta::check_writable(*base));
  TARN_ASSIGN(Plan planned, plan());
  const auto bytes_of = [](const std::map<std::string, StoredFile>& files) {
    int64_t bytes = 0;
    for (const auto& [path, file] : files) bytes += file.size_bytes;
    return bytes;
  };
  if (!options_.dry_run && !planned.remove.empty()) {
    const int64_t keep_ms = delta::tombstone_ms(*base);
    json::Value parameters =
        json::Value::object({{"retentionCheckEnabled", false}, {"defaultRetentionMillis", keep_ms}});
    if (options_.retain_us) parameters.set("specifiedRetentionMillis", *options_.retain_us / 1000);
    TARN_TRY(context_.check());
    TARN_TRY(commit("VACUUM START", std::move(parameters),
                    {{"numFilesToDelete", static_cast<int64_t>(planned.remove.size())},
                     {"sizeOfDataToDelete", bytes_of(planned.remove)}}));
    // Only what both looks agree on: the second one has seen whoever came before the START.
    int64_t count = 0;
    const Status removed = [&]() -> Status {
      TARN_ASSIGN(Plan again, plan());
      for (auto it = planned.remove.begin(); it != planned.remove.end();) {
        it = again.remove.count(it->first) != 0 ? std::next(it) : planned.remove.erase(it);
      }
      planned.kept_by_tags = again.kept_by_tags;
      planned.kept_by_leases = again.kept_by_leases;
      return remove(planned, &count);
    }();
    // Also where it failed: nothing more goes.
    const Status ended = commit("VACUUM END", json::Value::object({{"status", removed.ok() ? "COMPLETED" : "FAILED"}}),
                                {{"numDeletedFiles", count}, {"numVacuumedDirectories", 1}});
    TARN_TRY(removed);
    TARN_TRY(ended);
  }
  // One that was stopped before its END and left nothing to do: it has ended now.
  if (!options_.dry_run && planned.remove.empty() && !table_.check_no_vacuum().ok()) {
    TARN_TRY(commit("VACUUM END", json::Value::object({{"status", "COMPLETED"}}), {{"numDeletedFiles", 0}}));
  }
  VacuumReport report;
  report.kept_by_tags = planned.kept_by_tags;
  report.kept_by_leases = planned.kept_by_leases;
  for (const auto& [path, file] : planned.remove) report.removed.push_back({path, file.size_bytes});
  if (table_.observer() != nullptr) {
    const auto there = [&]() -> Result<FilesThere> {
      TARN_ASSIGN(const auto stored, stored_files(table_.store(), table_.path(), context_));
      FilesThere files;
      for (const auto& [path, file] : stored) {
        if (planned.remove.count(path) == 0) files[path] = file.size_bytes;
      }
      return files;
    };
    TARN_ASSIGN(const auto swept, table_.observer()->files_swept(table_, there, options_.dry_run, context_));
    report.removed.insert(report.removed.end(), swept.begin(), swept.end());
  }
  if (!options_.dry_run) {
    // Opening a directory for writing takes away what dead writers left in it.
    for (const std::string& directory : {table_.path(), delta::log_directory(table_.path())}) {
      const auto staged = table_.store().stage(directory);
      if (staged.ok()) table_.store().discard(*staged);
    }
    sweep_leases(table_.store(), table_.now_us());
  }
  TARN_ASSIGN(const auto now, table_.state(std::nullopt, {}));
  report.version = now->version;
  return report;
}

Result<VacuumReport> DeltaTable::vacuum(const VacuumOptions& options, const base::Context& context) {
  auto report = Vacuum(*this, options, context).run();
  return report.ok() ? report : Result<VacuumReport>(context.reason(report.status()));
}

Result<VacuumReport> vacuum(const std::shared_ptr<TableReader>& reader, const VacuumOptions& options,
                            const base::Context& context) {
  if (const auto* link = dynamic_cast<const LinkedTable*>(reader.get())) return link->sweep(options, context);
  TARN_ASSIGN(const auto table, writable(reader));
  return table->vacuum(options, context);
}

Status DeltaTable::check_no_vacuum() const {
  TARN_ASSIGN(const auto commits, history(kVacuumLookBack, {}));
  for (const delta::Commit& commit : commits) {
    if (commit.operation == "VACUUM END" || commit.committed_at_us < now_us() - kVacuumLifeUs) return {};
    if (commit.operation != "VACUUM START") continue;
    return {Code::conflict,
            fmt::format("table '{}': a vacuum began at version {} and has not ended", path_, commit.version.value),
            "wait for it; if it was stopped, run tarn vacuum again"};
  }
  return {};
}

Status DeltaTable::check_files(const delta::Snapshot& snapshot, const base::Context& context) const {
  std::set<std::string> needed;
  add_needed(snapshot, &needed);
  size_t missing = 0;
  std::string first;
  for (const std::string& path : needed) {
    TARN_TRY(context.check());
    const delta::StoredAt at = delta::stored_at(store(), path_, path);
    const auto entry = at.store->stat(at.path);
    if (entry.ok()) continue;
    if (entry.status().code() != Code::not_found) return entry.status();
    if (missing++ == 0) first = path;
  }
  if (missing == 0) return {};
  return {
      Code::not_found,
      fmt::format("version {} of '{}' can no longer be read in full: {} of its {} files are gone (vacuum or forget), "
                  "'{}' first",
                  snapshot.version.value, path_, missing, needed.size(), first),
      "tarn history lists the versions; a tag keeps one from vacuum"};
}

}  // namespace tarn::lake
