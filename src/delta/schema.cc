#include "delta/schema.h"

#include <fmt/format.h>

#include <array>
#include <map>
#include <set>

#include "base/ascii.h"
#include "delta/type_parser.h"

namespace tarn::delta {
namespace {

using base::Code;
using base::Result;
using base::Status;

struct Primitive {
  std::string_view delta, duckdb;
};
constexpr std::array<Primitive, 13> kPrimitives{{{"string", "VARCHAR"},
                                                 {"long", "BIGINT"},
                                                 {"integer", "INTEGER"},
                                                 {"short", "SMALLINT"},
                                                 {"byte", "TINYINT"},
                                                 {"float", "FLOAT"},
                                                 {"double", "DOUBLE"},
                                                 {"boolean", "BOOLEAN"},
                                                 {"binary", "BLOB"},
                                                 {"date", "DATE"},
                                                 {"timestamp", "TIMESTAMP WITH TIME ZONE"},
                                                 {"timestamp_ntz", "TIMESTAMP"},
                                                 {"void", "INTEGER"}}};  // always null; DuckDB has no column of no type

Result<Field> read_field(const json::Value& value) {
  const json::Value* name = value.find("name");
  const json::Value* type = value.find("type");
  if (name == nullptr || !name->is_string() || type == nullptr) {
    return Status(Code::corruption, "schema: a field without a name or a type");
  }
  Field field;
  field.name = name->as_string();
  field.type = *type;
  field.nullable = value["nullable"].as_bool(true);
  if (value["metadata"].is_object()) field.metadata = value["metadata"];
  auto known = duckdb_type(field.type);
  if (!known.ok()) return known.status().with_context(fmt::format("column '{}'", field.name));
  return field;
}

}  // namespace

Result<json::Value> delta_type(std::string_view duckdb, std::string_view column) {
  auto type = parse_duckdb_type(duckdb);
  if (!type.ok()) return type.status().with_context(fmt::format("column '{}'", column));
  return type;
}

Result<std::string> duckdb_type(const json::Value& type) {
  if (type.is_string()) {
    const std::string& name = type.as_string();
    for (const auto& primitive : kPrimitives) {
      if (primitive.delta == name) return std::string(primitive.duckdb);
    }
    int precision = 0, scale = 0;
    if (name == "decimal") return std::string("DECIMAL(10,0)");
    if (read_decimal(name, &precision, &scale)) return fmt::format("DECIMAL({},{})", precision, scale);
    return Status(Code::unsupported, fmt::format("type '{}' is not one that Tarn reads", name));
  }
  const std::string& kind = type["type"].as_string();
  if (kind == "array") {
    TARN_ASSIGN(const std::string element, duckdb_type(type["elementType"]));
    return element + "[]";
  }
  if (kind == "map") {
    TARN_ASSIGN(const std::string key, duckdb_type(type["keyType"]));
    TARN_ASSIGN(const std::string value, duckdb_type(type["valueType"]));
    return fmt::format("MAP({}, {})", key, value);
  }
  if (kind == "struct") {
    std::string members;
    for (const json::Value& member : type["fields"].items()) {
      TARN_ASSIGN(const std::string inner, duckdb_type(member["type"]));
      members +=
          fmt::format("{}{} {}", members.empty() ? "" : ", ", duck::quote_name(member["name"].as_string()), inner);
    }
    if (members.empty()) return Status(Code::unsupported, "a struct without fields");
    return fmt::format("STRUCT({})", members);
  }
  return Status(Code::corruption, fmt::format("schema: a type is '{}'", json::write(type).substr(0, 100)));
}

Result<std::vector<Field>> fields_of(const std::vector<duck::Column>& columns) {
  std::vector<Field> fields;
  for (const duck::Column& column : columns) {
    Field field;
    field.name = column.name;
    TARN_ASSIGN(field.type, delta_type(column.type, column.name));
    fields.push_back(std::move(field));
  }
  TARN_TRY(check_names(fields));
  return fields;
}

Result<std::vector<Field>> fields_of_select(duck::Connection& connection, const std::string& select) {
  TARN_ASSIGN(const std::vector<duck::Column> columns, connection.describe("SELECT * FROM (\n" + select + "\n)"));
  return fields_of(columns);
}

namespace {

Status check_spellings_inside(const json::Value& type);

// Names that are equal, or that DuckDB takes for equal: a value of the one would be read and stored as the other's.
Status check_spellings(const std::vector<Field>& fields) {
  std::map<std::string, std::string> seen;
  for (const Field& field : fields) {
    const auto [other, fresh] = seen.emplace(base::lower(field.name), field.name);
    if (!fresh && other->second == field.name) {
      return {Code::corruption, fmt::format("schema: column '{}' is there twice", field.name)};
    }
    if (!fresh) {
      return {Code::unsupported,
              fmt::format("schema: the columns '{}' and '{}' differ by case only, which SQL does not tell apart",
                          other->second, field.name),
              "let the engine that made it rename one"};
    }
    if (auto inside = check_spellings_inside(field.type); !inside.ok()) {
      return inside.with_context("in column '" + field.name + "'");
    }
  }
  return {};
}

Status check_spellings_inside(const json::Value& type) {
  for (const char* part : {"elementType", "keyType", "valueType"}) {
    if (type.contains(part)) TARN_TRY(check_spellings_inside(type[part]));
  }
  return check_spellings(struct_fields(type));
}

}  // namespace

Result<std::vector<Field>> read_schema(std::string_view schema_string) {
  const auto parsed = json::parse(schema_string);
  if (!parsed.ok()) return Status(Code::corruption, "schema: " + parsed.status().message());
  if ((*parsed)["type"].as_string() != "struct" || !(*parsed)["fields"].is_array()) {
    return Status(Code::corruption, "schema: not a struct with fields");
  }
  const auto& items = (*parsed)["fields"].items();
  if (items.size() > kMaxColumns) {
    return Status(Code::exhausted,
                  fmt::format("schema: {} columns, more than the limit of {}", items.size(), kMaxColumns));
  }
  std::vector<Field> fields;
  for (const json::Value& item : items) {
    TARN_ASSIGN(Field field, read_field(item));
    fields.push_back(std::move(field));
  }
  TARN_TRY(check_spellings(fields));
  return fields;
}

std::string write_schema(const std::vector<Field>& fields) {
  json::Value::Array items;
  for (const Field& field : fields) {
    items.push_back(json::Value::object(
        {{"name", field.name}, {"type", field.type}, {"nullable", field.nullable}, {"metadata", field.metadata}}));
  }
  return json::write(json::Value::object({{"type", "struct"}, {"fields", json::Value(std::move(items))}}));
}

Status check_names(const std::vector<Field>& fields) {
  if (fields.empty()) return {Code::invalid_argument, "a table needs at least one column"};
  if (fields.size() > kMaxColumns) {
    return {Code::exhausted, fmt::format("{} columns, more than the limit of {}", fields.size(), kMaxColumns)};
  }
  std::set<std::string> seen;
  for (const Field& field : fields) {
    if (field.name.empty()) return {Code::invalid_argument, "a column has no name"};
    if (const size_t at = field.name.find_first_of(" ,;{}()\n\t="); at != std::string::npos) {
      return {Code::invalid_argument,
              fmt::format("column '{}' has the character '{}' in its name", field.name, field.name[at]),
              "rename it: Delta allows none of  ,;{}()= and no white space in column names"};
    }
    if (!seen.insert(base::lower(field.name)).second) {
      return {Code::invalid_argument, fmt::format("column '{}' is there twice", field.name),
              "names are compared without regard to case"};
    }
    const auto members = struct_fields(field.type);
    if (!members.empty()) {
      if (auto status = check_names(members); !status.ok()) {
        return status.with_context("in column '" + field.name + "'");
      }
    }
  }
  return {};
}

bool is_primitive(const json::Value& type, std::string_view name) {
  return type.is_string() && type.as_string() == name;
}

bool uses_type(const json::Value& type, std::string_view primitive) {
  if (type.is_string()) return type.as_string() == primitive;
  for (const char* part : {"elementType", "keyType", "valueType"}) {
    if (type.contains(part) && uses_type(type[part], primitive)) return true;
  }
  for (const json::Value& member : type["fields"].items()) {
    if (uses_type(member["type"], primitive)) return true;
  }
  return false;
}

const Field* find_field(const std::vector<Field>& fields, std::string_view name) {
  const std::string folded = base::lower(name);
  for (const Field& field : fields) {
    if (base::lower(field.name) == folded) return &field;
  }
  return nullptr;
}

std::vector<Field> struct_fields(const json::Value& type) {
  std::vector<Field> fields;
  if (type["type"].as_string() != "struct") return fields;
  for (const json::Value& member : type["fields"].items()) {
    Field field;
    field.name = member["name"].as_string();
    field.type = member["type"];
    field.nullable = member["nullable"].as_bool(true);
    if (member["metadata"].is_object()) field.metadata = member["metadata"];
    fields.push_back(std::move(field));
  }
  return fields;
}

}  // namespace tarn::delta
