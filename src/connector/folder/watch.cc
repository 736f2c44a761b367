#include "connector/folder/watch.h"

#include <poll.h>
#include <sys/inotify.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <set>
#include <thread>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/hash.h"
#include "connector/folder/walk.h"

namespace tarn::connector::folder {
namespace {

constexpr int kTurnMs = 50;  // how soon a cancel is seen

// Network file systems and FUSE tell nothing of what others write (magic numbers of statfs(2)).
bool tells_events(const std::string& root) {
  struct statfs s{};
  if (::statfs(root.c_str(), &s) != 0) return true;
  for (uint32_t magic :
       {0x6969u, 0x517Bu, 0xFE534D42u, 0xFF534D42u, 0x65735546u, 0x01021997u, 0x00C36400u, 0x5346414Fu}) {
    if (static_cast<uint32_t>(s.f_type) == magic) return false;
  }
  return true;
}

base::Status pause(const base::Context& context, int ms) {
  for (base::Stopwatch since; since.elapsed_ms() < ms;) {
    TARN_TRY(context.check());
    std::this_thread::sleep_for(std::chrono::milliseconds(std::min(ms, kTurnMs)));
  }
  return context.check();
}

class PollingWatcher final : public Watcher {
 public:
  PollingWatcher(const Disk& disk, std::string root, std::string only_file, Options options, const WatchTiming& timing)
      : disk_(disk),
        root_(std::move(root)),
        only_file_(std::move(only_file)),
        options_(std::move(options)),
        timing_(timing) {
    told_ = look();
  }
  std::string_view method() const override { return "polling"; }

  base::Status wait(const base::Context& context) override {
    std::optional<base::Hash128> last = told_;
    for (;;) {
      TARN_TRY(pause(context, timing_.poll_ms));
      auto now = look();
      // The same twice: settled. A folder that is not there is waited for.
      if (now && now != told_ && now == last) {
        told_ = now;
        return {};
      }
      last = now;
    }
  }

 private:
  std::optional<base::Hash128> look() const {
    Listing listing;
    if (only_file_.empty()) {
      auto walked = walk(disk_, root_, options_, {});
      if (!walked.ok()) return std::nullopt;
      listing = std::move(*walked);
    } else {
      auto stat = disk_.stat(root_ + "/" + only_file_, true);
      if (!stat.ok()) return std::nullopt;
      listing.files.push_back({only_file_, *stat});
    }
    std::string all;
    base::ByteWriter out(&all);
    for (const auto& file : listing.files) {
      out.text(file.path);
      out.fixed(file.stat.size_bytes);
      out.fixed(file.stat.mtime_ns);
      out.fixed(file.stat.ctime_ns);
      out.fixed(file.stat.inode);
    }
    for (const auto& problem : listing.problems) {
      out.text(problem.path);
      out.text(problem.reason);
    }
    return base::hash128(all);
  }

  const Disk& disk_;
  const std::string root_, only_file_;
  const Options options_;
  const WatchTiming timing_;
  std::optional<base::Hash128> told_;
};

class InotifyWatcher final : public Watcher {
 public:
  InotifyWatcher(int fd, const Disk& disk, std::string root, std::string only_file, Options options,
                 const WatchTiming& timing)
      : fd_(fd),
        disk_(disk),
        root_(std::move(root)),
        only_file_(std::move(only_file)),
        options_(std::move(options)),
        timing_(timing) {}
  ~InotifyWatcher() override { ::close(fd_); }
  InotifyWatcher(const InotifyWatcher&) = delete;
  InotifyWatcher& operator=(const InotifyWatcher&) = delete;
  std::string_view method() const override { return polling_ ? "polling" : "inotify"; }

  // Adds what is not watched yet; the kernel knows a directory that is watched already.
  base::Status cover() {
    std::vector<std::string> directories{""};
    if (only_file_.empty()) {
      auto listing = walk(disk_, root_, options_, {});
      if (!listing.ok()) return listing.status();
      directories = std::move(listing->directories);
      above_.clear();
      for (const std::string& path :
           listing->above) {  // for their ignore files; without a watch they are seen at the next pull
        if (int watch = ::inotify_add_watch(fd_, path.c_str(), kEvents); watch >= 0) above_.insert(watch);
      }
    }
    for (const std::string& directory : directories) {
      std::string path = directory.empty() ? root_ : root_ + "/" + directory;
      int watch = ::inotify_add_watch(fd_, path.c_str(), kEvents);
      if (watch < 0 && errno != ENOENT && errno != EACCES && errno != ENOTDIR) {
        return {base::Code::exhausted, std::string("inotify: ") + std::strerror(errno)};
      }
      if (watch < 0 && directory.empty()) return {base::Code::not_found, "cannot watch the root"};
    }
    stale_ = false;
    return {};
  }

  base::Status wait(const base::Context& context) override {
    if (polling_) return polling_->wait(context);
    TARN_TRY(settle(context));
    while (stale_) {
      base::Status covered = cover();
      if (covered.code() == base::Code::exhausted) {  // more directories than inotify takes
        polling_ = std::make_unique<PollingWatcher>(disk_, root_, only_file_, options_, timing_);
      }
      if (covered.ok() || polling_) break;
      TARN_TRY(pause(context, timing_.poll_ms));  // the root went away
    }
    return {};
  }

 private:
  static constexpr uint32_t kEvents = IN_CREATE | IN_CLOSE_WRITE | IN_MODIFY | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO |
                                      IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;

  base::Status settle(const base::Context& context) {
    std::optional<base::Stopwatch> since_first, since_last;
    for (;;) {
      TARN_TRY(context.check());
      if (read_events()) {
        if (!since_first) since_first.emplace();
        since_last.emplace();
      }
      if (since_last &&
          (since_last->elapsed_ms() >= timing_.settle_ms || since_first->elapsed_ms() >= timing_.settle_at_most_ms)) {
        return {};
      }
      pollfd wanted{fd_, POLLIN, 0};
      ::poll(&wanted, 1, kTurnMs);
    }
  }

  // Whether something that matters was read.
  bool read_events() {
    alignas(inotify_event) char buffer[1 << 16];
    bool any = false;
    for (;;) {
      ssize_t got = ::read(fd_, buffer, sizeof buffer);
      if (got <= 0) return any;
      for (ssize_t at = 0; at < got;) {
        inotify_event event;
        std::memcpy(&event, buffer + at, sizeof event);
        std::string_view name = event.len > 0 ? std::string_view(buffer + at + sizeof event) : std::string_view();
        at += static_cast<ssize_t>(sizeof event + event.len);
        any = matters(event.wd, event.mask, name) || any;
      }
    }
  }

  bool matters(int watch, uint32_t mask, std::string_view name) {
    const bool is_rules = name == ".gitignore" || name == ".tarnignore";
    if (above_.contains(watch) && !is_rules) return false;
    if (mask & (IN_Q_OVERFLOW | IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT)) return stale_ = true;
    if (mask & IN_IGNORED) return false;
    if (!only_file_.empty()) return name == only_file_;
    if (is_rules || (mask & IN_ISDIR)) stale_ = true;
    return is_rules || options_.hidden || !name.starts_with('.');
  }

  const int fd_;
  const Disk& disk_;
  const std::string root_, only_file_;
  const Options options_;
  const WatchTiming timing_;
  std::unique_ptr<Watcher> polling_;
  std::set<int> above_;  // watches of directories above the root
  bool stale_ = false;   // directories may have come that are not watched
};

}  // namespace

base::Result<std::unique_ptr<Watcher>> watch_folder(const Disk& disk, const std::string& root,
                                                    const std::string& only_file, const Options& options,
                                                    WatchMethod method, const WatchTiming& timing) {
  if (method == WatchMethod::automatic && tells_events(root)) {
    int fd = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (fd >= 0) {
      auto watcher = std::make_unique<InotifyWatcher>(fd, disk, root, only_file, options, timing);
      base::Status covered = watcher->cover();
      if (covered.ok()) return std::unique_ptr<Watcher>(std::move(watcher));
      if (covered.code() != base::Code::exhausted) return covered;
    }
  }
  return std::unique_ptr<Watcher>(std::make_unique<PollingWatcher>(disk, root, only_file, options, timing));
}

}  // namespace tarn::connector::folder
