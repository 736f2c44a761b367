// Checkpoints: the whole state of a version in one Parquet file (or several), so that the commits before it need not be
// read.
// Shape:   a row for each action, one struct column for each kind; what Tarn writes is the classic form, version 1.
//          Read as well: multi-part, and version 2 (JSON or Parquet, with or without sidecars).
// Errors:  corruption for files that hold no checkpoint; what duck and store return.
// Source:  Delta protocol, "Checkpoints", "Checkpoint Schema", "Last Checkpoint File Schema".
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/progress.h"
#include "delta/state.h"
#include "duck/connection.h"
#include "store/store.h"

namespace tarn::delta {

inline constexpr int64_t kCheckpointInterval = 100;

struct CheckpointFiles {
  std::vector<std::string> names;  // in _delta_log, all parts
  bool json = false;
};

// Gives `work` a connection for the lake's own needs.
base::Status with_connection(const duck::Connect& connect, const std::function<base::Status(duck::Connection&)>& work);

class CheckpointReader {
 public:
  CheckpointReader(const store::Store& store, duck::Connect connect, std::string log_directory)
      : store_(store), connect_(std::move(connect)), log_directory_(std::move(log_directory)) {}
  // Without tombstones, which are most of a busy table's checkpoint, unless they are wanted.
  base::Result<Actions> read(const CheckpointFiles& files, bool with_tombstones, const base::Context& context) const;

 private:
  const store::Store& store_;
  duck::Connect connect_;
  std::string log_directory_;
};

// Writes the checkpoint of `state` (with its tombstones, those older than `expire_before_ms` left out) and points
// _last_checkpoint at it. A checkpoint that is already there is as good. Stopped, none is there.
base::Status write_checkpoint(store::Store& store, const std::string& table_path, duck::Connection& connection,
                              const State& state, int64_t expire_before_ms, const base::Context& context);
// Puts the checkpoint of `state` in the place of the one that is there, and then, with `point`, _last_checkpoint at it.
// Nothing may hold the old one's hash any more.
base::Status replace_checkpoint(store::Store& store, const std::string& table_path, duck::Connection& connection,
                                const State& state, bool point);

}  // namespace tarn::delta
