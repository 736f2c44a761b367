#include "duck/session.h"

#include <algorithm>

#include "duck/gate.h"
#include "duck/locked.h"
#include "duck/statements.h"

namespace tarn::duck {

using base::Code;
using base::Status;

void Failures::put(Status status) {
  const std::lock_guard lock(mutex_);
  if (kept_.size() == kKept) kept_.pop_front();
  kept_.push_back(std::move(status));
}

Status Failures::explain(std::string_view message) const {
  const std::lock_guard lock(mutex_);
  for (auto status = kept_.rbegin(); status != kept_.rend(); ++status) {
    if (message.find(status->message()) != std::string_view::npos) return *status;
  }
  return error_status(message);
}

Status Connection::execute(const std::string& sql, const std::vector<Cell>& parameters) {
  TARN_ASSIGN(auto rows, query(sql, parameters));
  for (;;) {
    TARN_ASSIGN(const Chunk* chunk, rows->next());
    if (!chunk) return base::ok();
  }
}

Status SessionConnection::bind(duckdb_prepared_statement statement, const std::vector<Cell>& parameters) const {
  const uint64_t wanted = duckdb_nparams(statement);
  if (wanted == 0) return base::ok();
  if (wanted != parameters.size()) {
    return {Code::invalid_argument, "the statement has " + std::to_string(wanted) + " parameters, " +
                                        std::to_string(parameters.size()) + " were given"};
  }
  for (size_t i = 0; i < parameters.size(); ++i) {
    TypeHandle type(duckdb_param_logical_type(statement, i + 1));
    auto value = make_value(parameters[i], type.get());
    if (!value.ok()) return value.status().with_context("parameter $" + std::to_string(i + 1));
    if (duckdb_bind_value(statement, i + 1, value->get()) != DuckDBSuccess) {
      const char* why = duckdb_prepare_error(statement);
      return {Code::invalid_argument, "parameter $" + std::to_string(i + 1) + ": " + (why ? why : "cannot be bound")};
    }
  }
  return base::ok();
}

base::Result<std::unique_ptr<Rows>> SessionConnection::query(const std::string& sql,
                                                             const std::vector<Cell>& parameters) {
  if (sql.find('\0') != std::string::npos) return Status(Code::invalid_argument, "the SQL text has a zero byte");
  if (!open_->gate) return run(sql, parameters);
  // What is checked and what is run are the same text, one statement at a time.
  const std::vector<std::string> statements = split_statements(sql);
  for (size_t i = 0; i + 1 < statements.size(); ++i) {
    TARN_ASSIGN(const auto rows, run_admitted(statements[i], {}));
    for (const Chunk* chunk = nullptr;;) {
      TARN_ASSIGN(chunk, rows->next());
      if (!chunk) break;
    }
  }
  if (statements.empty()) return no_rows();
  return run_admitted(statements.size() == 1 ? sql : statements.back(), parameters);
}

base::Result<std::unique_ptr<Rows>> SessionConnection::run_admitted(const std::string& sql,
                                                                    const std::vector<Cell>& parameters) {
  TARN_ASSIGN(const Gate::Admitted admitted, open_->gate->admit(sql));
  TARN_ASSIGN(auto rows, run(sql, parameters));
  open_->gate->ran(admitted);
  return rows;
}

base::Result<std::unique_ptr<Rows>> SessionConnection::run(const std::string& sql,
                                                           const std::vector<Cell>& parameters) {
  ExtractedHandle statements;
  const uint64_t count = duckdb_extract_statements(open_->handle, sql.c_str(), statements.out());
  if (count == 0) {
    const char* why = duckdb_extract_statements_error(statements.get());
    if (why && *why) return error_status(why);
    return no_rows();
  }
  bool bound = false;
  for (uint64_t i = 0;; ++i) {
    PreparedHandle statement;
    if (duckdb_prepare_extracted_statement(open_->handle, statements.get(), i, statement.out()) != DuckDBSuccess) {
      const char* why = duckdb_prepare_error(statement.get());
      return open_->failure(why ? why : "INTERNAL Error: DuckDB gave no reason");
    }
    if (open_->gate) TARN_TRY(gate_kind(duckdb_prepared_statement_type(statement.get())));
    bound = bound || duckdb_nparams(statement.get()) > 0;
    TARN_TRY(bind(statement.get(), parameters));
    const bool last = i + 1 == count;
    if (last && !bound && !parameters.empty()) {
      return Status(Code::invalid_argument,
                    "the statement has no parameters, " + std::to_string(parameters.size()) + " were given");
    }
    TARN_ASSIGN(auto rows, run_statement(open_, std::move(statement)));
    if (last) return rows;
    for (;;) {
      TARN_ASSIGN(const Chunk* chunk, rows->next());
      if (!chunk) break;
    }
  }
}

bool is_locked(const Connection& connection) {
  const auto* here = dynamic_cast<const SessionConnection*>(&connection);
  return !here || here->locked();  // the other kind is remote.h's
}

Status SessionConnection::make_view(const std::string& schema, const std::string& name, const std::string& select) {
  std::string sql;
  if (!equal_names(schema, "main")) sql = "CREATE SCHEMA IF NOT EXISTS " + quote_name(schema) + ";\n";
  sql += "CREATE OR REPLACE VIEW " + quote_name(schema) + "." + quote_name(name) + " AS " + select;
  if (open_->gate) open_->gate->reads({schema + "." + name});
  TARN_ASSIGN(const auto rows, run(sql, {}));
  if (open_->gate) open_->gate->let_relation(schema, name);
  return base::ok();
}

base::Result<std::unique_ptr<Rows>> SessionConnection::query_where(const std::string& table, const std::string& select,
                                                                   const std::string& condition,
                                                                   const std::string& after) {
  if (condition.find('\0') != std::string::npos) return Status(Code::invalid_argument, "the condition has a zero byte");
  if (open_->gate) {
    open_->gate->reads({table});
    TARN_TRY(open_->gate->admit_condition(condition));
  }
  return run(select + " WHERE (\n" + condition + "\n)" + after, {});
}

base::Result<std::vector<Column>> SessionConnection::describe(const std::string& sql) {
  if (sql.find('\0') != std::string::npos) return Status(Code::invalid_argument, "the SQL text has a zero byte");
  if (open_->gate) TARN_TRY(open_->gate->admit(sql).status());
  ExtractedHandle statements;
  const uint64_t count = duckdb_extract_statements(open_->handle, sql.c_str(), statements.out());
  if (count != 1) {
    const char* why = duckdb_extract_statements_error(statements.get());
    if (why && *why) return error_status(why);
    return Status(Code::invalid_argument, "one statement is wanted, not " + std::to_string(count));
  }
  PreparedHandle statement;
  if (duckdb_prepare_extracted_statement(open_->handle, statements.get(), 0, statement.out()) != DuckDBSuccess) {
    const char* why = duckdb_prepare_error(statement.get());
    return open_->failure(why ? why : "INTERNAL Error: DuckDB gave no reason");
  }
  std::vector<Column> columns;
  for (uint64_t i = 0; i < duckdb_prepared_statement_column_count(statement.get()); ++i) {
    const TypeHandle type(duckdb_prepared_statement_column_logical_type(statement.get(), i));
    const char* name = duckdb_prepared_statement_column_name(statement.get(), i);
    columns.push_back({name ? name : "", type_name(type.get())});
    duckdb_free(const_cast<char*>(name));
  }
  return columns;
}

base::Result<std::vector<std::string>> SessionConnection::split(const std::string& sql) {
  return split_statements(sql);
}

base::Result<std::vector<std::string>> SessionConnection::table_names(const std::string& sql) {
  if (sql.find('\0') != std::string::npos) return Status(Code::invalid_argument, "the SQL text has a zero byte");
  if (open_->gate) TARN_TRY(open_->gate->admit(sql).status());
  ValueHandle names(duckdb_get_table_names(open_->handle, sql.c_str(), true));
  if (!names) {
    ExtractedHandle statements;
    if (duckdb_extract_statements(open_->handle, sql.c_str(), statements.out()) == 0) {
      const char* why = duckdb_extract_statements_error(statements.get());
      if (why && *why) return error_status(why);
      return std::vector<std::string>();
    }
    return Status(Code::unsupported, "DuckDB tells no table names of this statement");
  }
  std::vector<std::string> out;
  for (uint64_t i = 0; i < duckdb_get_list_size(names.get()); ++i) {
    // A table with an alias comes as "docs AS d": the name ends where the alias begins.
    const std::string given = take_string(duckdb_get_varchar(ValueHandle(duckdb_get_list_child(names.get(), i)).get()));
    Scanner scanner(given);
    size_t end = 0;
    for (Token token = scanner.next(); token.kind != TokenKind::end && token.offset == end; token = scanner.next()) {
      end += token.text.size();
    }
    out.push_back(given.substr(0, end));
  }
  std::sort(out.begin(), out.end());  // DuckDB gives them in no order
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

base::Result<std::unique_ptr<Appender>> SessionConnection::appender(const std::string& table) {
  return make_appender(open_, table);
}
Status SessionConnection::add(TableFunction function) {
  if (open_->gate) open_->gate->let_function(function.name, true);
  return register_function(*open_, std::move(function));
}
Status SessionConnection::add(ScalarFunction function) {
  if (open_->gate) open_->gate->let_function(function.name, false);
  return register_function(*open_, std::move(function));
}

}  // namespace tarn::duck
