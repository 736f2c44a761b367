// Reader's implementation, with what search() needs beside it: posting lists without a virtual call.
// Shape:   doc/format/inverted.md.
// Errors:  open() checks the header, the sections and the head of each posting list. What lies deeper (packed values,
//          front-coded terms, forward records) is checked where it is decoded, and reads as nothing when it is damaged.
// Threads: immutable.
#pragma once

#include <string>
#include <string_view>

#include "inverted/dictionary.h"
#include "inverted/forward.h"
#include "inverted/layout.h"
#include "inverted/posting_list.h"
#include "inverted/postings.h"
#include "inverted/query.h"

namespace tarn::inverted {

class Segment final : public Reader {
 public:
  static base::Result<std::shared_ptr<const Segment>> open(std::string_view bytes, std::string_view what);
  static const Segment& of(const Reader& reader) {
    return static_cast<const Segment&>(reader);
  }  // there is no other Reader

  uint32_t passage_count() const override { return passages_; }
  uint64_t total_length() const override { return total_length_; }
  uint32_t length(base::PassageOrdinal passage) const override {
    return passage.value < passages_ ? length_of(passage.value) : 0;
  }
  uint32_t term_count() const override { return dictionary_.count(); }
  std::optional<TermOrdinal> find(std::string_view term) const override;
  std::string term(TermOrdinal term) const override { return dictionary_.term(term.value); }
  uint32_t document_frequency(TermOrdinal term) const override;
  void passage_terms(base::PassageOrdinal passage, std::vector<TermCount>* out) const override;
  void passage_occurrences(base::PassageOrdinal passage,
                           const std::function<void(TermOrdinal, uint32_t)>& sink) const override;

  const Dictionary& dictionary() const { return dictionary_; }
  PostingList postings(uint32_t term) const;  // empty for an ordinal out of range
  // The same without a look into the term table, where the term was resolved with its place.
  PostingList postings(const ResolvedTerm& term) const;
  // Asks memory for the head of the list. Inlined always: gcc takes a function that only prefetches for one without
  // effect.
  [[gnu::always_inline]] void prefetch(const ResolvedTerm& term) const {
    if (term.count > 1 && !(term.count & kSingle) && term.place < postings_.size()) {
      __builtin_prefetch(postings_.data() + term.place);
    }
  }
  // A term with what bounds it here, as a lexicon would give it.
  ResolvedTerm resolve(std::string_view term) const;
  ResolvedTerm resolved(uint32_t term) const;
  void forward(uint32_t passage, ForwardRecord* out) const;
  // Needs passage < passage_count().
  uint32_t length_of(uint32_t passage) const {
    const char* at = lengths_ + size_t{passage} * length_width_;
    if (length_width_ == 2) return base::load_le<uint16_t>(at);
    return length_width_ == 1 ? static_cast<unsigned char>(*at) : base::load_le<uint32_t>(at);
  }
  uint32_t length_width() const { return length_width_; }
  const char* lengths() const { return lengths_; }

 private:
  uint32_t passages_ = 0;
  uint32_t length_width_ = 1;
  uint64_t total_length_ = 0;
  const char* lengths_ = nullptr;
  Dictionary dictionary_;
  std::string_view term_table_, postings_, forward_index_, forward_;
};

}  // namespace tarn::inverted
