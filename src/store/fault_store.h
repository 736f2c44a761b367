// Stores for tests: one whose n-th system call fails, one that records every call so that power cuts can be played
// (recording.h).
// Shape:   both are the real local store over files of their own, in a real directory; only the calls beneath it are
//          bent.
// Errors:  the constructors make the directory and abort when they cannot: a test has no use for less.
// Threads: as store.h; which call is the n-th is then up to the threads.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "store/local_store.h"
#include "store/recording.h"

namespace tarn::store {

enum class Fault {
  io_error,        // EIO from any call
  no_space,        // ENOSPC from calls that take space; a write takes half of its bytes first
  too_many_files,  // EMFILE from calls that open
  short_write,     // a write takes half of its bytes and says so: no error
};

class FaultFiles;

// for (uint64_t nth = 1;; ++nth) { store.arm(fault, nth); operation; if (!store.fired()) break; … }
class FaultStore final : public LocalStore {
 public:
  explicit FaultStore(const std::string& directory);
  // The nth call from now (from 1) that the fault can hit fails; with `for_good`, all such calls after it
  // too.
  void arm(Fault fault, uint64_t nth, bool for_good = false);
  void disarm();
  bool fired() const;            // since arm()
  std::string fired_at() const;  // "sync /…/x": the first call that failed
  uint64_t calls() const;        // that the fault could hit, since arm()

 private:
  FaultStore(const std::string& directory, std::shared_ptr<FaultFiles> files);
  std::shared_ptr<FaultFiles> fault_files_;
};

// Leaves out one call and says that it was made: a canary, by which a crash test proves that it would notice.
// An omitted rename or link writes the bytes in place instead, synced: all is there in the end, only not at once.
struct Omission {
  Event::Kind kind = Event::Kind::sync;  // sync, sync_directory, rename, link
  uint64_t nth = 1;                      // the first is 1
  std::string path;                      // when it is named: not the nth, but all at this path (of a rename: to it)
};

// How the file system below gives a file a name that must be new: not all can rename without replacing.
enum class NewNames { by_rename, by_link };

class RecordingFiles;

class RecordingStore final : public LocalStore {
 public:
  // What is in the directory already counts as durable.
  explicit RecordingStore(const std::string& directory, std::optional<Omission> omission = {},
                          NewNames new_names = NewNames::by_rename);
  // Says what was just acknowledged, for PowerCut::marks.
  void mark(std::string label);
  // A file that another library wrote is recorded when the store first opens it (publish): made and written,
  // not synced.
  Recording recording() const;

 private:
  RecordingStore(const std::string& directory, std::shared_ptr<RecordingFiles> files);
  std::shared_ptr<RecordingFiles> recording_files_;
};

}  // namespace tarn::store
