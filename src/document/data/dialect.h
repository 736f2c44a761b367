// How a file of delimited values is written, and its records.
// Shape:   the delimiter is that which parts the first records into equally many fields; a quoted field may hold line
//          breaks. A quote that is never closed is a character like any other: its record ends with its line.
// Limits:  kMaxFields of a record (what follows is one field), kMaxQuotedBytes of a quoted field.
// Source:  RFC 4180; Excel's "sep=;" line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tarn::document::data {

inline constexpr size_t kMaxFields = 1000;
inline constexpr size_t kMaxQuotedBytes = size_t{1} << 20;

struct Dialect {
  char delimiter = ',', quote = '"';
  size_t start = 0;  // of the first record: what stands before it is no data
};

struct Record {
  std::vector<std::string> fields;
  uint64_t line = 0;        // of its first byte, from 1
  bool open_quote = false;  // it has a quote that is never closed
  bool operator==(const Record&) const = default;
};

class Records {
 public:
  Records(std::string_view text, const Dialect& dialect, uint64_t line = 1)
      : text_(text), dialect_(dialect), at_(dialect.start), line_(line) {}
  // Blank lines are passed over. False: there is none.
  bool next(Record* record);
  size_t offset() const { return at_; }

 private:
  bool quoted_field(std::string* field);  // false: it is not closed
  std::string_view text_;
  Dialect dialect_;
  size_t at_;
  uint64_t line_;
};

// `preferred` is what the name says ('\t' of a TSV), 0 where it says nothing.
Dialect sniff(std::string_view text, char preferred);

}  // namespace tarn::document::data
