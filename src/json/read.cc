#include <fmt/format.h>
#include <simdjson.h>

#include <charconv>
#include <limits>
#include <unordered_set>

#include "base/ascii.h"
#include "json/value.h"

namespace tarn::json {
namespace {

using base::Code;
using base::Result;
using base::Status;

// Above this many members, duplicates are looked for with a hash set and not pairwise.
constexpr size_t kPairwiseMembers = 16;

Result<Value> convert(simdjson::dom::element element);

// The end of a number of RFC 8259 that begins at `at`; `at` when none does.
size_t number_end(std::string_view text, size_t at) {
  size_t i = at;
  const auto digits = [&] {
    const size_t begin = i;
    while (i < text.size() && base::is_digit(text[i])) ++i;
    return i > begin;
  };
  if (i < text.size() && text[i] == '-') ++i;
  if (i < text.size() && text[i] == '0') {
    ++i;
  } else if (!digits()) {
    return at;
  }
  if (i < text.size() && text[i] == '.') {
    ++i;
    if (!digits()) return at;
  }
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
    if (!digits()) return at;
  }
  return i;
}

// simdjson takes no integer beyond 64 bits and no number beyond a double. Here each number is the double nearest to it,
// so that text is refused for its form alone.
std::string with_nearest_numbers(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size();) {
    const size_t begin = i;
    if (text[i] == '"') {
      for (++i; i < text.size() && text[i] != '"'; ++i) i += text[i] == '\\' ? 1 : 0;
      ++i;
    } else if (const size_t end = number_end(text, i); end > i) {
      i = end;
      const std::string_view number = text.substr(begin, end - begin);
      double value = 0;
      const auto result = std::from_chars(number.data(), number.data() + number.size(), value);
      if (result.ec == std::errc::result_out_of_range) {
        const size_t exponent = number.find_first_of("eE");
        const bool tiny = exponent != std::string_view::npos && number[exponent + 1] == '-';
        value = tiny ? 0 : std::numeric_limits<double>::max();
        if (number[0] == '-') value = -value;
      }
      const bool whole = number.find_first_of(".eE") == std::string_view::npos;
      if (!whole || number.size() > 18) {
        char digits[40];
        const auto written = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::scientific).ptr;
        out.append(digits, written);
        continue;
      }
    } else {
      ++i;
    }
    out += text.substr(begin, std::min(i, text.size()) - begin);
  }
  return out;
}

Result<Value> convert_object(simdjson::dom::object object) {
  Value::Object members;
  members.reserve(object.size());
  std::unordered_set<std::string_view> seen;
  for (auto [key, child] : object) {
    bool duplicate = false;
    if (members.size() < kPairwiseMembers) {
      for (const auto& member : members) duplicate |= member.first == key;
    } else {
      if (seen.empty()) {
        for (const auto& member : object) {
          if (!seen.insert(member.key).second) duplicate = true;
        }
      }
    }
    if (duplicate) return Status(Code::invalid_argument, fmt::format("JSON has the key '{}' twice in one object", key));
    TARN_ASSIGN(Value value, convert(child));
    members.emplace_back(std::string(key), std::move(value));
  }
  return Value(std::move(members));
}

Result<Value> convert(simdjson::dom::element element) {
  using Type = simdjson::dom::element_type;
  switch (element.type()) {
    case Type::NULL_VALUE:
      return Value();
    case Type::BOOL:
      return Value(element.get_bool().value_unsafe());
    case Type::INT64:
      return Value(element.get_int64().value_unsafe());
    case Type::UINT64:
      return Value(static_cast<double>(element.get_uint64().value_unsafe()));
    case Type::DOUBLE:
      return Value(element.get_double().value_unsafe());
    case Type::STRING:
      return Value(std::string_view(element.get_string().value_unsafe()));
    case Type::ARRAY: {
      Value::Array items;
      const simdjson::dom::array array = element.get_array().value_unsafe();
      for (simdjson::dom::element child : array) {
        TARN_ASSIGN(Value value, convert(child));
        items.push_back(std::move(value));
      }
      return Value(std::move(items));
    }
    case Type::OBJECT:
      return convert_object(element.get_object().value_unsafe());
  }
  return Status(Code::internal, "JSON element of an unknown type");
}

}  // namespace

Result<Value> parse(std::string_view text, size_t max_bytes) {
  if (text.size() > max_bytes) {
    return Status(Code::exhausted, fmt::format("JSON of {} bytes is over the limit of {}", text.size(), max_bytes));
  }
  thread_local simdjson::dom::parser parser;
  if (parser.max_depth() != kMaxDepth) {
    if (parser.allocate(4096, kMaxDepth)) return Status(Code::exhausted, "no memory for the JSON parser");
  }
  simdjson::dom::element root;
  const simdjson::padded_string padded(text);
  auto error = parser.parse(padded).get(root);
  if (error == simdjson::NUMBER_ERROR || error == simdjson::TAPE_ERROR) {
    error = parser.parse(simdjson::padded_string(with_nearest_numbers(text))).get(root);
  }
  if (error) {
    if (error == simdjson::DEPTH_ERROR) {
      return Status(Code::exhausted, fmt::format("JSON is nested deeper than {} levels", kMaxDepth));
    }
    return Status(Code::invalid_argument, fmt::format("JSON cannot be read: {}", simdjson::error_message(error)));
  }
  return convert(root);
}

}  // namespace tarn::json
