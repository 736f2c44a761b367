// Completion: what may stand for the word before the cursor.
#include <algorithm>

#include "base/ascii.h"
#include "duck/statements.h"
#include "lake/table_name.h"
#include "sql/session.h"

namespace tarn::sql {
namespace {

using base::lower;

bool begins_with(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && duck::equal_names(text.substr(0, prefix.size()), prefix);
}

bool in_word(char c) { return base::may_be_letter(c) || base::is_digit(c) || c == '_' || c == '.'; }

// A name as it must be typed: quoted when DuckDB would read it otherwise.
std::string typed(const std::string& name) {
  const bool plain = !name.empty() && !base::is_digit(name[0]) &&
                     std::all_of(name.begin(), name.end(), [](char c) { return c != '.' && in_word(c); });
  return plain ? name : duck::quote_name(name);
}

std::vector<std::string> first_column(duck::Connection& connection, const std::string& sql,
                                      const std::vector<duck::Cell>& parameters = {}) {
  std::vector<std::string> out;
  auto rows = connection.query(sql, parameters);
  while (rows.ok()) {
    auto chunk = (*rows)->next();
    if (!chunk.ok() || !*chunk) break;
    for (size_t r = 0; r < (*chunk)->rows(); ++r) out.emplace_back((*chunk)->text(0, r));
  }
  return out;
}

// The table that a word stands for in the text: FROM docs AS d, JOIN main.docs d.
std::string alias_target(std::string_view text, std::string_view alias) {
  duck::Scanner scanner(text);
  std::string name, last;
  bool dotted = false, as = false;
  for (duck::Token token = scanner.next(); token.kind != duck::TokenKind::end; token = scanner.next()) {
    if (token.text == "." && !last.empty()) {
      dotted = true;
      continue;
    }
    if (token.kind != duck::TokenKind::word && token.kind != duck::TokenKind::quoted_name) {
      last.clear();
      dotted = as = false;
      continue;
    }
    if (dotted) {
      last += "." + std::string(token.text);
      dotted = false;
    } else if (!last.empty() && !as && duck::equal_names(token.text, "as")) {
      as = true;
    } else {
      if (!last.empty() && duck::equal_names(duck::unquote_name(token.text), alias)) name = last;
      last = token.text;
      as = false;
    }
  }
  return name;
}

}  // namespace

const std::vector<std::string>& Session::keywords() {
  if (keywords_.empty()) keywords_ = first_column(*connection_, "SELECT keyword_name FROM duckdb_keywords()");
  return keywords_;
}

std::vector<std::string> Session::own_tables() {
  std::vector<std::string> out;
  for (std::string& name :
       first_column(*connection_,
                    "SELECT table_name FROM information_schema.tables WHERE table_catalog <> 'system' AND "
                    "(table_type <> 'VIEW' OR table_schema = 'main')")) {
    if (catalog_.find(duck::quote_name(name)).empty()) out.push_back(std::move(name));
  }
  return out;
}

std::vector<std::string> Session::columns_of(std::string_view table) {
  if (const std::string name = catalog_.find(table); !name.empty()) {
    auto columns = catalog_.columns(name);
    return columns.ok() ? *columns : std::vector<std::string>();
  }
  return first_column(*connection_,
                      "SELECT column_name FROM duckdb_columns() WHERE lower(table_name) = lower($1) AND NOT internal",
                      {duck::split_name(table).back()});
}

std::vector<std::string> Session::complete(std::string_view text) {
  size_t start = text.size();
  while (start > 0 && in_word(text[start - 1])) --start;
  const std::string_view word = text.substr(start);
  std::vector<std::string> found;
  const size_t dot = word.rfind('.');
  if (dot != std::string_view::npos) {
    const std::string_view before = word.substr(0, dot), prefix = word.substr(dot + 1);
    const auto add = [&](const std::string& name) {
      if (begins_with(name, prefix)) found.push_back(std::string(before) + "." + typed(name));
    };
    for (const std::string& name : catalog_.names()) {
      if (duck::equal_names(lake::namespace_of(name), before)) add(std::string(lake::name_within(name)));
    }
    const std::string meant =
        catalog_.find(before).empty() ? alias_target(text.substr(0, start), before) : std::string(before);
    for (const std::string& column : columns_of(meant.empty() ? before : std::string_view(meant))) add(column);
  } else if (!word.empty()) {
    const bool upper = base::is_upper(word.back());
    for (std::string keyword : keywords()) {
      if (!begins_with(keyword, word)) continue;
      if (upper) keyword = base::upper(keyword);
      found.push_back(std::move(keyword));
    }
    // `name` as it is compared, `whole` as it is typed.
    const auto add = [&](const std::string& name, const std::string& whole) {
      if (begins_with(name, word)) found.push_back(whole);
    };
    for (const std::string& function : functions_) add(function, function);
    for (const std::string& name : catalog_.names()) {
      const std::string schema(lake::namespace_of(name)), table(lake::name_within(name));
      if (schema == "main") add(table, typed(table));
      add(name, typed(schema) + "." + typed(table));
    }
    for (const std::string& table : own_tables()) add(table, typed(table));
    // Columns of the tables that the text names; a table in FROM often comes after the columns, so the whole text
    // counts.
    for (const std::string& name : duck::possible_names(text.substr(0, start))) {
      if (catalog_.find(name).empty()) continue;
      for (const std::string& column : columns_of(name)) add(column, typed(column));
    }
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace tarn::sql
