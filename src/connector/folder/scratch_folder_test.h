// For tests: a folder in the temporary directory that goes away at the end, and a disk that fails where it is told to.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "connector/folder/disk.h"

namespace tarn::connector::folder {

class ScratchFolder {
 public:
  ScratchFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tarn-folder-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
    path_ = std::filesystem::canonical(path_).string();
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string at(std::string_view name) const { return path_ + "/" + std::string(name); }

  // Long ago by default, so that the clock's grain plays no part.
  void write(std::string_view name, std::string_view bytes, bool long_ago = true) const {
    std::filesystem::create_directories(std::filesystem::path(at(name)).parent_path());
    std::ofstream(at(name), std::ios::binary) << bytes;
    if (long_ago) age(name);
  }
  void age(std::string_view name, int64_t seconds = 1'600'000'000) const {
    timespec times[2] = {{seconds, 1}, {seconds, 1}};
    ::utimensat(AT_FDCWD, at(name).c_str(), times, AT_SYMLINK_NOFOLLOW);
  }
  void link(const std::string& target, std::string_view name) const {
    std::filesystem::create_directories(std::filesystem::path(at(name)).parent_path());
    std::filesystem::create_symlink(target, at(name));
  }
  void remove(std::string_view name) const { std::filesystem::remove_all(at(name)); }
  void rename(std::string_view from, std::string_view to) const {
    std::filesystem::create_directories(std::filesystem::path(at(to)).parent_path());
    std::filesystem::rename(at(from), at(to));
  }

 private:
  std::string path_;
};

class FaultyDisk final : public Disk {
 public:
  // Paths (absolute) whose reading or listing fails so, and what happens before a path is read.
  std::map<std::string, base::Status> unreadable;
  std::function<void(const std::string& path)> before_read;
  int64_t ahead_ns = 3'600'000'000'000;  // of the real clock: freshly written test files are old enough to be settled
  mutable std::set<std::string> was_read;
  std::map<std::string, uint64_t> devices;  // pretended

  base::Result<FileStat> stat(const std::string& path, bool follow) const override {
    auto stat = local_disk().stat(path, follow);
    if (auto at = devices.find(path); stat.ok() && at != devices.end()) stat->device = at->second;
    return stat;
  }
  base::Result<std::vector<std::string>> list(const std::string& path) const override {
    if (auto at = unreadable.find(path); at != unreadable.end()) return at->second;
    return local_disk().list(path);
  }
  base::Result<Contents> read(const std::string& path, uint64_t limit, uint64_t from) const override {
    if (before_read) before_read(path);
    if (auto at = unreadable.find(path); at != unreadable.end()) return at->second;
    {
      const std::lock_guard lock(mutex_);  // two pulls may share a disk
      was_read.insert(path);
    }
    return local_disk().read(path, limit, from);
  }
  base::Result<std::string> resolve(const std::string& path) const override { return local_disk().resolve(path); }
  int64_t now_ns() const override { return local_disk().now_ns() + ahead_ns; }

 private:
  mutable std::mutex mutex_;
};

}  // namespace tarn::connector::folder
