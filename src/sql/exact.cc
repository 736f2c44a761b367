#include "sql/exact.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "duck/statements.h"
#include "sql/file_reads.h"

namespace tarn::sql {
namespace {

using base::Code;
using base::Result;
using base::Status;

constexpr int64_t kSample = 20'480;  // rows by which DuckDB guesses types

bool is_whole(std::string_view type) {
  constexpr std::array<std::string_view, 10> kWhole{"TINYINT",  "SMALLINT",  "INTEGER",  "BIGINT",  "HUGEINT",
                                                    "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"};
  return std::find(kWhole.begin(), kWhole.end(), type) != kWhole.end();
}

std::string_view scale_of(std::string_view decimal) {
  const size_t comma = decimal.find(','), end = decimal.find(')');
  return comma == std::string_view::npos || end == std::string_view::npos ? "0"
                                                                          : decimal.substr(comma + 1, end - comma - 1);
}

// A text as a value of `to`. What a cheap look at the text rules out is not cast.
std::string text_misfit(const std::string& value, std::string_view to) {
  if (is_whole(to)) {
    return fmt::format(
        "((contains({0}, '.') OR contains({0}, 'e') OR contains({0}, 'E')) AND TRY_CAST({0} AS {1}) IS NOT NULL AND "
        "TRY_CAST({0} AS DOUBLE) <> CAST(TRY_CAST({0} AS {1}) AS DOUBLE))",
        value, to);
  }
  if (to.starts_with("DECIMAL")) {
    return fmt::format(
        "(contains({0}, '.') AND length(rtrim(rtrim({0}), '0')) - instr({0}, '.') > {2} AND TRY_CAST({0} AS {1}) IS "
        "NOT "
        "NULL AND TRY_CAST({0} AS DECIMAL(38, 18)) IS DISTINCT FROM TRY_CAST(TRY_CAST({0} AS {1}) AS DECIMAL(38, 18)))",
        value, to, scale_of(to));
  }
  if (to == "DATE") {
    return fmt::format(
        "(length({0}) > 10 AND contains({0}, ':') AND CAST(TRY_CAST({0} AS DATE) AS TIMESTAMP) <> TRY_CAST({0} AS "
        "TIMESTAMP))",
        value);
  }
  if (to == "TIMESTAMP" || to == "TIMESTAMP WITH TIME ZONE") {
    return fmt::format(
        "(length({0}) > 26 AND CAST(CAST(TRY_CAST({0} AS TIMESTAMP_NS) AS TIMESTAMP) AS TIMESTAMP_NS) <> TRY_CAST({0} "
        "AS "
        "TIMESTAMP_NS))",
        value);
  }
  if (to == "TIME") {  // 10:00:00.123456 has 15 characters
    return fmt::format("(length({0}) > 15 AND TRY_CAST({0} AS TIME) IS NOT NULL AND rtrim(substr({0}, 16), '0') <> '')",
                       value);
  }
  return "";
}

class GuessCheck {
 public:
  // `names`: of the columns that are read; unset = all.
  GuessCheck(duck::Connection& connection, const FileRead& read, const std::optional<std::vector<std::string>>& names)
      : connection_(connection), read_(read), read_names_(names) {
    function_ = read.json ? "read_json" : "read_csv";
  }

  Status run() {
    // Types that were given, and all rows looked at: nothing is guessed. A parameter's file is not known here.
    for (const char* word : {"all_varchar", "sample_size", "columns", "auto_detect", "maximum_depth", "records"}) {
      if (duck::has_word(read_.arguments, word)) return {};
    }
    if (!is_read_again()) return {};
    bool guessed = true;
    for (const char* word : {"types", "dtypes", "column_types"}) {
      guessed = guessed && !duck::has_word(read_.arguments, word);
    }
    const auto columns = connection_.describe(fmt::format("SELECT * FROM {}({})", function_, read_.arguments));
    if (!columns.ok()) return {};  // the statement will say so
    for (size_t i = 0; i < columns->size(); ++i) {
      names_ += fmt::format("{}c{}", i == 0 ? "" : ", ", i);
      if (!is_read((*columns)[i].name)) continue;
      const std::string value = text_of(i, (*columns)[i].name);
      const std::string& type = (*columns)[i].type;
      if (std::string wrong = text_misfit(value, type); !wrong.empty()) {
        checks_.push_back({(*columns)[i], value, wrong, false});
      }
      if (is_whole(type) && guessed) {
        checks_.push_back({(*columns)[i], value,
                           fmt::format("(starts_with({0}, '0') AND length({0}) > 1 AND NOT contains({0}, '.'))", value),
                           true});
      }
    }
    if (checks_.empty()) return {};
    std::string any;
    for (const Check& check : checks_) any += (any.empty() ? "" : " OR ") + check.wrong;
    // A reading fails here where it would there.
    const auto wrong = number(fmt::format("SELECT count(*) FROM {} WHERE {}", source(false), any));
    if (!wrong.ok() || *wrong == 0) return {};
    return locate();
  }

 private:
  struct Check {
    duck::Column column;
    std::string value, wrong;
    bool leading_zeros;  // 007 is a number where DuckDB saw one in the rows that it looked at
  };

  // Not a pipe, nor a file whose name the statement does not tell.
  bool is_read_again() const {
    duck::Scanner scanner(read_.arguments);
    const duck::Token token = scanner.next();
    if (token.kind != duck::TokenKind::string || token.text.size() < 2 || token.text.front() != '\'') {
      return token.text == "[";
    }
    const std::string path(token.text.substr(1, token.text.size() - 2));
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    return !std::filesystem::exists(status) || std::filesystem::is_regular_file(status);
  }

  bool is_read(const std::string& column) const {
    return !read_names_ || std::any_of(read_names_->begin(), read_names_->end(),
                                       [&](const auto& name) { return duck::equal_names(name, column); });
  }
  std::string text_of(size_t index, const std::string& name) const {
    return read_.json ? fmt::format("(f.{} ->> '$')", duck::quote_name(name)) : fmt::format("f.c{}", index);
  }
  std::string source(bool numbered) const {
    std::string call =
        read_.json ? fmt::format("SELECT * FROM read_json({}, maximum_depth = 1)", read_.arguments)
                   : fmt::format("SELECT * FROM read_csv({}, all_varchar = true) AS g({})", read_.arguments, names_);
    if (numbered) call = fmt::format("SELECT *, row_number() OVER () AS tarn_place FROM ({})", call);
    return fmt::format("({}) AS f", call);
  }
  Result<int64_t> number(const std::string& sql) {
    TARN_ASSIGN(const auto rows, connection_.query(sql));
    TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
    return chunk && !chunk->is_null(0, 0) ? chunk->integer(0, 0) : 0;
  }

  Status locate() {
    for (const Check& check : checks_) {
      std::optional<int64_t> place;
      std::string text;
      {
        TARN_ASSIGN(const auto rows,
                    connection_.query(fmt::format("SELECT tarn_place, {} FROM {} WHERE {} ORDER BY tarn_place LIMIT 1",
                                                  check.value, source(true), check.wrong)));
        TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
        if (!chunk || chunk->rows() == 0) continue;
        place = chunk->integer(0, 0);
        text = std::string(chunk->text(1, 0));
      }
      if (check.leading_zeros && *place <= kSample) continue;
      TARN_ASSIGN(const std::string where, where_is(*place));
      return {Code::invalid_argument,
              fmt::format("{}: column '{}' has '{}', which {} does not hold as it is", where, check.column.name, text,
                          check.column.type),
              fmt::format(
                  "its type is a guess from the first rows: {0}({1}, sample_size = -1) looks at all, {0}({1}, types "
                  "= {{'{2}': 'VARCHAR'}}) gives it",
                  function_, read_.arguments, check.column.name)};
    }
    return {};
  }

  // "'x.csv' line 30002": rows before it, the head, and line breaks within values.
  Result<std::string> where_is(int64_t place) {
    const std::string file = read_.arguments.substr(0, read_.arguments.find(','));
    if (read_.json) return fmt::format("{} row {}", file, place);
    std::string breaks;
    for (size_t i = 0; i < static_cast<size_t>(std::count(names_.begin(), names_.end(), 'c')); ++i) {
      breaks += fmt::format("{0}coalesce(length(f.c{1}) - length(replace(f.c{1}, chr(10), '')), 0)", i ? " + " : "", i);
    }
    TARN_ASSIGN(const int64_t within, number(fmt::format("SELECT sum({})::BIGINT FROM {} WHERE tarn_place < {}", breaks,
                                                         source(true), place)));
    const auto head = number(fmt::format("SELECT SkipRows + HasHeader::BIGINT FROM sniff_csv({})", read_.arguments));
    return head.ok() ? fmt::format("{} line {}", file, place + within + *head)
                     : fmt::format("{} row {}", file, place);  // of several files
  }

  duck::Connection& connection_;
  const FileRead& read_;
  const std::optional<std::vector<std::string>>& read_names_;
  std::string function_, names_;
  std::vector<Check> checks_;
};

}  // namespace

std::string wider_type(std::string_view type) {
  if (is_whole(type)) return "DECIMAL(38, 10)";
  if (type == "DATE") return "TIMESTAMP";
  if (!type.starts_with("DECIMAL(")) return std::string(type);
  const int precision = std::atoi(std::string(type.substr(8)).c_str()),
            scale = std::atoi(std::string(scale_of(type)).c_str());
  return fmt::format("DECIMAL(38, {})", std::min(scale + 10, 38 - (precision - scale)));
}

std::string held(const std::string& expression, std::string_view type, std::string_view column, std::string_view from) {
  const std::string wide = wider_type(type);
  const bool exact =
      from == type || (is_whole(from) && (is_whole(type) || type.starts_with("DECIMAL"))) || from == "NULL";
  if (wide == type || exact) return fmt::format("CAST((\n{}\n) AS {})", expression, type);
  // A list of one, so that what the expression says is asked once.
  return fmt::format(
      "list_transform([CAST((\n{}\n) AS {})], lambda tarn_value: CASE WHEN CAST(CAST(tarn_value AS {}) AS {}) <> "
      "tarn_value "
      "THEN error({} || CAST(tarn_value AS VARCHAR) || {}) ELSE CAST(tarn_value AS {}) END)[1]",
      expression, wide, type, wide,
      duck::quote_literal(fmt::format("column '{}' is {} and does not hold ", column, type)),
      duck::quote_literal(" as it is: round it, or cast it, in the statement"), type);
}

Status check_guessed_types(duck::Connection& connection, std::string_view statement) {
  const FileReads found = file_reads(statement);
  for (const FileRead& read : found.reads) TARN_TRY(GuessCheck(connection, read, found.names).run());
  return {};
}

}  // namespace tarn::sql
