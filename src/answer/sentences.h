// The pieces of a passage that can be quoted: sentences of prose and of list items, rows of tables, whole code blocks.
// Units:   byte spans of the text that is given; ascending, apart, without surrounding blanks, on character edges.
// Left out: a piece above kMaxQuoteBytes; what is little more than links (see also …); what emphasis is cut in two by.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace tarn::answer {

inline constexpr size_t kMaxQuoteBytes = 700;
// Below this a piece says nothing by itself; it may still lead in to what follows.
inline constexpr size_t kMinQuoteBytes = 25;

struct Span {
  size_t start = 0, end = 0;
};

enum class PieceKind { prose, code, table };

struct Piece : Span {
  PieceKind kind = PieceKind::prose;
  Span header;            // of a table's row: the table's first row, which says what the cells are
  bool is_bare = false;   // little more than links: no quote by itself
  bool leads_in = false;  // ends with a colon, or is the term of a definition: says something with the next piece only
  bool refers_back = false;  // begins with a word such as "This": says something after the piece before only
};

std::vector<Piece> pieces_of(std::string_view markdown);

// What is quoted for the piece at `index`: the piece with what it needs before (refers_back) and after it (leads_in), as long as the
// whole stays within kMaxQuoteBytes; empty when that says nothing by itself.
Span quotable(const std::vector<Piece>& pieces, size_t index);

}  // namespace tarn::answer
