#include "inverted/term_table.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"
#include "base/hash.h"

namespace tarn::inverted {

TermTable::TermTable() : slots_(1024) {}

uint32_t TermTable::id(std::string_view term) {
  const auto hash = static_cast<uint32_t>(base::hash64(term) >> 32);
  const size_t mask = slots_.size() - 1;
  for (size_t i = hash & mask;; i = (i + 1) & mask) {
    Slot& s = slots_[i];
    if (s.id == kEmpty) {
      const uint32_t made = size();
      TARN_CHECK(made < kEmpty - 1 && arena_.size() + term.size() < 0xFFFFFFFF);
      s = {hash, made};
      entries_.push_back({static_cast<uint32_t>(arena_.size()), static_cast<uint32_t>(term.size())});
      arena_ += term;
      if (entries_.size() * 2 > slots_.size()) grow();
      return made;
    }
    if (s.hash == hash) {
      const Entry& e = entries_[s.id];
      if (e.size == term.size() && std::memcmp(arena_.data() + e.at, term.data(), term.size()) == 0) return s.id;
    }
  }
}

void TermTable::grow() {
  std::vector<Slot> wider(slots_.size() * 2);
  const size_t mask = wider.size() - 1;
  for (const Slot& s : slots_) {
    if (s.id == kEmpty) continue;
    size_t i = s.hash & mask;
    while (wider[i].id != kEmpty) i = (i + 1) & mask;
    wider[i] = s;
  }
  slots_.swap(wider);
}

std::vector<uint32_t> TermTable::sorted() const {
  // The first eight bytes, big-endian, decide most comparisons without a look into the arena.
  struct Key {
    uint64_t prefix;
    uint32_t id;
  };
  std::vector<Key> keys(entries_.size());
  for (uint32_t id = 0; id < keys.size(); ++id) {
    unsigned char first[8] = {};
    const std::string_view t = term(id);
    std::memcpy(first, t.data(), std::min<size_t>(t.size(), 8));
    uint64_t prefix = 0;
    for (const unsigned char byte : first) prefix = prefix << 8 | byte;
    keys[id] = {prefix, id};
  }
  std::sort(keys.begin(), keys.end(), [&](const Key& a, const Key& b) {
    return a.prefix != b.prefix ? a.prefix < b.prefix : term(a.id) < term(b.id);
  });
  std::vector<uint32_t> out(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) out[i] = keys[i].id;
  return out;
}

}  // namespace tarn::inverted
