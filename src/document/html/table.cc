#include "document/html/table.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "document/html/inline.h"
#include "document/markdown/inline_text.h"

namespace tarn::document {
namespace {

using dom::attribute;
using dom::Node;
using dom::tag;

constexpr size_t kRepeatedBytes = 80;  // a longer cell that spans rows is written once
constexpr size_t kMaxRowSpan = 1000;

// More rows of names than this are rows like others.
constexpr size_t kMaxNameRows = 4;

bool is_name_cell(const Node* n) {
  const std::string_view role = attribute(n, "role");
  return tag(n) == LXB_TAG_TH || role == "columnheader" || role == "rowheader";
}
bool is_cell(const Node* n) {
  const std::string_view role = attribute(n, "role");
  return tag(n) == LXB_TAG_TD || is_name_cell(n) || role == "cell" || role == "gridcell";
}

size_t span(const Node* cell, std::string_view name, size_t most) {
  const std::string_view value = attribute(cell, name);
  size_t n = 1;
  std::from_chars(value.data(), value.data() + value.size(), n);
  return std::clamp<size_t>(n, 1, most);
}

// Rows of this table, not of tables within it.
std::vector<Node*> rows_of(Node* table) {
  std::vector<Node*> rows;
  dom::walk(
      table,
      [&](Node* n) {
        if (n == table) return true;
        const bool row = tag(n) == LXB_TAG_TR || attribute(n, "role") == "row";
        if (row) rows.push_back(n);
        return dom::is_element(n) && !row && !is_table(n);
      },
      [](Node*) {});
  return rows;
}

bool names_columns(const Node* row) {
  if (tag(row->parent) == LXB_TAG_THEAD) return true;
  size_t cells = 0;
  for (const Node* cell = row->first_child; cell; cell = cell->next) {
    if (is_cell(cell) && !is_name_cell(cell)) return false;
    cells += is_cell(cell);
  }
  return cells > 1;
}

// How many rows at the top name the columns together: "Port" above "TCP" and "UDP".
size_t name_rows(const std::vector<Node*>& rows) {
  size_t n = 0;
  while (n < rows.size() && names_columns(rows[n])) ++n;
  return n == rows.size() || n > kMaxNameRows ? 1 : std::max<size_t>(n, 1);
}

std::string cell_text(Node* cell) {
  InlineText text;
  dom::walk(
      cell,
      [&](Node* n) {
        if (n == cell) return true;
        if (is_left_out(n)) return false;
        if (is_block(tag(n))) {
          if (!text.empty()) text.add_separator();
          if (tag(n) == LXB_TAG_PRE) text.open_code();
          return true;
        }
        return enter_inline(n, &text);
      },
      [&](Node* n) {
        if (n == cell) return;
        if (is_block(tag(n))) {
          if (tag(n) == LXB_TAG_PRE) text.close_code();
          text.add_separator();
        } else {
          leave_inline(n, &text);
        }
      });
  return text.take_cell();
}

struct Spanning {
  size_t rows_left = 0;
  std::string text;
};

// A name that stands in two rows above each other is one.
void add_names(const std::vector<std::string>& cells, std::vector<std::string>* names) {
  names->resize(std::max(names->size(), cells.size()));
  for (size_t i = 0; i < cells.size(); ++i) {
    std::string& name = (*names)[i];
    if (cells[i].empty() || name == cells[i] || name.ends_with(" " + cells[i])) continue;
    name += (name.empty() ? "" : " ") + cells[i];
  }
}

void append_row(const std::vector<std::string>& cells, std::string* out) {
  *out += '|';
  for (const std::string& cell : cells) {
    if (!cell.empty()) *out += ' ';
    *out += cell;
    *out += " |";
  }
  *out += '\n';
}

}  // namespace

bool is_table(const Node* n) {
  if (tag(n) == LXB_TAG_TABLE) return true;
  if (!is_block(tag(n))) return false;
  const std::string_view role = attribute(n, "role");
  return role == "table" || role == "grid" || role == "treegrid";
}

bool is_data_table(Node* table) {
  const std::string_view role = attribute(table, "role");
  if (role == "presentation" || role == "none") return false;
  bool header = false, layout = false;
  size_t rows = 0, columns = 0;
  for (Node* row : rows_of(table)) {
    ++rows;
    size_t cells = 0;
    for (Node* cell = row->first_child; cell; cell = cell->next) {
      if (!is_cell(cell)) continue;
      ++cells;
      header |= is_name_cell(cell);
      for (Node* child = cell->first_child; child && !layout; child = child->next) {
        const uintptr_t name = tag(child);
        layout = name == LXB_TAG_TABLE || name == LXB_TAG_H1 || name == LXB_TAG_H2 || name == LXB_TAG_H3 ||
                 name == LXB_TAG_FORM || name == LXB_TAG_ARTICLE || name == LXB_TAG_SECTION;
      }
    }
    columns = std::max(columns, cells);
  }
  for (Node* part = table->first_child; part; part = part->next) {
    header |= tag(part) == LXB_TAG_CAPTION || (tag(part) == LXB_TAG_THEAD && part->first_child);
  }
  if (columns > kMaxColumns) return false;
  return header ? columns > 0 : !layout && rows > 1 && columns > 1;
}

bool is_code_table(const Node* table) {
  size_t lines = 0;
  for (const Node* row : rows_of(const_cast<Node*>(table))) {
    const Node* last = row->last_child;
    while (last && !is_cell(last)) last = last->prev;
    const std::string_view name = last ? attribute(last, "class") : std::string_view();
    if (name.find("blob-code") == std::string_view::npos && name.find("hljs-ln-code") == std::string_view::npos &&
        name.find("code-line") == std::string_view::npos) {
      return false;
    }
    ++lines;
  }
  return lines > 0;
}

std::string table_to_markdown(Node* table) {
  const std::vector<Node*> all = rows_of(table);
  const size_t naming = name_rows(all);
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> names;  // of the columns, from the rows that name them
  std::vector<Spanning> spanning;
  size_t columns = 0;
  for (size_t r = 0; r < all.size(); ++r) {
    if (is_left_out(all[r])) continue;
    const bool is_naming = r < naming;
    std::vector<std::string> cells;
    const auto fill_spans = [&] {
      while (cells.size() < spanning.size() && spanning[cells.size()].rows_left > 0) {
        Spanning& s = spanning[cells.size()];
        --s.rows_left;
        cells.push_back(s.text);
      }
    };
    for (Node* cell = all[r]->first_child; cell && cells.size() < kMaxColumns; cell = cell->next) {
      if (!is_cell(cell)) continue;
      fill_spans();
      const std::string text = cell_text(cell);
      const size_t wide = span(cell, "colspan", kMaxColumns), tall = span(cell, "rowspan", kMaxRowSpan);
      const bool repeats = text.size() <= kRepeatedBytes;
      for (size_t i = 0; i < wide && cells.size() < kMaxColumns; ++i) {
        const bool says = i == 0 || (naming > 1 && is_naming && repeats);
        if (tall > 1) {
          if (spanning.size() <= cells.size()) spanning.resize(cells.size() + 1);
          spanning[cells.size()] = {tall - 1, says && repeats ? text : std::string()};
        }
        cells.push_back(says ? text : std::string());
      }
    }
    fill_spans();
    if (std::all_of(cells.begin(), cells.end(), [](const std::string& c) { return c.empty(); })) continue;
    columns = std::max(columns, cells.size());
    if (is_naming) {
      add_names(cells, &names);
    } else {
      rows.push_back(std::move(cells));
    }
  }
  if (names.empty() && rows.empty()) return {};
  std::string out;
  names.resize(columns);  // GFM drops cells beyond the header's; shorter rows need no filling
  append_row(names, &out);
  out += '|';
  for (size_t i = 0; i < columns; ++i) out += " --- |";
  out += '\n';
  for (const std::vector<std::string>& row : rows) append_row(row, &out);
  out.pop_back();
  return out;
}

}  // namespace tarn::document
