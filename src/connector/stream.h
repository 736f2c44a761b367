// The bytes of an item that are fetched when they are wanted: from the start to the end, once, of a size that may not
// be known before.
// Threads: one stream belongs to one thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "base/progress.h"
#include "base/status.h"

namespace tarn::connector {

class ByteStream {
 public:
  virtual ~ByteStream() = default;
  // The next bytes, good until the next call; none at the end.
  virtual base::Result<std::string_view> next() = 0;
};

struct Fetched {
  std::string bytes;
  base::Hash128 hash;  // of them, made while they were read
};

// All of it. exhausted as soon as there are more than `max_bytes`. `expected_bytes` is a guess that spares copying; 0 =
// none.
base::Result<Fetched> read_all(ByteStream& stream, uint64_t max_bytes, uint64_t expected_bytes,
                               const base::Context& context);

}  // namespace tarn::connector
