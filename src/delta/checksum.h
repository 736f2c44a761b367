// The version checksum `NNN.crc`: what the state at a version must add up to, and the hash of the commit's own bytes.
// Shape:   one JSON object. Tarn's own members, which others pass over: `tarnCommitXxh3`; `tarnCheckpointXxh3` of the
//          version's checkpoint, where it has one; and last `tarnXxh3`, the hash of all bytes before it.
// Source:  Delta protocol, "Version Checksum File".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "delta/state.h"

namespace tarn::delta {

// `checkpoint_hash` is empty where the version has no checkpoint.
std::string checksum_text(const State& state, const std::string& commit_text, const std::string& transaction_id,
                          const std::string& checkpoint_hash);
// A JSON object with `tarnXxh3` as its last member, and whether that is the hash of what stands before it.
std::string with_own_hash(std::string object);
bool own_hash_holds(std::string_view text);
// What in `checksum` is not so of `state`, in words. The hashes of other files in it are the caller's to compare.
std::vector<std::string> compare_checksum(const std::string& checksum, const State& state);

}  // namespace tarn::delta
