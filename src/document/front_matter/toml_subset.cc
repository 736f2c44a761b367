// The TOML that front matter is written in. Dates and times are kept as their text.
#include <charconv>
#include <cmath>
#include <string>
#include <vector>

#include "base/ascii.h"
#include "document/document.h"
#include "document/front_matter/front_matter.h"
#include "document/front_matter/scalar_escapes.h"

namespace tarn::document {
namespace {

using base::Code;
using base::Result;
using base::Status;
using json::Value;

bool is_bare(char c) { return base::is_alnum(c) || c == '_' || c == '-'; }

// A tree under construction: json::Value has no mutable lookup.
struct Table {
  struct Entry;
  std::vector<Entry> entries;
  Entry* find(std::string_view key);
  Value to_value() const;
};
struct Table::Entry {
  std::string key;
  Value value;                // when it is no table
  std::vector<Table> tables;  // one for a table, more for an array of tables
  bool is_array = false;
};
Table::Entry* Table::find(std::string_view key) {
  for (Entry& entry : entries) {
    if (entry.key == key) return &entry;
  }
  return nullptr;
}
Value Table::to_value() const {
  Value out = Value::object();
  for (const Entry& entry : entries) {
    if (entry.tables.empty()) {
      out.set(entry.key, entry.value);
    } else if (!entry.is_array) {
      out.set(entry.key, entry.tables[0].to_value());
    } else {
      Value list = Value::array();
      for (const Table& table : entry.tables) list.push(table.to_value());
      out.set(entry.key, std::move(list));
    }
  }
  return out;
}

class Reader {
 public:
  Reader(std::string_view text, size_t first_line) : text_(text), first_line_(first_line) {}

  Result<Value> read() {
    Table root;
    Table* here = &root;
    for (;;) {
      skip_blank();
      if (done()) break;
      if (peek() == '[') {
        TARN_ASSIGN(here, header(&root));
      } else {
        TARN_TRY(field(here));
      }
      TARN_TRY(end_of_line());
    }
    return root.to_value();
  }

 private:
  bool done() const { return at_ >= text_.size(); }
  char peek() const { return done() ? '\0' : text_[at_]; }
  bool take(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  Status problem(std::string_view what) const {
    size_t line = first_line_;
    for (size_t i = 0; i < at_ && i < text_.size(); ++i) line += text_[i] == '\n';
    return {Code::invalid_argument, "line " + std::to_string(line) + " " + std::string(what)};
  }
  void skip_spaces() {
    while (peek() == ' ' || peek() == '\t') ++at_;
  }
  void skip_blank() {
    while (!done()) {
      if (peek() == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (peek() == ' ' || peek() == '\t' || peek() == '\r' || peek() == '\n') {
        ++at_;
      } else {
        return;
      }
    }
  }
  Status end_of_line() {
    skip_spaces();
    if (peek() == '#') at_ = std::min(text_.find('\n', at_), text_.size());
    if (peek() == '\r') ++at_;
    if (!done() && peek() != '\n') return problem("has text behind its value");
    return {};
  }

  Result<std::vector<std::string>> key() {
    std::vector<std::string> parts;
    for (;;) {
      skip_spaces();
      std::string part;
      if (peek() == '"' || peek() == '\'') {
        TARN_ASSIGN(part, string());
      } else {
        while (is_bare(peek())) part.push_back(text_[at_++]);
        if (part.empty()) return problem("has no key");
      }
      parts.push_back(std::move(part));
      if (parts.size() > static_cast<size_t>(kMaxNesting)) return problem("nests deeper than kMaxNesting");
      skip_spaces();
      if (!take(".")) return parts;
    }
  }

  // The table of that name within `from`, made when it is not there.
  Result<Table*> enter(Table* from, const std::string& name) {
    Table::Entry* entry = from->find(name);
    if (!entry) {
      entry = &from->entries.emplace_back();
      entry->key = name;
      entry->tables.resize(1);
    }
    if (entry->tables.empty()) return problem("has a key for the second time: '" + name + "'");
    return &entry->tables.back();
  }

  Result<Table*> header(Table* root) {
    const bool array = take("[[");
    if (!array) take("[");
    TARN_ASSIGN(auto path, key());
    if (!take(array ? "]]" : "]")) return problem("has no closing bracket");
    Table* here = root;
    for (size_t i = 0; i + 1 < path.size(); ++i) {
      TARN_ASSIGN(here, enter(here, path[i]));
    }
    if (!array) return enter(here, path.back());
    Table::Entry* entry = here->find(path.back());
    if (!entry) {
      entry = &here->entries.emplace_back();
      entry->key = path.back();
      entry->is_array = true;
    }
    if (!entry->is_array) return problem("has a key for the second time: '" + path.back() + "'");
    return &entry->tables.emplace_back();
  }

  Status field(Table* here) {
    TARN_ASSIGN(auto path, key());
    skip_spaces();
    if (!take("=")) return problem("is no 'key = value'");
    for (size_t i = 0; i + 1 < path.size(); ++i) {
      TARN_ASSIGN(here, enter(here, path[i]));
    }
    if (here->find(path.back())) return problem("has a key for the second time: '" + path.back() + "'");
    TARN_ASSIGN(Value v, value(0));
    Table::Entry& entry = here->entries.emplace_back();
    entry.key = path.back();
    entry.value = std::move(v);
    return {};
  }

  Result<Value> value(int depth) {
    if (depth > kMaxNesting) return problem("nests deeper than kMaxNesting");
    skip_spaces();
    switch (peek()) {
      case '"':
      case '\'': {
        TARN_ASSIGN(std::string s, string());
        return Value(std::move(s));
      }
      case '[':
        return list(depth);
      case '{':
        return inline_table(depth);
      default:
        return bare_value();
    }
  }

  Result<std::string> string() {
    const char quote = peek();
    const std::string three(3, quote);
    const bool many_lines = take(three);
    const std::string_view closing = many_lines ? std::string_view(three) : std::string_view(three).substr(0, 1);
    if (!many_lines) ++at_;
    if (many_lines && peek() == '\r') ++at_;
    if (many_lines && peek() == '\n') ++at_;
    const size_t start = at_;
    while (!text_.substr(at_).starts_with(closing)) {
      if (done() || (!many_lines && peek() == '\n')) return problem("begins a value that does not end");
      at_ += quote == '"' && peek() == '\\' ? 2 : 1;
    }
    const std::string_view inner = text_.substr(start, at_ - start);
    at_ += closing.size();
    if (quote == '\'') return std::string(inner);
    std::string out;
    if (!unescape(inner, '"', &out)) return problem("has an unknown escape");
    return out;
  }

  Result<Value> list(int depth) {
    Value out = Value::array();
    ++at_;
    for (;;) {
      skip_blank();
      if (take("]")) return out;
      TARN_ASSIGN(Value item, value(depth + 1));
      out.push(std::move(item));
      skip_blank();
      if (!take(",") && peek() != ']') return problem("has a list without commas");
    }
  }

  Result<Value> inline_table(int depth) {
    Value out = Value::object();
    ++at_;
    for (;;) {
      skip_blank();
      if (take("}")) return out;
      TARN_ASSIGN(auto path, key());
      skip_spaces();
      if (!take("=")) return problem("is no 'key = value'");
      TARN_ASSIGN(Value item, value(depth + 1));
      std::string name = path[0];
      for (size_t i = 1; i < path.size(); ++i) name += "." + path[i];
      if (out.contains(name)) return problem("has a key for the second time: '" + name + "'");
      out.set(std::move(name), std::move(item));
      skip_blank();
      if (!take(",") && peek() != '}') return problem("has a list without commas");
    }
  }

  Result<Value> bare_value() {
    const size_t start = at_;
    while (!done() && std::string_view(",]}#\n\r").find(peek()) == std::string_view::npos) ++at_;
    std::string_view word = text_.substr(start, at_ - start);
    while (!word.empty() && (word.back() == ' ' || word.back() == '\t')) word.remove_suffix(1);
    if (word == "true") return Value(true);
    if (word == "false") return Value(false);
    std::string digits;
    for (char c : word) {
      if (c != '_') digits.push_back(c);
    }
    if (digits.starts_with('+')) digits.erase(0, 1);
    const char* end = digits.data() + digits.size();
    int64_t integer = 0;
    if (auto [stop, error] = std::from_chars(digits.data(), end, integer); error == std::errc() && stop == end) {
      return Value(integer);
    }
    double number = 0;
    if (auto [stop, error] = std::from_chars(digits.data(), end, number);
        error == std::errc() && stop == end && std::isfinite(number)) {
      return Value(number);
    }
    const bool time = word.size() >= 8 && word.find_first_not_of("0123456789-:.+TtZz ") == std::string_view::npos &&
                      word.find_first_of("-:") != std::string_view::npos;
    if (time) return Value(word);
    at_ = start;
    return problem("has a value that is neither quoted nor a number");
  }

  std::string_view text_;
  size_t first_line_;
  size_t at_ = 0;
};

}  // namespace

base::Result<json::Value> parse_toml_subset(std::string_view text, size_t first_line) {
  return Reader(text, first_line).read();
}

}  // namespace tarn::document
