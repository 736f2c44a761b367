// What an item may unpack to, with all that lies in it: one budget for archives within archives, and for the packages
// of Office in them.
// Errors:  exhausted names the limit.
// Threads: belongs to one thread.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/status.h"

namespace tarn::document {

inline constexpr size_t kMaxMembers = 100'000;  // of one archive
inline constexpr uint64_t kMaxMemberBytes = uint64_t{128} << 20;
inline constexpr uint64_t kMaxUnpackedBytes = uint64_t{1} << 30;
inline constexpr uint64_t kMaxRatio = 250, kRatioFrom = uint64_t{32} << 20;  // of what unpacks to more than that

class Budget {
 public:
  explicit Budget(uint64_t item_bytes) : item_bytes_(item_bytes) {}
  // Unpacked just now.
  base::Status take(uint64_t bytes);
  // So much of it was refused: it cost its time, and is not held against what else the item holds.
  void refuse(uint64_t bytes) { refused_bytes_ += bytes; }

 private:
  uint64_t item_bytes_, unpacked_bytes_ = 0, refused_bytes_ = 0;
};

base::Status too_many_members();
base::Status over_member_limit();

}  // namespace tarn::document
