// What was deflated, unpacked piece by piece: zlib.
// Errors:  corruption for damaged bytes; what the taker returns.
// Threads: belongs to one thread.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "base/status.h"

namespace tarn::document {

class Inflate {
 public:
  enum class Form : uint8_t { raw, gzip };
  explicit Inflate(Form form);
  ~Inflate();
  Inflate(const Inflate&) = delete;
  Inflate& operator=(const Inflate&) = delete;

  // Gives what the bytes unpack to, and returns the bytes behind the stream's end. May be called with further bytes
  // until it has ended.
  base::Result<std::string_view> read(std::string_view bytes,
                                      const std::function<base::Status(std::string_view piece)>& take);
  bool ended() const { return ended_; }

 private:
  struct Stream;
  std::unique_ptr<Stream> stream_;
  bool ended_ = false;
};

}  // namespace tarn::document
