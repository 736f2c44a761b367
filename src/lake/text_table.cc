#include "lake/text_table.h"

#include <algorithm>
#include <iterator>

#include "delta/schema.h"

namespace tarn::lake {
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

bool is_text_table(const std::vector<delta::Field>& schema) {
  return std::all_of(std::begin(kTextColumns), std::end(kTextColumns), [&](std::string_view name) {
    const delta::Field* field = find(schema, name);
    return field != nullptr && delta::is_primitive(field->type, "string");
  });
}

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

}  // namespace tarn::lake
