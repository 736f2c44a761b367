#include "duck/chunk.h"

#include <limits>

namespace tarn::duck {

Shape read_shape(duckdb_logical_type type) {
  Shape shape;
  shape.id = duckdb_get_type_id(type);
  shape.json = take_string(duckdb_logical_type_get_alias(type)) == "JSON";
  const auto add = [&](duckdb_logical_type child) { shape.children.push_back(read_shape(TypeHandle(child).get())); };
  // Values are made from the type, so it is kept; there is no call that copies one, but a list of it holds one.
  TypeHandle list(duckdb_create_list_type(type));
  shape.type = TypeHandle(duckdb_list_type_child_type(list.get()));
  switch (shape.id) {
    case DUCKDB_TYPE_DECIMAL:
      shape.width = duckdb_decimal_width(type);
      shape.scale = duckdb_decimal_scale(type);
      shape.storage = duckdb_decimal_internal_type(type);
      break;
    case DUCKDB_TYPE_ENUM:
      shape.storage = duckdb_enum_internal_type(type);
      for (uint32_t i = 0; i < duckdb_enum_dictionary_size(type); ++i) {
        shape.names.push_back(take_string(duckdb_enum_dictionary_value(type, i)));
      }
      break;
    case DUCKDB_TYPE_LIST:
      add(duckdb_list_type_child_type(type));
      break;
    case DUCKDB_TYPE_ARRAY:
      shape.array_size = duckdb_array_type_array_size(type);
      add(duckdb_array_type_child_type(type));
      break;
    case DUCKDB_TYPE_MAP:
      add(duckdb_map_type_key_type(type));
      add(duckdb_map_type_value_type(type));
      break;
    case DUCKDB_TYPE_STRUCT:
      for (uint64_t i = 0; i < duckdb_struct_type_child_count(type); ++i) {
        shape.names.push_back(take_string(duckdb_struct_type_child_name(type, i)));
        add(duckdb_struct_type_child_type(type, i));
      }
      break;
    case DUCKDB_TYPE_UNION:
      for (uint64_t i = 0; i < duckdb_union_type_member_count(type); ++i) {
        shape.names.push_back(take_string(duckdb_union_type_member_name(type, i)));
        add(duckdb_union_type_member_type(type, i));
      }
      break;
    default:
      break;
  }
  return shape;
}

Node read_node(duckdb_vector vector, const Shape& shape) {
  static const Shape kTag = [] {
    Shape tag;
    tag.id = DUCKDB_TYPE_UTINYINT;
    return tag;
  }();
  Node node{&shape, duckdb_vector_get_data(vector), duckdb_vector_get_validity(vector), {}};
  switch (shape.id) {
    case DUCKDB_TYPE_LIST:
      node.children.push_back(read_node(duckdb_list_vector_get_child(vector), shape.children[0]));
      break;
    case DUCKDB_TYPE_ARRAY:
      node.children.push_back(read_node(duckdb_array_vector_get_child(vector), shape.children[0]));
      break;
    case DUCKDB_TYPE_MAP: {  // a list of structs (key, value)
      duckdb_vector entries = duckdb_list_vector_get_child(vector);
      for (uint64_t i = 0; i < 2; ++i) {
        node.children.push_back(read_node(duckdb_struct_vector_get_child(entries, i), shape.children[i]));
      }
      break;
    }
    case DUCKDB_TYPE_STRUCT:
      for (uint64_t i = 0; i < shape.children.size(); ++i) {
        node.children.push_back(read_node(duckdb_struct_vector_get_child(vector, i), shape.children[i]));
      }
      break;
    case DUCKDB_TYPE_UNION:  // a struct whose first child is the tag: kept as the last node here
      for (uint64_t i = 0; i < shape.children.size(); ++i) {
        node.children.push_back(read_node(duckdb_struct_vector_get_child(vector, i + 1), shape.children[i]));
      }
      node.children.push_back(read_node(duckdb_struct_vector_get_child(vector, 0), kTag));
      break;
    default:
      break;
  }
  return node;
}

std::string_view Node::text(uint64_t row) const {
  auto* s = const_cast<duckdb_string_t*>(&at<duckdb_string_t>(row));  // the C API takes no const
  return {duckdb_string_t_data(s), duckdb_string_t_length(*s)};
}

void VectorChunk::set(duckdb_data_chunk chunk, const std::vector<Shape>& shapes) {
  rows_ = duckdb_data_chunk_get_size(chunk);
  columns_.clear();
  for (size_t i = 0; i < shapes.size(); ++i) {
    columns_.push_back(read_node(duckdb_data_chunk_get_vector(chunk, i), shapes[i]));
  }
}

const Node& VectorChunk::node(size_t column) const {
  TARN_CHECK(column < columns_.size());
  return columns_[column];
}

std::string_view VectorChunk::text(size_t column, size_t row) const {
  const Node& n = node(column);
  TARN_CHECK(row < rows_ && (n.shape->id == DUCKDB_TYPE_VARCHAR || n.shape->id == DUCKDB_TYPE_BLOB));
  return n.is_null(row) ? std::string_view() : n.text(row);
}

int64_t VectorChunk::integer(size_t column, size_t row) const {
  const Node& n = node(column);
  TARN_CHECK(row < rows_);
  if (n.is_null(row)) return 0;
  switch (n.shape->id) {
    case DUCKDB_TYPE_BOOLEAN:
      return n.at<bool>(row);
    case DUCKDB_TYPE_TINYINT:
      return n.at<int8_t>(row);
    case DUCKDB_TYPE_SMALLINT:
      return n.at<int16_t>(row);
    case DUCKDB_TYPE_INTEGER:
    case DUCKDB_TYPE_DATE:
      return n.at<int32_t>(row);
    case DUCKDB_TYPE_BIGINT:
    case DUCKDB_TYPE_TIMESTAMP:
    case DUCKDB_TYPE_TIMESTAMP_TZ:
      return n.at<int64_t>(row);
    case DUCKDB_TYPE_UTINYINT:
      return n.at<uint8_t>(row);
    case DUCKDB_TYPE_USMALLINT:
      return n.at<uint16_t>(row);
    case DUCKDB_TYPE_UINTEGER:
      return n.at<uint32_t>(row);
    case DUCKDB_TYPE_UBIGINT:
      return static_cast<int64_t>(n.at<uint64_t>(row));
    default:
      TARN_CHECK(false && "integer() of a column that has none");
  }
}

double VectorChunk::number(size_t column, size_t row) const {
  const Node& n = node(column);
  TARN_CHECK(row < rows_);
  if (n.is_null(row)) return 0;
  if (n.shape->id == DUCKDB_TYPE_DOUBLE) return n.at<double>(row);
  if (n.shape->id == DUCKDB_TYPE_FLOAT) return n.at<float>(row);
  if (n.shape->id == DUCKDB_TYPE_UBIGINT) return static_cast<double>(n.at<uint64_t>(row));
  return static_cast<double>(integer(column, row));
}

}  // namespace tarn::duck
