// The columns of a select, told while the statement that reads it is bound.
// Shape:   `SELECT * FROM (select) AS row WHERE CASE WHEN true THEN true ELSE mark(row) END`: a row as a value is a
//          struct, whose type the function's binding sees; the call itself is folded away before anything runs. Both
//          names are drawn anew in each process, so that no column and no macro stands in their place.
#include "base/random.h"
#include "duck/session.h"

namespace tarn::duck {
namespace {

using base::Code;
using base::Status;

struct Names {
  std::string mark = drawn("tarn_columns_"), row = drawn("tarn_row_");
  static std::string drawn(const char* stem) {
    std::string name = stem + base::Random::from_system().uuid();
    std::erase(name, '-');
    return name;
  }
};
const Names& names() {
  static const Names drawn;
  return drawn;
}

// Binding is done on the thread that runs the statement.
thread_local ColumnWatch* watching = nullptr;

using ExpressionHandle = Handle<duckdb_expression, duckdb_destroy_expression>;

Status tell(duckdb_bind_info info) {
  if (watching == nullptr) return {Code::invalid_argument, "a mark of columns where nobody looks"};
  const ExpressionHandle row(duckdb_scalar_function_bind_get_argument(info, 0));
  const TypeHandle type(duckdb_expression_return_type(row.get()));
  if (duckdb_get_type_id(type.get()) != DUCKDB_TYPE_STRUCT) return {};
  std::vector<Column> columns;
  for (uint64_t i = 0; i < duckdb_struct_type_child_count(type.get()); ++i) {
    const TypeHandle child(duckdb_struct_type_child_type(type.get(), i));
    columns.push_back({take_string(duckdb_struct_type_child_name(type.get(), i)), type_name(child.get())});
  }
  return watching->tell(columns);
}

void bind(duckdb_bind_info info) {
  auto& failures = *static_cast<Failures*>(duckdb_scalar_function_bind_get_extra_info(info));
  guarded(
      failures, "columns", [&] { return tell(info); },
      [&](const char* why) { duckdb_scalar_function_bind_set_error(info, why); });
}

void run(duckdb_function_info info, duckdb_data_chunk, duckdb_vector) {
  duckdb_scalar_function_set_error(info, "INTERNAL Error: the mark of columns is never run");
}

}  // namespace

ColumnWatch::ColumnWatch(const See& see) : see_(see) {
  if (see_) watching = this;
}
ColumnWatch::~ColumnWatch() { watching = nullptr; }

Status ColumnWatch::tell(const std::vector<Column>& columns) {
  told_ = true;
  if (see_(columns)) return {};
  return {Code::cancelled, "the caller has seen the columns and does not want these rows"};
}

std::string seen_columns(const std::string& select) {
  return "SELECT * FROM (\n" + select + "\n) AS " + names().row + " WHERE CASE WHEN true THEN true ELSE " +
         names().mark + "(" + names().row + ") END";
}

Status register_column_mark(const OpenConnection& open) {
  const ScalarHandle handle(duckdb_create_scalar_function());
  duckdb_scalar_function_set_name(handle.get(), names().mark.c_str());
  const TypeHandle any(duckdb_create_logical_type(DUCKDB_TYPE_ANY));
  duckdb_scalar_function_add_parameter(handle.get(), any.get());
  const TypeHandle result(duckdb_create_logical_type(DUCKDB_TYPE_BOOLEAN));
  duckdb_scalar_function_set_return_type(handle.get(), result.get());
  // Lives as long as the database, which owns both.
  duckdb_scalar_function_set_extra_info(handle.get(), open.database->failures.get(), nullptr);
  duckdb_scalar_function_set_bind(handle.get(), bind);
  duckdb_scalar_function_set_function(handle.get(), run);
  if (duckdb_register_scalar_function(open.handle, handle.get()) != DuckDBSuccess) {
    return {Code::internal, "DuckDB takes no function " + names().mark};
  }
  return {};
}

}  // namespace tarn::duck
