// A table of the rows of a select and their columns: made beside its place (dropped.h) and renamed when it is whole.
#include <fmt/format.h>

#include "delta/log.h"
#include "delta/schema.h"
#include "duck/cancel_watch.h"
#include "duck/statements.h"
#include "lake/change.h"
#include "lake/dropped.h"
#include "store/write_behind.h"

namespace tarn::lake {
namespace {

using base::Code;
using base::Result;
using base::Status;

// The rows in a staged file, before there is a table: the binding that reads them tells its columns.
struct Staged {
  std::vector<delta::Field> schema;
  std::string path;
  duck::ParquetFile written;  // without rows there is no file either
};

Result<duck::ParquetFile> write_behind(duck::Connection& connection, const std::string& select, const std::string& path,
                                       const duck::ParquetOptions& options) {
  const store::WriteBehind behind(path);
  return connection.write_parquet(select, path, options);
}

Status stage_rows(store::Store& store, const std::string& directory, duck::Connection& connection,
                  const std::string& select, const base::Context& context, Staged* staged) {
  TARN_TRY(context.check());
  const duck::CancelWatch watch(connection, context);
  Status refused;
  std::vector<duck::Column> columns;
  bool fit = false;
  duck::ParquetOptions options;
  options.refuse_wide_integers = false;  // by fields_of, by name
  options.in_order = duck::has_word(select, "ORDER");
  options.see_columns = [&](const std::vector<duck::Column>& given) {
    columns = given;
    auto fields = delta::fields_of(columns);
    refused = fields.status();
    if (fields.ok()) staged->schema = std::move(*fields);
    fit = refused.ok() && are_of_schema(columns, staged->schema);
    return fit ? Status() : Status(Code::conflict, "the rows are no table's as they are");
  };
  TARN_ASSIGN(staged->path, store.stage(directory));
  auto written = write_behind(connection, duck::seen_columns(select), staged->path, options);
  TARN_TRY(std::move(refused));
  if (!fit && !columns.empty()) {
    TARN_ASSIGN(const std::string fitted, fit_to_schema(connection, staged->schema, columns, select));
    options.see_columns = {};
    written = write_behind(connection, fitted, staged->path, options);
  }
  TARN_ASSIGN(staged->written, std::move(written));
  return {};
}

// Gives the number of rows.
Result<int64_t> make(const Environment& environment, const std::string& path, const Staged& staged,
                     const base::Context& context) {
  CreateOptions options;
  options.schema = staged.schema;
  TARN_TRY(create_table(environment, path, options));
  if (staged.written.row_count == 0) return int64_t{0};
  const auto table = std::make_shared<DeltaTable>(environment, path);
  TARN_ASSIGN(const auto snapshot, table->snapshot(std::nullopt, context));
  TableChange change(table, snapshot);
  TARN_TRY(change.append_staged(staged.path, staged.written, context));
  change.set_operation("CREATE TABLE AS SELECT", json::Value::object());
  TARN_TRY(change.commit(context));
  return change.rows_appended();
}

}  // namespace

Result<int64_t> create_table_as(const Environment& environment, const std::string& path, duck::Connection& connection,
                                const std::string& select, const base::Context& context) {
  store::Store& store = *environment.store;
  const Status there(Code::already_exists, fmt::format("there is a table at '{}' already", path));
  if (store::exists(store, delta::log_directory(path))) return there;
  const std::string beside = creating_path(path, environment.random->uuid());
  Staged staged;
  auto rows = [&]() -> Result<int64_t> {
    TARN_TRY(stage_rows(store, beside, connection, select, context, &staged));
    if (staged.written.row_count == 0) store.discard(staged.path);
    TARN_ASSIGN(const int64_t count, make(environment, beside, staged, context));
    TARN_TRY(context.check());
    TARN_TRY(store.rename_directory(beside, path));
    return count;
  }();
  if (rows.ok()) return rows;
  if (!staged.path.empty()) store.discard(staged.path);
  // A rename whose last sync failed has been done.
  if (store::exists(store, beside)) static_cast<void>(remove_aside(store, beside));
  return rows.status().code() == Code::already_exists ? there : context.reason(rows.status());
}

}  // namespace tarn::lake
