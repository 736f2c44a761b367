// Where white goes down through several rows: between columns of prose, or of a table.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "document/pdf/rows.h"

namespace tarn::document::pdf {

struct Gutter {
  size_t first = 0, last = 0;  // rows, both included
  float x0 = 0, x1 = 0;
};

// What the rows beside a gutter are.
enum class Side { columns, table };

struct Band {
  Gutter gutter;
  Side side = Side::columns;
  std::vector<float> edges;  // of a table: where one column ends and the next one begins
};

// The gutter by which these rows are to be parted first; nothing where they are lines from side to side.
std::optional<Band> best_band(const std::vector<Row>& rows);

}  // namespace tarn::document::pdf
