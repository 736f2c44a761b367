// Tables of texts as HTML, with cells that reach over columns and rows.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "document/office/html.h"

namespace tarn::document::office {

inline constexpr size_t kMaxSpan = 1'000;

struct TableCell {
  std::string html;
  size_t column = 0, wide = 1;
  bool begins = false, goes_on = false;  // over rows
};
struct TableRow {
  std::vector<TableCell> cells;  // by column
  bool head = false;
};
std::string table_html(const std::vector<TableRow>& rows);

// Tables whose cells come one after another and know where they end on the page, as in doc and RTF. A table within a
// cell is deeper by one.
struct CellEdge {
  int32_t right = 0;                     // twips
  bool merged = false;                   // with the cell before it
  bool begins = false, goes_on = false;  // over rows
};

class OpenTables {
 public:
  // Where the blocks go that lie in so many tables; those that are deeper end, and new ones begin.
  Blocks* at(int depth, Blocks* out);
  void end_cell();
  void end_row(int32_t left, std::vector<CellEdge> edges, bool head);
  size_t depth() const { return open_.size(); }

 private:
  struct Row {
    std::vector<std::string> cells;
    int32_t left = 0;
    std::vector<CellEdge> edges;
    bool head = false;
  };
  struct Table {
    Blocks cell;
    std::vector<std::string> cells;
    std::vector<Row> rows;
    size_t bytes = 0;
  };
  static std::string html_of(Table table);
  std::vector<Table> open_;
};

}  // namespace tarn::document::office
