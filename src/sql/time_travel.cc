// AT (VERSION => n) and AT (TIMESTAMP => …): views of other versions in the place of the tables that a statement names
// so.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "duck/locked.h"
#include "duck/statements.h"
#include "lake/present_rows.h"
#include "sql/catalog.h"

namespace tarn::sql {
namespace {

using base::Code;
using base::Result;
using base::Status;
using duck::Token;
using duck::TokenKind;

bool is_name(const Token& token) { return token.kind == TokenKind::word || token.kind == TokenKind::quoted_name; }
bool is_word(const Token& token, std::string_view word) {
  return token.kind == TokenKind::word && duck::equal_names(token.text, word);
}

// Words after which a table's name begins: what stands between them and AT is the name, or the name and its alias.
bool begins_table(const Token& token) {
  constexpr std::array<std::string_view, 10> kWords{"from", "join", "using",     "lateral",  "table",
                                                    "into", "only", "summarize", "describe", "desc"};
  return token.text == "," || token.text == "(" ||
         std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) { return is_word(token, word); });
}

struct Travel {
  size_t name_begin = 0, name_end = 0;  // bytes of the table's name
  size_t at_begin = 0, at_end = 0;      // of AT (…)
  bool by_version = false;
  std::string name, expression;
};

// The dotted name that ends before token `end`, as its first token; `end` when there is none.
size_t name_start(const std::vector<Token>& tokens, size_t end) {
  if (end == 0 || !is_name(tokens[end - 1])) return end;
  size_t start = end - 1;
  while (start >= 2 && tokens[start - 1].text == "." && is_name(tokens[start - 2])) start -= 2;
  return start;
}

// The table that AT at a token speaks of: t AT, t x AT, t AS x AT, t AS x(a, b) AT.
bool find_table(const std::vector<Token>& tokens, size_t at, Travel* travel) {
  size_t end = at;
  if (end > 0 && tokens[end - 1].text == ")") {
    while (end > 0 && tokens[end - 1].text != "(") --end;
    if (end > 0) --end;
  }
  size_t start = name_start(tokens, end);
  if (start == end) return false;
  if (start > 0 && is_word(tokens[start - 1], "as")) {
    end = start - 1;
    start = name_start(tokens, end);
  } else if (start > 0 && is_name(tokens[start - 1]) && !begins_table(tokens[start - 1])) {
    end = start;
    start = name_start(tokens, end);
  }
  if (start == end) return false;
  travel->name_begin = tokens[start].offset;
  travel->name_end = tokens[end - 1].offset + tokens[end - 1].text.size();
  return true;
}

std::vector<Travel> find_travels(const std::string& statement) {
  std::vector<Token> tokens;
  duck::Scanner scanner(statement);
  for (Token token = scanner.next(); token.kind != TokenKind::end; token = scanner.next()) tokens.push_back(token);
  std::vector<Travel> out;
  for (size_t i = 1; i + 5 < tokens.size(); ++i) {
    if (!is_word(tokens[i], "at") || tokens[i + 1].text != "(") continue;
    Travel travel;
    travel.by_version = is_word(tokens[i + 2], "version");
    if (!travel.by_version && !is_word(tokens[i + 2], "timestamp")) continue;
    if (tokens[i + 3].text != "=" || tokens[i + 4].text != ">") continue;
    int depth = 1;
    size_t close = i + 5;
    for (; close < tokens.size(); ++close) {
      if (tokens[close].text == "(") ++depth;
      if (tokens[close].text == ")" && --depth == 0) break;
    }
    if (close == tokens.size() || close == i + 5 || !find_table(tokens, i, &travel)) continue;
    travel.name = statement.substr(travel.name_begin, travel.name_end - travel.name_begin);
    travel.expression = statement.substr(tokens[i + 5].offset, tokens[close].offset - tokens[i + 5].offset);
    travel.at_begin = tokens[i].offset;
    travel.at_end = tokens[close].offset + 1;
    out.push_back(std::move(travel));
  }
  return out;
}

// The version or time that the expression is, as --as-of would have it.
Result<std::string> as_of(duck::Connection& connection, const Travel& travel) {
  const char* form = travel.by_version
                         ? "SELECT CAST(CAST((\n{}\n) AS UBIGINT) AS VARCHAR)"
                         : "SELECT strftime(CAST((\n{}\n) AS TIMESTAMPTZ) AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ')";
  TARN_ASSIGN(const auto rows, connection.query(fmt::format(fmt::runtime(form), travel.expression)));
  TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
  if (!chunk || chunk->is_null(0, 0)) {
    return Status(Code::invalid_argument,
                  fmt::format("AT ({} => …) of {} is null", travel.by_version ? "VERSION" : "TIMESTAMP", travel.name));
  }
  return std::string(chunk->text(0, 0));
}

}  // namespace

Result<std::string> Catalog::version_view(duck::Connection& connection, Slot& slot, const std::string& as_of,
                                          const base::Context& context) {
  if (!slot.entry.pin_at) return Status(Code::unsupported, slot.entry.name + ": AT (…) cannot be used here");
  auto pinned = slot.entry.pin_at(as_of, context);
  if (!pinned.ok()) return pinned.status().with_context("table " + slot.entry.name);
  const std::string schema = fmt::format("{}@{}", slot.schema, pinned->snapshot->version.value);
  const std::string view = duck::quote_name(schema) + "." + duck::quote_name(slot.table);
  // Of tables that differ by case only the view stands for one at a time.
  const bool alone = twins(slot).empty();
  if (alone && version_views_.contains(view)) return view;
  auto rows = select(*pinned, duck::is_locked(connection));
  if (!rows.ok()) return explain(&*pinned, rows.status()).with_context("table " + slot.entry.name);
  if (Status made = connection.make_view(schema, slot.table, rows->sql); !made.ok()) {
    return explain(&*pinned, std::move(made)).with_context("table " + slot.entry.name);
  }
  version_views_[view] = std::move(rows->files);
  return view;
}

Result<std::string> Catalog::at_versions(duck::Connection& connection, const std::string& statement,
                                         const base::Context& context) {
  std::string out;
  size_t done = 0;
  for (const Travel& travel : find_travels(statement)) {
    Slot* found = slot(travel.name);
    if (!found || travel.name_begin < done) continue;
    const std::vector<std::string> parts = duck::split_name(travel.name);
    if (!twins(*found).empty() && std::find(parts.begin(), parts.end(), found->table) == parts.end()) {
      return ambiguous(*found);
    }
    TARN_ASSIGN(const std::string version, as_of(connection, travel));
    TARN_ASSIGN(const std::string view, version_view(connection, *found, version, context));
    out += statement.substr(done, travel.name_begin - done) + view +
           statement.substr(travel.name_end, travel.at_begin - travel.name_end);
    done = travel.at_end;
  }
  return out + statement.substr(done);
}

}  // namespace tarn::sql
