// The system calls that a store stands on, one function each, so that a test can put faults and power cuts below every
// step.
// Shape:   paths are absolute; handles are file descriptors.
// Errors:  0, or errno.
// Threads: all calls may come from any thread; a handle belongs to one.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "store/store.h"

namespace tarn::store {

class Files {
 public:
  virtual ~Files() = default;

  // For writing, from an empty file that was not there before (else EEXIST).
  virtual int create(const std::string& path, int* handle) = 0;
  // For read(), map() and sync(); a regular file only (else EISDIR or EINVAL).
  virtual int open(const std::string& path, int* handle, uint64_t* size_bytes) = 0;
  virtual void close(int handle) = 0;

  // Appends; may take only a part of the bytes.
  virtual int write(int handle, std::string_view bytes, size_t* written) = 0;
  // May give only a part; 0 bytes at the file's end.
  virtual int read(int handle, uint64_t offset, char* into, size_t size, size_t* got) = 0;
  virtual int map(int handle, size_t size, const char** bytes) = 0;
  virtual int sync(int handle) = 0;

  virtual int rename(const std::string& from, const std::string& to) = 0;  // replaces atomically
  virtual int rename_no_replace(const std::string& from,
                                const std::string& to) = 0;              // EEXIST; EINVAL: not on this file system
  virtual int link(const std::string& from, const std::string& to) = 0;  // EEXIST
  virtual int unlink(const std::string& path) = 0;                       // or an empty directory; ENOTEMPTY
  virtual int make_directory(const std::string& path) = 0;               // EEXIST
  virtual int sync_directory(const std::string& path) = 0;

  virtual int stat(const std::string& path, Entry* entry) = 0;
  // Without "." and ".."; in no order. An entry that vanishes meanwhile is left out.
  virtual int list(const std::string& path, Detail detail, std::vector<Entry>* entries) = 0;
};

// The operating system's own.
std::shared_ptr<Files> system_files();

}  // namespace tarn::store
