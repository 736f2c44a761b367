#include "duck/gate.h"

#include <algorithm>
#include <array>

#include "duck/statements.h"

namespace tarn::duck {
namespace {

using base::Code;
using base::Status;

Status refused(std::string_view what) {
  return {Code::permission_denied, "Permission Error: " + std::string(what) + " is not allowed on a locked connection",
          "a locked connection reads tables; run this with `tarn sql` on your own machine instead"};
}

constexpr std::array<std::string_view, 15> kFunctions{
    "enable_logging",
    "disable_logging",
    "truncate_duckdb_logs",
    "write_log",  // write files, print, or switch either
    "enable_profiling",
    "enable_profile",
    "enable_progress_bar",
    "enable_print_progress_bar",
    "query",
    "json_execute_serialized_sql",  // run text that these checks have not seen
    "arrow_scan",
    "arrow_scan_dumb",  // take pointers
    "checkpoint",
    "force_checkpoint",
    "read_duckdb",  // touch database files
};

constexpr std::array<std::string_view, 13> kMakes{"view",   "table",    "macro",  "function", "type",
                                                  "schema", "sequence", "index",  "unique",   "recursive",
                                                  "if",     "or",       "replace"};
// Binding alone can touch the disk (EXPORT DATABASE makes its directory), so a statement must begin with one of these to be bound at all.
constexpr std::array<std::string_view, 28> kBegins{
    "select",      "from",    "with",    "values", "table", "show",     "describe", "desc",   "summarize", "pivot",
    "pivot_wider", "unpivot", "explain", "create", "drop",  "alter",    "insert",   "update", "delete",    "truncate",
    "merge",       "begin",   "start",   "commit", "end",   "rollback", "abort",    "analyze"};
constexpr std::array<std::string_view, 12> kExplains{"select", "from",    "with",     "values",
                                                     "table",  "show",    "describe", "summarize",
                                                     "pivot",  "unpivot", "desc",     "pivot_wider"};

// A name as DuckDB would compare it, without bytes beyond ASCII: some of them are spaces to DuckDB, so none may hide a name.
std::string plain(std::string_view word) {
  std::string out;
  for (char c : unquote_name(word)) {
    if (static_cast<unsigned char>(c) >= 0x80) continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  return out;
}

bool among(const auto& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_name(const Token& token) { return token.kind == TokenKind::word || token.kind == TokenKind::quoted_name; }

Status gate_statement(const std::vector<Token>& tokens) {
  for (const Token& token : tokens) {
    if (token.ambiguous) return refused("a character beyond ASCII directly before $ or a quote");
  }
  for (size_t t = 0; t + 1 < tokens.size(); ++t) {
    if (!is_name(tokens[t]) || tokens[t + 1].text != "(") continue;
    if (std::string name = plain(tokens[t].text); among(kFunctions, name))
      return refused("the function " + name + "()");
  }
  if (tokens.empty()) return base::ok();
  size_t i = 0;
  while (i < tokens.size() && tokens[i].text == "(") ++i;
  if (i == tokens.size()) return base::ok();  // DuckDB says what is wrong with it
  const std::string first = tokens[i].kind == TokenKind::word ? plain(tokens[i].text) : std::string(tokens[i].text);
  if (!among(kBegins, first)) return refused("a statement that begins with " + first.substr(0, 40));
  ++i;
  const auto word = [&] {
    return i < tokens.size() && tokens[i].kind == TokenKind::word ? plain(tokens[i].text) : std::string();
  };
  if (first == "create" || first == "drop" || first == "alter") {
    while (word() == "temp" || word() == "temporary" || word() == "local") ++i;
    if (!among(kMakes, word()) || (first != "create" && word() == "or")) return refused(first + " " + word());
    if (word() == "or") {  // CREATE OR REPLACE …
      i += 2;
      while (word() == "temp" || word() == "temporary" || word() == "local") ++i;
      if (!among(kMakes, word())) return refused("create or replace " + word());
    }
  }
  if (first == "explain") {
    while (word() == "analyze" || word() == "analyse" || word() == "verbose") ++i;
    if (i < tokens.size() && tokens[i].text == "(") {  // options, or the query in parentheses
      if (i + 1 < tokens.size() && among(kExplains, plain(tokens[i + 1].text))) return base::ok();
      while (i < tokens.size() && tokens[i].text != ")") ++i;
      ++i;
    }
    while (i < tokens.size() && tokens[i].text == "(") ++i;
    if (!among(kExplains, word())) return refused("explain " + word());
  }
  return base::ok();
}

}  // namespace

Status gate_text(std::string_view sql) {
  Scanner scanner(sql);
  std::vector<Token> statement;
  for (;;) {
    const Token token = scanner.next();
    if (token.kind == TokenKind::end || token.kind == TokenKind::semicolon) {
      TARN_TRY(gate_statement(statement));
      if (token.kind == TokenKind::end) return base::ok();
      statement.clear();
    } else {
      statement.push_back(token);
    }
  }
}

Status gate_kind(duckdb_statement_type kind) {
  switch (kind) {
    case DUCKDB_STATEMENT_TYPE_SELECT:
    case DUCKDB_STATEMENT_TYPE_EXPLAIN:
    case DUCKDB_STATEMENT_TYPE_CREATE:
    case DUCKDB_STATEMENT_TYPE_CREATE_FUNC:
    case DUCKDB_STATEMENT_TYPE_INSERT:
    case DUCKDB_STATEMENT_TYPE_UPDATE:
    case DUCKDB_STATEMENT_TYPE_DELETE:
    case DUCKDB_STATEMENT_TYPE_MERGE_INTO:
    case DUCKDB_STATEMENT_TYPE_DROP:
    case DUCKDB_STATEMENT_TYPE_ALTER:
    case DUCKDB_STATEMENT_TYPE_TRANSACTION:
    case DUCKDB_STATEMENT_TYPE_ANALYZE:
      return base::ok();
    case DUCKDB_STATEMENT_TYPE_COPY:
      return refused("COPY");
    case DUCKDB_STATEMENT_TYPE_EXPORT:
      return refused("EXPORT DATABASE");
    case DUCKDB_STATEMENT_TYPE_ATTACH:
      return refused("ATTACH");
    case DUCKDB_STATEMENT_TYPE_DETACH:
      return refused("DETACH");
    case DUCKDB_STATEMENT_TYPE_LOAD:
      return refused("LOAD or INSTALL");
    case DUCKDB_STATEMENT_TYPE_SET:
    case DUCKDB_STATEMENT_TYPE_VARIABLE_SET:
      return refused("SET");
    case DUCKDB_STATEMENT_TYPE_PRAGMA:
      return refused("PRAGMA");
    case DUCKDB_STATEMENT_TYPE_CALL:
      return refused("CALL");
    case DUCKDB_STATEMENT_TYPE_PREPARE:
    case DUCKDB_STATEMENT_TYPE_EXECUTE:
      return refused("PREPARE or EXECUTE");
    default:
      return refused("this kind of statement (" + std::to_string(static_cast<int>(kind)) + ")");
  }
}

}  // namespace tarn::duck
