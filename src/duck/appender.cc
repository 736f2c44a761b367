#include "duck/session.h"

namespace tarn::duck {
namespace {

using base::Code;
using base::Status;

class TableAppender final : public Appender {
 public:
  TableAppender(std::shared_ptr<OpenConnection> open, AppenderHandle handle, std::string table)
      : open_(std::move(open)), handle_(std::move(handle)), table_(std::move(table)) {
    for (uint64_t i = 0; i < duckdb_appender_column_count(handle_.get()); ++i) {
      types_.emplace_back(duckdb_appender_column_type(handle_.get(), i));
    }
  }
  // Rows that were not flushed are dropped: whoever wants them says so, and hears of a failure.
  ~TableAppender() override { duckdb_appender_clear(handle_.get()); }

  Status append(const std::vector<Cell>& row) override {
    if (row.size() != types_.size()) {
      return {Code::invalid_argument, "a row of " + std::to_string(row.size()) + " cells for the " +
                                          std::to_string(types_.size()) + " columns of " + table_};
    }
    // Every value is made before the first is handed over: a row that fails leaves nothing behind.
    std::vector<ValueHandle> values;
    for (size_t i = 0; i < row.size(); ++i) {
      auto value = make_value(row[i], types_[i].get());
      if (!value.ok()) return value.status().with_context("column " + std::to_string(i) + " of " + table_);
      values.push_back(*std::move(value));
    }
    for (size_t i = 0; i < values.size(); ++i) {
      if (duckdb_append_value(handle_.get(), values[i].get()) != DuckDBSuccess) {
        return failure().with_context("column " + std::to_string(i) + " of " + table_);
      }
    }
    if (duckdb_appender_end_row(handle_.get()) != DuckDBSuccess) return failure();
    return base::ok();
  }
  Status flush() override { return duckdb_appender_flush(handle_.get()) == DuckDBSuccess ? base::ok() : failure(); }

 private:
  Status failure() {
    ErrorHandle error(duckdb_appender_error_data(handle_.get()));
    return error_status(duckdb_error_data_message(error.get()));
  }
  std::shared_ptr<OpenConnection> open_;
  AppenderHandle handle_;
  std::string table_;
  std::vector<TypeHandle> types_;
};

}  // namespace

base::Result<std::unique_ptr<Appender>> make_appender(std::shared_ptr<OpenConnection> open, const std::string& table) {
  const std::vector<std::string> parts = split_name(table);
  if (parts.size() > 3) return Status(Code::invalid_argument, "table " + table + ": a name has at most three parts");
  const size_t n = parts.size();
  AppenderHandle handle;
  const duckdb_state state =
      duckdb_appender_create_ext(open->handle, n > 2 ? parts[n - 3].c_str() : nullptr,
                                 n > 1 ? parts[n - 2].c_str() : nullptr, parts[n - 1].c_str(), handle.out());
  if (state != DuckDBSuccess) {
    ErrorHandle error(duckdb_appender_error_data(handle.get()));
    return error_status(duckdb_error_data_message(error.get()));
  }
  return std::unique_ptr<Appender>(std::make_unique<TableAppender>(std::move(open), std::move(handle), table));
}

}  // namespace tarn::duck
