// The operations that are functions in SQL: rows of a reply as a table, a value of one as a value.
#include <fmt/format.h>

#include "workspace/sql_row.h"
#include "workspace/workspace.h"

namespace tarn::workspace {
namespace {

using base::Result;
using base::Status;
using duck::Cell;
using operation::FieldShape;
using operation::Kind;

// A flag changes how a reply looks, and is no parameter.
bool is_parameter(const FieldShape& field) { return field.shape.kind != Kind::boolean && !field.hidden; }

struct Parameters {
  std::vector<duck::Column> positional, named;
  std::vector<FieldShape> fields;  // of both, in that order
};

Parameters parameters_of(const operation::Shape& request) {
  Parameters made;
  for (const bool positional : {true, false}) {
    for (const FieldShape& field : request.fields) {
      if (!is_parameter(field) || field.positional != positional) continue;
      (positional ? made.positional : made.named).push_back({field.sql_name(), sql_type(field)});
      made.fields.push_back(field);
    }
  }
  return made;
}

json::Value list_of(const std::string& text) {
  json::Value list = json::Value::array();
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(',', begin), text.size());
    if (end > begin) list.push(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return list;
}

json::Value argument(const FieldShape& field, const Cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell.value)) {
    return field.shape.kind == Kind::list ? list_of(*text) : json::Value(*text);
  }
  if (const auto* number = std::get_if<int64_t>(&cell.value)) return *number;
  if (const auto* number = std::get_if<double>(&cell.value)) return *number;
  return {};
}

// The session's own time holds where a call names none.
template <typename Op>
Result<operation::ReplyOf<Op>> ask(Workspace& workspace, const std::vector<FieldShape>& fields,
                                   const std::vector<Cell>& arguments, const std::string& as_of,
                                   const operation::SinkOf<Op>& pieces = {}) {
  json::Value request = json::Value::object();
  for (size_t i = 0; i < fields.size(); ++i) {
    json::Value value = argument(fields[i], arguments[i]);
    if (value.is_null() && fields[i].name == "as_of") value = as_of;
    request.set(fields[i].name, std::move(value));
  }
  TARN_ASSIGN(const auto decoded, operation::decode<operation::RequestOf<Op>>(request));
  return workspace.run<Op>(decoded, {}, pieces);
}

template <typename Op>
duck::TableFunction table_function(Workspace& workspace, const std::string& as_of) {
  const operation::Operation operation = Op::declare().operation;
  Parameters parameters = parameters_of(operation.request);
  duck::TableFunction made;
  made.name = operation.name;
  made.positional = std::move(parameters.positional);
  made.named = std::move(parameters.named);
  for (const FieldShape& field : operation::shape_of<typename Op::Row>().fields) {
    made.columns.push_back({field.name, sql_type(field)});
  }
  made.run = [&workspace, as_of, fields = std::move(parameters.fields)](
                 const std::vector<Cell>& arguments) -> Result<std::vector<std::vector<Cell>>> {
    std::vector<std::vector<Cell>> rows;
    operation::SinkOf<Op> sink;  // of an operation that gives its rows one by one
    if constexpr (std::is_same_v<typename operation::Streams<Op>::Piece, typename Op::Row>) {
      sink = [&](const Result<typename Op::Row>& row) {
        if (row.ok()) rows.push_back(cells_of(*row));
        return true;
      };
    }
    TARN_ASSIGN(const auto reply, ask<Op>(workspace, fields, arguments, as_of, sink));
    for (const typename Op::Row& row : Op::rows(reply)) rows.push_back(cells_of(row));
    return rows;
  };
  return made;
}

template <typename Op>
duck::ScalarFunction scalar_function(Workspace& workspace) {
  const operation::Operation operation = Op::declare().operation;
  Parameters parameters = parameters_of(operation.request);
  duck::ScalarFunction made;
  made.name = operation.name;
  for (const duck::Column& parameter : parameters.positional) made.parameters.push_back(parameter.type);
  made.result = Op::kSqlType;
  made.run = [&workspace, fields = std::move(parameters.fields)](const std::vector<Cell>& arguments) -> Result<Cell> {
    TARN_ASSIGN(const auto reply, ask<Op>(workspace, fields, arguments, ""));
    return to_cell(Op::value(reply));
  };
  return made;
}

}  // namespace

std::string sql_type(const FieldShape& field) {
  const bool list = field.shape.kind == Kind::list && !field.commas;
  switch (list ? field.shape.item->kind : field.shape.kind) {
    case Kind::integer:
      return list ? "BIGINT[]" : "BIGINT";
    case Kind::number:
      return list ? "DOUBLE[]" : "DOUBLE";
    default:
      return list ? "VARCHAR[]" : "VARCHAR";
  }
}

SqlFunctions Workspace::sql_functions(const std::string& as_of) {
  SqlFunctions functions;
  Operations::any([&]<typename Op>() {
    if constexpr (requires { typename Op::Row; }) functions.tables.push_back(table_function<Op>(*this, as_of));
    if constexpr (requires { Op::kSqlType; }) functions.scalars.push_back(scalar_function<Op>(*this));
    return false;
  });
  return functions;
}

}  // namespace tarn::workspace
