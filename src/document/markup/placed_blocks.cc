#include "document/markup/placed_blocks.h"

#include <algorithm>

namespace tarn::document::markup {

constexpr size_t kMaxColumns = 200;

Lines lines_of(std::string_view text) {
  Lines lines;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    const size_t last = line.find_last_not_of(" \t\f");
    line = line.substr(0, last == std::string_view::npos ? 0 : last + 1);
    lines.push_back({line, static_cast<uint32_t>(lines.size() + 1)});
    at = end + 1;
  }
  return lines;
}

Lines dedented(Lines lines, size_t columns) {
  for (Line& line : lines) line.text.remove_prefix(std::min(line.indent(), columns));
  return lines;
}

Lines dedented(Lines lines) {
  size_t least = std::string_view::npos;
  for (const Line& line : lines) {
    if (!line.blank()) least = std::min(least, line.indent());
  }
  while (!lines.empty() && lines.back().blank()) lines.pop_back();
  lines.erase(lines.begin(), std::find_if(lines.begin(), lines.end(), [](const Line& l) { return !l.blank(); }));
  return dedented(std::move(lines), least);
}

std::string joined(const Lines& lines) {
  std::string out;
  for (const Line& line : lines) {
    if (&line != &lines.front()) out += '\n';
    out += line.text;
  }
  return out;
}

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

void PlacedBlocks::table(const std::vector<Row>& rows, size_t header_rows, uint32_t line) {
  size_t columns = 0;
  for (const Row& row : rows) columns = std::max(columns, std::min(row.size(), kMaxColumns));
  if (columns == 0) return;
  // Names above each other are one name.
  Row names(columns);
  for (size_t i = 0; i < std::min(header_rows, rows.size()); ++i) {
    for (size_t c = 0; c < std::min(columns, rows[i].size()); ++c) {
      if (rows[i][c].empty() || names[c] == rows[i][c]) continue;
      names[c] += (names[c].empty() ? "" : " ") + rows[i][c];
    }
  }
  std::string out;
  const auto add = [&](const Row& row) {
    out += '|';
    for (size_t c = 0; c < columns; ++c) out += c < row.size() && !row[c].empty() ? " " + row[c] + " |" : " |";
  };
  add(names);
  out += "\n|";
  for (size_t c = 0; c < columns; ++c) out += " --- |";
  for (size_t i = header_rows; i < rows.size(); ++i) {
    out += '\n';
    add(rows[i]);
  }
  write(out, line);
}

void PlacedBlocks::take(Document* d) {
  d->body = blocks_.take();
  d->anchors = std::move(anchors_);
}

}  // namespace tarn::document::markup
