// What stands around a quote in its body and belongs to it: the names of a row's columns, the other steps of a list.
// Threads: pure.
#pragma once

#include <string>
#include <string_view>

#include "answer/sentences.h"

namespace tarn::answer {

// Of the row at `row`, the row that names its columns; empty where the table has none.
Span columns_of(std::string_view body, Span row);

// "fee in EUR: 27, depth in m: 4": for reading. Without columns the cells alone.
std::string row_text(std::string_view columns, std::string_view row);

// A list for reading: each item on a line, with its number or mark.
std::string list_text(std::string_view items);

// A quote of several steps, made whole; where the whole would be above kMaxListBytes, whether steps stand before and
// after it.
struct Steps {
  Span span;
  bool is_list = false;  // several items
  bool cut_before = false, cut_after = false;
};
// `passage`: where the quote was found; the list is looked for within kListWindowBytes of it.
Steps steps_around(std::string_view body, Span passage, Span quote);
inline constexpr size_t kListWindowBytes = 4096;

}  // namespace tarn::answer
