// The pieces of a passage that can be quoted: sentences of prose and of list items, fields ("Port: 7443"), records
// (paragraphs of fields that come again and again), rows of tables, headings that state something, code blocks.
// Units:   byte spans of the text that is given; ascending, apart, without surrounding blanks, on character edges.
// Left out: a sentence above kMaxQuoteBytes; what emphasis is cut in two by. Code above it comes in parts.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace tarn::answer {

inline constexpr size_t kMaxQuoteBytes = 700;
// Steps belong together: a list may be longer than another quote. A row of a table as well, which has no parts.
inline constexpr size_t kMaxListBytes = 1600;

struct Span {
  size_t start = 0, end = 0;
};

enum class PieceKind { prose, code, table, heading };

struct Piece : Span {
  PieceKind kind = PieceKind::prose;
  Span header;           // of a table's row: the row that names the columns; a header's own row has itself
  bool is_bare = false;  // no quote by itself: little more than links, or a heading that states nothing
  // Ends with a colon, asks, or is the term of a definition: says something with what follows only.
  bool leads_in = false;
  bool asks = false;         // a question of the text: what follows answers it
  bool refers_back = false;  // begins with a word such as "This": says something after the piece before only
  bool is_step = false;      // of a numbered item
  size_t list = 0;           // pieces of one list share a number; 0: of no list
  size_t marker = 0;         // bytes of the item's marker before it
  size_t block = 0;          // sentences of one paragraph or item share a number
};

// in_code: the text begins within code whose fence stands before it.
std::vector<Piece> pieces_of(std::string_view markdown, bool in_code = false);

// What is quoted for the piece at `index`: the piece with what it needs before (refers_back) and after it (leads_in),
// as long as the whole stays within kMaxQuoteBytes (with a list, kMaxListBytes); empty when that says nothing by
// itself.
Span quotable(const std::vector<Piece>& pieces, size_t index);

// All items of the list that the piece at `index` is of, with the sentence that leads in to them; empty for a piece of
// no list.
Span whole_list(const std::vector<Piece>& pieces, size_t index);

}  // namespace tarn::answer
