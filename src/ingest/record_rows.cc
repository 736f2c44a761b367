#include "ingest/record_rows.h"

#include <fmt/format.h>

#include "base/check.h"
#include "delta/schema.h"

namespace tarn::ingest {
namespace {

using connector::ColumnType;

std::string delta_type(ColumnType type) {
  switch (type) {
    case ColumnType::boolean:
      return "boolean";
    case ColumnType::integer:
      return "long";
    case ColumnType::number:
      return "double";
    case ColumnType::text:
      return "string";
    case ColumnType::time:
      return "timestamp";
  }
  return "string";
}

// A column of a table takes what its type can say: text takes anything, numbers take integers.
base::Result<ColumnType> fitting(const connector::Column& column, const delta::Field& field, const std::string& table) {
  if (field.type == json::Value("string")) return ColumnType::text;
  if (field.type == json::Value("double") && column.type == ColumnType::integer) return ColumnType::number;
  if (field.type == json::Value(delta_type(column.type))) return column.type;
  return base::Status(base::Code::invalid_argument,
                      fmt::format("column '{}' of {} is {}, and the source has {} there now", column.name, table,
                                  field.type.is_string() ? field.type.as_string() : "nested", delta_type(column.type)),
                      "pull into another table with --into");
}

duck::Cell cell(const json::Value& value, ColumnType type) {
  if (value.is_null()) return {};
  switch (type) {
    case ColumnType::boolean:
      return value.as_bool();
    case ColumnType::integer:
    case ColumnType::time:
      return value.as_int();
    case ColumnType::number:
      return value.as_double();
    case ColumnType::text:
      break;
  }
  return value.is_string() ? value.as_string() : json::write(value);
}

base::Result<int64_t> one_number(duck::Connection& connection, const std::string& sql) {
  TARN_ASSIGN(auto rows, connection.query(sql));
  TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
  return chunk && chunk->rows() > 0 ? chunk->integer(0, 0) : 0;
}

}  // namespace

base::Result<std::unique_ptr<RecordRows>> RecordRows::make(duck::Connection& connection, connector::RecordTable table,
                                                           const std::vector<delta::Field>* in,
                                                           const std::string& table_name) {
  std::vector<delta::Field> schema;
  std::vector<bool> is_there;
  bool has_key = false;
  for (connector::Column& column : table.columns) {
    delta::Field field;
    field.name = column.name;
    const delta::Field* there = in ? delta::find_field(*in, column.name) : nullptr;
    if (there) {
      TARN_ASSIGN(column.type, fitting(column, *there, table_name));
      field.name = there->name;
    }
    field.type = delta_type(column.type);
    is_there.push_back(there != nullptr);
    if (column.name == table.key) {
      has_key = true;
      if (in && !there) {
        return base::Status(base::Code::invalid_argument, table_name + " has no column '" + table.key + "'",
                            "its rows are told apart by another one: pull into another table with --into");
      }
    }
    schema.push_back(std::move(field));
  }
  TARN_CHECK(has_key);
  TARN_TRY(delta::check_names(schema));
  return std::unique_ptr<RecordRows>(
      new RecordRows(connection, std::move(table), std::move(schema), std::move(is_there)));
}

RecordRows::RecordRows(duck::Connection& connection, connector::RecordTable table, std::vector<delta::Field> schema,
                       std::vector<bool> is_there)
    : connection_(connection),
      table_(std::move(table)),
      schema_(std::move(schema)),
      is_there_(std::move(is_there)),
      rows_(connection, schema_),
      changed_table_(rows_.name() + "_changed") {}

RecordRows::~RecordRows() {
  if (compared_) static_cast<void>(connection_.execute("DROP TABLE IF EXISTS " + changed_table_).ok());
}

base::Status RecordRows::add(const std::vector<connector::Record>& records) {
  given_ += records.size();
  for (const connector::Record& record : records) {
    TARN_CHECK(record.size() == schema_.size());
    std::vector<duck::Cell> cells;
    cells.reserve(record.size());
    for (size_t i = 0; i < record.size(); ++i) cells.push_back(cell(record[i], table_.columns[i].type));
    TARN_TRY(rows_.add(cells));
  }
  return {};
}

std::string RecordRows::columns(const std::string& of) const {
  std::string list;
  for (const delta::Field& field : schema_) list += (list.empty() ? "" : ", ") + of + duck::quote_name(field.name);
  return list;
}

base::Status RecordRows::compare(const std::string& live, bool complete) {
  TARN_TRY(base::as_status(rows_.select()));
  const std::string key = duck::quote_name(table_.key);
  const std::string last =
      fmt::format("SELECT {} FROM {} QUALIFY row_number() OVER (PARTITION BY {} ORDER BY rowid DESC) = 1", columns(""),
                  rows_.name(), key);
  compared_ = true;
  if (live.empty()) {
    TARN_TRY(connection_.execute(fmt::format("CREATE TEMP TABLE {} AS SELECT {}, true AS tarn_is_new FROM ({})",
                                             changed_table_, columns(""), last)));
  } else {
    std::string differs;
    for (size_t i = 0; i < schema_.size(); ++i) {
      const std::string name = duck::quote_name(schema_[i].name);
      differs +=
          is_there_[i] ? fmt::format(" OR n.{0} IS DISTINCT FROM l.{0}", name) : " OR n." + name + " IS NOT NULL";
    }
    TARN_TRY(connection_.execute(
        fmt::format("CREATE TEMP TABLE {0} AS SELECT {1}, l.{2} IS NULL AS tarn_is_new FROM ({3}) n LEFT JOIN ({4}) l "
                    "ON n.{2} = l.{2} WHERE l.{2} IS NULL{5}",
                    changed_table_, columns("n."), key, last, live, differs)));
    if (complete) TARN_TRY(find_gone(live));
  }
  TARN_ASSIGN(const int64_t records,
              one_number(connection_, fmt::format("SELECT count(DISTINCT {}) FROM {}", key, rows_.name())));
  TARN_ASSIGN(const int64_t touched, one_number(connection_, "SELECT count(*) FROM " + changed_table_));
  TARN_ASSIGN(const int64_t fresh,
              one_number(connection_, "SELECT count(*) FROM " + changed_table_ + " WHERE tarn_is_new"));
  records_ = static_cast<uint64_t>(records);
  added_ = static_cast<uint64_t>(fresh);
  changed_ = static_cast<uint64_t>(touched - fresh);
  return {};
}

base::Status RecordRows::find_gone(const std::string& live) {
  TARN_ASSIGN(auto rows, connection_.query(fmt::format("SELECT CAST({0} AS VARCHAR) FROM ({1}) l WHERE {0} IS NOT NULL "
                                                       "AND NOT EXISTS (FROM {2} n WHERE n.{0} = l.{0}) ORDER BY ALL",
                                                       duck::quote_name(table_.key), live, rows_.name())));
  for (;;) {
    TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
    if (!chunk) return {};
    for (size_t i = 0; i < chunk->rows(); ++i) gone_.emplace_back(chunk->text(0, i));
  }
}

std::string RecordRows::changed_select() const { return "SELECT " + columns("") + " FROM " + changed_table_; }

base::Result<std::vector<RecordChange>> RecordRows::first_changes(size_t count) const {
  std::vector<RecordChange> changes;
  TARN_ASSIGN(auto rows,
              connection_.query(fmt::format("SELECT CAST({} AS VARCHAR), tarn_is_new FROM {} ORDER BY ALL LIMIT {}",
                                            duck::quote_name(table_.key), changed_table_, count)));
  for (;;) {
    TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
    if (!chunk) return changes;
    for (size_t i = 0; i < chunk->rows(); ++i) {
      changes.push_back({std::string(chunk->text(0, i)), chunk->cell(1, i) == duck::Cell(true)});
    }
  }
}

}  // namespace tarn::ingest
