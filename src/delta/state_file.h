// The state of one version in a file of Tarn's own, so that a table of many files is opened without reading its log and
// checkpoint.
// Shape:   `<table>/_tarn/state`, one at a time, replaced when the log has grown by much; doc/format/state.md.
//          It is an aid: it counts only while its hash holds and the commit of its version is, byte for byte, the one
//          that it was made from. Anyone may remove it.
// Errors:  corruption (file and byte) for bytes that are not such a file.
// Threads: functions; several processes may write at once, each the whole file.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "delta/state.h"
#include "store/store.h"

namespace tarn::delta {

std::string state_path(const std::string& table_path);

// Without tombstones. `commit` is the hash of the text of the version's commit.
std::string state_bytes(const State& state, const base::Hash128& commit);

struct StoredState {
  std::shared_ptr<State> state;
  base::Hash128 commit;
};
// `what` names the file in errors.
base::Result<StoredState> read_state(std::string_view bytes, std::string_view what);

// The table's file. not_found when there is none, or only one of a later version than `at_most`.
base::Result<StoredState> load_state(const store::Store& store, const std::string& table_path,
                                     base::Version at_most = base::Version(INT64_MAX));

}  // namespace tarn::delta
