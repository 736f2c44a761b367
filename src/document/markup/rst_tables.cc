#include "document/markup/rst_tables.h"

#include <algorithm>
#include <set>

#include "base/ascii.h"
#include "base/utf8.h"

namespace tarn::document::markup {
namespace {

// Columns are counted in characters: where they begin in a line's bytes.
class Columns {
 public:
  explicit Columns(std::string_view text) : text_(text) {
    for (size_t at = 0; at < text.size(); ++at) {
      if (!base::is_continuation(text[at])) starts_.push_back(at);
    }
  }
  std::string_view part(size_t from, size_t to) const {
    const size_t start = from < starts_.size() ? starts_[from] : text_.size();
    const size_t end = to < starts_.size() ? starts_[to] : text_.size();
    return text_.substr(start, std::max(start, end) - start);
  }
  char at(size_t column) const { return column < starts_.size() ? text_[starts_[column]] : ' '; }

 private:
  std::string_view text_;
  std::vector<size_t> starts_;
};

void add_line(std::string_view line, std::string* cell) {
  line = base::trimmed(line);
  if (line.empty() && (cell->empty() || cell->ends_with("\n\n"))) return;
  if (!cell->empty()) *cell += '\n';
  *cell += line;
}

bool is_rule_part(std::string_view part, char mark) {
  return !part.empty() && part.find_first_not_of(mark) == std::string_view::npos;
}

}  // namespace

bool is_grid_rule(std::string_view line) {
  return line.size() > 2 && line.starts_with('+') && line.ends_with('+') && (line[1] == '-' || line[1] == '=') &&
         line.find_first_not_of("+-=") == std::string_view::npos;
}

bool is_simple_rule(std::string_view line) {
  return line.size() > 2 && line.starts_with('=') && line.ends_with('=') && line.find(' ') != std::string_view::npos &&
         line.find_first_not_of("= ") == std::string_view::npos;
}

Table grid_table(const Lines& lines) {
  Table table;
  std::set<size_t> edges;
  for (const Line& line : lines) {
    if (!is_grid_rule(line.text)) continue;
    for (size_t at = 0; at < line.text.size(); ++at) {
      if (line.text[at] == '+') edges.insert(at);
    }
  }
  if (edges.size() < 2) return table;
  std::vector<size_t> bounds(edges.begin(), edges.end());
  table.cut = bounds.size() > kMaxColumns + 1;
  if (table.cut) bounds.resize(kMaxColumns + 1);
  const size_t columns = bounds.size() - 1;
  std::vector<size_t> row_of(columns, 0);  // the row that a column's next line belongs to
  for (const Line& line : lines) {
    const Columns drawn(line.text);
    bool rule = false, header = false;
    for (size_t c = 0; c < columns; ++c) {
      const std::string_view part = drawn.part(bounds[c] + 1, bounds[c + 1]);
      header |= is_rule_part(part, '=') && drawn.at(bounds[c]) == '+';
      rule |= (is_rule_part(part, '-') || is_rule_part(part, '=')) && drawn.at(bounds[c]) == '+';
    }
    if (rule) {
      // Where there is no rule, a cell goes on through it.
      if (!table.takes(columns)) break;
      const size_t row = table.rows.size();
      table.rows.emplace_back(columns);
      for (size_t c = 0; c < columns; ++c) {
        const std::string_view part = drawn.part(bounds[c] + 1, bounds[c + 1]);
        if (is_rule_part(part, '-') || is_rule_part(part, '=')) {
          row_of[c] = row;
        } else {
          add_line(part, &table.rows[row_of[c]][c]);
        }
      }
      if (header) table.header_rows = row;
      continue;
    }
    if (table.rows.empty()) continue;
    for (size_t c = 0; c < columns;) {
      size_t end = c + 1;
      while (end < columns && drawn.at(bounds[end]) != '|' && drawn.at(bounds[end]) != '+') ++end;
      add_line(drawn.part(bounds[c] + 1, bounds[end]), &table.rows[row_of[c]][c]);
      c = end;
    }
  }
  if (!table.rows.empty()) table.rows.pop_back();  // below the last rule
  return table;
}

Table simple_table(const Lines& lines) {
  Table table;
  std::vector<size_t> starts;
  const std::string_view rule = lines[0].text;
  for (size_t at = 0; at < rule.size(); ++at) {
    if (rule[at] == '=' && (at == 0 || rule[at - 1] == ' ')) starts.push_back(at);
  }
  table.cut = starts.size() > kMaxColumns;
  if (table.cut) starts.resize(kMaxColumns);
  size_t rules = 1;
  bool blank = true;
  for (size_t i = 1; i < lines.size(); ++i) {
    const std::string_view text = lines[i].text;
    if (is_simple_rule(text) || (starts.size() == 1 && is_rule_part(text, '='))) {
      if (++rules == 2 && i + 1 < lines.size()) table.header_rows = table.rows.size();
      blank = true;
      continue;
    }
    if (text.empty()) {
      blank = true;
      continue;
    }
    if (text.find_first_not_of("- ") == std::string_view::npos && text.find("--") != std::string_view::npos) continue;
    const Columns drawn(text);
    const auto end_of = [&](size_t c) { return c + 1 < starts.size() ? starts[c + 1] : text.size(); };
    // A row whose first cell is empty goes on with the one before.
    const bool begins = table.rows.empty() || !base::trimmed(drawn.part(starts[0], end_of(0))).empty();
    if (begins || (blank && table.rows.size() == table.header_rows)) {
      if (!table.takes(starts.size())) break;
      table.rows.emplace_back(starts.size());
    }
    blank = false;
    for (size_t c = 0; c < starts.size();) {
      // Text over the gap between columns spans them.
      size_t end = c + 1;
      while (end < starts.size() && drawn.at(starts[end] - 1) != ' ') ++end;
      const std::string_view part = drawn.part(starts[c], end == starts.size() ? text.size() : starts[end]);
      if (!base::trimmed(part).empty()) add_line(part, &table.rows.back()[c]);
      c = end;
    }
  }
  return table;
}

}  // namespace tarn::document::markup
