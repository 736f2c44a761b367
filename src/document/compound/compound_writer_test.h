// Compound files for tests, stream by stream.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace tarn::document::compound {

// ASCII → UTF-16.
inline std::string wide(std::string_view text) {
  std::string out;
  for (const char c : text) out += std::string{c, '\0'};
  return out;
}

class CompoundWriter {
 public:
  // "Data" or "Storage/Data".
  CompoundWriter& add(std::string_view path, std::string bytes) {
    Node* at = &root_;
    for (size_t slash; (slash = path.find('/')) != std::string_view::npos; path.remove_prefix(slash + 1)) {
      at = &at->children[std::string(path.substr(0, slash))];
      at->is_storage = true;
    }
    at->children[std::string(path)].bytes = std::move(bytes);
    return *this;
  }

  std::string bytes() {
    entries_.clear();
    fat_.clear();
    small_fat_.clear();
    sectors_.clear();
    small_.clear();
    list("Root Entry", root_, 5);
    const uint32_t small_start = put(small_);
    entries_[0].start = small_start;
    entries_[0].bytes = static_cast<uint32_t>(small_.size());
    std::string small_fat;
    base::ByteWriter s(&small_fat);
    for (const uint32_t next : small_fat_) s.fixed(next);
    const uint32_t small_fat_start = put(small_fat);
    std::string directory;
    for (const Entry& e : entries_) directory += e.written();
    const uint32_t directory_start = put(directory);
    // The FAT counts its own sectors too.
    size_t fat_sectors = 0;
    while (fat_sectors * 128 < fat_.size() + fat_sectors) ++fat_sectors;
    std::string out("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8);
    base::ByteWriter w(&out);
    out.append(16, '\0');
    w.fixed<uint16_t>(0x3E);
    w.fixed<uint16_t>(3);
    w.fixed<uint16_t>(0xFFFE);
    w.fixed<uint16_t>(9);
    w.fixed<uint16_t>(6);
    out.append(10, '\0');
    w.fixed(static_cast<uint32_t>(fat_sectors));
    w.fixed(directory_start);
    w.fixed<uint32_t>(0);
    w.fixed<uint32_t>(4096);
    w.fixed(small_fat_start);
    w.fixed<uint32_t>(1);
    w.fixed<uint32_t>(kEnd);
    w.fixed<uint32_t>(0);
    const auto first_fat = static_cast<uint32_t>(fat_.size());
    for (size_t i = 0; i < 109; ++i) w.fixed(i < fat_sectors ? first_fat + static_cast<uint32_t>(i) : 0xFFFFFFFFu);
    out += sectors_;
    for (size_t i = 0; i < fat_sectors; ++i) fat_.push_back(0xFFFFFFFD);
    for (const uint32_t next : fat_) w.fixed(next);
    while (out.size() % 512 != 0) w.fixed<uint32_t>(0xFFFFFFFF);
    return out;
  }

 private:
  static constexpr uint32_t kEnd = 0xFFFFFFFE, kNone = 0xFFFFFFFF;
  struct Node {
    bool is_storage = false;
    std::string bytes;
    std::map<std::string, Node> children;
  };
  struct Entry {
    std::string name;
    uint8_t type;
    uint32_t right = kNone, child = kNone, start = 0, bytes = 0;
    std::string written() const {
      std::string out = wide(name.substr(0, 31));
      out.resize(64);
      base::ByteWriter w(&out);
      w.fixed(static_cast<uint16_t>(2 * name.size() + 2));
      w.fixed(type);
      w.fixed<uint8_t>(1);
      w.fixed(kNone);
      w.fixed(right);
      w.fixed(child);
      out.append(36, '\0');
      w.fixed(start);
      w.fixed(bytes);
      w.fixed<uint32_t>(0);
      return out;
    }
  };

  uint32_t list(const std::string& name, const Node& node, uint8_t type) {
    const auto at = static_cast<uint32_t>(entries_.size());
    entries_.push_back({name, type});
    if (type == 2) {
      entries_[at].bytes = static_cast<uint32_t>(node.bytes.size());
      entries_[at].start = node.bytes.size() < 4096 ? put_small(node.bytes) : put(node.bytes);
    }
    uint32_t before = kNone;
    for (const auto& [child_name, child] : node.children) {
      const uint32_t n = list(child_name, child, child.is_storage ? 1 : 2);
      (before == kNone ? entries_[at].child : entries_[before].right) = n;
      before = n;
    }
    return at;
  }

  uint32_t put(std::string_view bytes) { return put(bytes, 512, &sectors_, &fat_); }
  uint32_t put_small(std::string_view bytes) { return put(bytes, 64, &small_, &small_fat_); }
  static uint32_t put(std::string_view bytes, size_t sector, std::string* out, std::vector<uint32_t>* fat) {
    if (bytes.empty()) return kEnd;
    const auto start = static_cast<uint32_t>(fat->size());
    for (size_t at = 0; at < bytes.size(); at += sector) {
      *out += bytes.substr(at, sector);
      fat->push_back(static_cast<uint32_t>(fat->size() + 1));
    }
    out->resize(fat->size() * sector);
    fat->back() = kEnd;
    return start;
  }

  Node root_{true, {}, {}};
  std::vector<Entry> entries_;
  std::vector<uint32_t> fat_, small_fat_;
  std::string sectors_, small_;
};

}  // namespace tarn::document::compound
