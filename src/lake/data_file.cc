#include "lake/data_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/hash.h"
#include "lake/schema.h"
#include "lake/statistics.h"

namespace tarn::lake {
namespace {

using base::Code;
using base::Result;
using base::Status;

constexpr uint64_t kHashPiece = uint64_t{4} << 20;

bool is_integer(const std::string& type) {
  constexpr std::array<std::string_view, 10> kIntegers{"TINYINT",  "SMALLINT",  "INTEGER",  "BIGINT",  "HUGEINT",
                                                       "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"};
  return std::find(kIntegers.begin(), kIntegers.end(), type) != kIntegers.end();
}

struct Pair {
  const Field* field;
  std::string given;  // the column's name in the select
  std::string type;   // the one that it shall have
};

// DuckDB's own rule for what needs no cast, and between integers also the casts that fail when a value does not fit. Asked of the
// columns themselves: a bare NULL has a type that no type name tells.
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

Status check_nulls(const std::vector<Field>& schema, const duck::ParquetFile& written) {
  for (const Field& field : schema) {
    if (field.nullable || !field.type.is_string()) continue;
    for (const auto& column : written.columns) {
      if (column.path == std::vector{field.name} && column.null_count.value_or(0) > 0) {
        return {Code::invalid_argument, fmt::format("column '{}' may not be null, and {} of the rows have none",
                                                    field.name, *column.null_count)};
      }
    }
  }
  return {};
}

}  // namespace

Result<std::string> fit_to_schema(duck::Connection& connection, const std::vector<Field>& schema,
                                  const std::string& select) {
  std::vector<duck::Column> given;
  {
    TARN_ASSIGN(const auto rows, connection.query("SELECT * FROM (\n" + select + "\n) LIMIT 0"));
    given = rows->columns();
  }
  for (const auto& column : given) {
    if (find_field(schema, column.name) == nullptr) {
      return Status(Code::invalid_argument, fmt::format("the table has no column '{}'", column.name));
    }
  }
  std::string list;
  std::vector<Pair> pairs;
  for (const Field& field : schema) {
    TARN_ASSIGN(const std::string type, duckdb_type(field.type));
    const auto column = std::find_if(given.begin(), given.end(), [&](const auto& candidate) {
      return find_field({field}, candidate.name) != nullptr;
    });
    std::string expression = "NULL";
    if (column != given.end()) {
      // Asking takes a plan of its own; what has the very type need not be asked about.
      if (column->type != type) pairs.push_back({&field, column->name, type});
      expression = "s." + duck::quote_name(column->name);
    } else if (!field.nullable) {
      return Status(Code::invalid_argument,
                    fmt::format("column '{}' may not be null, and the rows do not have it", field.name));
    }
    if (is_primitive(field.type, "void")) continue;  // never written to files
    list +=
        fmt::format("{}CAST({} AS {}) AS {}", list.empty() ? "" : ", ", expression, type, duck::quote_name(field.name));
  }
  TARN_TRY(check_types(connection, select, pairs));
  return "SELECT " + list + " FROM (\n" + select + "\n) AS s";
}

Result<std::string> hash_file(const store::Store& store, const std::string& path) {
  TARN_ASSIGN(const auto entry, store.stat(path));
  base::Hasher128 hasher;
  // Piece by piece: mapped, a large file's pages would count as this process's memory.
  for (uint64_t at = 0; at < entry.size_bytes; at += kHashPiece) {
    TARN_ASSIGN(const std::string piece, store.read_at(path, at, std::min(kHashPiece, entry.size_bytes - at)));
    hasher.add(piece);
  }
  return hasher.finish().hex();
}

Result<std::optional<DataFile>> write_data_file(const DeltaTable& table, duck::Connection& connection,
                                                const std::vector<Field>& schema, const std::string& fitted_select,
                                                const Inspect& inspect) {
  store::Store& store = table.store();
  TARN_ASSIGN(const std::string staged, store.stage(table.path()));
  const auto failed = [&](const Status& status) {
    store.discard(staged);
    return status;
  };
  const auto written = connection.write_parquet(fitted_select, staged);
  if (!written.ok()) return failed(written.status());
  if (written->row_count == 0) {
    store.discard(staged);
    return std::optional<DataFile>();
  }
  if (auto status = check_nulls(schema, *written); !status.ok()) return failed(status);
  if (inspect) {
    if (auto status = inspect(staged); !status.ok()) return failed(status);
  }
  DataFile file;
  file.path = "part-" + table.uuid() + ".parquet";
  const std::string path = table.path() + "/" + file.path;
  if (auto status = store.publish(staged, path); !status.ok()) return failed(status);
  file.size_bytes = static_cast<int64_t>(written->size_bytes);
  file.modified_ms = table.now_ms();
  file.stats = make_statistics(schema, *written);
  TARN_ASSIGN(file.tags[std::string(kHashTag)], hash_file(store, path));
  TARN_ASSIGN(const auto entry, store.stat(path));
  if (entry.size_bytes != written->size_bytes) {
    return Status(Code::io,
                  fmt::format("{} has {} bytes, where {} were written", path, entry.size_bytes, written->size_bytes));
  }
  return std::optional(std::move(file));
}

}  // namespace tarn::lake
