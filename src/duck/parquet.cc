// Writing Parquet files through COPY … TO, with the statistics that it returns.
#include <charconv>
#include <filesystem>
#include <string>

#include "duck/chunk.h"
#include "duck/session.h"

namespace tarn::duck {
namespace {

using base::Code;
using base::Status;

// The path to a 128-bit integer in a type, or nothing.
std::optional<std::string> find_wide(duckdb_logical_type type, std::string path) {
  const auto at = [&](duckdb_logical_type child, std::string_view name) {
    return find_wide(TypeHandle(child).get(), name.empty() ? path : path + "." + std::string(name));
  };
  switch (duckdb_get_type_id(type)) {
    case DUCKDB_TYPE_HUGEINT:
    case DUCKDB_TYPE_UHUGEINT:
      return path;
    case DUCKDB_TYPE_LIST:
      return at(duckdb_list_type_child_type(type), "");
    case DUCKDB_TYPE_ARRAY:
      return at(duckdb_array_type_child_type(type), "");
    case DUCKDB_TYPE_MAP: {
      auto key = at(duckdb_map_type_key_type(type), "key");
      return key ? key : at(duckdb_map_type_value_type(type), "value");
    }
    case DUCKDB_TYPE_STRUCT:
      for (uint64_t i = 0; i < duckdb_struct_type_child_count(type); ++i) {
        if (auto found =
                at(duckdb_struct_type_child_type(type, i), take_string(duckdb_struct_type_child_name(type, i)))) {
          return found;
        }
      }
      return {};
    default:
      return {};
  }
}

std::optional<int64_t> parse_count(std::string_view text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

// MAP(VARCHAR, MAP(VARCHAR, VARCHAR)) as the visitor tells it: two levels of struct.
class StatsReader final : public Visitor {
 public:
  void null() override {}
  void boolean(bool) override {}
  void integer(int64_t) override {}
  void digits(std::string_view) override {}
  void number(float) override {}
  void number(double) override {}
  void json(std::string_view) override {}
  void begin_list() override {}
  void end_list() override {}
  void begin_struct() override { ++depth_; }
  void end_struct() override { --depth_; }
  void field(std::string_view name) override {
    if (depth_ == 1) {
      stats.push_back({std::string(name), split_name(name), {}, {}, {}, {}});
    } else {
      key_ = name;
    }
  }
  void text(std::string_view value) override {
    if (stats.empty()) return;
    ColumnStats& column = stats.back();
    if (key_ == "min") column.min = std::string(value);
    if (key_ == "max") column.max = std::string(value);
    if (key_ == "null_count") column.null_count = parse_count(value);
    if (key_ == "has_nan") column.has_nan = value == "true";
  }
  std::vector<ColumnStats> stats;

 private:
  int depth_ = 0;
  std::string key_;
};

base::Result<ParquetFile> read_stats(Rows& rows, const std::string& path) {
  const auto column = [&](std::string_view name) -> base::Result<size_t> {
    for (size_t i = 0; i < rows.columns().size(); ++i) {
      if (rows.columns()[i].name == name) return i;
    }
    return Status(Code::internal, "RETURN_STATS gives no " + std::string(name));
  };
  TARN_ASSIGN(const size_t count, column("count"));
  TARN_ASSIGN(const size_t size, column("file_size_bytes"));
  TARN_ASSIGN(const size_t statistics, column("column_statistics"));
  TARN_ASSIGN(const Chunk* chunk, rows.next());
  ParquetFile file;
  if (!chunk) {  // no rows: DuckDB has written a file and says nothing of it
    std::error_code error;
    file.size_bytes = std::filesystem::file_size(path, error);
    if (error) return Status(Code::io, path + ": " + error.message());
    return file;
  }
  TARN_CHECK(chunk->rows() == 1);
  file.row_count = chunk->integer(count, 0);
  file.size_bytes = static_cast<uint64_t>(chunk->integer(size, 0));
  StatsReader reader;
  chunk->visit(statistics, 0, reader);
  file.columns = std::move(reader.stats);
  return file;
}

}  // namespace

Status SessionConnection::refuse_wide_integers(const std::string& select) {
  ExtractedHandle statements;
  const uint64_t count = duckdb_extract_statements(open_->handle, select.c_str(), statements.out());
  if (count != 1) {
    const char* why = duckdb_extract_statements_error(statements.get());
    if (why && *why) return error_status(why);
    return {Code::invalid_argument, "one SELECT is wanted, not " + std::to_string(count) + " statements"};
  }
  PreparedHandle statement;
  if (duckdb_prepare_extracted_statement(open_->handle, statements.get(), 0, statement.out()) != DuckDBSuccess) {
    return open_->database->failures->explain(duckdb_prepare_error(statement.get()));
  }
  for (uint64_t i = 0; i < duckdb_prepared_statement_column_count(statement.get()); ++i) {
    TypeHandle type(duckdb_prepared_statement_column_logical_type(statement.get(), i));
    const char* name = duckdb_prepared_statement_column_name(statement.get(), i);
    const std::string path = name ? name : "";
    duckdb_free(const_cast<char*>(name));
    if (auto found = find_wide(type.get(), path)) {
      return {Code::unsupported,
              "column " + *found + " is of a 128-bit integer type, which Parquet would keep as DOUBLE",
              "cast it to DECIMAL(38,0), BIGINT or VARCHAR"};
    }
  }
  return base::ok();
}

base::Result<ParquetFile> SessionConnection::write_parquet(const std::string& select, const std::string& path,
                                                           const ParquetOptions& options) {
  std::error_code error;
  if (open_->gate) return locked_writes_nothing();
  if (select.find('\0') != std::string::npos || path.find('\0') != std::string::npos) {
    return Status(Code::invalid_argument, "a zero byte in the SQL text or the path");
  }
  if (std::filesystem::exists(std::filesystem::symlink_status(path, error))) {
    return Status(Code::already_exists, "file " + path + " exists");
  }
  if (options.refuse_wide_integers) TARN_TRY(refuse_wide_integers(select));
  // The line breaks keep a comment at the select's end from swallowing the rest.
  std::string body = select;
  while (!body.empty() && (body.back() == ';' || body.back() == ' ' || body.back() == '\n')) body.pop_back();
  // Level 1: a quarter less time for a table of text and numbers than level 3, for 8 % more bytes. Dictionaries of
  // 4,000 values at most in a row group, not 24,000: doc/design/lake_speed.md.
  const ColumnWatch watch(options.see_columns);
  const ZeroWatch zeros;
  const auto copy = [&](int dictionary_size) -> base::Result<ParquetFile> {
    auto rows = run_text(open_, "COPY (\n" + ZeroWatch::watched(body) + "\n) TO " + quote_literal(path) +
                                    " (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, DICTIONARY_SIZE_LIMIT " +
                                    std::to_string(dictionary_size) + ", RETURN_STATS, USE_TMP_FILE false" +
                                    (options.in_order ? "" : ", PRESERVE_ORDER false") +
                                    (options.field_ids.empty() ? "" : ", FIELD_IDS " + options.field_ids) + ")");
    return rows.ok() ? read_stats(**rows, path) : base::Result<ParquetFile>(rows.status());
  };
  auto file = copy(4000);
  if (file.ok() && watch.waits()) file = Status(Code::internal, "a select without the mark of its columns");
  if (file.ok() && zeros.both()) {
    const int64_t count = file->row_count;
    std::filesystem::remove(path, error);
    file = copy(0);
    // Not a pipe's rows, nor others that come once.
    if (file.ok() ? file->row_count != count : file.status().code() != Code::cancelled) {
      file = Status(Code::unsupported,
                    "the rows have both zeros, 0.0 and -0.0, in one column, and were not the same when read once more",
                    "CREATE TEMP TABLE of them first, and write that");
    }
  }
  if (!file.ok()) std::filesystem::remove(path, error);
  return file;
}

}  // namespace tarn::duck
