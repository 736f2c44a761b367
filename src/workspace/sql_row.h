// A described struct as a row of SQL: its fields are the columns.
#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "duck/connection.h"
#include "operation/field.h"

namespace tarn::workspace {

inline duck::Cell to_cell(int64_t value) { return value; }
inline duck::Cell to_cell(double value) { return value; }
inline duck::Cell to_cell(const std::string& value) { return value; }
template <typename T>
duck::Cell to_cell(const std::optional<T>& value) {
  return value ? to_cell(*value) : duck::Cell();
}
template <typename T>
duck::Cell to_cell(const std::vector<T>& values) {
  duck::CellList list;
  for (const T& value : values) list.push_back(to_cell(value));
  return duck::Cell(std::move(list));
}

template <operation::Described Row>
std::vector<duck::Cell> cells_of(const Row& row) {
  return std::apply([&](const auto&... field) { return std::vector<duck::Cell>{to_cell(row.*field.member)...}; },
                    operation::fields_of<Row>());
}

// The type of a column or parameter. A list of a request may be written a,b,c, as on the command line.
std::string sql_type(const operation::FieldShape& field);

}  // namespace tarn::workspace
