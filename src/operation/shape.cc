#include "operation/shape.h"

#include <cmath>

#include "operation/nearest.h"

namespace tarn::operation {
namespace {

using base::Code;
using base::Status;
using json::Value;

std::string number_text(double n) {
  return n == std::floor(n) && std::abs(n) < 1e15 ? json::write(Value(static_cast<int64_t>(n))) : json::write(Value(n));
}

const char* kind_name(Kind kind) {
  switch (kind) {
    case Kind::boolean:
      return "true or false";
    case Kind::integer:
      return "a whole number";
    case Kind::number:
      return "a number";
    case Kind::text:
      return "text";
    case Kind::list:
      return "a list";
    case Kind::record:
      return "an object";
    case Kind::any:
      return "any value";
  }
  return "any value";
}

const char* found_name(const Value& value) {
  if (value.is_null()) return "null";
  if (value.is_bool()) return "true or false";
  if (value.is_number()) return "a number";
  if (value.is_string()) return "text";
  return value.is_array() ? "a list" : "an object";
}

bool fits(Kind kind, const Value& value) {
  switch (kind) {
    case Kind::boolean:
      return value.is_bool();
    case Kind::integer: {
      if (value.is_int()) return true;
      const double d = value.as_double(0.5);  // 3.0 counts, if 64 bits hold it
      return value.is_number() && d == std::floor(d) && d >= -9.2233720368547e18 && d <= 9.2233720368547e18;
    }
    case Kind::number:
      return value.is_number();
    case Kind::text:
      return value.is_string();
    case Kind::list:
      return value.is_array();
    case Kind::record:
      return value.is_object();
    case Kind::any:
      return true;
  }
  return false;
}

Status wrong(const std::string& path, const std::string& why, std::string hint = {}) {
  return {Code::invalid_argument, path.empty() ? "the request " + why : "field '" + path + "' " + why, std::move(hint)};
}

std::string list_of(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

class Checker {
 public:
  explicit Checker(Side side) : side_(side) {}

  Status shape(const Shape& shape, const Value& value, const FieldShape* field, const std::string& path) const {
    if (value.is_null() && shape.nullable) return {};
    if (!fits(shape.kind, value)) {
      return wrong(path, std::string("must be ") + kind_name(shape.kind) + ", not " + found_name(value));
    }
    if (field && side_ == Side::request) TARN_TRY(limits(shape, value, *field, path));
    if (shape.kind == Kind::list) return items(shape, value, field, path);
    return shape.kind == Kind::record ? record(shape, value, path) : Status();
  }

 private:
  Status limits(const Shape& shape, const Value& value, const FieldShape& field, const std::string& path) const {
    if (shape.kind == Kind::integer || shape.kind == Kind::number) {
      const double n = value.as_double();
      if (field.minimum && n < *field.minimum) return wrong(path, "must be at least " + number_text(*field.minimum));
      if (field.maximum && n > *field.maximum) return wrong(path, "must be at most " + number_text(*field.maximum));
    }
    if (shape.kind == Kind::text) {
      if (value.as_string().size() > field.max_bytes) {
        return wrong(path, "is longer than its limit of " + std::to_string(field.max_bytes) + " bytes");
      }
      return one_of(value.as_string(), field, path);
    }
    if (shape.kind == Kind::list && value.items().size() > field.max_items) {
      return wrong(path, "has more than its limit of " + std::to_string(field.max_items) + " items");
    }
    return {};
  }

  static Status one_of(const std::string& text, const FieldShape& field, const std::string& path) {
    if (field.values.empty()) return {};
    for (const std::string& allowed : field.values) {
      if (text == allowed) return {};
    }
    return wrong(path, "must be one of: " + list_of(field.values) + "; not '" + text.substr(0, 80) + "'",
                 did_you_mean(text, field.values));
  }

  Status items(const Shape& list, const Value& value, const FieldShape* field, const std::string& path) const {
    if (list.exact_items != 0 && value.items().size() != list.exact_items) {
      return wrong(path, "must have exactly " + std::to_string(list.exact_items) + " items");
    }
    for (size_t i = 0; i < value.items().size(); ++i) {
      TARN_TRY(shape(*list.item, value.items()[i], field, path + "[" + std::to_string(i) + "]"));
    }
    return {};
  }

  Status record(const Shape& shape, const Value& value, const std::string& path) const {
    const std::string prefix = path.empty() ? "" : path + ".";
    for (const auto& [name, member] : value.members()) {
      const FieldShape* field = shape.find(name);
      if (!field) {
        if (side_ == Side::reply) continue;
        return unknown(shape, name, prefix);
      }
      if (member.is_null() && !field->required) continue;  // null is absent
      TARN_TRY(this->shape(field->shape, member, field, prefix + name));
    }
    for (const FieldShape& field : shape.fields) {
      const bool needed = side_ == Side::request ? field.required : !field.omit_empty && !field.shape.nullable;
      if (needed && value[field.name].is_null() && field.shape.kind != Kind::any) {
        return wrong(prefix + field.name, "is required: " + field.doc);
      }
    }
    return {};
  }

  static Status unknown(const Shape& shape, const std::string& name, const std::string& prefix) {
    std::vector<std::string> known;
    for (const FieldShape& field : shape.fields) {
      if (!field.hidden) known.push_back(field.name);
    }
    std::string hint = did_you_mean(name, known);
    if (hint.empty()) hint = known.empty() ? "it takes no fields" : "the fields are: " + list_of(known);
    return wrong(prefix + name.substr(0, 80), "is not known", std::move(hint));
  }

  Side side_;
};

const char* json_type(Kind kind) {
  switch (kind) {
    case Kind::boolean:
      return "boolean";
    case Kind::integer:
      return "integer";
    case Kind::number:
      return "number";
    case Kind::text:
      return "string";
    case Kind::list:
      return "array";
    case Kind::record:
      return "object";
    case Kind::any:
      return "";
  }
  return "";
}

Value schema_of(const Shape& shape, const FieldShape* field, Side side);

void add_limits(Value& out, const Shape& shape, const FieldShape& field, Side side) {
  if (shape.kind == Kind::text && !field.values.empty()) {
    Value values = Value::array();
    for (const std::string& word : field.values) values.push(word);
    if (shape.nullable) values.push(Value());
    out.set("enum", std::move(values));
  }
  const auto bound = [&](const char* key, const std::optional<double>& n) {
    if (!n) return;
    out.set(key, *n == std::floor(*n) ? Value(static_cast<int64_t>(*n)) : Value(*n));
  };
  if (shape.kind == Kind::integer || shape.kind == Kind::number) {
    bound("minimum", field.minimum);
    bound("maximum", field.maximum);
  }
  // Schema counts characters and the limit counts bytes, so the schema is the wider of the two; the check decides.
  if (side == Side::request && shape.kind == Kind::text && field.values.empty()) {
    out.set("maxLength", static_cast<int64_t>(field.max_bytes));
  }
  if (side == Side::request && shape.kind == Kind::list) out.set("maxItems", static_cast<int64_t>(field.max_items));
}

void add_fields(Value& out, const Shape& shape, Side side) {
  Value properties = Value::object();
  Value required = Value::array();
  for (const FieldShape& field : shape.fields) {
    if (field.hidden) continue;
    Value property = schema_of(field.shape, &field, side);
    property.set("description", field.doc);
    if (side == Side::request && !field.required && !field.fallback.is_null()) property.set("default", field.fallback);
    properties.set(field.name, std::move(property));
    if (side == Side::request ? field.required : !field.omit_empty) required.push(field.name);
  }
  out.set("properties", std::move(properties));
  if (!required.items().empty()) out.set("required", std::move(required));
  if (side == Side::request) out.set("additionalProperties", false);
}

Value schema_of(const Shape& shape, const FieldShape* field, Side side) {
  Value out = Value::object();
  if (shape.kind != Kind::any) {
    if (shape.nullable) {
      out.set("type", Value::array({json_type(shape.kind), "null"}));
    } else {
      out.set("type", json_type(shape.kind));
    }
  }
  if (field) add_limits(out, shape, *field, side);
  if (shape.kind == Kind::list) {
    // A field's limits on its items (values, bounds) go to the items; the length of the list stays with the list.
    out.set("items", schema_of(*shape.item, field, side));
    if (shape.exact_items != 0) {
      out.set("minItems", static_cast<int64_t>(shape.exact_items));
      out.set("maxItems", static_cast<int64_t>(shape.exact_items));
    }
  }
  if (shape.kind == Kind::record) add_fields(out, shape, side);
  return out;
}

}  // namespace

Shape Shape::of(Kind kind) {
  Shape made;
  made.kind = kind;
  return made;
}

const FieldShape* Shape::find(std::string_view name) const {
  for (const FieldShape& field : fields) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

Status check(const Shape& shape, const Value& value, Side side) {
  return Checker(side).shape(shape, value, nullptr, "");
}

Value schema(const Shape& shape, Side side) {
  Value out = Value::object({{"$schema", "https://json-schema.org/draft/2020-12/schema"}});
  const Value whole = schema_of(shape, nullptr, side);
  for (const auto& [key, value] : whole.members()) out.set(key, value);
  return out;
}

}  // namespace tarn::operation
