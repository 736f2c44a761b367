#include "workspace/declarations.h"

#include "workspace/versions_declarations.h"

namespace tarn::workspace {

using base::Code;
using operation::declare;
using operation::Operation;

Declared<PullRequest, PullReply> declare_pull() {
  Operation o;
  o.name = "pull";
  o.doc = "bring a source into a table, or the table up to date";
  o.help = R"(Reads what is new or changed, notices what was renamed or deleted, and commits rows, deletions and the
source's bookmark together. What is committed can be searched at once. A second pull of an unchanged source writes
nothing. A pull that was stopped goes on where it stopped. What cannot be read is rejected; what is of a kind that is
not read, such as a picture, is skipped: both are kept with the reason in the table tarn.rejects. A folder's
.gitignore and .tarnignore files are obeyed, and in a repository those above it. Where a folder lies within one
that is pulled into the same table, each file is one row, whichever is pulled. Exit code 1 when an item was rejected;
the rest is committed.)";
  o.examples = {
      {"tarn pull ~/notes", "a folder into main.docs"},
      {"tarn pull ./manual --into main.manual --include '**/*.html'", "some files of it into a table of their own"},
      {"tarn pull ~/notes --dry-run", "what would change"},
      {"tarn pull ~/notes --as 'markdown:*.qmd'", "files of another name as Markdown, now and later"},
      {"tarn pull ~/notes --watch", "keep the table up to date"}};
  o.errors = {{Code::not_found, "the source is not there"},
              {Code::conflict, "another pull of this source is running"},
              {Code::exhausted, "the disk is full; what was committed stays"}};
  o.read_only = false;
  o.list = "rejects";
  return declare<PullRequest, PullReply>(std::move(o));
}

Declared<TablesRequest, TablesReply> declare_tables() {
  Operation o;
  o.name = "tables";
  o.tool = "list_tables";
  o.doc = "list the tables of the lake";
  o.tool_help = "List the tables of the lake with their version and number of rows. Start here to learn what there is.";
  o.examples = {{"tarn tables", "names, versions, rows"}, {"tarn tables --as-of 2026-11-01", "as they were"}};
  o.list = "tables";
  return declare<TablesRequest, TablesReply>(std::move(o));
}

Declared<ShowRequest, ShowReply> declare_show() {
  Operation o;
  o.name = "show";
  o.tool = "describe_table";
  o.doc = "describe a table: columns, sources, indexes";
  o.tool_help =
      "Describe one table: its columns and their SQL types, rows, version, sources, and what it can be searched by.";
  o.examples = {{"tarn show main.docs", "what is in it"}, {"tarn show docs --json", "the same for a program"}};
  o.errors = {{Code::not_found, "there is no such table"}};
  return declare<ShowRequest, ShowReply>(std::move(o));
}

Declared<HistoryRequest, HistoryReply> declare_history() {
  Operation o;
  o.name = "history";
  o.doc = "list the versions of a table, newest first";
  o.examples = {{"tarn history main.docs", "the last 20"}, {"tarn history main.docs -n 3 --json", "for a program"}};
  o.errors = {{Code::not_found, "there is no such table"}};
  o.list = "versions";
  return declare<HistoryRequest, HistoryReply>(std::move(o));
}

Declared<SqlRequest, SqlReply> declare_sql() {
  Operation o;
  o.name = "sql";
  o.tool = "sql";
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
  return declare<SqlRequest, SqlReply>(std::move(o));
}

Declared<SearchRequest, SearchReply> declare_search() {
  Operation o;
  o.name = "search";
  o.tool = "search";
  o.doc = "find documents by word, by meaning, or both";
  o.help =
      R"(Words are matched after stemming; "a phrase" keeps its order, +word must be there, -word must not; --word and
-40 are words. Small words (the, of) are not looked for beside others, unless they are in capitals (IT department)
or in a phrase. Each document is shown once, with its best passage. A filter is a SQL condition that decides what takes
part before anything is ranked.)";
  o.tool_help =
      "Search the lake's documents by word and meaning. Words, \"exact phrases\", +must and -not work. Returns results "
      "with id, title, url and the best passage; give an id to fetch for the whole document.";
  o.examples = {{"tarn search 'write-ahead log'", "both ways"},
                {"tarn search '\"point in time\" +recovery -windows' --mode lexical -k 5", "by word only"},
                {"tarn search backup --filter \"uri like '%admin%'\" --json", "among some documents, for a program"},
                {"tarn search backup --in main.docs --as-of 3", "as the table was at version 3"}};
  o.errors = {{Code::not_found, "a table or version is not there"},
              {Code::invalid_argument, "the filter does not parse"},
              {Code::unavailable, "semantic was asked for and no encoder is installed"}};
  o.list = "hits";
  return declare<SearchRequest, SearchReply>(std::move(o));
}

Declared<AskRequest, AskReply> declare_ask() {
  Operation o;
  o.name = "ask";
  o.tool = "ask";
  o.doc = "answer a question with quotes that were checked";
  o.help = R"(The answer is made of sentences of the documents, word for word. Each was read again from the lake, at
the version named, and compared before it is shown. The receipt proves it later: tarn verify RECEIPT. When nothing
relevant is found, it says so. With a model that has no calibration.json, whether there is an answer is judged by words
alone, and the reply is marked as uncalibrated.)";
  o.tool_help =
      "Answer a question with verbatim quotes from the lake's documents, each re-read and compared before it is "
      "returned. found is false when nothing relevant is there: say so then, and do not answer from memory as if it "
      "were quoted. calibrated is false when that was judged by words alone: be more careful then.";
  o.examples = {{"tarn ask 'How do I restore to a point in time?'", "quoted and checked"},
                {"tarn ask 'Which port does the server use?' --in main.docs --json", "for a program"}};
  o.errors = {{Code::not_found, "a table or version is not there"},
              {Code::corruption, "a document no longer matches its hash"}};
  o.list = "citations";
  o.read_only = false;  // it writes a receipt
  return declare<AskRequest, AskReply>(std::move(o));
}

Declared<VerifyRequest, VerifyReply> declare_verify() {
  Operation o;
  o.name = "verify";
  o.doc = "check an answer again from its receipt";
  o.help = R"(Reads every quote again at the version that it was taken from, and says whether it still stands in the
newest version. Exit code 0: every quote stands at its version; 1: one does not, or the receipt was altered.)";
  o.examples = {{"tarn verify receipt.json", "a receipt that tarn ask wrote"}};
  o.errors = {{Code::not_found, "the receipt is not there"}, {Code::corruption, "it is not a receipt, or was altered"}};
  o.list = "quotes";
  return declare<VerifyRequest, VerifyReply>(std::move(o));
}

Declared<FetchRequest, FetchReply> declare_fetch() {
  Operation o;
  o.name = "fetch";
  o.tool = "fetch";
  o.doc = "print one document";
  o.tool_help = "Get one whole document by the id that search returned: its text (Markdown), title, url and metadata.";
  o.examples = {{"tarn fetch main.docs/intro.md", "its body"},
                {"tarn fetch intro.md --table main.docs --json", "with its other columns"}};
  o.errors = {{Code::not_found, "no document has this id"}};
  return declare<FetchRequest, FetchReply>(std::move(o));
}

Declared<OptimizeRequest, OptimizeReply> declare_optimize() {
  Operation o;
  o.name = "optimize";
  o.doc = "merge small data files and their index segments";
  o.help = "Older versions stay readable. Nothing is encoded again.";
  o.examples = {
      {"tarn optimize", "every table"},
      {"tarn optimize main.docs", "one of them"},
      {"tarn optimize main.log --by time", "all of it in the order of a column, which queries by it skip files by"}};
  o.read_only = false;
  o.list = "tables";
  return declare<OptimizeRequest, OptimizeReply>(std::move(o));
}

Declared<CheckRequest, CheckReply> declare_check() {
  Operation o;
  o.name = "check";
  o.doc = "check that stored data is whole: log, files, indexes, bookmarks";
  o.help = "Reads every byte. Exit code 1 when a problem was found; each comes with its remedy.";
  o.examples = {{"tarn check", "the whole lake"}, {"tarn check main.docs --json", "one table, for a program"}};
  o.list = "problems";
  return declare<CheckRequest, CheckReply>(std::move(o));
}

Declared<DoctorRequest, DoctorReply> declare_doctor() {
  Operation o;
  o.name = "doctor";
  o.doc = "check the installation: model, libraries, disk, permissions";
  o.help = "Exit code 1 when something failed. Each finding comes with its fix.";
  o.examples = {{"tarn doctor", "what is wrong here"}, {"tarn doctor --json", "for a report"}};
  o.list = "checks";
  return declare<DoctorRequest, DoctorReply>(std::move(o));
}

std::vector<Operation> operations() {
  return {declare_pull().operation,     declare_tables().operation,  declare_show().operation,
          declare_history().operation,  declare_search().operation,  declare_ask().operation,
          declare_verify().operation,   declare_fetch().operation,   declare_sql().operation,
          declare_tag().operation,      declare_restore().operation, declare_vacuum().operation,
          declare_diff().operation,     declare_forget().operation,  declare_link().operation,
          declare_optimize().operation, declare_check().operation,   declare_doctor().operation};
}

}  // namespace tarn::workspace
