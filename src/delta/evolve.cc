#include "delta/evolve.h"

#include <fmt/format.h>

#include <algorithm>

#include "delta/protocol.h"
#include "delta/schema.h"
#include "delta/type_widening.h"

namespace tarn::delta {
namespace {

using base::Code;
using base::Result;
using base::Status;

constexpr const char* kMaxId = "delta.columnMapping.maxColumnId";

class Merge {
 public:
  Merge(bool widen, bool mapped, int64_t last_id, const MakeUuid& uuid)
      : widen_(widen), mapped_(mapped), last_id_(last_id), uuid_(uuid) {}

  Status fields(std::vector<Field>* mine, const std::vector<Field>& given) {
    for (const Field& field : given) {
      const auto at = std::find_if(mine->begin(), mine->end(), [&](const Field& candidate) {
        return find_field({candidate}, field.name) != nullptr;
      });
      if (at != mine->end()) {
        TARN_TRY(type(&at->type, field.type, "", &at->metadata));
        continue;
      }
      std::vector<Field> added{field};
      if (mapped_) map_columns(&added, &last_id_, uuid_);
      TARN_TRY(check_names(added));
      mine->push_back(std::move(added[0]));
      changed = true;
    }
    return {};
  }

  bool changed = false;
  int64_t last_id() const { return last_id_; }

 private:
  // `metadata` is that of the nearest field above, `path` the way from it.
  Status type(json::Value* mine, const json::Value& given, const std::string& path, json::Value* metadata) {
    if (mine->is_string() || given.is_string()) {
      if (*mine == given || !widen_ || !widens(*mine, given)) return {};  // what does not fit is refused with the rows
      json::Value change = json::Value::object({{"fromType", *mine}, {"toType", given}});
      if (!path.empty()) change.set("fieldPath", path);
      json::Value changes = (*metadata)["delta.typeChanges"];
      if (!changes.is_array()) changes = json::Value::array();
      metadata->set("delta.typeChanges", changes.push(std::move(change)));
      *mine = given;
      changed = true;
      return {};
    }
    if ((*mine)["type"] != given["type"]) return {};
    if ((*mine)["type"].as_string() == "struct") {
      auto members = struct_fields(*mine);
      TARN_TRY(fields(&members, struct_fields(given)));
      *mine = struct_type(members);
      return {};
    }
    for (const auto& [key, name] : {std::pair("elementType", "element"), {"keyType", "key"}, {"valueType", "value"}}) {
      if (!mine->contains(key)) continue;
      json::Value inside = (*mine)[key];
      TARN_TRY(type(&inside, given[key], (path.empty() ? "" : path + ".") + name, metadata));
      mine->set(key, std::move(inside));
    }
    return {};
  }

  bool widen_, mapped_;
  int64_t last_id_;
  const MakeUuid& uuid_;
};

void map_inside(json::Value* type, int64_t* last_id, const MakeUuid& uuid) {
  if (type->is_string()) return;
  for (const char* part : {"elementType", "keyType", "valueType"}) {
    if (!type->contains(part)) continue;
    json::Value inside = (*type)[part];
    map_inside(&inside, last_id, uuid);
    type->set(part, std::move(inside));
  }
  if ((*type)["type"].as_string() != "struct") return;
  auto members = struct_fields(*type);
  map_columns(&members, last_id, uuid);
  *type = struct_type(members);
}

}  // namespace

json::Value struct_type(const std::vector<Field>& fields) {
  json::Value items = json::Value::array();
  for (const Field& field : fields) {
    items.push(json::Value::object(
        {{"name", field.name}, {"type", field.type}, {"nullable", field.nullable}, {"metadata", field.metadata}}));
  }
  return json::Value::object({{"type", "struct"}, {"fields", std::move(items)}});
}

void map_columns(std::vector<Field>* fields, int64_t* last_id, const MakeUuid& uuid) {
  for (Field& field : *fields) {
    if (!field.metadata.contains("delta.columnMapping.id")) {
      field.metadata.set("delta.columnMapping.id", ++*last_id);
      field.metadata.set("delta.columnMapping.physicalName", "col-" + uuid());
    }
    map_inside(&field.type, last_id, uuid);
  }
}

Result<std::optional<Evolution>> evolve(duck::Connection& connection, const State& base, const std::string& select,
                                        const MakeUuid& uuid) {
  std::vector<Field> given;
  {
    TARN_ASSIGN(const auto rows, connection.query("SELECT * FROM (\n" + select + "\n) LIMIT 0"));
    for (const auto& column : rows->columns()) {
      Field field;
      field.name = column.name;
      auto type = delta_type(column.type, column.name);
      // A type that Delta lacks may still fit a column that is there, by a cast.
      if (!type.ok() && find_field(base.schema, column.name) != nullptr) continue;
      if (!type.ok()) return type.status();
      field.type = std::move(*type);
      given.push_back(std::move(field));
    }
  }
  const auto max_id = base.configuration.find(kMaxId);
  int64_t last_id = 0;
  if (max_id != base.configuration.end()) {
    const auto parsed = json::parse(max_id->second);
    if (parsed.ok()) last_id = parsed->as_int();
  }
  const bool mapped = column_mapping(base) != ColumnMapping::none;
  const bool widen = is_true(base, "delta.enableTypeWidening") &&
                     (supports(base, "typeWidening") || supports(base, "typeWidening-preview"));
  std::vector<Field> schema = base.schema;
  Merge merge(widen, mapped, last_id, uuid);
  TARN_TRY(merge.fields(&schema, given));
  if (!merge.changed) return std::optional<Evolution>();
  if (schema.size() > kMaxColumns) {
    return Status(Code::exhausted, fmt::format("{} columns, more than the limit of {}", schema.size(), kMaxColumns));
  }
  Evolution evolution;
  evolution.metadata = base.metadata;
  evolution.metadata.set("schemaString", write_schema(schema));
  if (mapped) {
    json::Value configuration = base.metadata["configuration"];
    configuration.set(kMaxId, std::to_string(merge.last_id()));
    evolution.metadata.set("configuration", std::move(configuration));
  }
  const bool times = std::any_of(schema.begin(), schema.end(),
                                 [](const Field& field) { return uses_type(field.type, "timestamp_ntz"); });
  if (times) evolution.protocol = upgraded_protocol(base, {"timestampNtz"});
  Actions actions;
  actions.metadata = evolution.metadata;
  actions.protocol = evolution.protocol;
  auto after = std::make_shared<State>(base);
  TARN_TRY(after->apply(actions));
  TARN_TRY(after->validate());
  evolution.after = std::move(after);
  return std::optional(std::move(evolution));
}

}  // namespace tarn::delta
