#include "server/stdio.h"

#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>

#include "server/rpc.h"

namespace tarn::server {
namespace {

constexpr int kLookEveryMs = 250;  // at cancel, while nothing comes

base::Status failed(const char* what) { return {base::Code::io, std::string(what) + ": " + std::strerror(errno)}; }

// False when the reader went away or the output failed.
bool write_all(int output, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(output, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

// Cuts what is read into lines; a line beyond the limit is dropped to its end and given as one that is too long.
class Lines {
 public:
  explicit Lines(McpConnection& connection) : connection_(connection) {}

  void take(std::string_view bytes) {
    while (!bytes.empty()) {
      const size_t end = bytes.find('\n');
      const std::string_view part = bytes.substr(0, end);
      if (line_.size() <= kMaxMessageBytes) line_ += part;  // one byte over the limit is enough to refuse it
      if (end == std::string_view::npos) {
        if (line_.size() > kMaxMessageBytes) line_.resize(kMaxMessageBytes + 1);
        return;
      }
      give();
      bytes.remove_prefix(end + 1);
    }
  }
  void finish() { give(); }

 private:
  void give() {
    if (!line_.empty() && line_.back() == '\r') line_.pop_back();
    if (line_.find_first_not_of(" \t") != std::string::npos) connection_.receive(line_);
    if (line_.capacity() > size_t{1} << 20) {
      line_ = std::string();
    } else {
      line_.clear();
    }
  }

  McpConnection& connection_;
  std::string line_;
};

}  // namespace

base::Status serve_stdio(const std::vector<operation::Bound>& operations, const ServerInfo& info, int input, int output,
                         const base::Cancel& cancel) {
  std::atomic<bool> gone{false};
  McpConnection connection(operations, info, [&](const std::string& line) {
    if (!gone && !write_all(output, line + "\n")) gone = true;
  });
  Lines lines(connection);
  std::string buffer(size_t{64} << 10, '\0');
  while (!gone && !cancel.requested()) {
    pollfd ready{input, POLLIN, 0};
    const int polled = poll(&ready, 1, kLookEveryMs);
    if (polled < 0 && errno != EINTR) return failed("waiting for a message");
    if (polled <= 0) continue;
    const ssize_t count = read(input, buffer.data(), buffer.size());
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count < 0) return failed("reading a message");
    if (count == 0) {
      lines.finish();
      connection.drain(std::chrono::milliseconds(kGraceMs));
      return {};
    }
    lines.take(std::string_view(buffer.data(), static_cast<size_t>(count)));
  }
  return cancel.check();
}

}  // namespace tarn::server
