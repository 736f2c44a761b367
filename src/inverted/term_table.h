// Terms → dense ids in the order of their first appearance, while an inverted file is built.
// Shape:   open addressing over ids, terms' bytes in one arena.
// Limits:  under 2^32 terms and 4 GiB of their bytes.
// Threads: one thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tarn::inverted {

class TermTable {
 public:
  TermTable();
  uint32_t id(std::string_view term);
  uint32_t size() const { return static_cast<uint32_t>(entries_.size()); }
  std::string_view term(uint32_t id) const { return {arena_.data() + entries_[id].at, entries_[id].size}; }
  size_t memory_bytes() const { return slots_.size() * sizeof(Slot) + entries_.size() * sizeof(Entry) + arena_.size(); }
  // Ids in the order of their terms' bytes.
  std::vector<uint32_t> sorted() const;

 private:
  struct Slot {
    uint32_t hash = 0;
    uint32_t id = kEmpty;
  };
  struct Entry {
    uint32_t at, size;
  };
  static constexpr uint32_t kEmpty = ~0u;
  void grow();

  std::vector<Slot> slots_;
  std::vector<Entry> entries_;
  std::string arena_;
};

}  // namespace tarn::inverted
