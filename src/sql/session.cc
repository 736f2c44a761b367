#include "sql/session.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/ascii.h"
#include "duck/arrow_file.h"
#include "duck/cancel_watch.h"
#include "duck/statements.h"
#include "sql/exact.h"
#include "sql/pivot.h"
#include "sql/statement.h"

namespace tarn::sql {
namespace {

using base::Code;
using base::Status;

bool names_no_table(const Status& status) {
  return status.message().starts_with("Catalog Error") && status.message().find("Table with name") != std::string::npos;
}

// The first word of a statement, in small letters.
std::string first_word(std::string_view statement) {
  duck::Scanner scanner(statement);
  return base::lower(scanner.next().text);
}

}  // namespace

base::Result<std::unique_ptr<Session>> Session::open(SessionOptions options) {
  std::unique_ptr<Session> session(new Session(Catalog(std::move(options.tables))));
  session->writer_ = std::move(options.writer);
  session->connection_ = std::move(options.connection);
  for (duck::TableFunction& function : options.table_functions) {
    session->functions_.push_back(function.name + "(");
    TARN_TRY(session->connection_->add(std::move(function)));
  }
  for (duck::ScalarFunction& function : options.scalar_functions) {
    session->functions_.push_back(function.name + "(");
    TARN_TRY(session->connection_->add(std::move(function)));
  }
  return session;
}

// The lake table that CREATE TABLE makes; "" for one of DuckDB's own: temporary, or in a database that was attached.
base::Result<std::string> Session::made_by(const ChangeStatement& statement) {
  if (statement.kind != Change::create || statement.temporary) return std::string();
  std::vector<std::string> parts = duck::split_name(statement.target);
  const bool ours = parts.size() > 1 && duck::equal_names(parts[0], "memory");
  if (ours) parts.erase(parts.begin());
  if (parts.size() > 2) return std::string();
  TARN_ASSIGN(
      const auto rows,
      connection_->query("SELECT current_database() = 'memory', current_schema(), EXISTS (FROM duckdb_databases() "
                         "WHERE lower(database_name) = lower($1))",
                         {duck::Cell(parts[0])}));
  TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
  if (!chunk || (!ours && chunk->integer(0, 0) == 0)) return std::string();  // USE of an attached database
  if (parts.size() == 2) return chunk->integer(2, 0) != 0 ? std::string() : parts[0] + "." + parts[1];
  return (ours ? "main" : std::string(chunk->text(1, 0))) + "." + parts[0];
}

base::Result<std::unique_ptr<duck::Rows>> Session::change(const std::string& statement, const base::Context& context) {
  const duck::Sentences read = read_statement(statement);
  TARN_ASSIGN(std::string name, catalog_.changed_by(*connection_, changed_tables(read)));
  const bool creates =
      writer_ && std::any_of(read.statements.begin(), read.statements.end(), [](const duck::Symbol& s) {
        const std::string_view kind = inner_statement(s).name;
        return kind == "CreateStmt" || kind == "CreateAsStmt";
      });
  if (name.empty() && !creates) return std::unique_ptr<duck::Rows>();
  if (!writer_) {
    return Status(Code::unsupported, name + " is a lake table, and this session does not change it",
                  "change it by `tarn sql` without --read-only or by `tarn pull`, or give your own table another name");
  }
  if (read.statements.size() > 1) {
    return Status(Code::unsupported,
                  (name.empty() ? "CREATE TABLE" : name) + ": a change of a lake table is a statement of its own",
                  "run one statement at a time");
  }
  const auto understood = parse_change(read);
  if (!understood.ok()) return name.empty() ? understood.status() : understood.status().with_context(name);
  const std::optional<ChangeStatement>& parsed = *understood;
  if (!parsed && name.empty()) return std::unique_ptr<duck::Rows>();
  if (!parsed) {
    return Status(Code::unsupported, name + " is a lake table, and this statement is none that changes one",
                  "INSERT, UPDATE, DELETE, MERGE, TRUNCATE, COPY … FROM, CREATE TABLE and DROP TABLE do");
  }
  if (name.empty()) {
    TARN_ASSIGN(name, made_by(*parsed));
    if (name.empty()) return std::unique_ptr<duck::Rows>();
  } else if (parsed->kind == Change::create) {
    if (parsed->temporary) return std::unique_ptr<duck::Rows>();
    if (parsed->if_exists) return nothing_changed();
    return Status(Code::already_exists, "there is a table " + name + " already",
                  parsed->or_replace ? "DROP TABLE it first: a lake table is not replaced in one step" : "");
  }
  if (!writer_->refusal.empty()) return Status(Code::unsupported, name + ": " + writer_->refusal);
  if (in_transaction_) {
    return Status(Code::unsupported,
                  name + ": a change of a lake table is a commit of its own, not part of a transaction",
                  "run it outside of BEGIN and COMMIT");
  }
  TARN_ASSIGN(auto rows, change_table(*connection_, catalog_, *writer_, *parsed, name, context));
  leftovers_ = !parsed->returning.empty();
  return rows;
}

base::Result<std::unique_ptr<duck::Rows>> Session::query(const std::string& given,
                                                         const std::vector<duck::Cell>& parameters,
                                                         const base::Context& context) {
  rows_changed_ = 0;
  if (std::exchange(leftovers_, false)) TARN_TRY(drop_leftovers(*connection_));
  TARN_ASSIGN(const std::string statement, catalog_.at_versions(*connection_, given, context));
  TARN_TRY(catalog_.prepare(*connection_, statement, context));
  TARN_TRY(check_guessed_types(*connection_, statement));
  TARN_ASSIGN(auto changed, change(statement, context));
  if (changed) {
    rows_changed_ = changed->rows_changed();
    return changed;
  }
  auto rows = connection_->query(statement, parameters);
  if (!rows.ok() && rows.status().code() == Code::permission_denied) {
    TARN_ASSIGN(const std::optional<std::string> pivot, with_pivot_values(*connection_, statement));
    if (pivot) rows = connection_->query(*pivot, parameters);
  }
  // With every table known, DuckDB can say which one was meant. Nothing has been done yet: names are looked up first.
  if (!rows.ok() && names_no_table(rows.status())) {
    // A table that could not be read is the reason, where one is missing.
    if (!catalog_.failures().empty()) return catalog_.failures().front();
    TARN_ASSIGN(const bool more, catalog_.prepare_all(*connection_, context));
    if (more) rows = connection_->query(statement, parameters);
  }
  if (rows.ok()) {
    rows_changed_ = (*rows)->rows_changed();
    const std::string word = first_word(statement);
    if (word == "begin" || word == "start") in_transaction_ = true;
    if (word == "commit" || word == "end" || word == "rollback" || word == "abort") in_transaction_ = false;
  }
  if (!rows.ok()) return catalog_.explain(rows.status());
  return rows;
}

Status Session::run_statement(const std::string& statement, const rows::Format& format, const rows::Sink& sink,
                              const base::Context& context) {
  TARN_TRY(context.check());
  TARN_ASSIGN(auto writer, rows::make_writer(format, sink));
  const duck::CancelWatch watch(*connection_, context);
  auto asked = query(statement, {}, context);
  if (!asked.ok()) return context.reason(asked.status());
  const std::unique_ptr<duck::Rows> rows = std::move(*asked);
  if (rows->columns().empty()) return base::ok();
  if (!writer->begin(rows->columns())) return base::ok();
  for (;;) {
    TARN_TRY(context.check());
    const auto next = rows->next();
    if (!next.ok()) return context.reason(catalog_.explain(next.status()));
    const duck::Chunk* chunk = *next;
    if (!chunk) break;
    if (!writer->write(*chunk)) return base::ok();
  }
  writer->end();
  return base::ok();
}

Status Session::save(const std::string& statement, const std::string& format, const std::string& path,
                     const base::Context& context) {
  TARN_TRY(context.check());
  const duck::CancelWatch watch(*connection_, context);
  TARN_ASSIGN(const std::string text, catalog_.at_versions(*connection_, statement, context));
  TARN_TRY(catalog_.prepare(*connection_, text, context));
  if (!changed_tables(text).empty()) return query(statement, {}, context).status();  // no rows: nothing for the file
  TARN_TRY(check_guessed_types(*connection_, text));
  std::error_code error;
  const std::string part = path + ".part";
  std::filesystem::remove(part, error);
  Status written =
      format == "arrow" ? duck::write_arrow(*connection_, text, part) : connection_->write_parquet(text, part).status();
  if (written.ok()) {
    std::filesystem::rename(part, path, error);
    if (error) written = Status(Code::io, path + ": " + error.message());
  }
  if (!written.ok()) std::filesystem::remove(part, error);
  return context.reason(written);
}

std::vector<std::string> Session::split(const std::string& script) const {
  std::vector<std::string> out;
  const std::string_view all = script;
  size_t at = 0;
  while (at < all.size()) {
    duck::Scanner scanner(all.substr(at));
    duck::Token token = scanner.next();
    if (token.kind == duck::TokenKind::end && token.closed) break;
    const size_t first = at + token.offset;
    // A line that begins with a dot, where no statement is open, is for the shell.
    if (token.text == "." && all.substr(0, first).find_last_not_of(" \t") == all.substr(0, first).find_last_of('\n')) {
      const size_t end = std::min(all.find('\n', first), all.size());
      out.emplace_back(all.substr(first, end - first));
      at = end;
      continue;
    }
    while (token.kind != duck::TokenKind::semicolon && token.kind != duck::TokenKind::end) token = scanner.next();
    const size_t end = std::min(at + token.offset + (token.kind == duck::TokenKind::semicolon ? 1 : 0), all.size());
    for (std::string& statement : duck::split_statements(all.substr(at, end - at))) out.push_back(std::move(statement));
    at = std::max(end, first);
    if (token.kind == duck::TokenKind::end) break;
  }
  return out;
}

bool Session::is_complete(std::string_view text) {
  const duck::Ending end = duck::ending(text);
  return end == duck::Ending::complete || end == duck::Ending::empty;
}

Status run(Session& session, const std::string& script, const rows::Format& format, const rows::Sink& sink,
           const base::Context& context) {
  size_t at = 0;
  bool wanted = true;
  const rows::Sink watched = [&](std::string_view text) { return wanted = wanted && sink(text); };
  for (const std::string& statement : session.split(script)) {
    // Lines before the statement go before it, so that DuckDB counts them.
    const size_t found = script.find(statement, at);
    const size_t start = found == std::string::npos ? at : found;
    const auto lines =
        static_cast<size_t>(std::count(script.begin(), script.begin() + static_cast<std::ptrdiff_t>(start), '\n'));
    at = start + statement.size();
    TARN_TRY(session.run_statement(std::string(lines, '\n') + statement, format, watched, context));
    if (!wanted) return base::ok();
  }
  return base::ok();
}

}  // namespace tarn::sql
