#include "lake/data_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/hash.h"
#include "delta/constraint.h"
#include "delta/physical.h"
#include "delta/protocol.h"
#include "delta/schema.h"
#include "delta/statistics.h"
#include "duck/cancel_watch.h"
#include "store/hash_file.h"
#include "store/write_behind.h"

namespace tarn::lake {
namespace {

using base::Code;
using base::Result;
using base::Status;

bool is_integer(const std::string& type) {
  constexpr std::array<std::string_view, 10> kIntegers{"TINYINT",  "SMALLINT",  "INTEGER",  "BIGINT",  "HUGEINT",
                                                       "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"};
  return std::find(kIntegers.begin(), kIntegers.end(), type) != kIntegers.end();
}

struct Pair {
  const delta::Field* field;
  std::string given;  // the column's name in the select
  std::string type;   // the one that it shall have
};

// DuckDB's own rule for what needs no cast, and between integers also the casts that fail when a value does not fit.
// Asked of the columns themselves: a bare NULL has a type that no type name tells.
Status check_types(duck::Connection& connection, const std::string& select, const std::vector<Pair>& pairs) {
  if (pairs.empty()) return {};
  std::string list;
  for (const Pair& pair : pairs) {
    const std::string column = "s." + duck::quote_name(pair.given);
    list += fmt::format("{}typeof({}), can_cast_implicitly({}, NULL::{})::INTEGER", list.empty() ? "" : ", ", column,
                        column, pair.type);
  }
  TARN_ASSIGN(const auto rows, connection.query("SELECT " + list + " FROM (SELECT 1) LEFT JOIN (SELECT * FROM (\n" +
                                                select + "\n) LIMIT 0) AS s ON true"));
  TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
  if (chunk == nullptr || chunk->rows() != 1) return {Code::internal, "a question about types gives no answer"};
  for (size_t i = 0; i < pairs.size(); ++i) {
    const std::string from(chunk->text(2 * i, 0));
    if (chunk->integer(2 * i + 1, 0) == 1 || (is_integer(from) && is_integer(pairs[i].type))) continue;
    return {Code::invalid_argument,
            fmt::format("column '{}' is {}, and the rows have {}", pairs[i].field->name, pairs[i].type, from),
            fmt::format("cast it: CAST({} AS {})", duck::quote_name(pairs[i].given), pairs[i].type)};
  }
  return {};
}

// A column that the rows do not have, and that an engine which knows how would fill.
Status check_computed(const delta::Field& field) {
  for (const char* key : {"delta.generationExpression", "CURRENT_DEFAULT"}) {
    if (!field.metadata.contains(key)) continue;
    return {Code::unsupported,
            fmt::format("column '{}' is computed where rows lack it ({}), which Tarn does not do", field.name, key),
            "give the column its values"};
  }
  return {};
}

// A staged file becomes a data file.
Result<delta::DataFile> finish(const DeltaTable& table, const delta::Snapshot& snapshot, const WriteOptions& options,
                               const std::string& staged, const duck::ParquetFile& written,
                               const delta::PartitionValues& partition = {}) {
  store::Store& store = table.store();
  delta::DataFile file;
  file.path =
      options.directory + delta::partition_directory(snapshot, partition) + options.prefix + table.uuid() + ".parquet";
  file.partition_values = partition;
  const std::string path = table.path() + "/" + file.path;
  TARN_TRY(store.publish(staged, path));
  file.size_bytes = static_cast<int64_t>(written.size_bytes);
  file.modified_ms = table.now_ms();
  file.stats = delta::make_statistics(snapshot, written);
  const Status looked = [&]() -> Status {
    TARN_ASSIGN(file.tags[std::string(delta::kHashTag)], store::hash_file(store, path));
    TARN_ASSIGN(const auto entry, store.stat(path));
    if (entry.size_bytes == written.size_bytes) return {};
    return {Code::io,
            fmt::format("{} has {} bytes, where {} were written", path, entry.size_bytes, written.size_bytes)};
  }();
  if (looked.ok()) return file;
  static_cast<void>(store.remove(path));
  return looked;
}

struct Writer {
  const DeltaTable& table;
  duck::Connection& connection;
  const delta::Snapshot& snapshot;
  const WriteOptions& options;
  const base::Context& context;

  std::string column(const delta::Field& field) const {
    return fmt::format("{} AS {}", delta::to_physical(snapshot, "r." + duck::quote_name(field.name), field.type),
                       duck::quote_name(delta::physical_name(snapshot, field)));
  }

  std::vector<const delta::Field*> stored() const {
    auto fields = delta::stored_fields(snapshot);
    for (const delta::Field& field : options.extra) fields.push_back(&field);
    return fields;
  }

  // A staged file of the rows as they lie in files; nothing when there are none.
  Result<std::optional<duck::ParquetFile>> stage(const std::string& select,
                                                 const std::vector<const delta::Field*>& fields,
                                                 const std::string& staged, duck::ParquetOptions how = {}) const {
    how.field_ids = delta::field_ids(snapshot, fields);
    how.refuse_wide_integers = false;  // every column is cast to a type of Delta, which has none
    TARN_ASSIGN(auto written, connection.write_parquet(select, staged, how));
    if (written.row_count == 0) return std::optional<duck::ParquetFile>();
    return std::optional(std::move(written));
  }

  // How the caller's own select is written.
  duck::ParquetOptions given(Order order) const {
    duck::ParquetOptions how;
    how.in_order = order == Order::kept;
    how.see_columns = options.see_columns;
    return how;
  }

  Status look(const std::string& staged) const {
    if (options.enforce) TARN_TRY(delta::enforce_constraints(connection, snapshot, staged));
    return options.inspect ? options.inspect(staged) : Status();
  }

  std::string select_of(const std::vector<const delta::Field*>& fields, const std::string& source,
                        const std::string& more = "") const {
    std::string list;
    for (const delta::Field* field : fields) list += (list.empty() ? "" : ", ") + column(*field);
    list += more;
    return fmt::format("SELECT {} FROM (\n{}\n) AS r", list, source);
  }

  // All rows into one file.
  Result<std::vector<delta::DataFile>> whole(const std::string& select, const delta::PartitionValues& partition) const {
    store::Store& store = table.store();
    const auto fields = stored();
    TARN_ASSIGN(const std::string staged, store.stage(table.path()));
    const auto file = [&]() -> Result<std::optional<delta::DataFile>> {
      const store::WriteBehind behind(staged);
      TARN_ASSIGN(const auto written, stage(select_of(fields, select), fields, staged, given(options.order)));
      if (!written) return std::optional<delta::DataFile>();
      TARN_TRY(look(staged));
      TARN_ASSIGN(delta::DataFile made, finish(table, snapshot, options, staged, *written, partition));
      return std::optional(std::move(made));
    }();
    if (!file.ok() || !*file) store.discard(staged);
    if (!file.ok()) return file.status();
    std::vector<delta::DataFile> files;
    if (*file) files.push_back(**file);
    return files;
  }

  // The rows once, in the order of their partitions, with the log's text of each partition value beside them; then a
  // file for each.
  Result<std::vector<delta::DataFile>> by_partition(const std::string& select) const {
    const auto partitions = delta::partition_fields(snapshot);
    auto fields = stored();
    fields.insert(fields.end(), partitions.begin(), partitions.end());
    std::string texts, names;
    for (size_t i = 0; i < partitions.size(); ++i) {
      TARN_TRY(delta::check_partition_type(*partitions[i]));
      texts += fmt::format(", {} AS tarn_p{}",
                           delta::partition_text(*partitions[i], "r." + duck::quote_name(partitions[i]->name)), i);
      names += fmt::format("{}tarn_p{}", names.empty() ? "" : ", ", i);
    }
    store::Store& store = table.store();
    TARN_ASSIGN(const std::string staged, store.stage(table.path()));
    const auto files = [&]() -> Result<std::vector<delta::DataFile>> {
      TARN_ASSIGN(const auto written,
                  stage(select_of(fields, select, texts) + " ORDER BY " + names, fields, staged, given(Order::kept)));
      if (!written) return std::vector<delta::DataFile>();
      TARN_TRY(look(staged));
      return split(staged, names, partitions);
    }();
    store.discard(staged);
    return files;
  }

  Result<std::vector<delta::DataFile>> split(const std::string& staged, const std::string& names,
                                             const std::vector<const delta::Field*>& partitions) const {
    const std::string source = fmt::format("read_parquet({}, hive_partitioning=false)", duck::quote_literal(staged));
    std::vector<delta::PartitionValues> found;
    {
      TARN_ASSIGN(const auto rows,
                  connection.query(fmt::format("SELECT DISTINCT {} FROM {} ORDER BY ALL", names, source)));
      while (true) {
        TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
        if (chunk == nullptr) break;
        for (size_t row = 0; row < chunk->rows(); ++row) {
          delta::PartitionValues values;
          for (size_t i = 0; i < partitions.size(); ++i) {
            auto& value = values[delta::physical_name(snapshot, *partitions[i])];
            if (!chunk->is_null(i, row)) value = std::string(chunk->text(i, row));
            TARN_TRY(delta::check_partition_text(snapshot, *partitions[i], value));
          }
          found.push_back(std::move(values));
        }
        if (found.size() > kMaxPartitionsAtOnce) {
          return Status(Code::exhausted, fmt::format("the rows are of more than {} partitions", kMaxPartitionsAtOnce),
                        "write them in parts, or partition the table by less");
        }
      }
    }
    std::vector<Piece> parts;
    for (const delta::PartitionValues& values : found) {
      std::string condition;
      for (size_t i = 0; i < partitions.size(); ++i) {
        const auto& value = values.at(delta::physical_name(snapshot, *partitions[i]));
        condition += fmt::format("{}tarn_p{} {}", condition.empty() ? "" : " AND ", i,
                                 value ? "= " + duck::quote_literal(*value) : std::string("IS NULL"));
      }
      parts.push_back({std::move(condition), values});
    }
    return pieces(source, parts);
  }

  // Some rows of a staged file, which become a file of their own.
  struct Piece {
    std::string condition;
    delta::PartitionValues partition;
  };
  Result<std::vector<delta::DataFile>> pieces(const std::string& source, const std::vector<Piece>& parts) const {
    std::string list;
    const auto fields = stored();
    for (const delta::Field* field : fields) {
      list += (list.empty() ? "" : ", ") + duck::quote_name(delta::physical_name(snapshot, *field));
    }
    store::Store& store = table.store();
    std::vector<delta::DataFile> files;
    const auto failed = [&](const Status& status) {
      for (const delta::DataFile& file : files) static_cast<void>(store.remove(table.path() + "/" + file.path));
      return status;
    };
    for (const Piece& piece : parts) {
      if (const Status stop = context.check(); !stop.ok()) return failed(stop);
      const auto staged = store.stage(table.path());
      if (!staged.ok()) return failed(staged.status());
      const std::string& part = *staged;
      auto file = [&]() -> Result<std::optional<delta::DataFile>> {
        const store::WriteBehind behind(part);
        TARN_ASSIGN(const auto written,
                    stage(fmt::format("SELECT {} FROM {} WHERE {}", list, source, piece.condition), fields, part));
        if (!written) return std::optional<delta::DataFile>();
        TARN_ASSIGN(delta::DataFile made, finish(table, snapshot, options, part, *written, piece.partition));
        return std::optional(std::move(made));
      }();
      if (!file.ok() || !*file) store.discard(part);
      if (!file.ok()) return failed(file.status());
      if (*file) files.push_back(std::move(**file));
    }
    return files;
  }

  // The rows once, in the order of the column; then cut where its values change, so that DuckDB reads of each piece its
  // row groups only.
  Result<std::vector<delta::DataFile>> in_order(const std::string& select,
                                                const delta::PartitionValues& partition) const {
    const auto fields = stored();
    const std::string column =
        duck::quote_name(delta::physical_name(snapshot, *delta::find_field(snapshot.schema, options.order_by)));
    store::Store& store = table.store();
    TARN_ASSIGN(const std::string staged, store.stage(table.path()));
    bool used = false;
    const auto files = [&]() -> Result<std::vector<delta::DataFile>> {
      TARN_ASSIGN(const auto written, stage(select_of(fields, select) + " ORDER BY " + column + " NULLS FIRST", fields,
                                            staged, given(Order::kept)));
      if (!written) return std::vector<delta::DataFile>();
      const int64_t count =
          std::max<int64_t>(1, static_cast<int64_t>(written->size_bytes) / std::max<int64_t>(1, options.target_bytes));
      if (count == 1) {
        TARN_ASSIGN(delta::DataFile file, finish(table, snapshot, options, staged, *written, partition));
        used = true;
        return std::vector<delta::DataFile>{std::move(file)};
      }
      TARN_ASSIGN(const auto bounds, cuts(staged, column, written->row_count / count));
      std::vector<Piece> parts;
      for (size_t i = 0; i <= bounds.size(); ++i) {
        const std::string from = i == 0 ? "true" : fmt::format("{} >= {}", column, bounds[i - 1]);
        const std::string below = i == bounds.size() ? "true" : fmt::format("{} < {}", column, bounds[i]);
        const std::string nulls = i == 0 ? fmt::format(" OR {} IS NULL", column) : "";
        parts.push_back({fmt::format("({} AND {}){}", from, below, nulls), partition});
      }
      return pieces(fmt::format("read_parquet({}, hive_partitioning=false)", duck::quote_literal(staged)), parts);
    }();
    if (!used) store.discard(staged);
    return files;
  }

  // The values (SQL) at every `step`th row of a staged file in order, each once.
  Result<std::vector<std::string>> cuts(const std::string& staged, const std::string& column, int64_t step) const {
    TARN_ASSIGN(const auto rows,
                connection.query(
                    fmt::format("SELECT DISTINCT ON ({0}) CAST({0} AS VARCHAR), typeof({0}) FROM read_parquet({1}, "
                                "file_row_number=true, hive_partitioning=false) WHERE file_row_number % {2} = 0 AND "
                                "file_row_number > 0 AND {0} IS NOT NULL ORDER BY {0}",
                                column, duck::quote_literal(staged), std::max<int64_t>(1, step))));
    std::vector<std::string> values;
    while (true) {
      TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
      if (chunk == nullptr) return values;
      for (size_t row = 0; row < chunk->rows(); ++row) {
        values.push_back(fmt::format("CAST({} AS {})", duck::quote_literal(chunk->text(0, row)), chunk->text(1, row)));
      }
    }
  }
};

}  // namespace

bool are_of_schema(const std::vector<duck::Column>& given, const std::vector<delta::Field>& schema) {
  return std::equal(given.begin(), given.end(), schema.begin(), schema.end(),
                    [](const auto& column, const delta::Field& field) {
                      const auto type = delta::duckdb_type(field.type);
                      return column.name == field.name && type.ok() && column.type == *type;
                    });
}

Result<std::string> fit_to_schema(duck::Connection& connection, const std::vector<delta::Field>& schema,
                                  const std::vector<duck::Column>& given, const std::string& select) {
  for (const auto& column : given) {
    if (delta::find_field(schema, column.name) == nullptr) {
      return Status(Code::invalid_argument, fmt::format("the table has no column '{}'", column.name));
    }
  }
  std::string list;
  std::vector<Pair> pairs;
  for (const delta::Field& field : schema) {
    TARN_ASSIGN(const std::string type, delta::duckdb_type(field.type));
    const auto column = std::find_if(given.begin(), given.end(), [&](const auto& candidate) {
      return delta::find_field({field}, candidate.name) != nullptr;
    });
    std::string expression = "NULL";
    if (column == given.end()) TARN_TRY(check_computed(field));
    if (column != given.end()) {
      // Asking takes a plan of its own; what has the very type need not be asked about.
      if (column->type != type) pairs.push_back({&field, column->name, type});
      expression = "s." + duck::quote_name(column->name);
    } else if (!field.nullable) {
      return Status(Code::invalid_argument,
                    fmt::format("column '{}' may not be null, and the rows do not have it", field.name));
    }
    list +=
        fmt::format("{}CAST({} AS {}) AS {}", list.empty() ? "" : ", ", expression, type, duck::quote_name(field.name));
  }
  TARN_TRY(check_types(connection, select, pairs));
  return "SELECT " + list + " FROM (\n" + select + "\n) AS s";
}

Result<delta::DataFile> take_staged(const DeltaTable& table, const delta::Snapshot& snapshot, const std::string& staged,
                                    const duck::ParquetFile& written) {
  return finish(table, snapshot, {}, staged, written);
}

Result<std::vector<delta::DataFile>> write_rows(const DeltaTable& table, duck::Connection& connection,
                                                const delta::Snapshot& snapshot, const std::string& select,
                                                const WriteOptions& options, const base::Context& context) {
  TARN_TRY(context.check());
  const duck::CancelWatch watch(connection, context);
  const Writer writer{table, connection, snapshot, options, context};
  if (writer.stored().empty()) {
    return Status(Code::unsupported, "the table has partition columns alone: a file of it would have none",
                  "add a column that is not one of the partition's");
  }
  if (!options.order_by.empty()) return writer.in_order(select, *options.partition);
  if (options.partition != nullptr) return writer.whole(select, *options.partition);
  return snapshot.partition_columns.empty() ? writer.whole(select, {}) : writer.by_partition(select);
}

}  // namespace tarn::lake
