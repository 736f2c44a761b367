// A tar archive, piece by piece: V7, ustar, GNU's long names and sizes, pax' paths and sizes.
// Errors:  invalid_argument where a header is none; what the visitor returns.
// Threads: belongs to one thread.
// Source:  POSIX.1-2017, pax; the GNU tar manual, "Basic Tar Format".
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/status.h"

namespace tarn::document {

inline constexpr size_t kTarBlock = 512;

struct TarMember {
  std::string name, target;  // of a link
  uint64_t bytes = 0;
  char type = '0';
  bool is_file() const { return type == '0' || type == '\0' || type == '7'; }
  bool is_folder() const { return type == '5' || (is_file() && name.ends_with('/')); }
};

class TarReader {
 public:
  // Each member, then the pieces of its bytes, then its end.
  struct Visitor {
    std::function<base::Status(const TarMember&)> begin;
    std::function<base::Status(std::string_view piece)> data;
    std::function<base::Status()> end;
  };
  explicit TarReader(Visitor visitor) : visitor_(std::move(visitor)) {}

  base::Status take(std::string_view piece);
  bool is_whole() const { return ended_ || (block_.empty() && left_ == 0 && padding_ == 0); }

 private:
  base::Status header();
  base::Status finish_member();

  Visitor visitor_;
  std::string block_;            // of a header, as far as it came
  std::string* into_ = nullptr;  // where what describes the next member is gathered
  std::string long_name_, long_target_, pax_, ignored_;
  TarMember member_;
  uint64_t left_ = 0, padding_ = 0;
  bool in_member_ = false, ended_ = false;
};

bool is_tar(std::string_view head);

}  // namespace tarn::document
