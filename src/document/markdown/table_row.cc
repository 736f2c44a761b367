#include "document/markdown/table_row.h"

namespace tarn::document {

std::string table_row(const std::vector<std::string>& cells, size_t columns) {
  std::string out = "|";
  for (size_t i = 0; i < columns; ++i) {
    if (i < cells.size() && !cells[i].empty()) (out += ' ') += cells[i];
    out += " |";
  }
  return out += '\n';
}

std::string table_rule(size_t columns) {
  std::string out = "|";
  for (size_t i = 0; i < columns; ++i) out += " --- |";
  return out += '\n';
}

}  // namespace tarn::document
