#include "workspace/operations/sql.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/clock.h"
#include "duck/cancel_watch.h"
#include "workspace/options.h"
#include "workspace/sql_sessions.h"

namespace tarn::workspace {

using base::Code;
using base::Result;
using base::Status;
using operation::Face;

namespace {

// The first words of statements that read. Anything else would change a database that is gone with the session:
// refused, not pretended.
constexpr std::array kReading = {"select",   "with", "from",      "values", "table",   "show",
                                 "describe", "desc", "summarize", "pivot",  "unpivot", "explain"};

bool reads(std::string_view statement) {
  const size_t start = statement.find_first_not_of(" \t\r\n(");
  if (start == std::string_view::npos) return false;
  std::string word;
  for (char c : statement.substr(start)) {
    if (!base::is_letter(c)) break;
    word += base::lower(c);
  }
  return std::find(kReading.begin(), kReading.end(), word) != kReading.end();
}

}  // namespace

operation::Declaration<SqlRequest, SqlReply> Sql::declare() {
  operation::Operation o;
  o.name = "sql";
  o.faces = {Face::cli, Face::model, Face::network};
  o.doc = "query the tables with SQL; a shell without a query";
  o.help = R"(Tables are read at one pinned version each. search('words'), passages('table') and embed('words') are
functions in it; FROM t AT (VERSION => 3) reads another version. INSERT, UPDATE, DELETE, MERGE, CREATE TABLE and DROP
TABLE change the lake, each in one commit; CREATE TEMP TABLE is gone with the session. Without a query and with a
terminal it is a shell: .help says what it knows.)";
  o.tool_help =
      "Run one read-only SQL SELECT (DuckDB dialect) over the lake's tables, written namespace.name. Text tables "
      "have the columns id, title, body, uri, mime, lang, author, created_at, updated_at, labels, extra and more: "
      "describe_table lists them. search('words') is a table function that ranks documents. Use it for counts, sums, "
      "filters and joins. Rows come bounded by max_rows; truncated says that there were more. "
      "A statement may take two minutes.";
  o.examples = {{"tarn sql 'select count(*) from main.docs'", "one query"},
                {"tarn sql -c 'from main.docs select title, uri limit 3' --json", "rows for a program"},
                {"tarn sql", "the shell"}};
  o.errors = {{Code::invalid_argument, "the query does not parse or names what is not there"},
              {Code::permission_denied, "it would write or read outside the lake (tools)"},
              {Code::exhausted, "it takes more memory or time than a statement has"}};
  o.list = "rows";
  return operation::declare<SqlRequest, SqlReply>(std::move(o));
}

Result<SqlReply> Sql::run(const SqlRequest& request, const OpenOptions& options, SqlSessions& sessions,
                          const operation::Sink<Piece>& sink, const base::Context& context) {
  const base::Stopwatch stopwatch;
  TARN_ASSIGN(std::unique_ptr<sql::Session> opened, sessions.open(request.as_of, true, options.sql_timeout_ms));
  const std::vector<std::string> statements = opened->split(request.query);
  if (statements.size() != 1) {
    return Status(Code::invalid_argument, fmt::format("one SQL statement is wanted, {} were given", statements.size()));
  }
  if (!reads(statements.front())) {
    return Status(Code::permission_denied, "only statements that read are taken here",
                  "begin it with SELECT, WITH, FROM, SHOW or DESCRIBE");
  }
  const duck::CancelWatch watch([&] { opened->interrupt(); }, context);
  TARN_ASSIGN(std::unique_ptr<duck::Rows> rows, opened->query(statements.front(), {}, context));
  SqlReply reply;
  for (const duck::Column& column : rows->columns()) reply.columns.push_back({column.name, column.type});
  int64_t given = 0;
  bool wanted = true;
  while (wanted && !reply.truncated) {
    TARN_TRY(context.check());
    TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
    if (!chunk) break;
    for (size_t i = 0; wanted && i < chunk->rows(); ++i) {
      if (given++ == request.max_rows) {
        reply.truncated = true;
        break;
      }
      Piece row;
      for (size_t c = 0; c < reply.columns.size(); ++c) row.push_back(rows::to_json(*chunk, c, i));
      if (sink) {
        wanted = sink(std::move(row));
      } else {
        reply.rows.push_back(std::move(row));
      }
    }
  }
  reply.took_ms = stopwatch.elapsed_ms();
  return reply;
}

}  // namespace tarn::workspace
