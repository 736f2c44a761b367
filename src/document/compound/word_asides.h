// What stands beside the main text of a Word file, and where its sign is: footnotes and endnotes, comments, text boxes;
// headers and footers.
// Limits:  kMaxAsides of a kind, kMaxAuthors; what is behind them is left out, and so is a text that reaches into the
//          one before it.
// Errors:  none: what a file does not say is empty.
// Source:  [MS-DOC] 2.8 (PLCs).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "document/compound/word_file.h"

namespace tarn::document::compound {

inline constexpr size_t kMaxAsides = 100'000, kMaxAuthors = 10'000;

struct Aside {
  enum Kind : uint8_t { note, comment, box } kind;
  WordFile::Range text;
  uint32_t place;             // of its sign; UINT32_MAX where nothing says it
  std::string author, about;  // of a comment; the words that it stands on
  bool told = false;
};

std::vector<Aside> read_asides(const WordFile& file);

enum class Head { header, footer };
std::vector<WordFile::Range> read_heads(const WordFile& file, Head kind);

}  // namespace tarn::document::compound
