#include "workspace/operations/sql.h"

namespace tarn::workspace {

using base::Code;
using operation::Face;

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

}  // namespace tarn::workspace
