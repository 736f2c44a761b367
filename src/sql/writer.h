// Rows as text, written as they come.
// Shape:   table     Unicode box cut to `width`, with a row of types, the first and last rows of a long result, and a count
//          box       the same box with every row, no types and no count; as wide as its rows
//          csv       RFC 4180 quoting, lines end with LF; null is nothing between the separators, an empty text is ""
//          json      one array of objects, one object a line; an empty result is []
//          jsonl     one object a line; an empty result is nothing
//          markdown  a GitHub table; | is \|, a line break <br>
//          line      name = value, a blank line between rows
// Nulls:   NULL in table, box, markdown and line; nothing in csv; null in json and jsonl. `null_text` overrides the former two.
// JSON:    columns of equal names become a, a_1, …; numbers keep all digits (those of more than 308 are text); NaN and infinities are
//          null; STRUCT and MAP are objects, lists arrays, JSON columns are embedded (as text where json::parse refuses them);
//          every other type is DuckDB's text.
// Limits:  csv, json, jsonl, markdown and line keep one chunk in memory; table keeps kShown rows; box keeps all.
// Errors:  a sink that wants no more ends the writing quietly: write() gives false.
// Threads: one.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "duck/connection.h"
#include "json/value.h"

namespace tarn::sql {

struct Format {
  std::string name = "table";
  bool header = true;  // table, box, csv, markdown
  std::optional<std::string> null_text = {};
  std::string separator = ",";  // csv
  size_t width = 0;             // table: cells; 0 = as wide as the rows are
  size_t shown = 40;            // table: rows; 0 = all
};

// Takes the next piece of text; false: no more is wanted (a pipe was closed).
using Sink = std::function<bool(std::string_view)>;

class Writer {
 public:
  virtual ~Writer() = default;
  virtual bool begin(const std::vector<duck::Column>& columns) = 0;
  virtual bool write(const duck::Chunk& chunk) = 0;
  virtual bool end() = 0;
};

// invalid_argument for a name that is none, with those that are.
base::Result<std::unique_ptr<Writer>> make_writer(const Format& format, Sink sink);

// One cell as a JSON value, by the rules above.
json::Value to_json(const duck::Chunk& chunk, size_t column, size_t row);

}  // namespace tarn::sql
