// Posting list of one term in one segment: passages ascending, each with the term's frequency, in blocks with impacts.
// Shape:   one posting lies in the term table; up to kBlock are one block; more have a record for each block.
//          doc/format/inverted.md
// Errors:  PostingList::check() says whether bytes can be read; after it, a block whose values are damaged reads as
//          empty.
// Threads: values over immutable bytes.
// Source:  Ding and Suel, SIGIR 2011 (block-max indexes); Lemire and Boytsov 2015 (packing).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "inverted/impacts.h"
#include "inverted/layout.h"

namespace tarn::inverted {

// Appends a list of two or more postings. `impacts` is scratch.
void write_postings(std::span<const uint32_t> passages, std::span<const uint32_t> frequencies,
                    std::span<const uint32_t> lengths, std::string* out);

class PostingList {
 public:
  PostingList() = default;
  // Of one posting.
  PostingList(uint32_t passage, uint32_t frequency)
      : count_(1), single_passage_(passage), single_frequency_(frequency) {}
  // Of `count` > 1 postings at `list`, checked before.
  PostingList(const unsigned char* list, uint32_t count);

  // Whether a list of `count` postings at `where` of the section lies within it.
  static bool check(std::string_view section, uint64_t where, uint32_t count, uint32_t passage_count);

  uint32_t count() const { return count_; }
  uint32_t blocks() const { return (count_ + kBlock - 1) / kBlock; }
  // Pairs that cover the whole list; none where it is one posting.
  uint32_t impacts() const { return impacts_; }
  Impact impact(uint32_t i) const { return base::load_le<Impact>(list_ + 1 + sizeof(Impact) * i); }
  bool is_single() const { return count_ == 1; }
  uint32_t single_passage() const { return single_passage_; }
  uint32_t single_frequency() const { return single_frequency_; }

  bool has_records() const { return count_ > kBlock; }
  BlockRecord record(uint32_t block) const {
    return base::load_le<BlockRecord>(records_ + sizeof(BlockRecord) * block);
  }
  uint32_t last_passage(uint32_t block) const {
    return base::load_le<uint32_t>(records_ + sizeof(BlockRecord) * block);
  }
  Impact block_impact(uint32_t i) const { return base::load_le<Impact>(block_impacts_ + sizeof(Impact) * i); }

  // Both need room for kBlock values. The passages of a block, and how many; 0 when they are damaged (not ascending, or
  // not below passage_count).
  uint32_t read_passages(uint32_t block, uint32_t passage_count, uint32_t* passages) const;
  void read_frequencies(uint32_t block, uint32_t* frequencies) const;

 private:
  struct Body {
    const unsigned char* passages;
    const unsigned char* frequencies;
    uint32_t count;
    unsigned passage_bits, frequency_bits;
  };
  Body body(uint32_t block) const;

  uint32_t count_ = 0;
  uint32_t single_passage_ = 0, single_frequency_ = 0;
  uint32_t impacts_ = 0;
  const unsigned char* list_ = nullptr;
  const unsigned char* records_ = nullptr;
  const unsigned char* block_impacts_ = nullptr;
};

}  // namespace tarn::inverted
