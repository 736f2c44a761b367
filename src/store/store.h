// Bytes at rest under one root: read, put whole files, list, remove. It knows no format. What stands here is what every
// store promises, and all that other rooms rely on; store/contract_test.cc holds each of them to it.
// Shape:   paths are relative to the root, separated by '/', without '..' and without a leading '/'. A directory is
//          there as long as something lies below it; an empty one may be.
// Durable: what a put that returned ok wrote survives a power cut, and whoever asks after that answer, in any process,
//          reads, stats and lists it, whole. A put that failed leaves the old state; two may leave the new one, and say
//          so: the local store's last sync of a directory, and an answer that was lost on its way. So who puts what
//          others must not see twice reads it back after a failure. already_exists is only said of a name that is
//          durable. What a put has not finished is never listed.
// Order:   puts from one caller become visible in the order of their answers. Nothing more is promised of several
//          files.
// Errors:  not_found, already_exists, corruption (a file ends early), io (with the reason and the path), exhausted (no
//          space: with the bytes needed), permission_denied, invalid_argument (a path that leaves the root),
//          unsupported (rename_directory() only).
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
  uint64_t size_bytes = 0;  // of a file
  int64_t modified_us = 0;  // by the store's clock; a file that is put anew has another time or size
};

// What a listing says of each entry: with names alone, size and time are 0, and no file is looked at.
enum class Detail { names, sizes };

// A lease on a file of this machine with the bytes of one of the store's. As long as it lives, the file is there,
// unless the store's own file is removed meanwhile.
class LocalCopy {
 public:
  virtual ~LocalCopy() = default;
  // Absolute: for a library that opens files itself (DuckDB), read only.
  virtual const std::string& path() const = 0;
  // All of it; they stay as long as this object, also when the file is removed.
  virtual base::Result<std::string_view> bytes() const = 0;
};
using Local = std::shared_ptr<const LocalCopy>;
// The lease alone; null where the files lie on this machine in any case.
using Lease = std::shared_ptr<const void>;
// A lease on several files, for a statement of DuckDB.
struct LocalFiles {
  std::vector<std::string> paths;  // absolute, in the order that they were asked for: local_path() of each
  Lease lease;
};

class Store {
 public:
  virtual ~Store() = default;

  virtual base::Result<std::string> read(std::string_view path) const = 0;
  // Exactly `length` bytes; corruption when the file ends before.
  virtual base::Result<std::string> read_at(std::string_view path, uint64_t offset, uint64_t length) const = 0;
  virtual base::Result<Entry> stat(std::string_view path) const = 0;
  // Names in one directory, sorted by bytes; empty when there is no such directory.
  virtual base::Result<std::vector<Entry>> list(std::string_view directory, Detail detail = Detail::sizes) const = 0;

  // Of a local store the file itself, else a copy. That there is none is said here, or by who opens it.
  virtual base::Result<Local> local(std::string_view path) const = 0;
  // The same of several: one after the other, where a store has no better way.
  virtual base::Result<LocalFiles> local_files(const std::vector<std::string>& paths) const;
  // The directory below which all local copies lie, each under its own path: where a locked connection may read.
  virtual std::string local_root() const = 0;
  // Where the copy of a file lies, or of those below a directory: readable by who holds a lease.
  std::string local_path(std::string_view path) const;
  // What people are told a file or directory is: they may look for it there.
  virtual std::string address(std::string_view path) const = 0;

  // already_exists when there is a file of that name, which then stays as it was: of several who put at once, one is
  // told ok.
  virtual base::Status put_if_absent(std::string_view path, std::string_view bytes) = 0;
  // Replaces atomically.
  virtual base::Status put(std::string_view path, std::string_view bytes) = 0;
  // Replaces atomically for who reads meanwhile, and need not be durable: for what means nothing after a power cut (a
  // lease).
  virtual base::Status put_volatile(std::string_view path, std::string_view bytes) = 0;

  // For a file that another library writes (Parquet by DuckDB): stage() gives an absolute path of a temporary file of
  // this machine that does not exist yet; publish() makes what was written there durable under `path`, in `directory`
  // or below it, never replacing; discard() drops it. After already_exists the staged file is still there; after a
  // failed sync it is gone.
  virtual base::Result<std::string> stage(std::string_view directory) = 0;
  virtual base::Status publish(const std::string& staged, std::string_view path) = 0;
  virtual void discard(const std::string& staged) = 0;

  // Durable and in one step: a directory with all that is in it gets another name in the same parent. already_exists
  // when there is something of that name; not_found; invalid_argument for another parent, where no file system has to
  // do it in one step; unsupported where the store has no such step: its callers have another way.
  virtual base::Status rename_directory(std::string_view from, std::string_view to) = 0;

  // A file or an empty directory; not_found is ok. What was removed may come back after a power cut.
  virtual base::Status remove(std::string_view path) = 0;
};

inline bool exists(const Store& store, std::string_view path) { return store.stat(path).ok(); }

// A directory of this machine; made, with its parents, when it is missing.
base::Result<std::unique_ptr<Store>> open_local(const std::string& directory);

}  // namespace tarn::store
