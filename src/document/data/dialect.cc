#include "document/data/dialect.h"

#include <algorithm>
#include <map>

namespace tarn::document::data {
namespace {

constexpr size_t kSampleBytes = size_t{64} << 10, kSampleRecords = 100;
constexpr std::string_view kDelimiters = ",;\t|";

struct Shape {
  size_t fields = 1;  // of most records
  double agree = 0;   // how many of them have so many
  size_t quoted = 0;  // fields that begin and end with an apostrophe
  size_t all = 0;
};

Shape shape_of(std::string_view sample, const Dialect& dialect, bool whole) {
  Records records(sample, dialect);
  std::map<size_t, size_t> counts;
  Shape shape;
  size_t taken = 0;
  Record record;
  while (taken < kSampleRecords && records.next(&record)) {
    if (!whole && records.offset() == sample.size() && taken > 0) break;  // it is cut
    ++taken;
    ++counts[record.fields.size()];
    for (const std::string& field : record.fields) {
      ++shape.all;
      shape.quoted += field.size() > 1 && field.front() == '\'' && field.back() == '\'';
    }
  }
  for (const auto& [fields, count] : counts) {
    const double agree = static_cast<double>(count) / static_cast<double>(taken);
    if (agree > shape.agree) shape.fields = fields, shape.agree = agree;
  }
  return shape;
}

}  // namespace

bool Records::quoted_field(std::string* field) {
  size_t at = at_ + 1;
  uint64_t lines = 0;
  for (; at < text_.size() && field->size() <= kMaxQuotedBytes; ++at) {
    const char c = text_[at];
    if (c == dialect_.quote) {
      if (at + 1 < text_.size() && text_[at + 1] == dialect_.quote) {
        ++at;
      } else {
        at_ = at + 1;
        line_ += lines;
        return true;
      }
    }
    // "say \"hello\"": what it quotes is followed by neither a delimiter nor a line's end.
    const bool escapes = c == '\\' && at + 2 < text_.size() && text_[at + 1] == dialect_.quote &&
                         text_[at + 2] != dialect_.delimiter && text_[at + 2] != '\n';
    if (escapes) ++at;
    lines += text_[at] == '\n';
    *field += text_[at];
  }
  return false;
}

bool Records::next(Record* record) {
  while (at_ < text_.size() && text_[at_] == '\n') ++at_, ++line_;
  if (at_ >= text_.size()) return false;
  record->fields.clear();
  record->line = line_;
  record->open_quote = false;
  for (;;) {
    std::string field;
    const size_t start = at_;
    const uint64_t line = line_;
    const size_t first = std::min(text_.find_first_not_of(' ', at_), text_.size());
    if (first < text_.size() && text_[first] == dialect_.quote && !record->open_quote) {
      at_ = first;
      const bool closed = quoted_field(&field);
      // Behind blanks it counts only where it is the whole field.
      const bool whole = at_ >= text_.size() || text_[at_] == dialect_.delimiter || text_[at_] == '\n';
      if (!closed || (first > start && !whole)) {
        record->open_quote = !closed;
        field.clear();
        at_ = start;
        line_ = line;
      }
    }
    // The rest of a quoted field, where there is any, is what stands behind it.
    const bool last = record->fields.size() + 1 == kMaxFields;
    const char ends[] = {'\n', last ? '\n' : dialect_.delimiter};
    const size_t end = std::min(text_.find_first_of(std::string_view(ends, 2), at_), text_.size());
    field.append(text_.substr(at_, end - at_));
    at_ = end;
    record->fields.push_back(std::move(field));
    if (at_ >= text_.size()) return true;
    ++at_;
    if (text_[at_ - 1] == '\n') {
      ++line_;
      return true;
    }
  }
}

Dialect sniff(std::string_view text, char preferred) {
  Dialect best;
  if (text.starts_with("sep=") && text.size() > 5 && text[5] == '\n') {
    best.delimiter = text[4];
    best.start = 6;
    return best;
  }
  // What stands before the data: lines that begin with '#'.
  while (best.start < text.size() && text[best.start] == '#') {
    best.start = std::min(text.find('\n', best.start), text.size() - 1) + 1;
  }
  const std::string_view sample = text.substr(0, best.start + kSampleBytes);
  const bool whole = sample.size() == text.size();
  double most = 0;
  bool apostrophes = false;
  for (const char delimiter : kDelimiters) {
    const Dialect dialect{delimiter, '"', best.start};
    const Shape shape = shape_of(sample, dialect, whole);
    if (shape.fields < 2) continue;
    // Agreement counts most; of those that agree, who is named by the file, then who finds more fields.
    const double score = shape.agree + (delimiter == preferred ? 0.3 : 0) +
                         0.1 * static_cast<double>(std::min<size_t>(shape.fields, 20)) / 20;
    if (score <= most) continue;
    most = score;
    best.delimiter = delimiter;
    apostrophes = shape.quoted * 2 > shape.all;
  }
  if (most == 0 && preferred != 0) best.delimiter = preferred;
  if (apostrophes) best.quote = '\'';
  return best;
}

}  // namespace tarn::document::data
