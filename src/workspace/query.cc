// sql: sessions over the lake's tables, with search(), passages() and embed() as functions.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <filesystem>

#include "duck/cancel_watch.h"
#include "duck/remote.h"
#include "ingest/text_table.h"
#include "workspace/workspace.h"

namespace tarn::workspace {
namespace {

using base::Code;
using base::Result;
using base::Status;
using duck::Cell;

using Cells = std::vector<std::vector<Cell>>;

std::string text_of(const Cell& cell, std::string fallback = {}) {
  const std::string* text = std::get_if<std::string>(&cell.value);
  return text ? *text : fallback;
}

Cell number_of(const std::optional<double>& value) { return value ? Cell(*value) : Cell(); }

duck::CellList list_of(const std::vector<std::string>& items) {
  duck::CellList list;
  for (const std::string& item : items) list.push_back(item);
  return list;
}

// Where a local session's large sorts and joins go, each its own; DuckDB makes it when it needs it, and takes it away.
std::string spill_directory() {
  static std::atomic<uint64_t> sessions = 0;
  std::error_code error;
  const std::filesystem::path base = std::filesystem::temp_directory_path(error);
  return error ? std::string() : (base / fmt::format("tarn-sql-{}-{}", getpid(), ++sessions)).string();
}

// Statements of others at work at once; further ones wait.
constexpr int kSqlWorkers = 4;

// The first words of statements that read. Anything else would change a database that is gone with the session: refused, not pretended.
constexpr std::array kReading = {"select",   "with", "from",      "values", "table",   "show",
                                 "describe", "desc", "summarize", "pivot",  "unpivot", "explain"};

bool reads(std::string_view statement) {
  const size_t start = statement.find_first_not_of(" \t\r\n(");
  if (start == std::string_view::npos) return false;
  std::string word;
  for (char c : statement.substr(start)) {
    if ((c | 0x20) < 'a' || (c | 0x20) > 'z') break;
    word += static_cast<char>(c | 0x20);
  }
  return std::find(kReading.begin(), kReading.end(), word) != kReading.end();
}

}  // namespace

std::vector<duck::TableFunction> Workspace::table_functions(const std::string& as_of) {
  duck::TableFunction find;
  find.name = "search";
  find.positional = {{"query", "VARCHAR"}};
  find.named = {{"mode", "VARCHAR"}, {"in_table", "VARCHAR"}, {"filter", "VARCHAR"}, {"k", "BIGINT"}};
  find.columns = {{"rank", "BIGINT"},        {"score", "DOUBLE"},      {"lexical", "DOUBLE"},  {"semantic", "DOUBLE"},
                  {"table_name", "VARCHAR"}, {"id", "VARCHAR"},        {"title", "VARCHAR"},   {"uri", "VARCHAR"},
                  {"heading", "VARCHAR[]"},  {"span_start", "BIGINT"}, {"span_end", "BIGINT"}, {"passage", "VARCHAR"}};
  find.run = [this, as_of](const std::vector<Cell>& arguments) -> Result<Cells> {
    SearchRequest request;
    request.query = text_of(arguments[0]);
    request.mode = text_of(arguments[1], request.mode);
    if (const std::string table = text_of(arguments[2]); !table.empty()) request.in = {table};
    request.filter = text_of(arguments[3]);
    if (const int64_t* k = std::get_if<int64_t>(&arguments[4].value)) request.k = *k;
    if (request.k < 1 || request.k > 10'000) return Status(Code::invalid_argument, "search(): k is from 1 to 10000");
    request.as_of = as_of;
    TARN_ASSIGN(SearchReply reply, search(request, {}));
    Cells rows;
    for (const Hit& hit : reply.hits) {
      rows.push_back({hit.rank, hit.score, number_of(hit.scores.lexical), number_of(hit.scores.semantic), hit.table,
                      hit.id, hit.title, hit.uri, list_of(hit.passage.heading), hit.passage.start, hit.passage.end,
                      hit.passage.text});
    }
    return rows;
  };

  duck::TableFunction all_passages;
  all_passages.name = "passages";
  all_passages.positional = {{"table_name", "VARCHAR"}};
  all_passages.columns = {{"id", "VARCHAR"},        {"ordinal", "BIGINT"},  {"heading", "VARCHAR[]"},
                          {"span_start", "BIGINT"}, {"span_end", "BIGINT"}, {"passage", "VARCHAR"}};
  all_passages.run = [this, as_of](const std::vector<Cell>& arguments) -> Result<Cells> {
    TARN_ASSIGN(std::vector<search::Target> found, targets({text_of(arguments[0])}, as_of, false, {}));
    Cells rows;
    for (const index::LiveSet::Segment& segment : found.front().live->segments()) {
      for (base::PassageOrdinal p(0); p.value < segment.lexical->passage_count(); p = p.next()) {
        if (!segment.deleted.empty() && (segment.deleted[p.value / 64] >> (p.value % 64) & 1)) continue;
        const auto span = segment.lexical->passage(p);
        const auto document = segment.lexical->document(span.document);
        TARN_ASSIGN(std::string text, segment.lexical->text(p));
        rows.push_back({std::string(document.id), int64_t{p.value - document.first_passage},
                        list_of(segment.lexical->heading(p)), static_cast<int64_t>(span.start),
                        static_cast<int64_t>(span.end), std::move(text)});
      }
    }
    return rows;
  };
  return {std::move(find), std::move(all_passages)};
}

std::vector<duck::ScalarFunction> Workspace::scalar_functions() {
  duck::ScalarFunction embed;
  embed.name = "embed";
  embed.parameters = {"VARCHAR"};
  embed.result = "FLOAT[]";
  embed.run = [this](const std::vector<Cell>& arguments) -> Result<Cell> {
    if (arguments[0].is_null()) return Cell();
    encode::Encoder* with = encoder();
    if (!with) return Status(Code::unavailable, "embed(): no encoder is installed", "install the model part");
    // A statement may ask for as many as a table has rows: its texts take turns with other bulk work.
    const encode::Input input{encode::Role::query, text_of(arguments[0])};
    TARN_ASSIGN(std::vector<float> vector, with->encode({&input, 1}, encode::Urgency::bulk, {}));
    duck::CellList list;
    for (float v : vector) list.push_back(static_cast<double>(v));
    return Cell(std::move(list));
  };
  return {std::move(embed)};
}

worker::Pool& Workspace::sql_pool() {
  const auto opened = sql_pool_.get([]() -> Result<std::shared_ptr<worker::Pool>> {
    return std::shared_ptr<worker::Pool>(worker::make_pool(kSqlWorkers));
  });
  return **opened;
}

Result<std::unique_ptr<sql::Session>> Workspace::session(const std::string& as_of, bool locked, int timeout_ms) {
  sql::SessionOptions options;
  if (locked) {
    // First, so that the worker starts while the tables are looked for. It has a budget of its own.
    duck::Options database;
    database.threads = options_.threads;
    database.memory_limit_bytes = options_.memory_limit_bytes;
    database.locked_to = readable_directories();
    TARN_ASSIGN(options.connection, duck::connect_in(sql_pool(), database, {.statement_timeout_ms = timeout_ms}));
  } else {
    TARN_ASSIGN(const auto database, instances_.session({spill_directory(), {}}));
    TARN_ASSIGN(options.connection, database->connect());
    options.writer = sql_writer(as_of);
  }
  const auto lake_store = store(false);
  if (lake_store.ok()) {
    TARN_ASSIGN(std::vector<std::string> paths, lake::list_tables(**lake_store));
    const auto lease = reading();  // lives as long as the session: its tables hold it
    for (const std::string& path : paths) {
      const std::string name = ingest::table_name(path);
      const auto pin_at = [this, name, lease](const std::string& when) -> Result<sql::PinnedTable> {
        TARN_ASSIGN(Pinned pinned, pin(name, when, {}));
        return sql::PinnedTable{pinned.table, pinned.snapshot};
      };
      options.tables.push_back({name, [pin_at, as_of] { return pin_at(as_of); }, pin_at});
    }
    // The first reject makes this table; until then it reads as empty.
    const std::string rejects(ingest::kRejectsTable);
    if (std::find(paths.begin(), paths.end(), ingest::table_path(rejects)) == paths.end())
      options.tables.push_back({rejects, {}, {}, ingest::rejects_schema()});
  } else if (lake_store.status().code() != Code::not_found) {
    return lake_store.status();
  }
  options.table_functions = table_functions(as_of);
  options.scalar_functions = scalar_functions();
  return sql::Session::open(std::move(options));
}

Result<SqlReply> Workspace::sql(const SqlRequest& request, const base::Context& context) {
  const base::Stopwatch stopwatch;
  TARN_ASSIGN(std::unique_ptr<sql::Session> opened, session(request.as_of, true, options_.sql_timeout_ms));
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
  while (!reply.truncated) {
    TARN_TRY(context.check());
    TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
    if (!chunk) break;
    for (size_t i = 0; i < chunk->rows(); ++i) {
      if (reply.rows.size() == static_cast<size_t>(request.max_rows)) {
        reply.truncated = true;
        break;
      }
      auto& row = reply.rows.emplace_back();
      for (size_t c = 0; c < reply.columns.size(); ++c) row.push_back(rows::to_json(*chunk, c, i));
    }
  }
  reply.took_ms = stopwatch.elapsed_ms();
  return reply;
}

}  // namespace tarn::workspace
