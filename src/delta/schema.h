// Schemas: Delta's JSON beside DuckDB's type names.
// Shape:   a primitive is a JSON string ("long"), others are objects ("array", "map", "struct"); in the log the whole
//          schema is JSON text inside JSON. Struct fields keep their order.
// Limits:  kMaxColumns, and json::kMaxDepth levels.
// Errors:  invalid_argument for names, unsupported for types that Delta has no word for (the message says which cast
//          helps), corruption for a schema in a log that cannot be read.
// Source:  Delta protocol, "Schema Serialization Format".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "delta/snapshot.h"
#include "duck/connection.h"

namespace tarn::delta {

inline constexpr size_t kMaxColumns = 10'000;

// "STRUCT(a INTEGER, b VARCHAR[])" as Delta's type; `column` is for the message.
base::Result<json::Value> delta_type(std::string_view duckdb_type, std::string_view column);
// The other way; total on what read_schema() accepted. Field names are quoted.
base::Result<std::string> duckdb_type(const json::Value& type);

// Fields for the columns of a query. What ingest and CREATE TABLE AS hand to create_table().
base::Result<std::vector<Field>> fields_of(const std::vector<duck::Column>& columns);
base::Result<std::vector<Field>> fields_of_select(duck::Connection& connection, const std::string& select);

base::Result<std::vector<Field>> read_schema(std::string_view schema_string);
std::string write_schema(const std::vector<Field>& fields);

// Names that no engine trips over: not empty, unique whatever their case, none of " ,;{}()\n\t=" (Spark refuses those).
base::Status check_names(const std::vector<Field>& fields);
bool is_primitive(const json::Value& type, std::string_view name);
bool uses_type(const json::Value& type, std::string_view primitive);  // anywhere inside
// The field of that name, whatever the case; null when there is none.
const Field* find_field(const std::vector<Field>& fields, std::string_view name);
// A struct's members as fields; empty for other types.
std::vector<Field> struct_fields(const json::Value& type);

}  // namespace tarn::delta
