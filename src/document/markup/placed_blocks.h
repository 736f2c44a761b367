// Blocks of Markdown, each with the line of its source: what the readers of markup languages write to.
// Limits:  those of BlockWriter; kMaxAnchors.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "document/document.h"
#include "document/markdown/block_writer.h"
#include "document/markdown/inline_text.h"

namespace tarn::document::markup {

// A line of a source without blanks at its end, and its number from 1.
struct Line {
  std::string_view text;
  uint32_t number = 0;
  size_t indent() const { return std::min(text.find_first_not_of(' '), text.size()); }
  bool blank() const { return text.empty(); }
};
using Lines = std::vector<Line>;

Lines lines_of(std::string_view text);
// Without `columns` blanks at their start, or as many as there are.
Lines dedented(Lines lines, size_t columns);
// Without the indentation that all have, and blank lines at both ends.
Lines dedented(Lines lines);
std::string joined(const Lines& lines);

// Cells as Markdown that stands on one line. A row may be shorter than others.
using Row = std::vector<std::string>;

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
  void table(const std::vector<Row>& rows, size_t header_rows, uint32_t line);
  bool full() const { return blocks_.full(); }
  void take(Document* d);

 private:
  BlockWriter blocks_;
  std::vector<Anchor> anchors_;
};

}  // namespace tarn::document::markup
