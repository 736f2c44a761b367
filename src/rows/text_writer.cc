#include "rows/text_writer.h"

#include <algorithm>

#include "rows/visible.h"

namespace tarn::rows {
namespace {

// A cell's text without a copy where it has one.
std::string_view cell_text(const duck::Chunk& chunk, const duck::Column& column, size_t c, size_t row,
                           std::string* room) {
  if (column.type == "VARCHAR" || column.type == "JSON") return chunk.text(c, row);
  *room = chunk.sql_text(c, row);
  return *room;
}

// Text inside a cell of a GitHub table: one line, bars escaped, control characters visible.
std::string markdown_text(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find_first_of("\r\n|", at), text.size());
    out += visible(text.substr(at, end - at));
    if (end < text.size()) {
      if (text[end] == '|') out += "\\|";
      if (text[end] == '\n') out += "<br>";
    }
    at = end + 1;
  }
  return out;
}

}  // namespace

bool is_number(const duck::Column& column) {
  constexpr std::string_view kNumbers[] = {"TINYINT",  "SMALLINT",  "INTEGER",  "BIGINT",  "HUGEINT",
                                           "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT",
                                           "FLOAT",    "DOUBLE",    "BIGNUM"};
  return (column.type.starts_with("DECIMAL(") && column.type.ends_with(")")) ||
         std::find(std::begin(kNumbers), std::end(kNumbers), column.type) != std::end(kNumbers);
}

void CsvWriter::add(std::string_view value, std::string* out) const {
  // Quoted when it would be read otherwise: as several, as null, or without its outer spaces.
  const bool quotes = value.empty() || value == null_ || value.find(separator_) != std::string_view::npos ||
                      value.find_first_of("\"\r\n") != std::string_view::npos || value.front() == ' ' ||
                      value.back() == ' ' || value.front() == '\t' || value.back() == '\t';
  if (!quotes) {
    *out += value;
    return;
  }
  *out += '"';
  for (char c : value) {
    if (c == '"') *out += '"';
    *out += c;
  }
  *out += '"';
}

bool CsvWriter::begin(const std::vector<duck::Column>& columns) {
  columns_ = columns;
  if (!header_) return true;
  std::string out;
  for (size_t c = 0; c < columns_.size(); ++c) {
    if (c) out += separator_;
    add(columns_[c].name, &out);
  }
  return sink_(out + "\n");
}

bool CsvWriter::write(const duck::Chunk& chunk) {
  std::string out, room;
  for (size_t row = 0; row < chunk.rows(); ++row) {
    for (size_t c = 0; c < columns_.size(); ++c) {
      if (c) out += separator_;
      if (chunk.is_null(c, row)) {
        out += null_;
      } else {
        add(cell_text(chunk, columns_[c], c, row, &room), &out);
      }
    }
    out += '\n';
  }
  return sink_(out);
}

bool MarkdownWriter::begin(const std::vector<duck::Column>& columns) {
  columns_ = columns;
  if (!header_) return true;
  std::string names = "|", rule = "|";
  for (const duck::Column& column : columns_) {
    names += " " + markdown_text(column.name) + " |";
    rule += is_number(column) ? " ---: |" : " --- |";
  }
  return sink_(names + "\n" + rule + "\n");
}

bool MarkdownWriter::write(const duck::Chunk& chunk) {
  std::string out, room;
  for (size_t row = 0; row < chunk.rows(); ++row) {
    out += '|';
    for (size_t c = 0; c < columns_.size(); ++c) {
      out += ' ';
      out += chunk.is_null(c, row) ? null_ : markdown_text(cell_text(chunk, columns_[c], c, row, &room));
      out += " |";
    }
    out += '\n';
  }
  return sink_(out);
}

bool LineWriter::begin(const std::vector<duck::Column>& columns) {
  columns_ = columns;
  for (const duck::Column& column : columns_) name_width_ = std::max(name_width_, cell_width(visible(column.name)));
  return true;
}

bool LineWriter::write(const duck::Chunk& chunk) {
  std::string out, room;
  for (size_t row = 0; row < chunk.rows(); ++row) {
    if (any_) out += '\n';
    any_ = true;
    for (size_t c = 0; c < columns_.size(); ++c) {
      const std::string name = visible(columns_[c].name);
      out.append(name_width_ - cell_width(name), ' ');
      out += name + " = ";
      out += chunk.is_null(c, row) ? null_ : visible(cell_text(chunk, columns_[c], c, row, &room));
      out += '\n';
    }
  }
  return sink_(out);
}

}  // namespace tarn::rows
