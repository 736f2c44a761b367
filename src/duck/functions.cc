// Table and scalar functions of ours inside DuckDB. Callbacks are called by C code: nothing may be thrown through them.
#include <algorithm>

#include "duck/chunk.h"
#include "duck/session.h"

namespace tarn::duck {
namespace {

using base::Code;
using base::Status;

template <typename T>
void destroy(void* data) {
  delete static_cast<T*>(data);
}

struct TableState {
  TableFunction function;
  std::shared_ptr<Failures> failures;
};
struct BoundArguments {
  std::vector<Cell> cells;
};
struct Scan {
  std::vector<std::vector<Cell>> rows;
  std::vector<uint64_t> columns;  // projected: output position → column
  size_t next = 0;
};

void table_bind(duckdb_bind_info info) {
  auto& state = *static_cast<TableState*>(duckdb_bind_get_extra_info(info));
  guarded(
      *state.failures, state.function.name,
      [&]() -> Status {
        auto arguments = std::make_unique<BoundArguments>();
        for (uint64_t i = 0; i < duckdb_bind_get_parameter_count(info); ++i) {
          arguments->cells.push_back(read_value(ValueHandle(duckdb_bind_get_parameter(info, i)).get()));
        }
        for (const Column& named : state.function.named) {
          ValueHandle value(duckdb_bind_get_named_parameter(info, named.name.c_str()));
          arguments->cells.push_back(read_value(value.get()));
        }
        for (const Column& column : state.function.columns) {
          TARN_ASSIGN(TypeHandle type, parse_type(column.type));
          duckdb_bind_add_result_column(info, column.name.c_str(), type.get());
        }
        duckdb_bind_set_bind_data(info, arguments.release(), destroy<BoundArguments>);
        return base::ok();
      },
      [&](const char* why) { duckdb_bind_set_error(info, why); });
}

void table_init(duckdb_init_info info) {
  auto& state = *static_cast<TableState*>(duckdb_init_get_extra_info(info));
  guarded(
      *state.failures, state.function.name,
      [&]() -> Status {
        const auto& arguments = *static_cast<BoundArguments*>(duckdb_init_get_bind_data(info));
        auto scan = std::make_unique<Scan>();
        TARN_ASSIGN(scan->rows, state.function.run(arguments.cells));
        for (const auto& row : scan->rows) {
          if (row.size() != state.function.columns.size()) {
            return {Code::internal, "gave a row of " + std::to_string(row.size()) + " cells"};
          }
        }
        for (uint64_t i = 0; i < duckdb_init_get_column_count(info); ++i) {
          scan->columns.push_back(duckdb_init_get_column_index(info, i));
        }
        duckdb_init_set_max_threads(info, 1);
        duckdb_init_set_init_data(info, scan.release(), destroy<Scan>);
        return base::ok();
      },
      [&](const char* why) { duckdb_init_set_error(info, why); });
}

void table_scan(duckdb_function_info info, duckdb_data_chunk output) {
  auto& state = *static_cast<TableState*>(duckdb_function_get_extra_info(info));
  guarded(
      *state.failures, state.function.name,
      [&]() -> Status {
        auto& scan = *static_cast<Scan*>(duckdb_function_get_init_data(info));
        const size_t count = std::min<size_t>(duckdb_vector_size(), scan.rows.size() - scan.next);
        for (size_t c = 0; c < scan.columns.size(); ++c) {
          // A count alone asks for a column that is none of ours.
          if (scan.columns[c] >= state.function.columns.size()) continue;
          duckdb_vector vector = duckdb_data_chunk_get_vector(output, c);
          for (size_t i = 0; i < count; ++i) {
            Status written = write_cell(vector, i, scan.rows[scan.next + i][scan.columns[c]]);
            if (!written.ok()) return written.with_context("column " + state.function.columns[scan.columns[c]].name);
          }
        }
        scan.next += count;
        duckdb_data_chunk_set_size(output, count);
        return base::ok();
      },
      [&](const char* why) { duckdb_function_set_error(info, why); });
}

struct ScalarState {
  ScalarFunction function;
  std::shared_ptr<Failures> failures;
};

void scalar_run(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  auto& state = *static_cast<ScalarState*>(duckdb_scalar_function_get_extra_info(info));
  guarded(
      *state.failures, state.function.name,
      [&]() -> Status {
        std::vector<Shape> shapes;
        for (uint64_t c = 0; c < duckdb_data_chunk_get_column_count(input); ++c) {
          TypeHandle type(duckdb_vector_get_column_type(duckdb_data_chunk_get_vector(input, c)));
          shapes.push_back(read_shape(type.get()));
        }
        VectorChunk chunk;
        chunk.set(input, shapes);
        std::vector<Cell> arguments(shapes.size());
        for (size_t row = 0; row < chunk.rows(); ++row) {
          bool null = false;
          for (size_t c = 0; c < shapes.size(); ++c) {
            arguments[c] = chunk.cell(c, row);
            null = null || arguments[c].is_null();
          }
          Cell result;
          if (!null) {
            TARN_ASSIGN(result, state.function.run(arguments));
          }
          TARN_TRY(write_cell(output, row, result));
        }
        return base::ok();
      },
      [&](const char* why) { duckdb_scalar_function_set_error(info, why); });
}

using TableHandle = Handle<duckdb_table_function, duckdb_destroy_table_function>;

}  // namespace

Status register_function(const OpenConnection& open, TableFunction function) {
  TableHandle handle(duckdb_create_table_function());
  duckdb_table_function_set_name(handle.get(), function.name.c_str());
  for (const Column& parameter : function.positional) {
    TARN_ASSIGN(TypeHandle type, parse_type(parameter.type));
    duckdb_table_function_add_parameter(handle.get(), type.get());
  }
  for (const Column& parameter : function.named) {
    TARN_ASSIGN(TypeHandle type, parse_type(parameter.type));
    duckdb_table_function_add_named_parameter(handle.get(), parameter.name.c_str(), type.get());
  }
  for (const Column& column : function.columns) TARN_TRY(parse_type(column.type));
  const std::string name = function.name;
  auto state = std::make_unique<TableState>(TableState{std::move(function), open.database->failures});
  duckdb_table_function_set_extra_info(handle.get(), state.release(), destroy<TableState>);
  duckdb_table_function_set_bind(handle.get(), table_bind);
  duckdb_table_function_set_init(handle.get(), table_init);
  duckdb_table_function_set_function(handle.get(), table_scan);
  duckdb_table_function_supports_projection_pushdown(handle.get(), true);
  if (duckdb_register_table_function(open.handle, handle.get()) != DuckDBSuccess) {
    return {Code::already_exists, "DuckDB takes no table function " + name};
  }
  return base::ok();
}

Status register_function(const OpenConnection& open, ScalarFunction function) {
  ScalarHandle handle(duckdb_create_scalar_function());
  duckdb_scalar_function_set_name(handle.get(), function.name.c_str());
  for (const std::string& parameter : function.parameters) {
    TARN_ASSIGN(TypeHandle type, parse_type(parameter));
    duckdb_scalar_function_add_parameter(handle.get(), type.get());
  }
  TARN_ASSIGN(TypeHandle result, parse_type(function.result));
  duckdb_scalar_function_set_return_type(handle.get(), result.get());
  const std::string name = function.name;
  auto state = std::make_unique<ScalarState>(ScalarState{std::move(function), open.database->failures});
  duckdb_scalar_function_set_extra_info(handle.get(), state.release(), destroy<ScalarState>);
  duckdb_scalar_function_set_function(handle.get(), scalar_run);
  if (duckdb_register_scalar_function(open.handle, handle.get()) != DuckDBSuccess) {
    return {Code::already_exists, "DuckDB takes no function " + name};
  }
  return base::ok();
}

}  // namespace tarn::duck
