// A chunk of a result over DuckDB's vectors. Internal.
// Shape:   one Node per column and nested child: the type is read once a result, the pointers once a chunk.
#pragma once

#include <memory>
#include <vector>

#include "duck/handles.h"

namespace tarn::duck {

// What a type needs to read its vectors; children for LIST, ARRAY, MAP (key, value), STRUCT and UNION (members).
struct Shape {
  duckdb_type id = DUCKDB_TYPE_INVALID;
  duckdb_type storage = DUCKDB_TYPE_INVALID;  // of DECIMAL and ENUM
  uint8_t width = 0, scale = 0;               // DECIMAL
  bool json = false;
  uint64_t array_size = 0;
  TypeHandle type;
  std::vector<std::string> names;  // of STRUCT and UNION members, of an ENUM's values
  std::vector<Shape> children;
};
Shape read_shape(duckdb_logical_type type);

struct Node {
  const Shape* shape = nullptr;
  const void* data = nullptr;
  const uint64_t* validity = nullptr;
  std::vector<Node> children;
  bool is_null(uint64_t row) const { return validity && !(validity[row / 64] >> (row % 64) & 1); }
  template <typename T>
  const T& at(uint64_t row) const {
    return static_cast<const T*>(data)[row];
  }
  std::string_view text(uint64_t row) const;  // VARCHAR, BLOB, BIT, BIGNUM storage
};
Node read_node(duckdb_vector vector, const Shape& shape);

// The same value as DuckDB's own, of which it gives the text.
ValueHandle node_value(const Node& node, uint64_t row);
std::string node_text(const Node& node, uint64_t row);
Cell node_cell(const Node& node, uint64_t row);
void node_visit(const Node& node, uint64_t row, Visitor& visitor);

class VectorChunk final : public Chunk {
 public:
  void set(duckdb_data_chunk chunk, const std::vector<Shape>& shapes);
  void set(std::vector<Node> columns, size_t rows) {
    columns_ = std::move(columns);
    rows_ = rows;
  }
  const std::vector<Node>& nodes() const { return columns_; }
  size_t rows() const override { return rows_; }
  bool is_null(size_t column, size_t row) const override { return node(column).is_null(row); }
  std::string_view text(size_t column, size_t row) const override;
  int64_t integer(size_t column, size_t row) const override;
  double number(size_t column, size_t row) const override;
  Cell cell(size_t column, size_t row) const override { return node_cell(node(column), row); }
  std::string sql_text(size_t column, size_t row) const override { return node_text(node(column), row); }
  void visit(size_t column, size_t row, Visitor& visitor) const override { node_visit(node(column), row, visitor); }

 private:
  const Node& node(size_t column) const;
  std::vector<Node> columns_;
  size_t rows_ = 0;
};

}  // namespace tarn::duck
