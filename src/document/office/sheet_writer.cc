#include "document/office/sheet_writer.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/utf8.h"
#include "document/markdown/inline_text.h"
#include "document/office/package.h"
#include "document/read.h"

namespace tarn::document::office {
namespace {

constexpr size_t kMaxTitles = 4;  // rows of one cell above a table

bool is_plain(char c) { return base::is_alnum(c) || c == '.' || c == ',' || c == ':' || c == '/' || c == '%'; }

// Numbers, times and single words need no look at what Markdown would make of them.
void add_cell(std::string_view text, std::string* out) {
  if (std::all_of(text.begin(), text.end(), is_plain)) {
    *out += text;
    return;
  }
  InlineText words;
  words.add_text(clean(text));
  *out += words.take_cell();
}

std::string paragraph_of(std::string_view text) {
  InlineText words;
  words.add_text(clean(text));
  return words.take();
}

}  // namespace

std::string column_name(uint32_t column) {
  std::string name;
  for (uint64_t n = uint64_t{column} + 1; n > 0; n = (n - 1) / 26) {
    name.insert(name.begin(), static_cast<char>('A' + (n - 1) % 26));
  }
  return name;
}

void RowCells::add(uint32_t column, std::string text) {
  if (text.empty() || column >= kMaxColumn || (!cells_.empty() && cells_.back().column >= column)) return;
  bytes_ += text.size() + sizeof(SheetCell);
  if (bytes_ > kMaxRowBytes) {
    ++cut_;
    return;
  }
  cells_.push_back({column, std::move(text)});
}

std::vector<SheetCell> RowCells::take() {
  bytes_ = 0;
  return std::exchange(cells_, {});
}

std::string SheetWriter::place(std::string_view cells) const {
  const bool plain = std::all_of(sheet_.begin(), sheet_.end(),
                                 [](char c) { return base::is_alnum(c) || c == '_' || c == '.' || (c & '\x80') != 0; });
  if (plain) return sheet_ + "!" + std::string(cells);
  std::string quoted;
  for (const char c : sheet_) quoted += c == '\'' ? std::string("''") : std::string(1, c);
  return "'" + quoted + "'!" + std::string(cells);
}

void SheetWriter::gap() {
  if (!body_.empty()) body_ += body_.ends_with('\n') ? "\n" : "\n\n";
}

void SheetWriter::begin(std::string_view name, std::string_view remark) {
  end();
  constexpr size_t kMaxName = 200;
  sheet_ = title_line(name.substr(0, base::utf8_floor(name, kMaxName)));
  heading_ = sheet_ + (remark.empty() ? "" : " (" + std::string(remark) + ")");
  last_row_ = 0;
}

// A sheet without anything has no heading.
void SheetWriter::head() {
  has_text_ = true;
  if (heading_.empty()) return;
  gap();
  anchors_.push_back({body_.size(), std::string(kSheet), sheet_});
  InlineText words;
  words.add_text(std::exchange(heading_, {}));
  body_ += "## " + words.take_heading() + "\n";
}

void SheetWriter::row(uint32_t number, std::vector<SheetCell> cells) {
  std::erase_if(cells, [](const SheetCell& c) { return base::trimmed(c.text).empty(); });
  if (full() || cells.empty()) return;
  if (number != last_row_ + 1) close();
  last_row_ = number;
  Row row{number, std::move(cells)};
  head();
  if (open_) {
    const bool fits = std::all_of(row.cells.begin(), row.cells.end(), [&](const SheetCell& c) {
      return std::binary_search(columns_.begin(), columns_.end(), c.column);
    });
    if (fits) return write(row);
    close();
    last_row_ = number;
  }
  for (const SheetCell& c : row.cells) waiting_bytes_ += c.text.size() + sizeof c;
  waiting_.push_back(std::move(row));
  if (waiting_.size() >= kLookRows || waiting_bytes_ > kLookBytes) decide();
}

void SheetWriter::decide() {
  const std::vector<Row> rows = std::exchange(waiting_, {});
  waiting_bytes_ = 0;
  size_t at = 0;
  const bool lone = rows.size() == 1 && rows[0].cells.size() == 1;
  std::vector<uint32_t> used;
  for (const Row& row : rows) {
    for (const SheetCell& c : row.cells) used.push_back(c.column);
  }
  std::sort(used.begin(), used.end());
  used.erase(std::unique(used.begin(), used.end()), used.end());
  size_t singles = 0;
  while (singles < rows.size() && rows[singles].cells.size() == 1) ++singles;
  if (lone || (used.size() > 1 && (singles <= kMaxTitles || singles == rows.size()))) {
    for (; at < singles; ++at) {
      gap();
      anchor(rows[at]);
      body_ += paragraph_of(rows[at].cells[0].text) + "\n";
    }
  }
  if (at == rows.size()) return;
  columns_ = std::move(used);
  open_ = true;
  gap();
  write(rows[at]);
  body_ += '|';
  for (size_t i = 0; i < columns_.size(); ++i) body_ += " --- |";
  body_ += '\n';
  for (++at; at < rows.size(); ++at) write(rows[at]);
}

void SheetWriter::anchor(const Row& row) {
  if (anchors_.size() >= kMaxRowAnchors) return;
  const std::string number = std::to_string(row.number);
  std::string cells = column_name(row.cells.front().column) + number;
  if (row.cells.size() > 1) cells += ":" + column_name(row.cells.back().column) + number;
  // The last one that there is holds for all rows below it.
  if (anchors_.size() + 1 == kMaxRowAnchors) cells = number + ":";
  anchors_.push_back({body_.size(), std::string(kCells), place(cells)});
}

void SheetWriter::write(const Row& row) {
  anchor(row);
  body_ += '|';
  auto cell = row.cells.begin();
  for (const uint32_t column : columns_) {
    while (cell != row.cells.end() && cell->column < column) ++cell;
    if (cell != row.cells.end() && cell->column == column) {
      body_ += ' ';
      add_cell(cell->text, &body_);
    }
    body_ += " |";
  }
  body_ += '\n';
}

void SheetWriter::close() {
  if (!waiting_.empty()) decide();
  open_ = false;
}

void SheetWriter::remark(std::string_view cell, std::string_view text) {
  close();
  if (full()) return;
  head();
  gap();
  if (anchors_.size() < kMaxRowAnchors) anchors_.push_back({body_.size(), std::string(kCells), place(cell)});
  body_ += "> " + paragraph_of(text) + "\n";
}

void SheetWriter::paragraph(std::string_view text) {
  close();
  if (full() || base::trimmed(text).empty()) return;
  head();
  gap();
  if (anchors_.size() < kMaxRowAnchors) anchors_.push_back({body_.size(), std::string(kSheet), sheet_});
  body_ += paragraph_of(text) + "\n";
}

void SheetWriter::end() { close(); }

std::string SheetWriter::take_body() {
  close();
  return std::move(body_);
}

}  // namespace tarn::document::office
