// The files of `_delta_log`: their names, which of them make a version, and reading them into a state.
// Shape:   NNN.json commits (20 digits), NNN.checkpoint[.part.parts | .uuid].parquet|json, NNN.crc, _last_checkpoint.
// Errors:  not_found (no table, no such version), corruption (a gap; a damaged commit: file and line), what store and
//          duck return.
// Source:  Delta protocol, "Delta Log Entries", "Checkpoints", "Checkpoint Naming Scheme".
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/progress.h"
#include "delta/checkpoint.h"
#include "delta/state.h"
#include "store/store.h"

namespace tarn::delta {

std::string log_directory(const std::string& table_path);
std::string commit_path(const std::string& table_path, base::Version version);
std::string crc_path(const std::string& table_path, base::Version version);
std::string checkpoint_path(const std::string& table_path, base::Version version);

struct LogFiles {
  std::vector<int64_t> commits;                                 // ascending
  std::map<int64_t, std::vector<CheckpointFiles>> checkpoints;  // complete ones
  std::vector<int64_t> crcs;
  // Of an empty log: a file that a whole one would not have alone, so that a table was here; "" when none.
  std::string remains;
  bool empty() const { return commits.empty() && checkpoints.empty(); }
  int64_t newest() const;
  bool has_commit(int64_t version) const;
};

// `names` are those in _delta_log; what is not a log file is passed over.
LogFiles read_log_names(const std::vector<std::string>& names);
base::Result<LogFiles> list_log(const store::Store& store, const std::string& table_path);
// What to say of a log with `remains`.
base::Status ruined_log(const std::string& table_path, const LogFiles& files);

class Log {
 public:
  Log(const store::Store& store, std::string table_path, const CheckpointReader* checkpoints,
      bool foreign_files = false)
      : store_(store), table_path_(std::move(table_path)), checkpoints_(checkpoints), foreign_files_(foreign_files) {}

  // The state at a version (the newest when not given), from the table's state file (state_file.h) or the nearest
  // checkpoint that can be read. `actions` counts those that were read of commits and checkpoints.
  base::Result<std::shared_ptr<const State>> load(std::optional<base::Version> version, const base::Context& context,
                                                  bool with_tombstones = false, size_t* actions = nullptr) const;
  // The commit of one version; not_found when there is none (yet).
  base::Result<Actions> read_commit(base::Version version) const;
  // `state` with the commit that follows it.
  base::Result<std::shared_ptr<const State>> next(const State& state, const Actions& actions) const;
  base::Result<std::shared_ptr<State>> from_checkpoint(int64_t version, const CheckpointFiles& files,
                                                       const base::Context& context,
                                                       bool with_tombstones = false) const;
  // That of a version with several checkpoints: corruption when they disagree.
  base::Result<std::shared_ptr<State>> from_checkpoints(int64_t version, const std::vector<CheckpointFiles>& all,
                                                        bool with_tombstones, const base::Context& context) const;
  // The same in place: `state` becomes `version`.
  base::Status apply_commit(int64_t version, Actions actions, State* state) const;

 private:
  // What the table's state file holds, where the log still says the same and goes on to `target` without a gap; else
  // null.
  std::shared_ptr<State> from_state_file(const LogFiles& files, int64_t target) const;

  const store::Store& store_;
  std::string table_path_;
  const CheckpointReader* checkpoints_;
  bool foreign_files_;
};

}  // namespace tarn::delta
