#include "commit_watch.h"

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>

namespace tarn::crash {
namespace {

bool is_log_entry(const std::string& directory, const std::string& name) {
  return directory.ends_with("/_delta_log") && name.size() == 25 && name.ends_with(".json") &&
         std::all_of(name.begin(), name.begin() + 20, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

CommitWatch::CommitWatch(std::string table) : table_(std::move(table)), fd_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
  std::filesystem::create_directories(std::filesystem::path(table_).parent_path());
  cover(std::filesystem::path(table_).parent_path().string());
}

CommitWatch::~CommitWatch() { ::close(fd_); }

// A directory and, when it is the table or in it, all below.
void CommitWatch::cover(const std::string& directory) {
  int watch = ::inotify_add_watch(fd_, directory.c_str(), IN_CREATE | IN_MOVED_TO | IN_ONLYDIR);
  if (watch < 0) return;
  directories_[watch] = directory;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(directory, ignored)) {
    std::string path = entry.path().string();
    if (entry.is_directory(ignored) && (path == table_ || path.starts_with(table_ + "/"))) cover(path);
  }
}

bool CommitWatch::read_events() {
  alignas(inotify_event) char buffer[1 << 16];
  bool any = false;
  for (ssize_t got; (got = ::read(fd_, buffer, sizeof buffer)) > 0;) {
    for (ssize_t at = 0; at < got;) {
      inotify_event event;
      std::memcpy(&event, buffer + at, sizeof event);
      std::string name = event.len > 0 ? buffer + at + sizeof event : "";
      at += static_cast<ssize_t>(sizeof event + event.len);
      auto directory = directories_.find(event.wd);
      if (directory == directories_.end()) continue;
      std::string path = directory->second + "/" + name;
      if (path != table_ && !path.starts_with(table_ + "/")) continue;
      if (event.mask & IN_ISDIR) {
        cover(path);
        continue;
      }
      any = true;
      since_new_file_ = base::Stopwatch();
      ++new_files_;
      if (is_log_entry(directory->second, name)) {
        ++commits_;
        within_ = false;
      } else if (directory->second == table_ || directory->second.starts_with(table_ + "/_tarn/bookmarks")) {
        within_ = true;  // what else is written (checksums, checkpoints, a lexicon) may come after the entry
      }
    }
  }
  return any;
}

double CommitWatch::ms_since_new_file() const { return new_files_ > 0 ? since_new_file_.elapsed_ms() : 1e9; }

bool CommitWatch::wait(int timeout_ms) {
  if (read_events()) return true;
  pollfd wanted{fd_, POLLIN, 0};
  ::poll(&wanted, 1, timeout_ms);
  return read_events();
}

}  // namespace tarn::crash
