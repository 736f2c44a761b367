#include "ingest/text_table.h"

#include <algorithm>
#include <iterator>

#include "base/check.h"

namespace tarn::ingest {
namespace {

delta::Field field(std::string name, json::Value type) {
  delta::Field f;
  f.name = std::move(name);
  f.type = std::move(type);
  return f;
}

json::Value list_of_strings() {
  return json::Value::object({{"type", "array"}, {"elementType", "string"}, {"containsNull", true}});
}

json::Value list_of_anchors() {
  json::Value fields = json::Value::array();
  for (const auto& [name, type] : {std::pair("start", "long"), {"kind", "string"}, {"value", "string"}}) {
    fields.push(
        json::Value::object({{"name", name}, {"type", type}, {"nullable", true}, {"metadata", json::Value::object()}}));
  }
  return json::Value::object({{"type", "array"},
                              {"elementType", json::Value::object({{"type", "struct"}, {"fields", std::move(fields)}})},
                              {"containsNull", true}});
}

// Nullability inside a list does not matter for reading it.
bool same_type(const json::Value& a, const json::Value& b) {
  if (!a.is_object() || !b.is_object()) return a == b;
  const auto &mine = a["fields"].items(), &theirs = b["fields"].items();
  return a["type"] == b["type"] && same_type(a["elementType"], b["elementType"]) &&
         std::equal(mine.begin(), mine.end(), theirs.begin(), theirs.end(),
                    [](const json::Value& m, const json::Value& t) {
                      return m["name"] == t["name"] && same_type(m["type"], t["type"]);
                    });
}

constexpr std::string_view kLater[] = {"reader", "part", "anchors"};

const delta::Field* find(const std::vector<delta::Field>& schema, std::string_view name) {
  const auto at =
      std::find_if(schema.begin(), schema.end(), [&](const delta::Field& field) { return field.name == name; });
  return at == schema.end() ? nullptr : &*at;
}

}  // namespace

std::vector<delta::Field> text_schema() {
  return {field("id", "string"),
          field("source", "string"),
          field("uri", "string"),
          field("title", "string"),
          field("body", "string"),
          field("mime", "string"),
          field("lang", "string"),
          field("author", "string"),
          field("created_at", "timestamp"),
          field("updated_at", "timestamp"),
          field("source_version", "string"),
          field("labels", list_of_strings()),
          field("parent", "string"),
          field("hash", "string"),
          field("extra", "string"),
          field("pulled_at", "timestamp"),
          field("extractor", "integer"),
          field("reader", "string"),
          field("part", "string"),
          field("anchors", list_of_anchors())};
}

bool lacks_columns(const std::vector<delta::Field>& schema) {
  return std::any_of(std::begin(kLater), std::end(kLater), [&](std::string_view name) { return !find(schema, name); });
}

std::vector<delta::Field> rejects_schema() {
  return {field("id", "string"),         field("pull", "string"),   field("pulled_at", "timestamp"),
          field("table_name", "string"), field("source", "string"), field("item", "string"),
          field("place", "string"),      field("reason", "string")};
}

base::Status check_schema(const std::vector<delta::Field>& schema, const std::vector<delta::Field>& wanted,
                          std::string_view table) {
  std::string missing;
  for (const delta::Field& w : wanted) {
    const delta::Field* there = find(schema, w.name);
    if (there ? same_type(there->type, w.type)
              : std::find(std::begin(kLater), std::end(kLater), w.name) != std::end(kLater)) {
      continue;
    }
    missing += (missing.empty() ? "" : ", ") + w.name + " " +
               (w.type.is_string()    ? w.type.as_string()
                : w.name == "anchors" ? "list of {start long, kind string, value string}"
                                      : "list of strings");
  }
  if (missing.empty()) return {};
  return {base::Code::invalid_argument, "table " + std::string(table) + " cannot take documents; it lacks: " + missing,
          "pull into another table with --into"};
}

base::Result<std::string> canonical_table(std::string_view name) {
  size_t dots = 0, part = 0;
  bool valid = !name.empty();
  for (char c : name) {
    bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    if (c == '.' && part > 0) {
      ++dots;
      part = 0;
    } else {
      valid = valid && word && !(part == 0 && (c == '_' || c == '-'));  // names that begin with '_' are not tables
      ++part;
    }
  }
  if (!valid || part == 0 || dots > 1) {
    return base::Status(base::Code::invalid_argument, "not a table's name: '" + std::string(name) + "'",
                        "write name or namespace.name, of letters, digits, '_' and '-'");
  }
  return dots == 0 ? "main." + std::string(name) : std::string(name);
}

std::string table_path(std::string_view canonical) {
  std::string path(canonical);
  size_t dot = path.find('.');
  TARN_CHECK(dot != std::string::npos);
  path[dot] = '/';
  return path;
}

std::string table_name(std::string_view path) {
  std::string name(path);
  const size_t slash = name.find('/');
  TARN_CHECK(slash != std::string::npos);
  name[slash] = '.';
  return name;
}

std::string duck_type(const delta::Field& f) {
  if (f.type.is_object()) {
    return f.type["elementType"].is_object() ? "STRUCT(\"start\" BIGINT, kind VARCHAR, \"value\" VARCHAR)[]"
                                             : "VARCHAR[]";
  }
  const std::string& type = f.type.as_string();
  if (type == "timestamp") return "TIMESTAMP WITH TIME ZONE";
  if (type == "integer") return "INTEGER";
  if (type == "long") return "BIGINT";
  if (type == "double") return "DOUBLE";
  if (type == "boolean") return "BOOLEAN";
  TARN_CHECK(type == "string");
  return "VARCHAR";
}

}  // namespace tarn::ingest
