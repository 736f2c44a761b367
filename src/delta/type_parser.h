// DuckDB's type names, read: "STRUCT(a INTEGER, \"b c\" VARCHAR[])", "MAP(VARCHAR, BIGINT)", "DECIMAL(18,3)".
// Limits:  kMaxTypeDepth levels.
// Errors:  unsupported for a type without a counterpart in Delta, with the cast that helps; invalid_argument for text
//          that is no type.
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"
#include "json/value.h"

namespace tarn::delta {

inline constexpr int kMaxTypeDepth = 50;

base::Result<json::Value> parse_duckdb_type(std::string_view text);          // as Delta's type
bool read_decimal(std::string_view delta_name, int* precision, int* scale);  // "decimal(10,2)"

}  // namespace tarn::delta
