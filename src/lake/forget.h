// Forgetting rows: out of the live files, out of every older file, out of what was derived from them, out of the log.
// Shape:   the design, with its reasons, is doc/design/forget.md.
// Order:   live files are written anew and committed; others clean up what names the rows; the log is cut; then the old
//          files go. A run that was stopped, by a context or a power cut, is simply done again: each step is found from
//          what lies on disk. Between two steps, and between two files of one, the table is whole.
// Limits:  kMaxForgetRows rows.
// Errors:  conflict, after all else was done, where a file with the rows is about to be committed by another writer:
//          doing it again, once that writer has ended, ends it (a dead writer's file goes after kOrphanAgeUs).
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "delta/partition.h"
#include "lake/delta_table.h"
#include "lake/vacuum.h"

namespace tarn::lake {

inline constexpr int64_t kMaxForgetRows = 1'000'000;

class Forgetting {
 public:
  // All of it is used in run().
  Forgetting(DeltaTable& table, duck::Connection& connection, const ForgetOptions& options,
             const base::Context& context)
      : table_(table), connection_(connection), options_(options), context_(context) {}
  base::Result<ForgetReport> run(const std::function<base::Status(const ForgetReport&)>& before_files_go);

 private:
  std::string condition(std::string_view column) const;
  base::Status find();  // fills report_.files and held_
  base::Status find_in(const std::vector<std::string>& paths, const delta::Field& key);
  base::Status read_texts();
  base::Result<int64_t> rows_in(const std::string& path) const;
  // Fills partitions_; then own_, when it is known which files have the rows.
  base::Status read_partitions(const delta::State& whole, const std::map<std::string, StoredFile>& stored);
  base::Status find_own(const std::map<std::string, StoredFile>& stored);
  // Whether a file's partition, and so its path, says what is to be forgotten and nothing that stays: then the log
  // loses its name.
  bool erases(const std::string& path, const delta::PartitionValues& values) const;
  bool by_partition() const;  // the key is a partition column
  // One attempt to commit live files without the rows; false when others were first.
  base::Result<bool> rewrite_live(const std::shared_ptr<const delta::State>& latest);
  base::Status find_lost();
  base::Status remove_files();

  // forget_log.cc
  enum class Cut { nothing, words, line };  // what an action loses; the line as a whole
  base::Status cut_log();
  Cut cut_action(json::Value* action) const;
  bool names(const std::string& text) const;
  base::Status cut_commit(base::Version version, const delta::LogFiles& files);
  base::Status cut_checksums(const delta::LogFiles& files);
  base::Result<json::Value> read_checksum(int64_t version) const;
  // Puts `text` in the place of a file of the log; takes one away.
  base::Status replace(const std::string& path, const std::string& text);
  base::Status remove_log_file(const std::string& name);
  base::Status settle();  // makes removals in the log's directory durable
  base::Status take_sum(int64_t version);

  // forget_checkpoint.cc
  base::Status cut_checkpoints(const delta::LogFiles& files);
  base::Status cut_checkpoint(int64_t version, const delta::CheckpointFiles& files, std::set<std::string>* gone);
  base::Status cut_loose();
  bool dirty(const delta::Actions& actions) const;

  DeltaTable& table_;
  duck::Connection& connection_;
  ForgetOptions options_;
  const base::Context& context_;
  std::shared_ptr<const delta::State> state_;
  ForgetReport report_;
  std::set<std::string> held_;      // paths of report_.files
  std::vector<std::string> young_;  // files that have the rows and may be committed any moment
  // Of every file that the log or the directory names; empty for tables without partitions.
  std::map<std::string, delta::PartitionValues> partitions_;
  std::set<std::pair<std::string, std::string>> own_;  // columns and values that only files which go have
  // Checksums that were taken away before what they are of: by version, the transaction's id.
  std::map<int64_t, std::string> sums_;
};

}  // namespace tarn::lake
