#include "store/files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace tarn::store {
namespace {

// Calls again after a signal; the result is 0 or errno.
template <typename Call>
int checked(Call call) {
  while (call() < 0) {
    if (errno != EINTR) return errno;
  }
  return 0;
}

Entry entry_of(std::string name, const struct stat& s) {
  return {std::move(name), S_ISDIR(s.st_mode), S_ISDIR(s.st_mode) ? 0 : static_cast<uint64_t>(s.st_size),
          int64_t{s.st_mtim.tv_sec} * 1'000'000 + s.st_mtim.tv_nsec / 1000};
}

class SystemFiles final : public Files {
 public:
  int create(const std::string& path, int* handle) override {
    return checked([&] { return *handle = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666); });
  }

  int open(const std::string& path, int* handle, uint64_t* size_bytes) override {
    // O_NONBLOCK: a named pipe that lies about must not hang the reader; it means nothing for regular files.
    int fd = -1;
    if (int e = checked([&] { return fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK); })) return e;
    struct stat s{};
    int e = checked([&] { return ::fstat(fd, &s); });
    if (e == 0 && !S_ISREG(s.st_mode)) e = S_ISDIR(s.st_mode) ? EISDIR : EINVAL;
    if (e != 0) {
      ::close(fd);
      return e;
    }
    *handle = fd;
    *size_bytes = static_cast<uint64_t>(s.st_size);
    return 0;
  }

  void close(int handle) override { ::close(handle); }

  int write(int handle, std::string_view bytes, size_t* written) override {
    ssize_t n = 0;
    if (int e = checked([&] { return n = ::write(handle, bytes.data(), bytes.size()); })) return e;
    *written = static_cast<size_t>(n);
    return 0;
  }

  int read(int handle, uint64_t offset, char* into, size_t size, size_t* got) override {
    ssize_t n = 0;
    if (int e = checked([&] { return n = ::pread(handle, into, size, static_cast<off_t>(offset)); })) return e;
    *got = static_cast<size_t>(n);
    return 0;
  }

  int map(int handle, size_t size, const char** bytes) override {
    void* at = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, handle, 0);
    if (at == MAP_FAILED) return errno;
    *bytes = static_cast<const char*>(at);
    return 0;
  }

  int sync(int handle) override {
    // Not again after EINTR: an error may have been reported and forgotten.
    return ::fsync(handle) < 0 ? errno : 0;
  }

  int rename(const std::string& from, const std::string& to) override {
    return checked([&] { return ::rename(from.c_str(), to.c_str()); });
  }

  int rename_no_replace(const std::string& from, const std::string& to) override {
    return checked([&] { return ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE); });
  }

  int link(const std::string& from, const std::string& to) override {
    return checked([&] { return ::link(from.c_str(), to.c_str()); });
  }

  int unlink(const std::string& path) override {
    return checked([&] { return ::remove(path.c_str()); });
  }

  int make_directory(const std::string& path) override {
    return checked([&] { return ::mkdir(path.c_str(), 0777); });
  }

  int sync_directory(const std::string& path) override {
    int fd = -1;
    if (int e = checked([&] { return fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); })) return e;
    const int e = ::fsync(fd) < 0 ? errno : 0;
    ::close(fd);
    return e == EINVAL ? 0 : e;  // EINVAL: a file system that has no such sync, and nothing that could take its place
  }

  int stat(const std::string& path, Entry* entry) override {
    struct stat s{};
    if (int e = checked([&] { return ::stat(path.c_str(), &s); })) return e;
    *entry = entry_of(path.substr(path.rfind('/') + 1), s);
    return 0;
  }

  int list(const std::string& path, Detail detail, std::vector<Entry>* entries) override {
    DIR* directory = ::opendir(path.c_str());
    if (directory == nullptr) return errno;
    int error = 0;
    for (;;) {
      errno = 0;
      const dirent* d = ::readdir(directory);
      if (d == nullptr) {
        error = errno;
        break;
      }
      const std::string_view name = d->d_name;
      if (name == "." || name == "..") continue;
      if (detail == Detail::names && (d->d_type == DT_REG || d->d_type == DT_DIR)) {
        entries->push_back({d->d_name, d->d_type == DT_DIR, 0, 0});
        continue;
      }
      struct stat s{};
      if (::fstatat(::dirfd(directory), d->d_name, &s, 0) == 0) entries->push_back(entry_of(d->d_name, s));
    }
    ::closedir(directory);
    return error;
  }
};

}  // namespace

std::shared_ptr<Files> system_files() {
  static const auto files = std::make_shared<SystemFiles>();
  return files;
}

}  // namespace tarn::store
