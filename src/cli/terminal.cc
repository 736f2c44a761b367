#include "cli/terminal.h"

#include <fcntl.h>
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

namespace {

class OwnFileOutput final : public Output {
 public:
  explicit OwnFileOutput(int descriptor) : descriptor_(descriptor), file_(descriptor) {}
  ~OwnFileOutput() override {
    flush();
    ::close(descriptor_);
  }

 private:
  base::Status put(std::string_view text, bool*) override {
    file_.write(text);
    file_.flush();
    return file_.status();
  }
  int descriptor_;
  FileOutput file_;
};

}  // namespace

base::Result<std::unique_ptr<Output>> open_file_output(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor < 0) {
    return base::Status(base::Code::io, "cannot write the file " + path + ": " + std::strerror(errno));
  }
  return std::unique_ptr<Output>(std::make_unique<OwnFileOutput>(descriptor));
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
