// A table of the rows of a select and their columns: its data first, and last version 0, by which it is there.
#include <fmt/format.h>

#include "delta/schema.h"
#include "duck/cancel_watch.h"
#include "lake/data_file.h"
#include "lake/dropped.h"
#include "lake/uncommitted.h"
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

Status stage_rows(store::Store& store, const std::string& directory, duck::Connection& connection, const NewRows& rows,
                  const base::Context& context, Staged* staged) {
  TARN_TRY(context.check());
  const duck::CancelWatch watch(connection, context);
  Status refused;
  std::vector<duck::Column> columns;
  bool fit = false;
  duck::ParquetOptions options;
  options.refuse_wide_integers = false;  // by fields_of, by name
  options.in_order = rows.order == Order::kept;
  options.see_columns = [&](const std::vector<duck::Column>& given) {
    columns = given;
    auto fields = delta::fields_of(columns);
    refused = fields.status();
    if (fields.ok()) staged->schema = std::move(*fields);
    fit = refused.ok() && are_of_schema(columns, staged->schema);
    return fit;
  };
  TARN_ASSIGN(staged->path, store.stage(directory));
  auto written = write_behind(connection, duck::seen_columns(rows.select), staged->path, options);
  TARN_TRY(std::move(refused));
  if (!fit && !columns.empty()) {
    TARN_ASSIGN(const std::string fitted, fit_to_schema(connection, staged->schema, columns, rows.select));
    options.see_columns = {};
    written = write_behind(connection, fitted, staged->path, options);
  }
  TARN_ASSIGN(staged->written, std::move(written));
  return {};
}

// Version 0 with its rows. `taken` keeps their file unless the commit has it.
Status commit(DeltaTable& table, const Staged& staged, Uncommitted* taken, const base::Context& context, bool* tried) {
  CreateOptions options;
  options.schema = staged.schema;
  delta::State made;
  TARN_ASSIGN(delta::CommitDraft draft, first_commit(table, options, &made));
  if (staged.written.row_count > 0) {
    TARN_ASSIGN(delta::DataFile file, take_staged(table, made, staged.path, staged.written));
    taken->add(file);
    if (table.observer() != nullptr) TARN_TRY(table.observer()->file_written(table, &made, file, context));
    draft.metrics = {{"numFiles", 1}, {"numOutputRows", staged.written.row_count}, {"numOutputBytes", file.size_bytes}};
    draft.adds.push_back({std::move(file), true});
  }
  draft.operation = "CREATE TABLE AS SELECT";
  TARN_TRY(context.check());
  *tried = true;
  const Status committed = as_status(table.try_commit(nullptr, draft, context));
  taken->settle(committed);
  return committed;
}

}  // namespace

Result<int64_t> create_table_as(const Environment& environment, const std::string& path, duck::Connection& connection,
                                const NewRows& rows, const base::Context& context) {
  store::Store& store = *environment.store;
  TARN_TRY(check_no_table(store, path));
  DeltaTable table(environment, path);
  const std::string mark = creating_mark(path, table.uuid());
  Staged staged;
  bool tried = false;
  const Status made = [&]() -> Status {
    TARN_TRY(store.put_if_absent(mark, ""));
    Uncommitted taken(table);
    TARN_TRY(stage_rows(store, path, connection, rows, context, &staged));
    return commit(table, staged, &taken, context, &tried);
  }();
  if (!staged.path.empty() && (!made.ok() || staged.written.row_count == 0)) store.discard(staged.path);
  // Where it is not known whether the commit was made, its data stays, and the mark by which a sweep finds it.
  const bool known = !tried || made.ok() || made.code() == Code::already_exists;
  if (known) static_cast<void>(store.remove(mark));
  if (made.ok()) return staged.written.row_count;
  remove_empty(store, path);
  if (made.code() == Code::already_exists) {
    return Status(Code::already_exists, fmt::format("there is a table at '{}' already", path));
  }
  return context.reason(made);
}

}  // namespace tarn::lake
