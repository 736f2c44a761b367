// Forgetting rows: out of the live files, out of every older file, out of what was derived from them, out of the log.
// Shape:   the design, with its reasons, is doc/design/forget.md.
// Order:   live files are written anew and committed; others clean up what names the rows; the log is cut; then the old files go. A run that was
//          stopped is simply done again: each step is found from what lies on disk.
// Limits:  kMaxForgetRows rows.
// Errors:  conflict, after all else was done, where a file with the rows is about to be committed by another writer: doing it again, once
//          that writer has ended, ends it (a dead writer's file goes after kOrphanAgeUs). unsupported where a partition's value, and so a file's path, says what is to be forgotten.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "lake/delta_table.h"

namespace tarn::lake {

inline constexpr int64_t kMaxForgetRows = 1'000'000;

class Forgetting {
 public:
  Forgetting(DeltaTable& table, duck::Connection& connection, const ForgetOptions& options)
      : table_(table), connection_(connection), options_(options) {}
  base::Result<ForgetReport> run(const std::function<base::Status(const ForgetReport&)>& before_files_go);

 private:
  std::string condition(std::string_view column) const;
  base::Status find();  // fills report_.files and held_
  base::Status find_in(const std::vector<std::string>& paths, const Field& key);
  base::Status read_texts();
  base::Status check_partitions() const;
  // One attempt to commit live files without the rows; false when others were first.
  base::Result<bool> rewrite_live(const std::shared_ptr<const State>& latest);
  base::Status find_lost();
  base::Status remove_files();

  // forget_log.cc
  base::Status cut_log();
  bool cut_action(json::Value* action) const;  // true when something was taken out
  bool names(const std::string& text) const;
  base::Status cut_commit(base::Version version);
  base::Status cut_checkpoint(int64_t version, const CheckpointFiles& files);
  base::Status cut_checksums(const LogFiles& files);

  DeltaTable& table_;
  duck::Connection& connection_;
  ForgetOptions options_;
  std::shared_ptr<const State> state_;
  ForgetReport report_;
  std::set<std::string> held_;      // paths of report_.files
  std::vector<std::string> young_;  // files that have the rows and may be committed any moment
};

}  // namespace tarn::lake
