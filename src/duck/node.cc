// One cell of a result: as DuckDB's value and text, as a Cell, and told to a Visitor.
#include <cmath>
#include <exception>
#include <limits>

#include "duck/chunk.h"

namespace tarn::duck {
namespace {

duckdb_hugeint wide(const Node& node, uint64_t row) {
  const auto widen = [](int64_t v) {
    return duckdb_hugeint{static_cast<uint64_t>(v), v < 0 ? int64_t{-1} : int64_t{0}};
  };
  switch (node.shape->storage) {
    case DUCKDB_TYPE_SMALLINT:
      return widen(node.at<int16_t>(row));
    case DUCKDB_TYPE_INTEGER:
      return widen(node.at<int32_t>(row));
    case DUCKDB_TYPE_BIGINT:
      return widen(node.at<int64_t>(row));
    default:
      return node.at<duckdb_hugeint>(row);
  }
}

uint64_t enum_index(const Node& node, uint64_t row) {
  switch (node.shape->storage) {
    case DUCKDB_TYPE_UTINYINT:
      return node.at<uint8_t>(row);
    case DUCKDB_TYPE_USMALLINT:
      return node.at<uint16_t>(row);
    default:
      return node.at<uint32_t>(row);
  }
}

// BIGNUM is stored as three bytes (sign and length) and the magnitude, big-endian; all of it inverted for negative
// numbers.
ValueHandle bignum_value(std::string_view stored) {
  if (stored.size() < 4) return ValueHandle(duckdb_create_null_value());
  const bool negative = !(static_cast<uint8_t>(stored[0]) & 0x80);
  std::string magnitude(stored.substr(3));
  if (negative) {
    for (char& c : magnitude) c = static_cast<char>(~c);
  }
  return ValueHandle(duckdb_create_bignum({reinterpret_cast<uint8_t*>(magnitude.data()), magnitude.size(), negative}));
}

std::vector<ValueHandle> child_values(const Node& child, uint64_t start, uint64_t count) {
  std::vector<ValueHandle> out;
  for (uint64_t i = 0; i < count; ++i) out.push_back(node_value(child, start + i));
  return out;
}

// Never null, even when empty: DuckDB makes no list of a null pointer.
std::vector<duckdb_value> borrow(const std::vector<ValueHandle>& values) {
  std::vector<duckdb_value> out;
  out.reserve(values.size() + 1);
  for (const ValueHandle& value : values) out.push_back(value.get());
  return out;
}

ValueHandle nested_value(const Node& node, uint64_t row) {
  const Shape& shape = *node.shape;
  if (shape.id == DUCKDB_TYPE_STRUCT || shape.id == DUCKDB_TYPE_UNION) {
    if (shape.id == DUCKDB_TYPE_UNION) {
      const uint8_t tag = node.children.back().at<uint8_t>(row);
      ValueHandle member = node_value(node.children[tag], row);
      return ValueHandle(duckdb_create_union_value(shape.type.get(), tag, member.get()));
    }
    std::vector<ValueHandle> members;
    for (const Node& child : node.children) members.push_back(node_value(child, row));
    return ValueHandle(duckdb_create_struct_value(shape.type.get(), borrow(members).data()));
  }
  if (shape.id == DUCKDB_TYPE_ARRAY) {
    const auto items = child_values(node.children[0], row * shape.array_size, shape.array_size);
    return ValueHandle(duckdb_create_array_value(shape.children[0].type.get(), borrow(items).data(), items.size()));
  }
  const auto entry = node.at<duckdb_list_entry>(row);
  const auto first = child_values(node.children[0], entry.offset, entry.length);
  if (shape.id == DUCKDB_TYPE_LIST) {
    return ValueHandle(duckdb_create_list_value(shape.children[0].type.get(), borrow(first).data(), first.size()));
  }
  const auto second = child_values(node.children[1], entry.offset, entry.length);
  return ValueHandle(
      duckdb_create_map_value(shape.type.get(), borrow(first).data(), borrow(second).data(), first.size()));
}

}  // namespace

ValueHandle node_value(const Node& node, uint64_t row) {
  if (node.is_null(row)) return ValueHandle(duckdb_create_null_value());
  const auto make = [](duckdb_value value) { return ValueHandle(value); };
  switch (node.shape->id) {
    case DUCKDB_TYPE_BOOLEAN:
      return make(duckdb_create_bool(node.at<bool>(row)));
    case DUCKDB_TYPE_TINYINT:
      return make(duckdb_create_int8(node.at<int8_t>(row)));
    case DUCKDB_TYPE_SMALLINT:
      return make(duckdb_create_int16(node.at<int16_t>(row)));
    case DUCKDB_TYPE_INTEGER:
      return make(duckdb_create_int32(node.at<int32_t>(row)));
    case DUCKDB_TYPE_BIGINT:
      return make(duckdb_create_int64(node.at<int64_t>(row)));
    case DUCKDB_TYPE_UTINYINT:
      return make(duckdb_create_uint8(node.at<uint8_t>(row)));
    case DUCKDB_TYPE_USMALLINT:
      return make(duckdb_create_uint16(node.at<uint16_t>(row)));
    case DUCKDB_TYPE_UINTEGER:
      return make(duckdb_create_uint32(node.at<uint32_t>(row)));
    case DUCKDB_TYPE_UBIGINT:
      return make(duckdb_create_uint64(node.at<uint64_t>(row)));
    case DUCKDB_TYPE_HUGEINT:
      return make(duckdb_create_hugeint(node.at<duckdb_hugeint>(row)));
    case DUCKDB_TYPE_UHUGEINT:
      return make(duckdb_create_uhugeint(node.at<duckdb_uhugeint>(row)));
    case DUCKDB_TYPE_FLOAT:
      return make(duckdb_create_float(node.at<float>(row)));
    case DUCKDB_TYPE_DOUBLE:
      return make(duckdb_create_double(node.at<double>(row)));
    case DUCKDB_TYPE_DECIMAL:
      return make(duckdb_create_decimal({node.shape->width, node.shape->scale, wide(node, row)}));
    case DUCKDB_TYPE_DATE:
      return make(duckdb_create_date(node.at<duckdb_date>(row)));
    case DUCKDB_TYPE_TIME:
      return make(duckdb_create_time(node.at<duckdb_time>(row)));
    case DUCKDB_TYPE_TIME_NS:
      return make(duckdb_create_time_ns(node.at<duckdb_time_ns>(row)));
    case DUCKDB_TYPE_TIME_TZ:
      return make(duckdb_create_time_tz_value(node.at<duckdb_time_tz>(row)));
    case DUCKDB_TYPE_TIMESTAMP:
      return make(duckdb_create_timestamp(node.at<duckdb_timestamp>(row)));
    case DUCKDB_TYPE_TIMESTAMP_TZ:
      return make(duckdb_create_timestamp_tz(node.at<duckdb_timestamp>(row)));
    case DUCKDB_TYPE_TIMESTAMP_S:
      return make(duckdb_create_timestamp_s(node.at<duckdb_timestamp_s>(row)));
    case DUCKDB_TYPE_TIMESTAMP_MS:
      return make(duckdb_create_timestamp_ms(node.at<duckdb_timestamp_ms>(row)));
    case DUCKDB_TYPE_TIMESTAMP_NS:
      return make(duckdb_create_timestamp_ns(node.at<duckdb_timestamp_ns>(row)));
    case DUCKDB_TYPE_INTERVAL:
      return make(duckdb_create_interval(node.at<duckdb_interval>(row)));
    case DUCKDB_TYPE_UUID: {  // stored with its highest bit turned, so that it sorts as text does
      const auto v = node.at<duckdb_hugeint>(row);
      return make(duckdb_create_uuid({v.lower, static_cast<uint64_t>(v.upper) ^ (uint64_t{1} << 63)}));
    }
    case DUCKDB_TYPE_VARCHAR: {
      const std::string_view text = node.text(row);
      return make(duckdb_create_varchar_length(text.data(), text.size()));
    }
    case DUCKDB_TYPE_BLOB:
    case DUCKDB_TYPE_GEOMETRY: {
      const std::string_view bytes = node.text(row);
      return make(duckdb_create_blob(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()));
    }
    case DUCKDB_TYPE_BIT: {
      std::string bits(node.text(row));
      return make(duckdb_create_bit({reinterpret_cast<uint8_t*>(bits.data()), bits.size()}));
    }
    case DUCKDB_TYPE_BIGNUM:
      return bignum_value(node.text(row));
    case DUCKDB_TYPE_ENUM:
      return make(duckdb_create_enum_value(node.shape->type.get(), enum_index(node, row)));
    case DUCKDB_TYPE_LIST:
    case DUCKDB_TYPE_ARRAY:
    case DUCKDB_TYPE_MAP:
    case DUCKDB_TYPE_STRUCT:
    case DUCKDB_TYPE_UNION:
      return nested_value(node, row);
    case DUCKDB_TYPE_SQLNULL:
      return make(duckdb_create_null_value());
    default: {  // VARIANT: the C API cannot read it
      constexpr std::string_view kAdvice = "<cast it to JSON or VARCHAR to see it>";
      return make(duckdb_create_varchar_length(kAdvice.data(), kAdvice.size()));
    }
  }
}

std::string node_text(const Node& node, uint64_t row) {
  if (node.is_null(row) || node.shape->id == DUCKDB_TYPE_SQLNULL) return "NULL";
  if (node.shape->id == DUCKDB_TYPE_VARCHAR) return std::string(node.text(row));
  if (node.shape->id == DUCKDB_TYPE_BIGINT) return std::to_string(node.at<int64_t>(row));
  // DuckDB throws through its C API for a value that it would never have made itself: rows that came from a worker may
  // have one.
  try {
    ValueHandle value = node_value(node, row);
    TARN_CHECK(value);
    return take_string(duckdb_get_varchar(value.get()));
  } catch (const std::exception&) {
    return "<no value of its type>";
  }
}

Cell node_cell(const Node& node, uint64_t row) {
  if (node.is_null(row)) return {};
  switch (node.shape->id) {
    case DUCKDB_TYPE_BOOLEAN:
      return node.at<bool>(row);
    case DUCKDB_TYPE_TINYINT:
      return int64_t{node.at<int8_t>(row)};
    case DUCKDB_TYPE_SMALLINT:
      return int64_t{node.at<int16_t>(row)};
    case DUCKDB_TYPE_INTEGER:
    case DUCKDB_TYPE_DATE:
      return int64_t{node.at<int32_t>(row)};
    case DUCKDB_TYPE_BIGINT:
    case DUCKDB_TYPE_TIMESTAMP:
    case DUCKDB_TYPE_TIMESTAMP_TZ:
      return node.at<int64_t>(row);
    case DUCKDB_TYPE_UTINYINT:
      return int64_t{node.at<uint8_t>(row)};
    case DUCKDB_TYPE_USMALLINT:
      return int64_t{node.at<uint16_t>(row)};
    case DUCKDB_TYPE_UINTEGER:
      return int64_t{node.at<uint32_t>(row)};
    case DUCKDB_TYPE_UBIGINT: {
      const uint64_t v = node.at<uint64_t>(row);
      if (v > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) return std::to_string(v);
      return static_cast<int64_t>(v);
    }
    case DUCKDB_TYPE_TIMESTAMP_S: {
      int64_t us = 0;
      if (__builtin_mul_overflow(node.at<int64_t>(row), int64_t{1'000'000}, &us)) return node_text(node, row);
      return us;
    }
    case DUCKDB_TYPE_TIMESTAMP_MS: {
      int64_t us = 0;
      if (__builtin_mul_overflow(node.at<int64_t>(row), int64_t{1'000}, &us)) return node_text(node, row);
      return us;
    }
    case DUCKDB_TYPE_TIMESTAMP_NS: {
      const int64_t ns = node.at<int64_t>(row);
      return ns / 1000 - (ns % 1000 < 0);  // towards the past
    }
    case DUCKDB_TYPE_FLOAT:
      return static_cast<double>(node.at<float>(row));
    case DUCKDB_TYPE_DOUBLE:
      return node.at<double>(row);
    case DUCKDB_TYPE_VARCHAR:
    case DUCKDB_TYPE_BLOB:
      return std::string(node.text(row));
    case DUCKDB_TYPE_LIST:
    case DUCKDB_TYPE_ARRAY: {
      const bool fixed = node.shape->id == DUCKDB_TYPE_ARRAY;
      const uint64_t start = fixed ? row * node.shape->array_size : node.at<duckdb_list_entry>(row).offset;
      const uint64_t count = fixed ? node.shape->array_size : node.at<duckdb_list_entry>(row).length;
      CellList list;
      for (uint64_t i = 0; i < count; ++i) list.push_back(node_cell(node.children[0], start + i));
      return list;
    }
    case DUCKDB_TYPE_SQLNULL:
      return {};
    default:
      return node_text(node, row);
  }
}

void node_visit(const Node& node, uint64_t row, Visitor& visitor) {
  const Shape& shape = *node.shape;
  if (node.is_null(row) || shape.id == DUCKDB_TYPE_SQLNULL) return visitor.null();
  switch (shape.id) {
    case DUCKDB_TYPE_BOOLEAN:
      return visitor.boolean(node.at<bool>(row));
    case DUCKDB_TYPE_TINYINT:
      return visitor.integer(node.at<int8_t>(row));
    case DUCKDB_TYPE_SMALLINT:
      return visitor.integer(node.at<int16_t>(row));
    case DUCKDB_TYPE_INTEGER:
      return visitor.integer(node.at<int32_t>(row));
    case DUCKDB_TYPE_BIGINT:
      return visitor.integer(node.at<int64_t>(row));
    case DUCKDB_TYPE_UTINYINT:
      return visitor.integer(node.at<uint8_t>(row));
    case DUCKDB_TYPE_USMALLINT:
      return visitor.integer(node.at<uint16_t>(row));
    case DUCKDB_TYPE_UINTEGER:
      return visitor.integer(node.at<uint32_t>(row));
    case DUCKDB_TYPE_UBIGINT: {
      const uint64_t v = node.at<uint64_t>(row);
      if (v > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) return visitor.digits(std::to_string(v));
      return visitor.integer(static_cast<int64_t>(v));
    }
    case DUCKDB_TYPE_HUGEINT:
    case DUCKDB_TYPE_UHUGEINT:
    case DUCKDB_TYPE_DECIMAL:
    case DUCKDB_TYPE_BIGNUM:
      return visitor.digits(node_text(node, row));
    case DUCKDB_TYPE_FLOAT:
      return visitor.number(node.at<float>(row));
    case DUCKDB_TYPE_DOUBLE:
      return visitor.number(node.at<double>(row));
    case DUCKDB_TYPE_VARCHAR:
      return shape.json ? visitor.json(node.text(row)) : visitor.text(node.text(row));
    case DUCKDB_TYPE_ENUM:
      return visitor.text(shape.names[enum_index(node, row)]);
    case DUCKDB_TYPE_LIST:
    case DUCKDB_TYPE_ARRAY: {
      const bool fixed = shape.id == DUCKDB_TYPE_ARRAY;
      const uint64_t start = fixed ? row * shape.array_size : node.at<duckdb_list_entry>(row).offset;
      const uint64_t count = fixed ? shape.array_size : node.at<duckdb_list_entry>(row).length;
      visitor.begin_list();
      for (uint64_t i = 0; i < count; ++i) node_visit(node.children[0], start + i, visitor);
      return visitor.end_list();
    }
    case DUCKDB_TYPE_STRUCT:
      visitor.begin_struct();
      for (size_t i = 0; i < node.children.size(); ++i) {
        visitor.field(shape.names[i]);
        node_visit(node.children[i], row, visitor);
      }
      return visitor.end_struct();
    case DUCKDB_TYPE_MAP: {
      const auto entry = node.at<duckdb_list_entry>(row);
      visitor.begin_struct();
      for (uint64_t i = entry.offset; i < entry.offset + entry.length; ++i) {
        visitor.field(node_text(node.children[0], i));
        node_visit(node.children[1], i, visitor);
      }
      return visitor.end_struct();
    }
    case DUCKDB_TYPE_UNION:
      return node_visit(node.children[node.children.back().at<uint8_t>(row)], row, visitor);
    default:
      return visitor.text(node_text(node, row));
  }
}

}  // namespace tarn::duck
