// The inverted file of one segment, as one block of bytes: terms, postings with positions, lengths, and each passage's
// own terms.
// Shape:   doc/format/inverted.md. Terms sorted by bytes; postings by passage ordinal in blocks with impacts;
//          positions; passage lengths; the forward list (each passage's terms) from which statistics are corrected for
//          deleted passages without scanning postings.
// Errors:  open() returns corruption (what, offset) for bytes that do not decode; after a successful open() no call
//          fails or reads outside. The caller has checked the bytes' checksum.
// Threads: a Reader is immutable and shared; a cursor belongs to one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/status.h"

namespace tarn::inverted {

class Reader;

struct Occurrence {
  std::string_view term;
  uint32_t position;
};

class Builder {
 public:
  Builder();
  ~Builder();
  // Passages come in the order of their ordinals; occurrences in ascending position (equal positions allowed).
  void add_passage(std::span<const Occurrence> occurrences);
  // Appends the passages of a reader that are not deleted (bit i of word i/64 is passage i; null: all), as
  // add_passage() would.
  void add_reader(const Reader& reader, const std::vector<uint64_t>* deleted);
  // What finish() will need, about: the caller cuts segments by it. No section of a segment may pass 4 GiB.
  size_t memory_bytes() const;
  std::string finish();  // the bytes; the builder is spent

 private:
  struct State;
  std::unique_ptr<State> state_;
};

using TermOrdinal = base::StrongInt<struct TermOrdinalTag, uint32_t>;

struct TermCount {
  TermOrdinal term;
  uint32_t frequency;
};

class Reader {
 public:
  // `bytes` outlives the reader; `what` names the file in errors.
  static base::Result<std::shared_ptr<const Reader>> open(std::string_view bytes, std::string what);
  virtual ~Reader() = default;

  virtual uint32_t passage_count() const = 0;
  virtual uint64_t total_length() const = 0;                        // sum of lengths
  virtual uint32_t length(base::PassageOrdinal passage) const = 0;  // words: distinct positions
  virtual uint32_t term_count() const = 0;
  virtual std::optional<TermOrdinal> find(std::string_view term) const = 0;
  virtual std::string term(TermOrdinal term) const = 0;
  virtual uint32_t document_frequency(TermOrdinal term) const = 0;  // passages
  // A passage's distinct terms with their frequencies, ascending by ordinal.
  virtual void passage_terms(base::PassageOrdinal passage, std::vector<TermCount>* out) const = 0;
  // A passage's occurrences in ascending position: what add_passage() was given (for merging).
  virtual void passage_occurrences(base::PassageOrdinal passage,
                                   const std::function<void(TermOrdinal, uint32_t position)>& sink) const = 0;
};

}  // namespace tarn::inverted
