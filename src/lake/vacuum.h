// Vacuum: taking away the data files, deletion vectors, change files and bookmarks that nothing needs any more.
// Shape:   needed is what a version within the retention has, or a tag's, or a live lease's: its files, its bookmarks,
//          the change files of its commit. Below the table, outside directories whose names begin with '_' or '.', and
//          in `_change_data`, only *.parquet and deletion_vector_*.bin are looked at; of bookmarks only `<n>.json`. A
//          file that no version ever had stays as long as the retention too, and at least kOrphanAgeUs: its writer may
//          be about to commit it. Bookmarks always stay so long.
// Order:   VACUUM START is committed, then tags, leases and the newest version are read once more, then files go, then
//          VACUUM END. Whoever is about to need an old file (a tag, a restore) gives way while a START has no END.
// Stopping: the files that went by then are gone, and the END says FAILED: what is left goes with the next vacuum.
// Limits:  kMaxWalkDepth directories below each other.
// Source:  Delta's VACUUM and its commits; src/index sweeps the segments (Observer::files_swept).
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lake/delta_table.h"

namespace tarn::lake {

inline constexpr int kMaxWalkDepth = 32;
inline constexpr int64_t kOrphanAgeUs = int64_t{3600} * 1'000'000;
// Commits that are looked through for a vacuum that has not ended, and how long one may run.
inline constexpr size_t kVacuumLookBack = 1000;
inline constexpr int64_t kVacuumLifeUs = int64_t{24} * 3600 * 1'000'000;

struct StoredFile {
  int64_t size_bytes = 0;
  int64_t modified_us = 0;
};
inline constexpr std::string_view kChangeData = "_change_data";
// Data files, change files and deletion vectors that lie below the table, by their path relative to it.
base::Result<std::map<std::string, StoredFile>> stored_files(const store::Store& store, const std::string& table_path,
                                                             const base::Context& context);
inline bool is_data_file(const std::string& path) { return path.ends_with(".parquet"); }

// The files that a snapshot's rows need: its data files and its deletion vectors' files.
void add_needed(const delta::Snapshot& snapshot, std::set<std::string>* needed);
// The change files of the commits whose entries are still there.
base::Result<std::set<std::string>> committed_change_files(const DeltaTable& table, const base::Context& context);

class Vacuum {
 public:
  // All of it is used in run().
  Vacuum(DeltaTable& table, const VacuumOptions& options, const base::Context& context)
      : table_(table), options_(options), context_(context) {}
  base::Result<VacuumReport> run();

 private:
  struct Plan {
    std::map<std::string, StoredFile> remove;
    int64_t kept_by_tags = 0, kept_by_leases = 0;
  };
  base::Result<Plan> plan() const;
  base::Status add_version(base::Version version, const std::string& who, std::set<std::string>* needed) const;
  // What every version that was the newest at the time or later has.
  base::Status add_since(const delta::State& newest, int64_t time_us, std::set<std::string>* needed) const;
  base::Result<std::map<std::string, StoredFile>> stored_bookmarks() const;
  // Removes what is planned; how many files went by then.
  base::Status remove(const Plan& plan, int64_t* count);
  // Not stopped: it is one step of several.
  base::Status commit(const std::string& operation, json::Value parameters,
                      std::vector<std::pair<std::string, int64_t>> metrics);

  DeltaTable& table_;
  VacuumOptions options_;
  const base::Context& context_;
};

}  // namespace tarn::lake
