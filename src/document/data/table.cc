// Delimited values (CSV, TSV) as a table, or as records where a row is too wide for one.
// Shape:   the first record names the columns unless it holds numbers where those below do; each passage of a table is
//          read under that line. A wide row is a paragraph of fields "name: value". `extra` tells the delimiter, how
//          many columns and rows there are, and what was cut.
// Limits:  kMaxDataBytes of text; a row of other than most rows' fields is kept, its surplus in the last column.
#include <algorithm>
#include <map>

#include "base/ascii.h"
#include "document/cut.h"
#include "document/data/cells.h"
#include "document/data/data.h"
#include "document/data/dialect.h"
#include "document/markdown/table_row.h"
#include "document/placed_text.h"
#include "document/read.h"

namespace tarn::document {
namespace {

using base::Status;
using data::Dialect;
using data::Record;
using json::Value;

constexpr size_t kMaxHeaderBytes = 300;  // of a table: each of its passages is read under them
constexpr size_t kMaxRowBytes = 700;     // on average
constexpr size_t kLookRecords = 500;

bool is_number(std::string_view text) {
  text = base::trimmed(text);
  return !text.empty() && std::any_of(text.begin(), text.end(), base::is_digit) &&
         text.find_first_not_of("0123456789+-.,eE%:/T ") == std::string_view::npos;
}

struct Survey {
  size_t columns = 1;
  bool header = true, wide = false;
};

Survey survey(std::string_view text, const Dialect& dialect) {
  std::vector<Record> look;
  data::Records records(text, dialect);
  std::map<size_t, size_t> counts;
  size_t bytes = 0;
  for (Record record; look.size() < kLookRecords && records.next(&record);) {
    ++counts[record.fields.size()];
    for (const std::string& field : record.fields) bytes += field.size() + 3;
    look.push_back(std::move(record));
  }
  Survey found;
  if (look.empty()) return found;
  const auto most =
      std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  const Record& first = look[0];
  found.columns = std::max(most->first, first.fields.size());
  size_t header_bytes = 0, numbers = 0;
  for (size_t i = 0; i < first.fields.size(); ++i) {
    header_bytes += first.fields[i].size() + 3;
    if (!is_number(first.fields[i])) continue;
    const auto below = std::count_if(look.begin() + 1, look.end(),
                                     [&](const Record& r) { return i < r.fields.size() && is_number(r.fields[i]); });
    numbers += static_cast<size_t>(below) * 2 > look.size() - 1;
  }
  found.header = numbers == 0 || look.size() == 1;
  found.wide = found.columns > 1 && (header_bytes > kMaxHeaderBytes || bytes / look.size() > kMaxRowBytes);
  return found;
}

std::string delimiter_name(char delimiter) { return delimiter == '\t' ? "tab" : std::string(1, delimiter); }

}  // namespace

Status read_table(const Input& input, const Sink& sink) {
  Document d;
  d.extra = Value::object();
  TARN_ASSIGN(const std::string text, decode_text(input.bytes, input.options.charset, &d.extra));
  const std::string name = base::lower(input.name);
  const Dialect dialect = data::sniff(text, name.ends_with(".tsv") || name.ends_with(".tab") ? '\t' : '\0');
  const auto lines_before =
      static_cast<uint64_t>(std::count(text.begin(), text.begin() + static_cast<ptrdiff_t>(dialect.start), '\n'));
  const Survey found = survey(text, dialect);

  PlacedText out;
  if (const std::string_view above = base::trimmed(std::string_view(text).substr(0, dialect.start));
      above.starts_with('#')) {
    uint64_t line = 1;
    for (size_t at = 0; at < above.size() && out.size() < data::kMaxDataBytes; ++line) {
      const size_t end = std::min(above.find('\n', at), above.size());
      const std::string_view words = above.substr(at, end - at);
      out.at_line(line);
      out.add(data::field_of("", words.substr(std::min(words.find_first_not_of("# "), words.size()))) + "\n");
      at = end + 1;
    }
  }

  std::vector<std::string> names;
  uint64_t rows = 0, taken = 0, ragged = 0;
  Value open_quotes = Value::array();
  data::Records records(text, dialect, lines_before + 1);
  for (Record record; records.next(&record);) {
    if (record.open_quote && open_quotes.items().size() < data::kMaxProblems) open_quotes.push(record.line);
    const bool head = names.empty();
    if (head) {
      for (size_t i = 0; i < found.columns; ++i) {
        const bool named = found.header && i < record.fields.size();
        names.push_back(named ? title_line(record.fields[i]) : found.header ? "" : "column " + std::to_string(i + 1));
      }
      if (!found.wide) {
        out.gap();
        out.at_line(record.line);
        out.add(data::row_of(names, found.columns) + table_rule(found.columns));
      }
      if (found.header) continue;
    }
    ++rows;
    ragged += record.fields.size() != found.columns;
    if (out.size() > data::kMaxDataBytes) continue;
    ++taken;
    if (!found.wide) {
      out.at_line(record.line);
      out.add(data::row_of(record.fields, found.columns));
      continue;
    }
    out.gap();
    for (size_t i = 0; i < record.fields.size(); ++i) {
      if (base::trimmed(record.fields[i]).empty()) continue;
      out.at_line(record.line);
      out.add(data::field_of(i < names.size() ? names[i] : "", record.fields[i]) + "\n");
    }
  }
  if (!names.empty()) {
    d.extra.set("delimiter", delimiter_name(dialect.delimiter));
    d.extra.set("rows", rows);
    Value columns = Value::array();
    for (const std::string& column : names) columns.push(column);
    d.extra.set("columns", std::move(columns));
    if (!found.header) d.extra.set("header", false);
  }
  if (ragged > 0) d.extra.set("ragged_rows", ragged);
  if (taken < rows) tell_cut("rows", taken, rows, "kMaxDataBytes", &d);
  if (!open_quotes.items().empty()) d.extra.set("open_quotes", std::move(open_quotes));
  out.take(&d);
  return sink(std::move(d));
}

}  // namespace tarn::document
