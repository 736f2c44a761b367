// Paths of a store, and the names of its temporary files.
// Shape:   a temporary file is ".tmp-<origin>-<pid>-<n>": origin says which boot and which process namespace the pid
//          belongs to.
// Threads: pure, or atomic.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.h"

namespace tarn::store {

inline constexpr std::string_view kTemporaryPrefix = ".tmp-";
// A temporary file is swept when it has not changed for this long and its process is gone …
inline constexpr int64_t kTemporaryAgeUs = int64_t{3600} * 1'000'000;
// … or, where that cannot be known (an earlier boot, another machine or container), for this long.
inline constexpr int64_t kForeignTemporaryAgeUs = 24 * kTemporaryAgeUs;

// invalid_argument for a path that leaves the root or is not in normal form. "" names the root.
base::Status check_path(std::string_view path);
// The same for a file that is to be written: not the root, and not a name that the store keeps for itself.
base::Status check_file_path(std::string_view path);

// "a/b" of "a/b/c", "" of "c".
std::string_view parent_of(std::string_view path);
std::string_view name_of(std::string_view path);

inline bool is_temporary(std::string_view name) { return name.starts_with(kTemporaryPrefix); }
// Never twice the same in one process.
std::string temporary_name();
// Whether nobody can still be writing a temporary file of this name that last changed `age_us` ago.
bool is_abandoned(std::string_view name, int64_t age_us);

}  // namespace tarn::store
