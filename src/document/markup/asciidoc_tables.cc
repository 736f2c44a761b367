// Tables of AsciiDoc.
#include <algorithm>
#include <cstdlib>

#include "base/ascii.h"
#include "document/data/dialect.h"
#include "document/markup/asciidoc.h"

namespace tarn::document::markup {
namespace {

constexpr int kMaxRepeat = 100;  // of a cell or a column that says how often it comes

size_t columns_of(const std::string& cols) {
  if (cols.empty()) return 0;
  size_t count = 0;
  for (size_t at = 0; at <= cols.size();) {
    const size_t end = std::min(cols.find_first_of(",;", at), cols.size());
    const std::string_view one = base::trimmed(std::string_view(cols).substr(at, end - at));
    const size_t star = one.find('*');
    const int repeat = star == std::string_view::npos ? 1 : std::atoi(std::string(one.substr(0, star)).c_str());
    count += static_cast<size_t>(std::clamp(repeat, 1, kMaxRepeat));
    at = end + 1;
  }
  return std::min(count, kMaxColumns);
}

// What stands before a '|': "2+", ".3+^", "3*", "a", "h". Where it begins.
size_t spec_start(std::string_view text) {
  size_t at = text.size();
  if (at > 0 && std::string_view("aehlmsdv").find(text[at - 1]) != std::string_view::npos) --at;
  while (at > 0 &&
         (base::is_digit(text[at - 1]) || std::string_view("+*.<>^").find(text[at - 1]) != std::string_view::npos)) {
    --at;
  }
  return at == 0 || text[at - 1] == ' ' || text[at - 1] == '\n' ? at : text.size();
}

// The cells between marks, in their order, and how many of them make a row.
class DrawnCells {
 public:
  struct Cell {
    std::string text;
    size_t span = 1, repeat = 1;  // columns; how often it comes
  };

  DrawnCells(const Lines& lines, char mark, Table* table) : mark_(mark), table_(table) {
    for (const Line& line : lines) {
      add(line.text);
      // The first line with cells on it says how many there are.
      if (open_ && first_line_ == 0) {
        for (const Cell& cell : cells_) first_line_ += cell.span * cell.repeat;
        first_line_ += span_ * repeat_;
      }
    }
    flush();
  }
  const std::vector<Cell>& cells() const { return cells_; }
  size_t of_first_line() const { return first_line_; }

 private:
  void add(std::string_view line) {
    for (size_t at = 0; at < line.size(); ++at) {
      if (line[at] == '\\' && at + 1 < line.size() && line[at + 1] == mark_) {
        text_ += line[++at];
      } else if (line[at] == mark_) {
        begin();
      } else {
        text_ += line[at];
      }
    }
    text_ += '\n';
  }

  void begin() {
    const size_t start = spec_start(text_);
    const std::string spec = text_.substr(start);
    text_.resize(start);
    flush();
    open_ = true;
    const auto number = static_cast<size_t>(std::clamp(std::atoi(spec.c_str()), 1, kMaxRepeat));
    repeat_ = spec.find('*') != std::string::npos ? number : 1;
    span_ = spec.find('+') != std::string::npos ? number : 1;
  }

  void flush() {
    if (open_ && table_->takes(span_ * repeat_)) cells_.push_back({text_, span_, repeat_});
    text_.clear();
  }

  char mark_;
  Table* table_;
  std::vector<Cell> cells_;
  std::string text_;
  size_t repeat_ = 1, span_ = 1, first_line_ = 0;
  bool open_ = false;  // a mark came before the text
};

}  // namespace

std::string AsciiDoc::cell(std::string_view text) {
  return cell_of(text, [&](std::string_view part, InlineText* words) {
    if (const auto marker = marker_of(part); marker && marker->term == 0) part.remove_prefix(marker->words);
    add_asciidoc(part, names_, words);
  });
}

void AsciiDoc::table(const Lines& lines, const BlockAttributes& about, char fence, uint32_t line) {
  const std::string format = about.get("format"), separator = about.get("separator");
  Table table;
  if (format == "csv" || format == "dsv" || format == "tsv" || fence == ',' || fence == ':') {
    const char delimiter = !separator.empty()                ? separator[0]
                           : format == "tsv"                 ? '\t'
                           : format == "dsv" || fence == ':' ? ':'
                                                             : ',';
    const std::string text = joined(lines);
    data::Records records(text, {delimiter, '"', 0});
    for (data::Record record; records.next(&record) && table.takes(record.fields.size());) {
      Row& row = table.rows.emplace_back();
      for (const std::string& field : record.fields) row.push_back(cell(field));
    }
  } else {
    const DrawnCells drawn(lines, !separator.empty() ? separator[0] : fence == '!' ? '!' : '|', &table);
    size_t columns = columns_of(about.get("cols"));
    if (columns == 0) columns = std::max<size_t>(drawn.of_first_line(), 1);
    size_t filled = columns;
    for (const DrawnCells::Cell& one : drawn.cells()) {
      const std::string words = cell(one.text);
      for (size_t n = 0; n < one.repeat && table.repeats(words.size()); ++n) {
        if (filled >= columns) {
          table.rows.emplace_back();
          filled = 0;
        }
        Row& row = table.rows.back();
        row.push_back(words);
        row.resize(row.size() + std::min(one.span, columns - filled) - 1);
        filled += one.span;
      }
    }
  }
  const bool implied = !about.has("noheader") && lines.size() > 1 && !lines[0].blank() && lines[1].blank();
  table.header_rows = about.has("header") || implied;
  blocks_.table(table, line);
}

}  // namespace tarn::document::markup
