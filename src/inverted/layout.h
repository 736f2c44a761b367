// Where things lie in the bytes of one inverted file: doc/format/inverted.md in code.
// Limits:  a section is under 4 GiB, so that places in it are 32 bits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "inverted/impact.h"

namespace tarn::inverted {

inline constexpr std::string_view kMagic = "TARNINV1";
inline constexpr uint32_t kBlock = 128;           // postings of a full block
inline constexpr uint32_t kDictionaryBlock = 16;  // terms that share a front-coded block
inline constexpr uint32_t kMaxImpacts = 8;
inline constexpr uint32_t kSingle = 0x80000000;  // in a term's count: one posting, kept in the term table itself
inline constexpr size_t kTail = 16;              // zero bytes at the end, so that wide loads stay inside
inline constexpr uint64_t kMaxSection = 0xFFFFFFFF;

enum Section : uint32_t {
  kLengths,
  kDictionaryIndex,
  kDictionary,
  kTermTable,
  kPostings,
  kForwardIndex,
  kForward,
  kEnd,
  kSections
};

// Offsets of the header's fields.
inline constexpr size_t kAtPassages = 8, kAtTerms = 12, kAtTotalLength = 16, kAtLengthWidth = 24, kAtSections = 32;
inline constexpr size_t kHeaderBytes = kAtSections + 8 * kSections;

// A block of a list of more than kBlock postings.
struct BlockRecord {
  uint32_t last_passage = 0;
  uint32_t body = 0;          // offset from the list's start
  uint32_t first_impact = 0;  // index into the list's block impacts
  uint8_t impacts = 0, passage_bits = 0, frequency_bits = 0, zero = 0;
};
static_assert(sizeof(BlockRecord) == 16);

}  // namespace tarn::inverted
