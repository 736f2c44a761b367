#include <fmt/format.h>
#include <simdjson.h>

#include <unordered_set>

#include "json/value.h"

namespace tarn::json {
namespace {

using base::Code;
using base::Result;
using base::Status;

// Above this many members, duplicates are looked for with a hash set and not pairwise.
constexpr size_t kPairwiseMembers = 16;

Result<Value> convert(simdjson::dom::element element);

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
  if (auto error = parser.parse(padded).get(root)) {
    if (error == simdjson::DEPTH_ERROR) {
      return Status(Code::exhausted, fmt::format("JSON is nested deeper than {} levels", kMaxDepth));
    }
    return Status(Code::invalid_argument, fmt::format("JSON cannot be read: {}", simdjson::error_message(error)));
  }
  return convert(root);
}

}  // namespace tarn::json
