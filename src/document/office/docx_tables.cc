#include "document/office/docx_tables.h"

#include <algorithm>

#include "document/office/package.h"

namespace tarn::document::office {
namespace {

using pugi::xml_node;

constexpr int kMaxDepth = 200;

size_t count(std::string_view text, size_t least) { return std::clamp(number(text, least), least, kMaxSpan); }

void add_cells(xml_node parent, size_t* column, WordRow* row, int depth) {
  for (const xml_node n : parent.children()) {
    if (is(n, "tc")) {
      const xml_node properties = child(n, "tcPr"), merge = child(properties, "vMerge");
      WordCell cell{n, {{}, *column, count(value(child(properties, "gridSpan"), "val"), 1)}};
      cell.cell.begins = merge && value(merge, "val") == "restart";
      cell.cell.goes_on = merge && !cell.cell.begins;
      *column += cell.cell.wide;
      row->cells.push_back(std::move(cell));
    } else if (depth < kMaxDepth && (is(n, "sdt") || is(n, "sdtContent") || is(n, "ins") || is(n, "customXml"))) {
      add_cells(n, column, row, depth + 1);
    }
  }
}

void add_rows(xml_node parent, std::vector<WordRow>* rows, int64_t* deleted, int depth) {
  for (const xml_node n : parent.children()) {
    if (is(n, "tr")) {
      const xml_node properties = child(n, "trPr");
      if (child(properties, "del")) {
        ++*deleted;
        continue;
      }
      WordRow& row = rows->emplace_back();
      row.head = is_on(child(properties, "tblHeader"));
      size_t column = count(value(child(properties, "gridBefore"), "val"), 0);
      add_cells(n, &column, &row, 0);
    } else if (depth < kMaxDepth && (is(n, "sdt") || is(n, "sdtContent") || is(n, "ins") || is(n, "customXml"))) {
      add_rows(n, rows, deleted, depth + 1);
    }
  }
}

}  // namespace

std::vector<WordRow> word_rows(xml_node table, int64_t* deleted) {
  std::vector<WordRow> rows;
  add_rows(table, &rows, deleted, 0);
  return rows;
}

}  // namespace tarn::document::office
