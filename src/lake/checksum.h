// The version checksum `NNN.crc`: what the state at a version must add up to, and the hash of the commit's own bytes.
// Shape:   one JSON object. Tarn's own members, which others pass over: `tarnCommitXxh3`, and last `tarnXxh3`, the hash of all bytes
//          before it.
// Source:  Delta protocol, "Version Checksum File".
#pragma once

#include <string>
#include <vector>

#include "lake/state.h"

namespace tarn::lake {

std::string checksum_text(const State& state, const std::string& commit_text, const std::string& transaction_id);
// What in `checksum` is not so of `state`, in words. `commit_text` is empty when the commit's file is gone.
std::vector<std::string> compare_checksum(const std::string& checksum, const State& state,
                                          const std::string& commit_text);

}  // namespace tarn::lake
