// Blocks of Markdown, each with the line of its source: what the readers of markup languages write to.
// Limits:  those of BlockWriter; kMaxAnchors; kMaxColumns and kMaxTableCells of a table: `extra.cut_tables` counts
//          those that had more.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ascii.h"
#include "document/document.h"
#include "document/markdown/block_writer.h"
#include "document/markdown/inline_text.h"
#include "document/read.h"

namespace tarn::document::markup {

inline constexpr size_t kMaxColumns = 200;
inline constexpr size_t kMaxTableCells = 1'000'000;

// Cells as Markdown that stands on one line. A row may be shorter than others.
using Row = std::vector<std::string>;

// A table as it is written down in a source: rows of texts, or of Markdown. It takes no more rows when it is full.
struct Table {
  std::vector<Row> rows;
  size_t header_rows = 0;
  bool cut = false;

  // Whether there is room for so many more cells; where there is none the table is cut.
  bool takes(size_t cells) {
    cells_ += cells;
    cut = cut || cells_ > kMaxTableCells;
    return cells_ <= kMaxTableCells;
  }
  // Likewise for so many bytes that are written more than once: kMaxBodyBytes.
  bool repeats(size_t bytes) {
    repeated_bytes_ += bytes;
    cut = cut || repeated_bytes_ > kMaxBodyBytes;
    return repeated_bytes_ <= kMaxBodyBytes;
  }

 private:
  size_t cells_ = 0, repeated_bytes_ = 0;
};

// The paragraphs of a cell on one line; `add` writes each of them.
template <typename Add>
std::string cell_of(std::string_view text, Add&& add) {
  InlineText words;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find("\n\n", at), text.size());
    if (at > 0) words.add_separator();
    add(base::trimmed(text.substr(at, end - at)), &words);
    at = end + 2;
  }
  return words.take_cell();
}

class PlacedBlocks {
 public:
  void open_quote() { blocks_.open_quote(); }
  void open_item(std::string_view marker, bool tight, bool first) { blocks_.open_item(marker, tight, first, false); }
  void close() { blocks_.close_container(); }
  int depth() const { return blocks_.depth(); }

  void heading(int level, std::string_view words, uint32_t line);  // `words` as take_heading() gives them
  void write(std::string_view block, uint32_t line);
  void strong(std::string_view words, uint32_t line);  // a paragraph: the name of a note, a caption
  // `line` is that of its first line of code.
  void code(std::string_view text, std::string_view language, uint32_t line);
  void table(const Table& table, uint32_t line);  // without header rows its columns have no names
  bool full() const { return blocks_.full(); }
  void take(Document* d);

 private:
  BlockWriter blocks_;
  std::vector<Anchor> anchors_;
  int cut_tables_ = 0;
};

}  // namespace tarn::document::markup
