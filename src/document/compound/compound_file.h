// A compound file, as the old Office writes it: streams of bytes in storages within each other, in one file.
// Shape:   sectors in chains (FAT; small streams in the sectors of one stream, MiniFAT), names in a tree for each
//          storage. A stream whose chain is cut off or damaged gives what there is of it, and damaged() says so.
// Limits:  kMaxEntries names; kMaxStreamBytes of all that is read of one file. A chain ends where it comes to a sector
//          again, or leaves the file.
// Errors:  invalid_argument for what is no compound file, exhausted for a limit.
// Threads: belongs to one thread; the bytes must outlive it.
// Source:  [MS-CFB].
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace tarn::document::compound {

inline constexpr size_t kMaxEntries = 500'000;
inline constexpr uint64_t kMaxStreamBytes = uint64_t{1} << 30;

class CompoundFile {
 public:
  struct Entry {
    std::string name;  // UTF-8
    bool is_storage = false;
    uint32_t start = 0;
    uint64_t bytes = 0;
    std::vector<uint32_t> children;  // of a storage, as the tree has them
  };

  static base::Result<CompoundFile> open(std::string_view bytes);

  const Entry& root() const { return entries_[0]; }
  const Entry& entry(uint32_t at) const { return entries_[at]; }
  // Of a storage; small and capital letters of ASCII are the same. Null where there is none.
  const Entry* find(const Entry& storage, std::string_view name) const;
  const Entry* find(std::string_view name) const { return find(root(), name); }
  base::Result<std::string> read(const Entry& stream);
  // "" where there is none.
  base::Result<std::string> read(const Entry& storage, std::string_view name);
  bool damaged() const { return damaged_; }

 private:
  explicit CompoundFile(std::string_view bytes) : bytes_(bytes) {}
  base::Status load();
  base::Status load_fat();
  base::Status load_directory();
  void link_children();
  std::string_view sector(uint32_t number) const;  // shorter at the file's end
  // At most `most` bytes.
  std::string chain(uint32_t start, uint64_t most);
  std::string small_chain(uint32_t start, uint64_t most);

  std::string_view bytes_;
  size_t sector_bytes_ = 512, small_bytes_ = 64;
  uint64_t small_below_ = 4096;  // streams that are shorter lie in the small sectors
  uint32_t sectors_ = 0;
  std::vector<uint32_t> fat_, small_fat_;
  std::vector<uint32_t> seen_;  // by sector: the chain that came to it last
  uint32_t chains_ = 0;
  std::string small_stream_;
  std::vector<Entry> entries_;
  std::vector<uint32_t> left_, right_, child_;
  uint64_t read_bytes_ = 0;
  bool damaged_ = false;
};

bool is_compound(std::string_view head);

}  // namespace tarn::document::compound
