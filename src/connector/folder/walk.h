// Which files of a folder are taken: recursive, by patterns and ignore files, links followed inside the root only.
// Rules:   .gitignore and .tarnignore of each directory, the deeper one first, .tarnignore before .gitignore; where the
//          root lies in a repository (a folder with .git), also those above it up to the repository's folder, and
//          info/exclude of the repository, which comes last. What stands above is asked of what lies below the root,
//          never of the root: who names a folder wants it. A repository within takes no .gitignore from outside it;
//          .tarnignore holds everywhere below it. A lake and a Delta table in the folder are passed over, with all that
//          they hold.
// Shape:   files in the order of their paths' bytes. What could not be looked at is a reject, and its path is kept:
//          nobody may conclude that it is gone.
// Limits:  kMaxEntries names, kMaxDepth directories in each other, kMaxLinkDepth linked directories in each other.
// Errors:  not_found (no root), exhausted (kMaxEntries), cancelled. Everything else is a reject.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/progress.h"
#include "base/status.h"
#include "connector/folder/disk.h"
#include "connector/folder/options.h"

namespace tarn::connector::folder {

inline constexpr size_t kMaxEntries = 20'000'000;
inline constexpr size_t kMaxDepth = 500;
inline constexpr size_t kMaxLinkDepth = 8;

struct Problem {
  std::string path;  // relative to the root; "" is the root itself
  bool directory = false;
  std::string reason;
  bool keeps = false;  // it exists but could not be looked at
  bool noted = false;  // nothing is lost: there is no file behind it
};

struct Listing {
  struct File {
    std::string path;  // relative to the root
    FileStat stat;     // of what a link leads to
  };
  std::vector<File> files;
  std::vector<std::string> directories;  // that were visited, relative; "" is the root
  std::vector<Problem> problems;
  std::vector<std::string> above;  // absolute: directories above the root whose ignore files were asked
  uint64_t left_out_above = 0;     // names that only those leave out
};

// `root` is absolute and resolved, and a directory.
base::Result<Listing> walk(const Disk& disk, const std::string& root, const Options& options,
                           const base::Context& context);

}  // namespace tarn::connector::folder
