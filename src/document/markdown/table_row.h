// The lines of a GFM table, each with its line break.
#pragma once

#include <string>
#include <vector>

namespace tarn::document {

// Cells as take_cell() gives them; where there are too few the row is filled, what is too much is left out.
std::string table_row(const std::vector<std::string>& cells, size_t columns);
std::string table_rule(size_t columns);

}  // namespace tarn::document
