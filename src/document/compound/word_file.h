// A text of Word (6 to 2003) as it is stored: characters in pieces, and what formats they have.
// Shape:   characters have positions (CP) over all texts of the file: the main one, then footnotes, headers,
//          comments, endnotes, text boxes. Formats stand by where the bytes lie (FC), in pages of 512 bytes.
// Errors:  invalid_argument for what is no text of Word, permission_denied for an encrypted one.
// Limits:  kMaxCharacters, kMaxRuns, kMaxPieceChanges; what lies behind them is not there.
// Source:  [MS-DOC]; Word 6 and 95: "Microsoft Word 6.0 Binary File Format".
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "document/compound/binary.h"
#include "document/compound/compound_file.h"

namespace tarn::document::compound {

inline constexpr size_t kMaxCharacters = size_t{64} << 20;
inline constexpr size_t kMaxRuns = 4'000'000;
inline constexpr size_t kMaxPieceChanges = 0x8000;  // a piece has 15 bits for the number of its own

// Places of the file information block where a table begins and how long it is, by their number.
enum class WordTable : uint32_t {
  styles = 1,
  footnote_references = 2,
  footnote_texts = 3,
  comment_references = 4,
  comment_texts = 5,
  header_texts = 11,
  character_pages = 12,
  paragraph_pages = 13,
  pieces = 33,
  comment_authors = 36,
  comment_marks = 37,
  shapes = 40,
  comment_begins = 42,
  comment_ends = 43,
  endnote_references = 46,
  endnote_texts = 47,
  box_texts = 56,
  lists = 73,
  list_uses = 74,
};

// Part of the text that has one format.
struct WordRun {
  uint32_t from = 0, to = 0;  // FC
  uint16_t style = 0;         // of a paragraph
  std::string_view changes;   // what is other than in its style
};

class WordFile {
 public:
  struct Range {
    uint32_t from = 0, to = 0;  // CP
  };

  static base::Result<WordFile> open(CompoundFile& file);

  bool is_old() const { return old_; }  // Word 6 or 95
  char16_t character(uint32_t cp) const { return cp < text_.size() ? text_[cp] : u'\0'; }
  Range main, footnotes, headers, comments, endnotes, boxes;

  // The bytes of a table; "" where there is none.
  Binary table(WordTable which) const;
  // What stands behind a table, which does not count it.
  Binary from_table(WordTable which) const;
  Binary data() const { return Binary(data_); }

  // The format of a character, and of the paragraph that it lies in. They ascend best.
  const WordRun& character_run(uint32_t cp);
  const WordRun& paragraph_run(uint32_t cp);
  // Whether a paragraph's format ends with this character.
  bool ends_run(uint32_t cp);
  // What was changed since the file was last saved whole, of the piece that it lies in; the same bytes at the same
  // place as long as it is the same.
  std::string_view piece_changes(uint32_t cp);

 private:
  struct Piece {
    uint32_t from, to;  // CP
    uint32_t at;        // of its bytes
    bool wide;
    uint16_t change;             // its number in changes_, or what `single` has
    std::array<char, 3> single;  // a change alone
  };

  base::Status load(CompoundFile& file);
  void load_ranges();
  void load_pieces();
  void load_runs(WordTable which, std::vector<WordRun>* runs);
  void load_page(uint32_t page, bool paragraphs, std::vector<WordRun>* runs);
  const Piece* piece_of(uint32_t cp);
  uint32_t place_of(uint32_t cp);
  const WordRun& run_at(const std::vector<WordRun>& runs, uint32_t cp, size_t* last);

  std::string main_, tables_, data_;
  bool old_ = false;
  int code_page_ = 1252;
  std::u16string text_;
  std::vector<Piece> pieces_;
  std::vector<std::string_view> changes_;  // of pieces, by number
  std::vector<WordRun> characters_, paragraphs_;
  size_t last_piece_ = 0, last_character_ = 0, last_paragraph_ = 0;
};

}  // namespace tarn::document::compound
