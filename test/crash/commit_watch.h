// What happens in a table's directory while somebody writes to it, by inotify: when a commit begins (the first new data
// file or bookmark) and when it is there (an entry in _delta_log).
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/clock.h"

namespace tarn::crash {

class CommitWatch {
 public:
  // `table` need not be there yet.
  explicit CommitWatch(std::string table);
  ~CommitWatch();
  CommitWatch(const CommitWatch&) = delete;
  CommitWatch& operator=(const CommitWatch&) = delete;

  // Waits at most so long for a new file, and counts it. False when nothing came.
  bool wait(int timeout_ms);
  uint64_t new_files() const { return new_files_; }
  uint64_t commits() const { return commits_; }
  bool within_commit() const { return within_; }
  // Since the last new file was seen; huge when there was none.
  double ms_since_new_file() const;

 private:
  void cover(const std::string& directory);
  bool read_events();
  const std::string table_;
  int fd_;
  std::map<int, std::string> directories_;
  uint64_t new_files_ = 0, commits_ = 0;
  bool within_ = false;
  base::Stopwatch since_new_file_;
};

}  // namespace tarn::crash
