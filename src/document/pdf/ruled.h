// Tables that are drawn: rules that cross make a grid, and the words in its cells its rows.
// Shape:   cells without a rule between them are one, with its text in the first; one that spans rows is repeated where
//          it is short. Where only columns are ruled, each line is a row.
#pragma once

#include "document/pdf/rows.h"

namespace tarn::document::pdf {

// Takes the words that lie in tables out of `words`.
std::vector<RuledTable> ruled_tables(const std::vector<Rule>& rules, float page_area, std::vector<const Word*>* words);

}  // namespace tarn::document::pdf
