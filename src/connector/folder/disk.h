// The few things that a folder connector asks of the operating system, so that a test can make each of them fail.
// Errors:  not_found, permission_denied, io (with errno's text); the messages do not name the path, the caller does.
// Threads: share freely.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"

namespace tarn::connector::folder {

struct FileStat {
  enum class Kind { file, directory, link, other } kind = Kind::other;
  uint64_t size_bytes = 0;
  int64_t mtime_ns = 0, ctime_ns = 0;
  uint64_t device = 0, inode = 0;
  bool same_place(const FileStat& o) const { return device == o.device && inode == o.inode; }
};

struct Contents {
  std::string bytes;
  FileStat stat;       // of the open file, before it was read
  bool stable = true;  // it did not change while it was read
};

class Disk {
 public:
  virtual ~Disk() = default;
  virtual base::Result<FileStat> stat(const std::string& path, bool follow) const = 0;
  // Names in a directory, without "." and "..", sorted by bytes.
  virtual base::Result<std::vector<std::string>> list(const std::string& path) const = 0;
  // `limit` bytes at most, from there on. Regular files only; never waits for a pipe.
  virtual base::Result<Contents> read(const std::string& path, uint64_t limit, uint64_t from = 0) const = 0;
  // Absolute, without links, "." and "..".
  virtual base::Result<std::string> resolve(const std::string& path) const = 0;
  virtual int64_t now_ns() const = 0;
};

const Disk& local_disk();

}  // namespace tarn::connector::folder
