// Rows of cells → Markdown with an anchor for each row.
// Shape:   a sheet is a heading; rows without an empty one between them are a table, whose first row names the columns;
//          rows of a single cell above it are paragraphs. Columns that are empty in all of a table are left out. A
//          table's width is decided by its first kLookRows rows: a later row that is wider begins a new table.
// Limits:  kMaxSheetBytes of text, after which nothing is written (full()); an anchor each for kMaxRowAnchors rows.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "document/anchor.h"

namespace tarn::document::office {

inline constexpr size_t kMaxSheetBytes = size_t{64} << 20;  // of a file
inline constexpr size_t kMaxRowAnchors = 500'000;
inline constexpr size_t kLookRows = 500;
inline constexpr size_t kLookBytes = size_t{4} << 20;
inline constexpr size_t kMaxCellBytes = size_t{1} << 20;
inline constexpr size_t kMaxRowBytes = size_t{16} << 20;
inline constexpr uint32_t kMaxColumn = 16'384;

struct SheetCell {
  uint32_t column;  // from 0
  std::string text;
};

// The cells of a row as they come, from left to right. What is beyond kMaxRowBytes is left out, and counted.
class RowCells {
 public:
  void add(uint32_t column, std::string text);
  bool empty() const { return cells_.empty(); }
  const std::vector<SheetCell>& cells() const { return cells_; }
  std::vector<SheetCell> take();
  int64_t cut() const { return cut_; }  // of all rows

 private:
  std::vector<SheetCell> cells_;
  size_t bytes_ = 0;
  int64_t cut_ = 0;
};

std::string column_name(uint32_t column);  // 0 → "A", 27 → "AB"

class SheetWriter {
 public:
  void begin(std::string_view name, std::string_view remark = {});
  // Rows ascend, cells too. Empty ones need not be given.
  void row(uint32_t number, std::vector<SheetCell> cells);
  void remark(std::string_view cell, std::string_view text);  // behind the rows: a comment
  void paragraph(std::string_view text);
  void end();

  bool full() const { return body_.size() > kMaxSheetBytes; }
  bool has_text() const { return has_text_; }
  std::string take_body();
  std::vector<Anchor> take_anchors() { return std::move(anchors_); }

 private:
  struct Row {
    uint32_t number;
    std::vector<SheetCell> cells;
  };
  void decide();  // the columns, from the rows that wait; they are written
  void write(const Row& row);
  void close();
  void head();
  void gap();
  void anchor(const Row& row);
  std::string place(std::string_view cells) const;

  std::string body_;
  std::vector<Anchor> anchors_;
  std::string sheet_, heading_;  // the heading is written with the first row
  std::vector<Row> waiting_;
  size_t waiting_bytes_ = 0;
  std::vector<uint32_t> columns_;  // of the table that is open
  uint32_t last_row_ = 0;
  bool open_ = false, has_text_ = false;
};

}  // namespace tarn::document::office
