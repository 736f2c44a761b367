// A JSON value, read with limits and written in one canonical way. The only place that knows a JSON library.
// Shape:   integers keep 64 bits; other numbers are double; objects keep the order of their keys (a later equal key
//          wins a lookup never: duplicate keys are refused when parsing).
// Limits:  kMaxDepth levels, and the size that the caller names.
// Errors:  parse() returns invalid_argument with the byte offset or the reason. Lookups never fail: a missing or
//          mistyped member gives null or the stated default.
// Source:  RFC 8259; reading by simdjson.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/status.h"

namespace tarn::json {

inline constexpr size_t kMaxDepth = 200;
inline constexpr size_t kMaxBytes = size_t{256} << 20;

class Value {
 public:
  using Array = std::vector<Value>;
  using Member = std::pair<std::string, Value>;
  using Object = std::vector<Member>;

  Value() = default;
  Value(std::nullptr_t) {}
  Value(bool v) : data_(v) {}
  Value(int v) : data_(int64_t{v}) {}
  Value(unsigned v) : data_(int64_t{v}) {}
  Value(int64_t v) : data_(v) {}
  Value(uint64_t v) : data_(static_cast<int64_t>(v)) {}
  Value(double v) : data_(v) {}
  Value(const char* v) : data_(std::string(v)) {}
  Value(std::string v) : data_(std::move(v)) {}
  Value(std::string_view v) : data_(std::string(v)) {}
  Value(Array v) : data_(std::move(v)) {}
  Value(Object v) : data_(std::move(v)) {}

  static Value array(std::initializer_list<Value> items = {}) { return Value(Array(items)); }
  static Value object(std::initializer_list<Member> members = {}) { return Value(Object(members)); }

  bool is_null() const { return std::holds_alternative<std::monostate>(data_); }
  bool is_bool() const { return std::holds_alternative<bool>(data_); }
  bool is_int() const { return std::holds_alternative<int64_t>(data_); }
  bool is_number() const { return is_int() || std::holds_alternative<double>(data_); }
  bool is_string() const { return std::holds_alternative<std::string>(data_); }
  bool is_array() const { return std::holds_alternative<Array>(data_); }
  bool is_object() const { return std::holds_alternative<Object>(data_); }

  bool as_bool(bool fallback = false) const;
  int64_t as_int(int64_t fallback = 0) const;  // a double with an integral value counts
  double as_double(double fallback = 0) const;
  const std::string& as_string() const;  // "" when it is not a string
  std::string string_or(std::string_view fallback) const;
  const Array& items() const;     // empty when it is not an array
  const Object& members() const;  // empty when it is not an object

  const Value* find(std::string_view key) const;        // null when absent
  const Value& operator[](std::string_view key) const;  // a null Value when absent
  const Value& operator[](const char* key) const { return (*this)[std::string_view(key)]; }
  bool contains(std::string_view key) const { return find(key) != nullptr; }

  // Building. set() replaces an equal key; push() appends. A null Value becomes an object or array at the first call.
  Value& set(std::string key, Value value);
  Value& push(Value value);
  void reserve(size_t count);

  bool operator==(const Value&) const = default;

 private:
  std::variant<std::monostate, bool, int64_t, double, std::string, Array, Object> data_;
};

base::Result<Value> parse(std::string_view text, size_t max_bytes = kMaxBytes);

// Compact, UTF-8, keys in their order; doubles in the shortest form that reads back the same; NaN and infinities as
// null. Bytes that are not UTF-8 are written as U+FFFD, so that what is written can always be read.
std::string write(const Value& value);
std::string write_pretty(const Value& value, int indent = 2);
// One string as a JSON string with its quotes.
std::string quote(std::string_view text);

}  // namespace tarn::json
