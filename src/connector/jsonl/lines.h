// A text file line by line, in memory for one line and one block.
// Limits:  kMaxLineBytes; a longer line is told of, and passed over.
// Errors:  io with errno's text.
#pragma once

#include <cstdint>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "base/status.h"

namespace tarn::connector::jsonl {

inline constexpr size_t kMaxLineBytes = size_t{16} << 20;

class Lines {
 public:
  // not_found, permission_denied, io.
  static base::Result<Lines> open(const std::string& path);

  // False at the end. What text() gives is good until the next call.
  base::Result<bool> next();
  std::string_view text() const { return text_; }  // without the line's end
  bool too_long() const { return too_long_; }      // then text() is empty
  uint64_t number() const { return number_; }      // from 1
  uint64_t bytes_read() const { return bytes_read_; }
  base::Hash128 hash() const { return hasher_->finish(); }  // of what was read; of the file, at its end

 private:
  base::Result<bool> fill();

  std::string path_;
  std::ifstream file_;
  std::unique_ptr<base::Hasher128> hasher_;
  std::string buffer_;
  size_t at_ = 0;
  std::string_view text_;
  bool too_long_ = false, ended_ = false;
  uint64_t number_ = 0, bytes_read_ = 0;
};

}  // namespace tarn::connector::jsonl
