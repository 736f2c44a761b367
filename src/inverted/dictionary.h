// Sorted terms, front-coded in blocks of kDictionaryBlock with the offset of each block.
// Shape:   a block: the first term whole, the others as (bytes shared with the one before, rest).
//          doc/format/inverted.md
// Errors:  damaged bytes give no term or a wrong one, never a read outside.
// Threads: values over immutable bytes. find() allocates nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tarn::inverted {

class DictionaryWriter {
 public:
  DictionaryWriter(std::string* index, std::string* bytes) : index_(index), bytes_(bytes) {}
  void add(std::string_view term);  // ascending

 private:
  std::string* index_;
  std::string* bytes_;
  std::string last_;
  uint64_t count_ = 0;
};

class Dictionary {
 public:
  Dictionary() = default;
  Dictionary(std::string_view index, std::string_view bytes, uint32_t count)
      : index_(index), bytes_(bytes), count_(count) {}
  // Whether the index has an offset within the bytes for each block.
  bool check() const;
  uint32_t count() const { return count_; }
  std::optional<uint32_t> find(std::string_view term) const;
  std::string term(uint32_t ordinal) const;

  // All terms in order, for who merges them.
  class Walk {
   public:
    explicit Walk(const Dictionary& d) : dictionary_(d) {}
    bool next();  // false at the end
    const std::string& term() const { return term_; }
    uint32_t ordinal() const { return ordinal_ - 1; }

   private:
    const Dictionary& dictionary_;
    std::string_view rest_;
    std::string term_;
    uint32_t ordinal_ = 0;
  };

 private:
  friend class Walk;
  std::string_view block(uint32_t b) const;
  std::string_view index_, bytes_;
  uint32_t count_ = 0;
};

}  // namespace tarn::inverted
