// Tables of reStructuredText that a directive gives: lists of lists, delimited values.
#include <algorithm>
#include <cstdlib>

#include "base/ascii.h"
#include "document/data/dialect.h"
#include "document/markup/rst.h"

namespace tarn::document::markup {
namespace {

// The option `header` above the content, both of them delimited values.
Table delimited(const Directive& d) {
  const std::string delimiter = d.get("delim"), header = d.get("header"), content = joined(d.content);
  const data::Dialect dialect{delimiter == "tab" ? '\t' : delimiter.empty() ? ',' : delimiter[0], '"', 0};
  Table table;
  for (const std::string_view text : {std::string_view(header), std::string_view(content)}) {
    data::Records records(text, dialect);
    for (data::Record record; records.next(&record) && table.takes(record.fields.size());) {
      Row& row = table.rows.emplace_back();
      for (const std::string& field : record.fields) row.emplace_back(base::trimmed(field));
    }
  }
  table.header_rows = !header.empty();
  return table;
}

// "* - a": each row an item, each cell an item within.
Table of_lists(const Lines& lines) {
  Table table;
  for (size_t i = 0; i < lines.size();) {
    const size_t marker = bullet(lines[i].text);
    if (marker == 0) {
      ++i;
      continue;
    }
    const size_t end = item_end(lines, i, marker);
    const Lines row = item_lines(lines, i, end, marker);
    Row& cells = table.rows.emplace_back();
    for (size_t k = 0; k < row.size();) {
      const size_t inner = bullet(row[k].text);
      if (inner == 0) {
        ++k;
        continue;
      }
      if (!table.takes(1)) return table;
      const size_t cell_end = item_end(row, k, std::min<size_t>(inner, 2));
      cells.emplace_back(base::trimmed(joined(item_lines(row, k, cell_end, inner))));
      k = cell_end;
    }
    i = end;
  }
  return table;
}

}  // namespace

void Rst::table(Table texts, uint32_t line) {
  settle(line);
  for (Row& row : texts.rows) {
    for (std::string& text : row) {
      text = cell_of(text, [&](std::string_view part, InlineText* words) {
        part.remove_prefix(bullet(part));
        add_rst(part, names_, words);
      });
    }
  }
  blocks_.table(texts, line);
}

void Rst::table_directive(const Directive& d) {
  settle(d.line);
  const std::string title = d.argument();
  if (!title.empty()) paragraph(title, d.line);
  if (d.name == "table") return blocks(d.content, false);
  for (const char* option : {"file", "url"}) {
    if (const std::string elsewhere = d.get(option); !elsewhere.empty()) includes_.push(elsewhere);
  }
  Table found = d.name == "csv-table" ? delimited(d) : of_lists(d.content);
  found.header_rows += static_cast<size_t>(std::max(0, std::atoi(d.get("header-rows").c_str())));
  table(std::move(found), d.line);
}

}  // namespace tarn::document::markup
