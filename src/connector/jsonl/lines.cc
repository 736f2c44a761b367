#include "connector/jsonl/lines.h"

#include <cerrno>
#include <system_error>

namespace tarn::connector::jsonl {
namespace {

constexpr size_t kBlockBytes = size_t{1} << 20;

}  // namespace

base::Result<Lines> Lines::open(const std::string& path) {
  Lines lines;
  lines.path_ = path;
  lines.hasher_ = std::make_unique<base::Hasher128>();
  errno = 0;
  lines.file_.open(path, std::ios::binary);
  if (lines.file_.is_open()) return lines;
  const int error = errno;
  const base::Code code = error == ENOENT   ? base::Code::not_found
                          : error == EACCES ? base::Code::permission_denied
                                            : base::Code::io;
  return base::Status(code, path + ": " + std::generic_category().message(error));
}

// More of the file behind what is left of the block; false at its end.
base::Result<bool> Lines::fill() {
  buffer_.erase(0, at_);
  at_ = 0;
  const size_t kept = buffer_.size();
  buffer_.resize(kept + kBlockBytes);
  errno = 0;
  file_.read(buffer_.data() + kept, static_cast<std::streamsize>(kBlockBytes));
  const auto count = static_cast<size_t>(file_.gcount());
  buffer_.resize(kept + count);
  if (file_.bad() || (count == 0 && !file_.eof())) {
    return base::Status(base::Code::io, path_ + ": " + std::generic_category().message(errno == 0 ? EIO : errno));
  }
  hasher_->add(std::string_view(buffer_).substr(kept));
  bytes_read_ += count;
  return count > 0;
}

base::Result<bool> Lines::next() {
  if (ended_) return false;
  ++number_;
  too_long_ = false;
  text_ = {};
  size_t searched = at_;
  for (;;) {
    const size_t end = buffer_.find('\n', searched);
    if (end != std::string::npos) {
      text_ = std::string_view(buffer_).substr(at_, end - at_);
      at_ = end + 1;
      break;
    }
    if (buffer_.size() - at_ > kMaxLineBytes) {  // its end is looked for in what follows
      too_long_ = true;
      at_ = buffer_.size();
    }
    searched = buffer_.size() - at_;  // where that lies after fill()
    TARN_ASSIGN(const bool more, fill());
    if (more) continue;
    ended_ = true;
    text_ = std::string_view(buffer_).substr(at_);
    at_ = buffer_.size();
    if (text_.empty() && !too_long_) return false;
    break;
  }
  if (text_.size() > kMaxLineBytes) too_long_ = true;
  if (too_long_) text_ = {};
  if (number_ == 1 && text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
  if (text_.ends_with('\r')) text_.remove_suffix(1);
  return true;
}

}  // namespace tarn::connector::jsonl
