#include "rows/json_writer.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/ascii.h"

namespace tarn::rows {
namespace {

template <typename T>
void append_number(T value, std::string* out) {
  if constexpr (std::is_floating_point_v<T>) {
    if (!std::isfinite(value)) {
      *out += "null";
      return;
    }
  }
  char digits[40];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out->append(digits, end);
  if constexpr (std::is_floating_point_v<T>) {
    if (value == 0 && std::signbit(value)) *out += ".0";  // an integer has no -0
  }
}

// Whether a json::Value may hold other numbers than JSON text says: integers beyond 64 bits, more digits than a double
// has, a size beyond it.
bool loses_digits(std::string_view text) {
  size_t digits = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool digit = base::is_digit(text[i]);
    digits = digit ? digits + 1 : text[i] == '.' ? digits : 0;
    if (digits > 17) return true;
    if (base::lower(text[i]) != 'e' || i == 0 || !base::is_digit(text[i - 1])) continue;
    size_t end = i + 1;
    if (end < text.size() && (text[end] == '+' || text[end] == '-')) ++end;
    const size_t first = end;
    while (end < text.size() && base::is_digit(text[end])) ++end;
    if (end - first > 2) return true;
  }
  return false;
}

// A JSON column's text is embedded when it is JSON by RFC 8259 (DuckDB's takes NaN and trailing commas too), on one
// line.
bool embed(std::string_view text, std::string* out) {
  if (!json::parse(text).ok()) return false;
  for (char c : text) *out += c == '\n' || c == '\r' ? ' ' : c;  // outside of strings: inside they are escaped
  return true;
}

constexpr size_t kMostDigits = 308;

// Appends the JSON text of one cell.
class TextBuilder final : public duck::Visitor {
 public:
  explicit TextBuilder(std::string* out) : out_(out) {}
  void null() override { add("null"); }
  void boolean(bool value) override { add(value ? "true" : "false"); }
  void integer(int64_t value) override {
    comma();
    append_number(value, out_);
  }
  // Beyond any double, readers refuse a number: a BIGNUM may be.
  void digits(std::string_view value) override {
    if (value.size() > kMostDigits) return text(value);
    add(value);
  }
  void number(float value) override {
    comma();
    append_number(value, out_);
  }
  void number(double value) override {
    comma();
    append_number(value, out_);
  }
  void text(std::string_view value) override { add(json::quote(value)); }
  void json(std::string_view value) override {
    comma();
    if (!embed(value, out_)) *out_ += json::quote(value);
  }
  void begin_list() override {
    add("[");
    first_ = true;
  }
  void end_list() override {
    *out_ += ']';
    first_ = false;
  }
  void begin_struct() override {
    add("{");
    first_ = true;
  }
  void field(std::string_view name) override {
    comma();
    *out_ += json::quote(name);
    *out_ += ':';
    first_ = true;
  }
  void end_struct() override {
    *out_ += '}';
    first_ = false;
  }

 private:
  void comma() {
    if (!first_) *out_ += ',';
    first_ = false;
  }
  void add(std::string_view text) {
    comma();
    *out_ += text;
  }
  std::string* out_;
  bool first_ = true;
};

// Builds a json::Value of one cell.
class ValueBuilder final : public duck::Visitor {
 public:
  void null() override { put(json::Value()); }
  void boolean(bool value) override { put(json::Value(value)); }
  void integer(int64_t value) override { put(json::Value(value)); }
  // json::Value holds 64 bits and doubles; what either would change stays text.
  void digits(std::string_view value) override {
    int64_t whole = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), whole);
    if (error == std::errc() && end == value.data() + value.size()) return put(json::Value(whole));
    double number = 0;
    const auto [stop, wrong] = std::from_chars(value.data(), value.data() + value.size(), number);
    const size_t significant =
        static_cast<size_t>(std::count_if(value.begin(), value.end(), [](char c) { return base::is_digit(c); }));
    if (wrong == std::errc() && stop == value.data() + value.size() && significant <= 15) {
      return put(json::Value(number));
    }
    put(json::Value(value));
  }
  void number(float value) override {
    // The double that reads like the float: 0.1, not 0.10000000149.
    char text[40];
    double number = value;
    const auto end = std::to_chars(text, text + sizeof text, value).ptr;
    if (std::isfinite(value)) std::from_chars(text, end, number);
    put(std::isfinite(value) ? json::Value(number) : json::Value());
  }
  void number(double value) override { put(std::isfinite(value) ? json::Value(value) : json::Value()); }
  void text(std::string_view value) override { put(json::Value(value)); }
  void json(std::string_view value) override {
    auto parsed = json::parse(value);
    put(parsed.ok() && !loses_digits(value) ? *std::move(parsed) : json::Value(value));
  }
  void begin_list() override { open_.push_back({{}, {}, {}, false}); }
  void end_list() override {
    Level level = std::move(open_.back());
    open_.pop_back();
    put(json::Value(std::move(level.items)));
  }
  void begin_struct() override { open_.push_back({{}, {}, {}, true}); }
  void field(std::string_view name) override { open_.back().name = name; }
  void end_struct() override {
    Level level = std::move(open_.back());
    open_.pop_back();
    put(json::Value(std::move(level.members)));
  }
  json::Value result;

 private:
  struct Level {
    json::Value::Array items;
    json::Value::Object members;
    std::string name;
    bool object = false;
  };
  // Not inlined: g++ 12 takes a moved variant's other alternatives for uninitialized reads.
  [[gnu::noinline]] void put(json::Value&& value) {
    if (open_.empty()) {
      result = std::move(value);
    } else if (open_.back().object) {
      open_.back().members.emplace_back(std::move(open_.back().name), std::move(value));
    } else {
      open_.back().items.push_back(std::move(value));
    }
  }
  std::vector<Level> open_;
};

}  // namespace

bool JsonWriter::begin(const std::vector<duck::Column>& columns) {
  std::vector<std::string> names;
  for (const duck::Column& column : columns) {
    std::string name = column.name;
    for (int n = 1; std::find(names.begin(), names.end(), name) != names.end(); ++n) {
      name = column.name + "_" + std::to_string(n);
    }
    names.push_back(name);
    keys_.push_back((names.size() > 1 ? "," : "") + json::quote(name) + ":");
  }
  return true;
}

bool JsonWriter::write(const duck::Chunk& chunk) {
  std::string out;
  for (size_t row = 0; row < chunk.rows(); ++row) {
    if (!lines_) out += any_ ? ",\n" : "[";
    any_ = true;
    out += '{';
    for (size_t column = 0; column < keys_.size(); ++column) {
      out += keys_[column];
      TextBuilder builder(&out);
      chunk.visit(column, row, builder);
    }
    out += lines_ ? "}\n" : "}";
  }
  return sink_(out);
}

bool JsonWriter::end() { return lines_ || sink_(any_ ? "]\n" : "[]\n"); }

json::Value to_json(const duck::Chunk& chunk, size_t column, size_t row) {
  ValueBuilder builder;
  chunk.visit(column, row, builder);
  return std::move(builder.result);
}

}  // namespace tarn::rows
