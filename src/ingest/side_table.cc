#include "ingest/side_table.h"

#include <fmt/format.h>

#include <map>

#include "lake/table_name.h"
#include "lake/text_table.h"

namespace tarn::ingest {
namespace {

constexpr int kAttempts = 10;

std::string columns_of(const std::vector<delta::Field>& schema) {
  std::string columns;
  for (const delta::Field& f : schema) columns += (columns.empty() ? "" : ", ") + duck::quote_name(f.name);
  return columns;
}

// By file, as DuckDB numbers rows: in their order.
base::Result<std::map<std::string, delta::RowList>> positions(duck::Connection& connection, const std::string& select) {
  TARN_ASSIGN(const auto rows, connection.query(select + " ORDER BY tarn_file, tarn_row"));
  std::map<std::string, delta::RowList> found;
  for (;;) {
    TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
    if (!chunk) return found;
    for (size_t i = 0; i < chunk->rows(); ++i) {
      found[std::string(chunk->text(0, i))].push_back(chunk->integer(1, i));
    }
  }
}

base::Result<int64_t> count(duck::Connection& connection, const std::string& select) {
  TARN_ASSIGN(const auto rows, connection.query("SELECT count(*) FROM (" + select + ")"));
  TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
  TARN_CHECK(chunk != nullptr);
  return chunk->integer(0, 0);
}

base::Status make_once(const lake::Environment& environment, duck::Connection& connection, const SideTable& side,
                       const std::string& scope, const std::string& rows, Making what, const base::Context& context) {
  TARN_ASSIGN(const auto table, open_side_table(environment, side, what == Making::equal, context));
  if (!table) return {};
  TARN_ASSIGN(const auto snapshot, table->snapshot({}, context));
  TARN_TRY(lake::check_schema(snapshot->schema, side.schema, side.name));
  TARN_ASSIGN(const lake::Select live, table->select(*snapshot, {}, true));
  const std::string columns = columns_of(side.schema);
  const std::string stored = fmt::format("(SELECT * FROM ({}) WHERE {})", live.sql, scope);
  std::string same;
  for (const delta::Field& f : side.schema) {
    const std::string name = duck::quote_name(f.name);
    same += fmt::format("{}s.{} IS NOT DISTINCT FROM n.{}", same.empty() ? "" : " AND ", name, name);
  }
  TARN_ASSIGN(const auto gone,
              positions(connection, fmt::format("SELECT tarn_file, tarn_row FROM {} AS s ANTI JOIN ({}) AS n ON {}",
                                                stored, rows, same)));
  auto change = table->change(snapshot);
  for (const auto& [file, list] : gone) TARN_TRY(change->delete_rows(file, list));
  if (what == Making::equal) {
    const std::string news =
        fmt::format("SELECT DISTINCT {} FROM ({}) AS n ANTI JOIN {} AS s ON {}", columns, rows, stored, same);
    TARN_ASSIGN(const int64_t how_many, count(connection, news));
    if (how_many > 0) TARN_TRY(change->append(connection, news, context));
  }
  if (change->empty()) return {};
  change->set_operation(gone.empty() ? "WRITE" : "MERGE", json::Value::object());
  return base::as_status(change->commit(context));
}

}  // namespace

base::Result<std::shared_ptr<lake::Table>> open_side_table(const lake::Environment& environment, const SideTable& side,
                                                           bool create, const base::Context& context) {
  const std::string path = lake::path_of_table(std::string(side.name));
  auto table = lake::open_table(environment, path, {}, context);
  if (table.status().code() != base::Code::not_found) return table;
  if (!create) return std::shared_ptr<lake::Table>();
  lake::CreateOptions options;
  options.schema = side.schema;
  table = lake::create_table(environment, path, options);
  if (table.status().code() == base::Code::already_exists) return lake::open_table(environment, path, {}, context);
  return table;
}

base::Status write_side_table(const SideTable& side, const std::function<base::Status()>& once) {
  base::Status status;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    status = once();
    if (status.code() != base::Code::conflict) return status;
  }
  return status.with_context(std::string(side.name));
}

base::Status make_rows(const lake::Environment& environment, duck::Connection& connection, const SideTable& side,
                       const std::string& scope, const std::string& rows, Making what, const base::Context& context) {
  return write_side_table(side, [&] { return make_once(environment, connection, side, scope, rows, what, context); });
}

}  // namespace tarn::ingest
