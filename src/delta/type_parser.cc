#include "delta/type_parser.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "base/ascii.h"

namespace tarn::delta {
namespace {

using base::Code;
using base::Result;
using base::Status;

struct Known {
  std::string_view duckdb, delta;
};
constexpr std::array<Known, 14> kKnown{{{"VARCHAR", "string"},
                                        {"JSON", "string"},
                                        {"BIGINT", "long"},
                                        {"INTEGER", "integer"},
                                        {"SMALLINT", "short"},
                                        {"TINYINT", "byte"},
                                        {"FLOAT", "float"},
                                        {"DOUBLE", "double"},
                                        {"BOOLEAN", "boolean"},
                                        {"BLOB", "binary"},
                                        {"DATE", "date"},
                                        {"TIMESTAMP WITH TIME ZONE", "timestamp"},
                                        {"TIMESTAMPTZ", "timestamp"},
                                        {"TIMESTAMP", "timestamp_ntz"}}};

struct Refused {
  std::string_view duckdb, cast;
};
constexpr std::array<Refused, 19> kRefused{{{"HUGEINT", "DECIMAL(38,0)"},
                                            {"UHUGEINT", "DECIMAL(38,0)"},
                                            {"UBIGINT", "DECIMAL(20,0)"},
                                            {"UINTEGER", "BIGINT"},
                                            {"USMALLINT", "INTEGER"},
                                            {"UTINYINT", "SMALLINT"},
                                            {"BIGNUM", "VARCHAR"},
                                            {"TIME", "VARCHAR"},
                                            {"TIME_NS", "VARCHAR"},
                                            {"TIME WITH TIME ZONE", "VARCHAR"},
                                            {"TIMESTAMP_S", "TIMESTAMP"},
                                            {"TIMESTAMP_MS", "TIMESTAMP"},
                                            {"TIMESTAMP_NS", "TIMESTAMP"},
                                            {"UUID", "VARCHAR"},
                                            {"INTERVAL", "VARCHAR"},
                                            {"BIT", "VARCHAR"},
                                            {"VARIANT", "JSON"},
                                            {"GEOMETRY", "BLOB"},
                                            {"\"NULL\"", "a type of your choice"}}};

// The grammar: name, or name '(' … ')', then any number of "[]" or "[n]".
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<json::Value> whole() {
    TARN_ASSIGN(json::Value type, any(0));
    skip_spaces();
    if (at_ != text_.size()) return broken();
    return type;
  }

 private:
  Status broken() const { return {Code::invalid_argument, fmt::format("'{}' is not a type (at byte {})", text_, at_)}; }
  void skip_spaces() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  bool take(char c) {
    skip_spaces();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  // A bare or quoted identifier; bare ones end at anything that is not a letter, a digit or '_'.
  Result<std::string> identifier() {
    skip_spaces();
    std::string name;
    if (at_ < text_.size() && text_[at_] == '"') {
      for (++at_; at_ < text_.size(); ++at_) {
        if (text_[at_] != '"') {
          name += text_[at_];
        } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
          name += text_[at_++];
        } else {
          ++at_;
          return name;
        }
      }
      return broken();
    }
    while (at_ < text_.size() && (is_word(text_[at_]) || static_cast<unsigned char>(text_[at_]) >= 0x80)) {
      name += text_[at_++];
    }
    if (name.empty()) return broken();
    return name;
  }
  static bool is_word(char c) { return base::is_alnum(c) || c == '_'; }

  Result<json::Value> any(int depth) {
    if (depth > kMaxTypeDepth) {
      return Status(Code::exhausted, fmt::format("a type nests deeper than the limit of {}", kMaxTypeDepth));
    }
    TARN_ASSIGN(json::Value type, base_type(depth));
    while (take('[')) {
      while (at_ < text_.size() && base::is_digit(text_[at_])) ++at_;
      if (!take(']')) return broken();
      type = json::Value::object({{"type", "array"}, {"elementType", std::move(type)}, {"containsNull", true}});
    }
    return type;
  }

  Result<json::Value> base_type(int depth) {
    skip_spaces();
    const bool quoted = at_ < text_.size() && text_[at_] == '"';
    TARN_ASSIGN(std::string name, identifier());
    if (quoted) name = "\"" + name + "\"";
    // Names of several words: TIMESTAMP WITH TIME ZONE, TIME WITH TIME ZONE.
    constexpr std::string_view kZone = " WITH TIME ZONE";
    if (text_.substr(at_, kZone.size()) == kZone) {
      name += kZone;
      at_ += kZone.size();
    }
    if (name == "STRUCT") return struct_type(depth);
    if (name == "MAP") return map_type(depth);
    if (name == "DECIMAL") return decimal_type();
    for (const auto& known : kKnown) {
      if (known.duckdb == name) return json::Value(known.delta);
    }
    for (const auto& refused : kRefused) {
      if (refused.duckdb == name) {
        return Status(Code::unsupported, fmt::format("Delta has no type for DuckDB's {}", name),
                      fmt::format("cast it to {}", refused.cast));
      }
    }
    return Status(Code::unsupported, fmt::format("Delta has no type for DuckDB's {}", name), "cast it to VARCHAR");
  }

  Result<json::Value> struct_type(int depth) {
    if (!take('(')) return broken();
    json::Value::Array members;
    do {
      TARN_ASSIGN(std::string name, identifier());
      TARN_ASSIGN(json::Value type, any(depth + 1));
      members.push_back(json::Value::object({{"name", std::move(name)},
                                             {"type", std::move(type)},
                                             {"nullable", true},
                                             {"metadata", json::Value::object()}}));
    } while (take(','));
    if (!take(')')) return broken();
    return json::Value::object({{"type", "struct"}, {"fields", json::Value(std::move(members))}});
  }

  Result<json::Value> map_type(int depth) {
    if (!take('(')) return broken();
    TARN_ASSIGN(json::Value key, any(depth + 1));
    if (!take(',')) return broken();
    TARN_ASSIGN(json::Value value, any(depth + 1));
    if (!take(')')) return broken();
    return json::Value::object(
        {{"type", "map"}, {"keyType", std::move(key)}, {"valueType", std::move(value)}, {"valueContainsNull", true}});
  }

  Result<json::Value> decimal_type() {
    const size_t end = text_.find(')', at_);
    if (end == std::string_view::npos) return broken();
    std::string name = "decimal";
    for (char c : text_.substr(at_, end + 1 - at_)) {
      if (c != ' ') name += c;
    }
    at_ = end + 1;
    int precision = 0, scale = 0;
    if (!read_decimal(name, &precision, &scale)) return broken();
    return json::Value(std::move(name));
  }

  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace

Result<json::Value> parse_duckdb_type(std::string_view text) { return Parser(text).whole(); }

bool read_decimal(std::string_view name, int* precision, int* scale) {
  constexpr std::string_view kStart = "decimal(";
  if (name.substr(0, kStart.size()) != kStart) return false;
  const char* const end = name.data() + name.size();
  auto result = std::from_chars(name.data() + kStart.size(), end, *precision);
  if (result.ec != std::errc() || result.ptr == end || *result.ptr != ',') return false;
  result = std::from_chars(result.ptr + 1, end, *scale);
  if (result.ec != std::errc() || result.ptr + 1 != end || *result.ptr != ')') return false;
  return *precision >= 1 && *precision <= 38 && *scale >= 0 && *scale <= *precision;
}

}  // namespace tarn::delta
