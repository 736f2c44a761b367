// The version checksum `NNN.crc`: what the state at a version must add up to, and the hash of the commit's own bytes.
// Source:  Delta protocol, "Version Checksum File". `tarnCommitXxh3` is Tarn's own member; others pass over it.
#pragma once

#include <string>
#include <vector>

#include "lake/state.h"

namespace tarn::lake {

std::string checksum_text(const State& state, const std::string& commit_text, const std::string& transaction_id);
// What in `checksum` is not so of `state`, in words. `commit_text` is empty when the commit's file is gone.
std::vector<std::string> compare_checksum(const std::string& checksum, const State& state, const std::string& commit_text);

}  // namespace tarn::lake
