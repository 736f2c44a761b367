// The rows and cells of a table of a Word document, as they are nested in its XML.
#pragma once

#include <pugixml.hpp>
#include <vector>

#include "document/office/tables.h"

namespace tarn::document::office {

struct WordCell {
  pugi::xml_node node;
  TableCell cell;  // without its text
};
struct WordRow {
  std::vector<WordCell> cells;
  bool head = false;
};

// Without the rows that were deleted, which are counted.
std::vector<WordRow> word_rows(pugi::xml_node table, int64_t* deleted);

}  // namespace tarn::document::office
