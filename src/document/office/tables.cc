#include "document/office/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>

namespace tarn::document::office {
namespace {

constexpr int kMaxTables = 20;      // within each other
constexpr int32_t kSameEdge = 100;  // twips: edges that are drawn so near are one
constexpr size_t kMaxRows = 1'000'000;

}  // namespace

std::string table_html(const std::vector<TableRow>& rows) {
  // How many rows a cell reaches down: from the last row up, what goes on is counted in its column.
  std::map<size_t, size_t> going;
  std::vector<std::vector<size_t>> tall(rows.size());
  for (size_t r = rows.size(); r-- > 0;) {
    std::map<size_t, size_t> next;
    for (const TableCell& cell : rows[r].cells) {
      const auto below_it = going.find(cell.column);
      const size_t more = below_it == going.end() ? 0 : below_it->second;
      tall[r].push_back(cell.begins ? 1 + more : 1);
      if (cell.goes_on) next[cell.column] = more + 1;
    }
    going = std::move(next);
  }
  std::string html = "<table>";
  for (size_t r = 0; r < rows.size() && html.size() < kMaxHtmlBytes; ++r) {
    const std::string_view tag = rows[r].head ? "th" : "td";
    html += "<tr>";
    size_t column = 0;
    for (size_t c = 0; c < rows[r].cells.size(); ++c) {
      const TableCell& cell = rows[r].cells[c];
      // A row may begin further right.
      if (cell.column > column) html += fmt::format("<{0} colspan={1}></{0}>", tag, cell.column - column);
      column = cell.column + cell.wide;
      if (cell.goes_on && r > 0) continue;
      html += fmt::format("<{}", tag);
      if (cell.wide > 1) html += fmt::format(" colspan={}", cell.wide);
      if (tall[r][c] > 1) html += fmt::format(" rowspan={}", tall[r][c]);
      html += fmt::format(">{}</{}>", cell.html, tag);
    }
    html += "</tr>";
  }
  return html + "</table>";
}

Blocks* OpenTables::at(int depth, Blocks* out) {
  const auto wanted = static_cast<size_t>(std::clamp(depth, 0, kMaxTables));
  while (open_.size() > wanted) {
    Table table = std::move(open_.back());
    open_.pop_back();
    (open_.empty() ? out : &open_.back().cell)->raw(html_of(std::move(table)));
  }
  while (open_.size() < wanted) open_.emplace_back();
  return open_.empty() ? out : &open_.back().cell;
}

void OpenTables::end_cell() {
  if (open_.empty()) return;
  Table& table = open_.back();
  std::string html = table.cell.take();
  table.bytes += html.size() + sizeof html;
  if (table.bytes > kMaxHtmlBytes) return;
  table.cells.push_back(std::move(html));
}

void OpenTables::end_row(int32_t left, std::vector<CellEdge> edges, bool head) {
  if (open_.empty()) return;
  Table& table = open_.back();
  if (!table.cell.empty()) end_cell();
  if (table.cells.empty() || table.rows.size() >= kMaxRows) return;
  table.bytes += edges.size() * sizeof(CellEdge) + sizeof(Row);
  table.rows.push_back({std::exchange(table.cells, {}), left, std::move(edges), head});
}

std::string OpenTables::html_of(Table table) {
  if (!table.cell.empty()) table.cells.push_back(table.cell.take());
  if (!table.cells.empty()) table.rows.push_back({std::move(table.cells), 0, {}, false});
  std::vector<int32_t> edges;
  for (const Row& row : table.rows) {
    if (row.edges.size() < row.cells.size()) continue;
    edges.push_back(row.left);
    for (const CellEdge& e : row.edges) edges.push_back(e.right);
  }
  std::sort(edges.begin(), edges.end());
  std::vector<int32_t> columns;
  for (const int32_t e : edges) {
    if (columns.empty() || int64_t{e} - columns.back() > kSameEdge) columns.push_back(e);
  }
  const auto column_of = [&](int32_t edge) {
    const auto behind = std::upper_bound(columns.begin(), columns.end(), edge);
    return static_cast<size_t>(std::max<ptrdiff_t>(behind - columns.begin() - 1, 0));
  };
  std::vector<TableRow> rows;
  rows.reserve(table.rows.size());
  for (Row& row : table.rows) {
    TableRow& to = rows.emplace_back();
    to.head = row.head;
    const bool drawn = row.edges.size() >= row.cells.size();
    size_t at = drawn ? column_of(row.left) : 0;
    for (size_t i = 0; i < row.cells.size(); ++i) {
      const size_t end = drawn ? std::clamp(column_of(row.edges[i].right), at + 1, at + kMaxSpan) : at + 1;
      if (drawn && row.edges[i].merged && !to.cells.empty()) {
        to.cells.back().wide += end - at;
        to.cells.back().html += row.cells[i];
      } else {
        to.cells.push_back(
            {std::move(row.cells[i]), at, end - at, drawn && row.edges[i].begins, drawn && row.edges[i].goes_on});
      }
      at = end;
    }
  }
  return table_html(rows);
}

}  // namespace tarn::document::office
