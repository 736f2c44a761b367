// What check() does, part by part: the log against itself, its checksums and checkpoints; files against the log;
// bookmarks.
// Errors:  damage is a Finding; a Status is for what keeps the check itself from running (no such table, no memory).
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "delta/state_file.h"
#include "lake/delta_table.h"

namespace tarn::lake {

class TableCheck {
 public:
  // All of it is used in run().
  TableCheck(const DeltaTable& table, duck::Connection& connection, const base::Context& context)
      : table_(table), connection_(connection), context_(context) {}
  base::Result<std::vector<Finding>> run();

 private:
  // Replays the log from its oldest version; null when that cannot be done.
  base::Result<std::shared_ptr<const delta::State>> check_log();
  std::shared_ptr<delta::State> start_of(const delta::LogFiles& files);
  std::shared_ptr<const delta::State> newest_readable() const;
  void check_version(const delta::LogFiles& files, const delta::State& state);
  void check_checkpoint(const delta::CheckpointFiles& files, const delta::State& state, const std::string& hash);
  void check_pointer(const delta::LogFiles& files);
  void read_state_file();
  void check_state_file(const delta::State& state);
  void remember(const delta::Actions& actions);
  // Files that only older versions need, as far as they are there: vacuum may have taken them.
  base::Status check_older(const delta::State& state);
  void check_file(const delta::State& state, const delta::DataFile& file);
  base::Status check_rows(const delta::State& state, const delta::DataFile& file);
  void check_bookmarks(const delta::State& state);
  void found(std::string where, std::string what) { findings_.push_back({std::move(where), std::move(what)}); }

  const DeltaTable& table_;
  duck::Connection& connection_;
  const base::Context& context_;
  std::vector<Finding> findings_;
  std::optional<delta::StoredState> stored_;     // the state file's
  std::map<std::string, delta::DataFile> seen_;  // every file that the log added, by path
  // Every vector in a file of its own, with its data file.
  std::vector<std::pair<std::string, delta::DeletionVector>> vectors_;
};

}  // namespace tarn::lake
