// What a folder looked like when it was pulled: enough to know the next time which files need not be read.
// Shape:   doc/format/folder-bookmark.md. Files in the order of their paths' bytes.
// Errors:  parse() gives an empty bookmark for anything that it does not understand: the next pull then reads
//          everything.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/hash.h"
#include "connector/folder/disk.h"
#include "connector/reading.h"
#include "json/value.h"

namespace tarn::connector::folder {

inline constexpr int kBookmarkFormat = 1;

enum class State : uint8_t { read, unsupported, too_large, mailbox };

struct Entry {
  std::string path;  // relative to the root, any bytes
  uint64_t size_bytes = 0;
  int64_t mtime_ns = 0, ctime_ns = 0;
  uint64_t inode = 0;
  bool settled = false;  // false: it may have changed since without a trace in the fields above
  State state = State::read;
  base::Hash128 hash;     // of the bytes, when state is read
  uint64_t messages = 0;  // of a mailbox, whose messages are items
  std::string way;        // how they were read: Reader::way()
  bool looks_like(const FileStat& stat) const {
    return settled && size_bytes == stat.size_bytes && mtime_ns == stat.mtime_ns && ctime_ns == stat.ctime_ns &&
           inode == stat.inode;
  }
};

struct Bookmark {
  uint64_t device = 0;  // of the root
  Reading reading;      // of the source
  std::vector<Entry> entries;
  const Entry* find(std::string_view path) const;
};

json::Value to_json(const Bookmark& bookmark);
Bookmark parse_bookmark(const json::Value& value);

}  // namespace tarn::connector::folder
