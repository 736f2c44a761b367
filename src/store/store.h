// Bytes at rest under one root directory: read, put whole files durably, list, remove. It knows no format.
// Shape:   paths are relative to the root, separated by '/', without '..' and without a leading '/'.
// Durable: a put that returned ok survives a power cut: temporary file, sync, rename or link, sync of the directory (and of each
//          directory that was made for it), then the answer. A put that failed leaves the old state; its temporary files
//          (".tmp-*") are never listed and are swept by the next writer. A failed sync is never retried on the same handle.
//          One failure leaves the new state: that of the last sync of the directory; the file is then there, and its message
//          says that a power cut may take it away. already_exists is only said of a name that is durable.
// Errors:  not_found, already_exists, io (with errno's text and the path), exhausted (no space: with the bytes needed),
//          permission_denied, invalid_argument (a path that leaves the root).
// Threads: all calls may come from any thread and from several processes at once.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace tarn::store {

struct Entry {
  std::string name;  // the last component
  bool is_directory = false;
  uint64_t size_bytes = 0;
  int64_t modified_us = 0;
};

// What a listing says of each entry: with names alone, size and time are 0, and no file is looked at.
enum class Detail { names, sizes };

// A file mapped read-only; lives as long as the object, also when the file is removed meanwhile.
class MappedFile {
 public:
  virtual ~MappedFile() = default;
  virtual std::string_view bytes() const = 0;
};

class Store {
 public:
  virtual ~Store() = default;

  virtual base::Result<std::string> read(std::string_view path) const = 0;
  // Exactly `length` bytes; corruption when the file ends before.
  virtual base::Result<std::string> read_at(std::string_view path, uint64_t offset, uint64_t length) const = 0;
  virtual base::Result<std::shared_ptr<const MappedFile>> map(std::string_view path) const = 0;
  virtual base::Result<Entry> stat(std::string_view path) const = 0;
  // Names in one directory, sorted by bytes; empty when there is no such directory.
  virtual base::Result<std::vector<Entry>> list(std::string_view directory, Detail detail = Detail::sizes) const = 0;

  // Durable; already_exists when there is a file of that name, which then stays as it was.
  virtual base::Status put_if_absent(std::string_view path, std::string_view bytes) = 0;
  // Durable; replaces atomically.
  virtual base::Status put(std::string_view path, std::string_view bytes) = 0;

  // Replaces atomically for who reads meanwhile, and syncs nothing: for what means nothing after a power cut (a lease).
  virtual base::Status put_volatile(std::string_view path, std::string_view bytes) = 0;

  // For a file that another library writes (Parquet by DuckDB): stage() gives an absolute path of a temporary file in
  // `directory` (made when missing) that does not exist yet; publish() makes what was written there durable under `path`,
  // never replacing; discard() drops it. After already_exists the staged file is still there; after a failed sync it is gone.
  virtual base::Result<std::string> stage(std::string_view directory) = 0;
  virtual base::Status publish(const std::string& staged, std::string_view path) = 0;
  virtual void discard(const std::string& staged) = 0;

  // Durable and in one step: a directory with all that is in it gets another name in the same parent. already_exists when there is
  // something of that name; not_found; invalid_argument for another parent, where no file system has to do it in one step.
  virtual base::Status rename_directory(std::string_view from, std::string_view to) = 0;

  // A file or an empty directory; not_found is ok. What was removed may come back after a power cut.
  virtual base::Status remove(std::string_view path) = 0;

  // The absolute path for a library that opens files itself (DuckDB), read only.
  virtual std::string absolute(std::string_view path) const = 0;
};

inline bool exists(const Store& store, std::string_view path) { return store.stat(path).ok(); }

// A directory of this machine; made, with its parents, when it is missing.
base::Result<std::unique_ptr<Store>> open_local(const std::string& directory);

}  // namespace tarn::store
