// The statistics that an `add` carries: how many rows, and for each column its smallest and largest value and its
// nulls.
// Shape:   {"numRecords":…,"minValues":{…},"maxValues":{…},"nullCount":{…},"tightBounds":true}; structs nest. Lists and
//          maps have none; text and bytes have nullCount only (a bound of text would copy what `forget` must be able to
//          take away); floats with a NaN, infinite dates and decimals of more than 15 digits have no bounds.
//          doc/format/delta.md.
// Units:   times in the log are ISO 8601 with microseconds.
// Source:  Delta protocol, "Per-file Statistics".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "delta/snapshot.h"
#include "duck/connection.h"

namespace tarn::delta {

// A leaf below the table: structs opened, lists and maps not.
struct Leaf {
  std::vector<std::string> path, stored;  // as the schema names it, and as files and statistics do
  json::Value type;
  bool widened = false;     // the type was another one in older files
  std::string sql() const;  // "a"."b", each name quoted
};
std::vector<Leaf> leaves_of(const Snapshot& snapshot);

// `written` is what DuckDB said of the file.
std::string make_statistics(const Snapshot& snapshot, const duck::ParquetFile& written);

// "2020-01-02" of the years 1 to 9999, which all readers understand; DuckDB writes others longer, with BC, or as words.
bool is_plain_date(std::string_view text);

// The same text with tightBounds false, every number as it was written.
std::string loosen(const std::string& statistics);
// Statistics of a file for which the log has none.
std::string count_only(int64_t row_count);

}  // namespace tarn::delta
