#include <algorithm>
#include <array>
#include <cctype>

#include "base/ascii.h"
#include "duck/handles.h"

namespace tarn::duck {
namespace {

struct Named {
  std::string_view name;
  duckdb_type type;
};

// DuckDB's spelling first; the aliases after it are only read.
constexpr std::array kNames{
    Named{"BOOLEAN", DUCKDB_TYPE_BOOLEAN},
    Named{"TINYINT", DUCKDB_TYPE_TINYINT},
    Named{"SMALLINT", DUCKDB_TYPE_SMALLINT},
    Named{"INTEGER", DUCKDB_TYPE_INTEGER},
    Named{"BIGINT", DUCKDB_TYPE_BIGINT},
    Named{"UTINYINT", DUCKDB_TYPE_UTINYINT},
    Named{"USMALLINT", DUCKDB_TYPE_USMALLINT},
    Named{"UINTEGER", DUCKDB_TYPE_UINTEGER},
    Named{"UBIGINT", DUCKDB_TYPE_UBIGINT},
    Named{"HUGEINT", DUCKDB_TYPE_HUGEINT},
    Named{"UHUGEINT", DUCKDB_TYPE_UHUGEINT},
    Named{"FLOAT", DUCKDB_TYPE_FLOAT},
    Named{"DOUBLE", DUCKDB_TYPE_DOUBLE},
    Named{"VARCHAR", DUCKDB_TYPE_VARCHAR},
    Named{"BLOB", DUCKDB_TYPE_BLOB},
    Named{"DATE", DUCKDB_TYPE_DATE},
    Named{"TIME", DUCKDB_TYPE_TIME},
    Named{"TIME_NS", DUCKDB_TYPE_TIME_NS},
    Named{"TIME WITH TIME ZONE", DUCKDB_TYPE_TIME_TZ},
    Named{"TIMESTAMP", DUCKDB_TYPE_TIMESTAMP},
    Named{"TIMESTAMP_S", DUCKDB_TYPE_TIMESTAMP_S},
    Named{"TIMESTAMP_MS", DUCKDB_TYPE_TIMESTAMP_MS},
    Named{"TIMESTAMP_NS", DUCKDB_TYPE_TIMESTAMP_NS},
    Named{"TIMESTAMP WITH TIME ZONE", DUCKDB_TYPE_TIMESTAMP_TZ},
    Named{"INTERVAL", DUCKDB_TYPE_INTERVAL},
    Named{"UUID", DUCKDB_TYPE_UUID},
    Named{"BIT", DUCKDB_TYPE_BIT},
    Named{"BIGNUM", DUCKDB_TYPE_BIGNUM},
    Named{"GEOMETRY", DUCKDB_TYPE_GEOMETRY},
    Named{"VARIANT", DUCKDB_TYPE_VARIANT},
    Named{"NULL", DUCKDB_TYPE_SQLNULL},
    Named{"ANY", DUCKDB_TYPE_ANY},
    Named{"TIMESTAMPTZ", DUCKDB_TYPE_TIMESTAMP_TZ},
    Named{"TEXT", DUCKDB_TYPE_VARCHAR},
    Named{"JSON", DUCKDB_TYPE_VARCHAR},
};

std::string field_name(std::string_view name) {
  const bool plain = !name.empty() && !base::is_digit(name[0]) &&
                     std::all_of(name.begin(), name.end(), [](char c) { return base::is_alnum(c) || c == '_'; });
  return plain ? std::string(name) : quote_name(name);
}

std::string fields(std::string_view word, uint64_t count, auto name_at, auto type_at) {
  std::string out = std::string(word) + "(";
  for (uint64_t i = 0; i < count; ++i) {
    if (i) out += ", ";
    out += field_name(name_at(i)) + " " + type_name(TypeHandle(type_at(i)).get());
  }
  return out + ")";
}

}  // namespace

std::string type_name(duckdb_logical_type type) {
  const duckdb_type id = duckdb_get_type_id(type);
  if (std::string alias = take_string(duckdb_logical_type_get_alias(type)); !alias.empty()) return alias;
  switch (id) {
    case DUCKDB_TYPE_DECIMAL:
      return "DECIMAL(" + std::to_string(duckdb_decimal_width(type)) + "," +
             std::to_string(duckdb_decimal_scale(type)) + ")";
    case DUCKDB_TYPE_LIST:
      return type_name(TypeHandle(duckdb_list_type_child_type(type)).get()) + "[]";
    case DUCKDB_TYPE_ARRAY:
      return type_name(TypeHandle(duckdb_array_type_child_type(type)).get()) + "[" +
             std::to_string(duckdb_array_type_array_size(type)) + "]";
    case DUCKDB_TYPE_MAP:
      return "MAP(" + type_name(TypeHandle(duckdb_map_type_key_type(type)).get()) + ", " +
             type_name(TypeHandle(duckdb_map_type_value_type(type)).get()) + ")";
    case DUCKDB_TYPE_STRUCT:
      return fields(
          "STRUCT", duckdb_struct_type_child_count(type),
          [&](uint64_t i) { return take_string(duckdb_struct_type_child_name(type, i)); },
          [&](uint64_t i) { return duckdb_struct_type_child_type(type, i); });
    case DUCKDB_TYPE_UNION:
      return fields(
          "UNION", duckdb_union_type_member_count(type),
          [&](uint64_t i) { return take_string(duckdb_union_type_member_name(type, i)); },
          [&](uint64_t i) { return duckdb_union_type_member_type(type, i); });
    case DUCKDB_TYPE_ENUM: {
      std::string out = "ENUM(";
      for (uint32_t i = 0; i < duckdb_enum_dictionary_size(type); ++i) {
        if (i) out += ", ";
        out += quote_literal(take_string(duckdb_enum_dictionary_value(type, i)));
      }
      return out + ")";
    }
    default:
      break;
  }
  for (const Named& named : kNames) {
    if (named.type == id) return std::string(named.name);
  }
  return "UNKNOWN";
}

base::Result<TypeHandle> parse_type(std::string_view name) {
  if (name.ends_with("]")) {
    const size_t open = name.rfind('[');
    if (open == std::string_view::npos) return base::Status(base::Code::invalid_argument, "type " + std::string(name));
    TARN_ASSIGN(TypeHandle child, parse_type(name.substr(0, open)));
    const std::string_view digits = name.substr(open + 1, name.size() - open - 2);
    if (digits.empty()) return TypeHandle(duckdb_create_list_type(child.get()));
    uint64_t size = 0;
    for (char c : digits) {
      if (c < '0' || c > '9' || size > 100'000) {
        return base::Status(base::Code::invalid_argument, "type " + std::string(name));
      }
      size = size * 10 + static_cast<uint64_t>(c - '0');
    }
    return TypeHandle(duckdb_create_array_type(child.get(), size));
  }
  for (const Named& named : kNames) {
    if (named.name == name) {
      TypeHandle type(duckdb_create_logical_type(named.type));
      if (name == "JSON") duckdb_logical_type_set_alias(type.get(), "JSON");
      return type;
    }
  }
  return base::Status(base::Code::invalid_argument, "no DuckDB type is named " + std::string(name));
}

}  // namespace tarn::duck
