#include "delta/physical.h"

#include <fmt/format.h>

#include <algorithm>

#include "delta/path.h"
#include "delta/protocol.h"
#include "delta/schema.h"
#include "duck/connection.h"

namespace tarn::delta {
namespace {

constexpr std::string_view kPhysicalName = "delta.columnMapping.physicalName";
constexpr std::string_view kId = "delta.columnMapping.id";

std::string mapped_name(const json::Value& metadata, const std::string& name) {
  return metadata[kPhysicalName].string_or(name);
}

bool renames(const json::Value& type) {
  for (const char* part : {"elementType", "keyType", "valueType"}) {
    if (type.contains(part) && renames(type[part])) return true;
  }
  for (const Field& member : struct_fields(type)) {
    if (mapped_name(member.metadata, member.name) != member.name || renames(member.type)) return true;
  }
  return false;
}

json::Value renamed_type(const json::Value& type) {
  if (type.is_string()) return type;
  json::Value result = json::Value::object();
  for (const auto& [key, value] : type.members()) {
    if (key == "elementType" || key == "keyType" || key == "valueType") {
      result.set(key, renamed_type(value));
    } else if (key == "fields") {
      json::Value fields = json::Value::array();
      for (const json::Value& member : value.items()) {
        json::Value field = member;
        field.set("name", mapped_name(member["metadata"], member["name"].as_string()));
        field.set("type", renamed_type(member["type"]));
        fields.push(std::move(field));
      }
      result.set(key, std::move(fields));
    } else {
      result.set(key, value);
    }
  }
  return result;
}

// `value` with the parts of its structs renamed; a null stays null, and so does one inside.
std::string rename(const std::string& value, const json::Value& type, bool to_files, int depth) {
  if (!renames(type)) return value;
  const std::string item = fmt::format("x{}", depth);
  const auto inside = [&](const std::string& part, const char* key) {
    return rename(part, type[key], to_files, depth + 1);
  };
  const std::string& kind = type["type"].as_string();
  if (kind == "array") {
    return fmt::format("list_transform({}, lambda {}: {})", value, item, inside(item, "elementType"));
  }
  if (kind == "map") {
    return fmt::format(
        "map_from_entries(list_transform(map_entries({}), lambda {}: struct_pack(\"key\" := {}, \"value\" := {})))",
        value, item, inside(item + ".\"key\"", "keyType"), inside(item + ".\"value\"", "valueType"));
  }
  std::string members;
  for (const Field& member : struct_fields(type)) {
    const std::string physical = mapped_name(member.metadata, member.name);
    const std::string& from = to_files ? member.name : physical;
    members +=
        fmt::format("{}{} := {}", members.empty() ? "" : ", ", duck::quote_name(to_files ? physical : member.name),
                    rename(value + "." + duck::quote_name(from), member.type, to_files, depth + 1));
  }
  return fmt::format("CASE WHEN {} IS NOT NULL THEN struct_pack({}) END", value, members);
}

std::string ids_inside(const json::Value& type);

std::string ids_of(const std::string& name, const json::Value& metadata, const json::Value& type) {
  if (!metadata[kId].is_number()) return "";
  const std::string inside = ids_inside(type);
  return fmt::format("{}: {{__duckdb_field_id: {}{}{}}}", duck::quote_name(name), metadata[kId].as_int(),
                     inside.empty() ? "" : ", ", inside);
}

std::string ids_inside(const json::Value& type) {
  std::string list;
  for (const auto& [key, name] : {std::pair("elementType", "element"), {"keyType", "key"}, {"valueType", "value"}}) {
    if (!type.contains(key)) continue;
    const std::string inside = ids_inside(type[key]);
    if (!inside.empty()) list += fmt::format("{}{}: {{{}}}", list.empty() ? "" : ", ", name, inside);
  }
  for (const Field& member : struct_fields(type)) {
    const std::string id = ids_of(mapped_name(member.metadata, member.name), member.metadata, member.type);
    if (!id.empty()) list += (list.empty() ? "" : ", ") + id;
  }
  return list;
}

}  // namespace

std::string physical_name(const Snapshot& snapshot, const Field& field) {
  return column_mapping(snapshot) == ColumnMapping::none ? field.name : mapped_name(field.metadata, field.name);
}

json::Value physical_type(const Snapshot& snapshot, const json::Value& type) {
  return column_mapping(snapshot) == ColumnMapping::none ? type : renamed_type(type);
}

std::string to_logical(const Snapshot& snapshot, const std::string& expression, const json::Value& type) {
  return column_mapping(snapshot) == ColumnMapping::none ? expression : rename(expression, type, false, 0);
}

std::string to_physical(const Snapshot& snapshot, const std::string& expression, const json::Value& type) {
  return column_mapping(snapshot) == ColumnMapping::none ? expression : rename(expression, type, true, 0);
}

bool is_partition(const Snapshot& snapshot, const Field& field) {
  return std::any_of(snapshot.partition_columns.begin(), snapshot.partition_columns.end(),
                     [&](const std::string& name) { return find_field({field}, name) != nullptr; });
}

std::vector<const Field*> stored_fields(const Snapshot& snapshot) {
  std::vector<const Field*> fields;
  for (const Field& field : snapshot.schema) {
    if (!is_partition(snapshot, field) && !is_primitive(field.type, "void")) fields.push_back(&field);
  }
  return fields;
}

std::vector<const Field*> partition_fields(const Snapshot& snapshot) {
  std::vector<const Field*> fields;
  for (const std::string& name : snapshot.partition_columns) {
    if (const Field* field = find_field(snapshot.schema, name)) fields.push_back(field);
  }
  return fields;
}

std::string field_ids(const Snapshot& snapshot, const std::vector<const Field*>& fields) {
  if (column_mapping(snapshot) == ColumnMapping::none) return "";
  std::string list;
  for (const Field* field : fields) {
    const std::string id = ids_of(physical_name(snapshot, *field), field->metadata, field->type);
    if (!id.empty()) list += (list.empty() ? "" : ", ") + id;
  }
  return list.empty() ? "" : "{" + list + "}";
}

std::string file_location(const std::string& directory, const DataFile& file) {
  if (file.encoded_path.empty() || is_local_path(file.encoded_path)) return directory + "/" + file.path;
  const std::string path = local_file_of(file.encoded_path);
  return path.empty() ? directory + "/" + file.path : path;
}

StoredAt stored_at(const store::Store& store, const std::string& table_path, const std::string& path) {
  static const auto root = store::open_local("/");
  if (!path.starts_with('/') || !root.ok()) return {&store, table_path + "/" + path};
  return {root->get(), path.substr(1)};
}

}  // namespace tarn::delta
