#include "connector/folder/disk.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <memory>
#include <string_view>

#include "connector/open_file.h"

namespace tarn::connector::folder {
namespace {

base::Status from_errno(int error) {
  base::Code code = error == ENOENT || error == ENOTDIR                     ? base::Code::not_found
                    : error == EACCES || error == EPERM                     ? base::Code::permission_denied
                    : error == EMFILE || error == ENFILE || error == ENOMEM ? base::Code::exhausted
                                                                            : base::Code::io;
  std::string text = error == ELOOP ? "a loop of symbolic links" : std::strerror(error);
  if (code == base::Code::permission_denied) {
    text += ": give yourself the right to read it, or leave it out with --exclude";
  }
  return {code, std::move(text)};
}

int64_t to_ns(const timespec& t) { return int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec; }

FileStat to_stat(const struct stat& s) {
  FileStat out;
  out.kind = S_ISREG(s.st_mode)   ? FileStat::Kind::file
             : S_ISDIR(s.st_mode) ? FileStat::Kind::directory
             : S_ISLNK(s.st_mode) ? FileStat::Kind::link
                                  : FileStat::Kind::other;
  out.size_bytes = static_cast<uint64_t>(s.st_size);
  out.mtime_ns = to_ns(s.st_mtim);
  out.ctime_ns = to_ns(s.st_ctim);
  out.device = s.st_dev;
  out.inode = s.st_ino;
  return out;
}

class LocalDisk final : public Disk {
 public:
  base::Result<FileStat> stat(const std::string& path, bool follow) const override {
    struct stat s{};
    if (::fstatat(AT_FDCWD, path.c_str(), &s, follow ? 0 : AT_SYMLINK_NOFOLLOW) != 0) return from_errno(errno);
    return to_stat(s);
  }

  base::Result<std::vector<std::string>> list(const std::string& path) const override {
    struct Close {
      void operator()(DIR* d) const { ::closedir(d); }
    };
    std::unique_ptr<DIR, Close> directory(::opendir(path.c_str()));
    if (!directory) return from_errno(errno);
    std::vector<std::string> names;
    for (;;) {
      errno = 0;
      const dirent* entry = ::readdir(directory.get());
      if (!entry) break;
      std::string_view name(entry->d_name);
      if (name != "." && name != "..") names.emplace_back(name);
    }
    if (errno != 0) return from_errno(errno);
    std::sort(names.begin(), names.end());
    return names;
  }

  base::Result<Contents> read(const std::string& path, uint64_t limit, uint64_t from) const override {
    const OpenFile file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (file.get() < 0) return from_errno(errno);
    struct stat before{};
    if (::fstat(file.get(), &before) != 0) return from_errno(errno);
    if (!S_ISREG(before.st_mode)) return base::Status(base::Code::unsupported, "not a regular file");
    Contents out;
    out.stat = to_stat(before);
    if (from > 0 && ::lseek(file.get(), static_cast<off_t>(from), SEEK_SET) < 0) return from_errno(errno);
    TARN_TRY(read_up_to(file.get(), limit, out.stat.size_bytes - std::min(out.stat.size_bytes, from), out.bytes));
    struct stat after{};
    if (::fstat(file.get(), &after) != 0) return from_errno(errno);
    FileStat now = to_stat(after);
    out.stable = now.size_bytes == out.stat.size_bytes && now.mtime_ns == out.stat.mtime_ns;
    return out;
  }

  base::Result<std::string> resolve(const std::string& path) const override {
    std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr), &std::free);
    if (!real) return from_errno(errno);
    return std::string(real.get());
  }

  int64_t now_ns() const override {
    timespec t{};
    ::clock_gettime(CLOCK_REALTIME, &t);
    return to_ns(t);
  }

 private:
  static base::Status read_up_to(int fd, uint64_t limit, uint64_t expected, std::string& out) {
    // One byte more than expected shows the end of a file of that size in one read, and a file that grew.
    size_t step = static_cast<size_t>(std::min(limit, expected + 1));
    while (out.size() < limit) {
      size_t at = out.size();
      out.resize(at + std::min<uint64_t>(std::max<size_t>(step, 4096), limit - at));
      ssize_t got = ::read(fd, out.data() + at, out.size() - at);
      if (got < 0 && errno == EINTR) {
        out.resize(at);
        continue;
      }
      out.resize(at + static_cast<size_t>(std::max<ssize_t>(got, 0)));
      if (got < 0) return from_errno(errno);
      if (got == 0) break;
      step = size_t{1} << 16;
    }
    return {};
  }
};

}  // namespace

const Disk& local_disk() {
  static const LocalDisk disk;
  return disk;
}

}  // namespace tarn::connector::folder
