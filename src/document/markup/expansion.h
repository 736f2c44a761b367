// How much text a file's names may stand for where it names them: a long text may be named a million times, and texts
// name each other.
// Limits:  kMaxExpandedBytes of a file. A name that is over it stays a name.
#pragma once

#include <cstddef>

namespace tarn::document::markup {

inline constexpr size_t kMaxExpandedBytes = size_t{16} << 20;

class Expansion {
 public:
  // Whether a text of so many bytes may stand for its name. It counts, also where it is empty.
  bool take(size_t bytes) {
    if (bytes >= kMaxExpandedBytes - taken_) return false;
    taken_ += bytes + 1;
    return true;
  }

 private:
  size_t taken_ = 0;
};

}  // namespace tarn::document::markup
