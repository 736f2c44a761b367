// Text → token ids, as one model was trained on.
// Threads: immutable; encode() may be called from any thread.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace tarn::encode {

class Tokenizer {
 public:
  // The one before a text and the one after it; a text without words is these alone.
  static constexpr size_t kFrameTokens = 2;

  virtual ~Tokenizer() = default;
  virtual size_t size() const = 0;  // ids are below it
  // At most `max_tokens` (at least kFrameTokens) ids, the last of them the closing one. `out` is replaced.
  virtual void encode(std::string_view text, size_t max_tokens, std::vector<int32_t>* out) const = 0;
  struct Piece {
    std::string_view text;  // in lower case where the model knows no other
    bool within_word = false;
  };
  virtual Piece piece(int32_t id) const = 0;
};

}  // namespace tarn::encode
