#include "document/markup/placed_blocks.h"

#include <algorithm>

#include "document/markdown/table_row.h"
#include "document/read.h"

namespace tarn::document::markup {

void PlacedBlocks::write(std::string_view block, uint32_t line) {
  if (block.empty() || full()) return;
  const size_t start = blocks_.write(block);
  if (anchors_.size() < kMaxAnchors) anchors_.push_back({start, std::string(kLine), std::to_string(line)});
}

void PlacedBlocks::heading(int level, std::string_view words, uint32_t line) {
  if (!words.empty()) {
    write(std::string(static_cast<size_t>(std::clamp(level, 1, 6)), '#') + " " + std::string(words), line);
  }
}

void PlacedBlocks::strong(std::string_view words, uint32_t line) {
  InlineText text;
  text.open(Mark::strong);
  text.add_text(words);
  text.close(Mark::strong);
  write(text.take(), line);
}

void PlacedBlocks::code(std::string_view text, std::string_view language, uint32_t line) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  if (text.find_first_not_of(" \n") == std::string_view::npos) return;
  const bool name = language.find_first_of(" \n`{},") == std::string_view::npos && language.size() < 40;
  write(fenced(text, name ? language : ""), line > 1 ? line - 1 : line);
}

void PlacedBlocks::table(const Table& table, uint32_t line) {
  size_t columns = 0;
  for (const Row& row : table.rows) columns = std::max(columns, row.size());
  if (columns == 0) return;
  cut_tables_ += table.cut || columns > kMaxColumns;
  columns = std::min(columns, kMaxColumns);
  // Names above each other are one name.
  Row names(columns);
  const size_t header_rows = std::min(table.header_rows, table.rows.size());
  for (size_t i = 0; i < header_rows; ++i) {
    const Row& row = table.rows[i];
    for (size_t c = 0; c < std::min(columns, row.size()); ++c) {
      if (row[c].empty() || names[c] == row[c]) continue;
      names[c] += (names[c].empty() ? "" : " ") + row[c];
    }
  }
  std::string out = table_row(names, columns) + table_rule(columns);
  for (size_t i = header_rows; i < table.rows.size() && out.size() <= kMaxBodyBytes; ++i) {
    out += table_row(table.rows[i], columns);
  }
  out.pop_back();
  write(out, line);
}

void PlacedBlocks::take(Document* d) {
  d->body = blocks_.take();
  d->anchors = std::move(anchors_);
  if (cut_tables_ > 0) d->extra.set("cut_tables", cut_tables_);
}

}  // namespace tarn::document::markup
