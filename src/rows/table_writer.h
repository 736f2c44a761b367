// Rows in a box: see writer.h.
// Shape:   columns are as wide as their widest cell; when the box is wider than it may be, the widest give way, down to
//          kNarrow cells; when that is not enough, columns in the middle are left out and a column of … stands for
//          them.
#pragma once

#include <deque>

#include "rows/writer.h"

namespace tarn::rows {

class TableWriter final : public Writer {
 public:
  static constexpr size_t kNarrow = 6;
  TableWriter(const Format& format, Sink sink);
  bool begin(const std::vector<duck::Column>& columns) override;
  bool write(const duck::Chunk& chunk) override;
  bool end() override;

 private:
  using Line = std::vector<std::string>;
  void measure(const Line& line);
  std::vector<size_t> fit() const;  // the columns shown, and widths_ as they may be
  void shrink();
  Line take(const duck::Chunk& chunk, size_t row) const;
  std::string rule(std::string_view left, std::string_view middle, std::string_view right,
                   const std::vector<size_t>& shown) const;
  std::string text(const Line& line, const std::vector<size_t>& shown, bool centred) const;
  std::string footer() const;

  Format format_;
  bool types_;
  size_t head_rows_, tail_rows_;
  std::string null_;
  Sink sink_;
  std::vector<duck::Column> columns_;
  Line names_, kinds_;
  std::vector<Line> head_;
  std::deque<Line> tail_;
  std::vector<size_t> widths_;
  uint64_t rows_ = 0;
};

}  // namespace tarn::rows
