#include "cli/terminal.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace tarn::cli {
namespace {

constexpr size_t kBufferBytes = size_t{64} << 10;

}  // namespace

void Output::write(std::string_view text) {
  const std::lock_guard lock(mutex_);
  if (closed_ || !status_.ok()) return;
  pending_ += text;
  if (pending_.size() < kBufferBytes) return;
  status_ = put(pending_, &closed_);
  pending_.clear();
}

void Output::flush() {
  const std::lock_guard lock(mutex_);
  if (!pending_.empty() && !closed_ && status_.ok()) status_ = put(pending_, &closed_);
  pending_.clear();
}

base::Status FileOutput::put(std::string_view text, bool* closed) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor_, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<size_t>(written));
      continue;
    }
    if (errno == EINTR) continue;
    if (errno == EPIPE) {
      *closed = true;
      return {};
    }
    return {base::Code::io, std::string("cannot write the output: ") + std::strerror(errno)};
  }
  return {};
}

bool decide_color(std::string_view choice, const Terminal& terminal) {
  if (choice == "always") return true;
  if (choice == "never") return false;
  if (!terminal.environment("NO_COLOR").empty()) return false;
  const std::string force = terminal.environment("CLICOLOR_FORCE");
  if (!force.empty() && force != "0") return true;
  return terminal.out_is_tty && terminal.environment("TERM") != "dumb";
}

std::string Style::mark(const char* code, std::string_view text) const {
  if (!color || text.empty()) return std::string(text);
  return std::string("\x1b[") + code + "m" + std::string(text) + "\x1b[0m";
}

}  // namespace tarn::cli
