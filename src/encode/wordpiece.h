// Text → token ids as BERT's uncased models were trained on: clean-up, lower case without accents, words, then the
// longest pieces of the vocabulary.
// Shape:   [CLS] pieces… [SEP]. A word that the pieces cannot make, or of more than kMaxWordChars characters, is one
//          [UNK]. Special tokens written out in a text ("[SEP]") are text like any other.
// Errors:  parse() returns corruption for a vocabulary without the special tokens. Bytes that are not UTF-8 are left
//          out.
// Threads: immutable; encode() may be called from any thread.
// Source:  Devlin et al., BERT (2019), and Wu et al., GNMT (2016) for the pieces; agrees with the PyPI package
//          `tokenizers` 0.23.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "encode/tokenizer.h"

namespace tarn::encode {

class WordPiece final : public Tokenizer {
 public:
  static constexpr size_t kMaxWordChars = 100;
  static constexpr size_t kMaxVocabulary = size_t{1} << 24;

  // `vocabulary`: one piece a line, its id the line's number; pieces within a word begin with "##".
  static base::Result<WordPiece> parse(std::string vocabulary, const std::string& what);

  size_t size() const override { return count_; }
  void encode(std::string_view text, size_t max_tokens, std::vector<int32_t>* out) const override;
  // Without "##"; within_word: it came with it.
  Piece piece(int32_t id) const override;

 private:
  struct Slot {
    uint32_t offset = 0;       // into text_
    uint32_t length : 31 = 0;  // without "##"; 0 is an empty slot
    uint32_t inner : 1 = 0;    // came with "##"
    int32_t id = 0;
  };
  struct Sink;

  WordPiece() = default;
  void insert(uint32_t offset, std::string_view piece, bool inner, int32_t id);
  int32_t find(std::string_view piece, uint64_t hash, bool inner) const;  // -1 when absent
  void add_pieces(std::string_view word, std::vector<int32_t>* out) const;
  void add_ascii(std::string_view chunk, Sink* sink) const;
  void add_unicode(std::string_view chunk, Sink* sink) const;

  std::string text_;         // the vocabulary's bytes, which slots point into
  std::vector<Slot> slots_;  // open addressing; a power of two
  std::vector<Slot> by_id_;  // each line of the vocabulary
  size_t count_ = 0;
  size_t longest_ = 0;  // bytes of the longest piece
  int32_t unknown_ = -1, first_ = -1, last_ = -1;
};

}  // namespace tarn::encode
