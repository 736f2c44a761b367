// Where the blocks of a Markdown text lie, line by line.
// Shape:   leaf blocks in order; each line that is not blank belongs to exactly one. `depth` counts the block quotes
//          and list items around it: only headings of depth 0 make sections. <h1> … <h6> in HTML blocks of depth 0 are
//          headings too.
// Limits:  containers deeper than kMaxNesting are text of the deepest one.
// Errors:  none: every text is Markdown.
// Source:  CommonMark 0.31, appendix "A parsing strategy" (phase 1), and GFM tables. Linear in the text's size.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace tarn::document {

enum class BlockKind { paragraph, heading, code, table, html, rule };

struct Block {
  BlockKind kind = BlockKind::paragraph;
  int depth = 0;
  int level = 0;                          // of a heading
  bool begins_item = false;               // a list item's marker is on its first line
  uint64_t start = 0, end = 0;            // whole lines; `end` is behind the last line's text, before its '\n'
  uint64_t text_start = 0, text_end = 0;  // a heading's words
};

std::vector<Block> scan_blocks(std::string_view text);

// Makes headings of the lines of HTML blocks that hold <h1> … <h6> (html/headings.cc).
void find_html_headings(std::string_view text, std::vector<Block>* blocks);

}  // namespace tarn::document
