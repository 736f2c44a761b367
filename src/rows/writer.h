// Rows as text, written as they come.
// Shape:   table Unicode box cut to `width`, with a row of types, the first and last rows of a long result, and a count
//          box the same box with every row, no types and no count; as wide as its rows csv RFC 4180 quoting, lines end
//          with LF; null is nothing between the separators, an empty text is "" json one array of objects, one object a
//          line; an empty result is [] jsonl one object a line; an empty result is nothing markdown a GitHub table; |
//          is \|, a line break <br> line name = value, a blank line between rows list cells as they are with | between;
//          ascii: between \x1f and \x1e; quote: SQL literals with commas between column columns as wide as the first
//          rows, without a box html rows of a table agent csv of at most `shown` rows (100), long cells cut, a last
//          line that says so
// Nulls:   NULL in table, box, markdown, line, list, ascii, quote, column and html; nothing in csv and agent; null in
//          json and jsonl. `null_text` overrides the former two.
// JSON:    columns of equal names become a, a_1, …; numbers keep all digits (those of more than 308 are text); NaN and
//          infinities are null; STRUCT and MAP are objects, lists arrays, JSON columns are embedded (as text where
//          json::parse refuses them); every other type is DuckDB's text.
// Names:   duckbox is table, jsonlines is jsonl.
// Limits:  all but table and box keep in memory; table keeps `shown` rows; box keeps all.
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

namespace tarn::rows {

struct Format {
  std::string name = "table";
  bool header = true;  // not in json, jsonl and line
  std::optional<std::string> null_text = {};
  std::string separator = {};  // csv, list, quote, ascii; "" = the format's own
  size_t width = 0;            // table: cells; 0 = as wide as the rows are
  size_t shown = 40;           // table, agent: rows; 0 = all, for agent its own limit
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

}  // namespace tarn::rows
