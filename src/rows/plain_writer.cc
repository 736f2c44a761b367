#include "rows/plain_writer.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/utf8.h"
#include "rows/text_writer.h"
#include "rows/visible.h"

namespace tarn::rows {
namespace {

std::string html_text(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else {
      out += c;
    }
  }
  return out;
}

// The longest part of at most `limit` bytes that ends between characters.
std::string cut(std::string text, size_t limit) {
  if (text.size() <= limit) return text;
  return text.substr(0, base::utf8_floor(text, limit)) + "…";
}

}  // namespace

ListWriter::ListWriter(const Format& format, Sink sink)
    : separator_(format.separator),
      row_end_(format.name == "ascii" ? "\x1e" : "\n"),
      null_(format.null_text.value_or("NULL")),
      header_(format.header),
      quotes_(format.name == "quote"),
      sink_(std::move(sink)) {
  if (separator_.empty()) separator_ = format.name == "ascii" ? "\x1f" : quotes_ ? "," : "|";
}

bool ListWriter::begin(const std::vector<duck::Column>& columns) {
  columns_ = columns;
  if (!header_) return true;
  std::string out;
  for (size_t c = 0; c < columns_.size(); ++c) {
    if (c > 0) out += separator_;
    out += quotes_ ? duck::quote_literal(columns_[c].name) : columns_[c].name;
  }
  return sink_(out + row_end_);
}

bool ListWriter::write(const duck::Chunk& chunk) {
  std::string out;
  for (size_t row = 0; row < chunk.rows(); ++row) {
    for (size_t c = 0; c < columns_.size(); ++c) {
      if (c > 0) out += separator_;
      if (chunk.is_null(c, row)) {
        out += null_;
        continue;
      }
      const std::string text = chunk.sql_text(c, row);
      const bool literal = quotes_ && !is_number(columns_[c]) && columns_[c].type != "BOOLEAN";
      out += literal ? duck::quote_literal(text) : text;
    }
    out += row_end_;
  }
  return sink_(out);
}

bool ColumnWriter::begin(const std::vector<duck::Column>& columns) {
  columns_ = columns;
  for (const duck::Column& column : columns_) widths_.push_back(cell_width(visible(column.name)));
  return true;
}

std::string ColumnWriter::line(const std::vector<std::string>& cells) const {
  std::string out;
  for (size_t c = 0; c < cells.size(); ++c) {
    const size_t width = cell_width(cells[c]);
    const std::string room(widths_[c] > width ? widths_[c] - width : 0, ' ');
    const bool right = is_number(columns_[c]);
    if (c > 0) out += "  ";
    out += right ? room + cells[c] : cells[c] + (c + 1 < cells.size() ? room : "");
  }
  return out + "\n";
}

bool ColumnWriter::write_head() {
  started_ = true;
  if (!header_) return true;
  std::vector<std::string> names, rules;
  for (size_t c = 0; c < columns_.size(); ++c) {
    names.push_back(visible(columns_[c].name));
    rules.emplace_back(widths_[c], '-');
  }
  return sink_(line(names) + line(rules));
}

bool ColumnWriter::write(const duck::Chunk& chunk) {
  std::vector<std::vector<std::string>> lines(chunk.rows());
  for (size_t row = 0; row < chunk.rows(); ++row) {
    for (size_t c = 0; c < columns_.size(); ++c) {
      lines[row].push_back(chunk.is_null(c, row) ? null_ : visible(chunk.sql_text(c, row)));
      if (!started_) widths_[c] = std::max(widths_[c], cell_width(lines[row][c]));
    }
  }
  if (!started_ && !write_head()) return false;
  std::string out;
  for (const auto& cells : lines) out += line(cells);
  return sink_(out);
}

bool ColumnWriter::end() { return started_ || write_head(); }

bool HtmlWriter::begin(const std::vector<duck::Column>& columns) {
  columns_ = columns;
  if (!header_) return true;
  std::string out = "<tr>";
  for (const duck::Column& column : columns_) out += "<th>" + html_text(column.name) + "</th>";
  return sink_(out + "</tr>\n");
}

bool HtmlWriter::write(const duck::Chunk& chunk) {
  std::string out;
  for (size_t row = 0; row < chunk.rows(); ++row) {
    out += "<tr>";
    for (size_t c = 0; c < columns_.size(); ++c) {
      out += is_number(columns_[c]) ? "<td align=\"right\">" : "<td>";
      out += html_text(chunk.is_null(c, row) ? null_ : chunk.sql_text(c, row)) + "</td>";
    }
    out += "</tr>\n";
  }
  return sink_(out);
}

AgentWriter::AgentWriter(const Format& format, Sink sink)
    : limit_(format.shown == 0 ? kAgentRows : format.shown), sink_(std::move(sink)) {}

bool AgentWriter::begin(const std::vector<duck::Column>& columns) {
  columns_ = columns;
  CsvWriter header(Format{}, sink_);
  return header.begin(columns);
}

bool AgentWriter::write(const duck::Chunk& chunk) {
  std::string out;
  const CsvWriter csv(Format{}, sink_);
  for (size_t row = 0; row < chunk.rows(); ++row, ++rows_) {
    if (rows_ == limit_) {
      sink_(out + fmt::format("# more than {} rows: the rest is left out; use LIMIT, WHERE or an aggregate\n", limit_));
      return false;
    }
    for (size_t c = 0; c < columns_.size(); ++c) {
      if (c > 0) out += ',';
      if (!chunk.is_null(c, row)) csv.add(cut(chunk.sql_text(c, row), kAgentCell), &out);
    }
    out += '\n';
  }
  return sink_(out);
}

}  // namespace tarn::rows
