// A <table> as a GFM table.
// Shape:   the rows of <thead>, the first rows of names alone, or the first row, are the header: names above each other
//          are one name, and one that spans columns is each one's. A cell's paragraphs stand on one line; cells that
//          span rows are repeated where they are short; nested tables are words of their cell. Roles of ARIA (table,
//          grid, row, cell, columnheader …) do as elements.
// Limits:  kMaxColumns.
#pragma once

#include <string>

#include "document/html/content.h"
#include "document/html/dom.h"

namespace tarn::document {

inline constexpr size_t kMaxColumns = 200;

bool is_table(const dom::Node* n);  // by element or role
// False for tables that lay out a page, whose cells are read like any other part of it.
bool is_data_table(dom::Node* table);
// Code laid out as a table, a row for each line: GitHub's, highlight.js's.
bool is_code_table(const dom::Node* table);
std::string table_to_markdown(dom::Node* table);

}  // namespace tarn::document
