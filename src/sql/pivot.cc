#include "sql/pivot.h"

#include <algorithm>
#include <array>
#include <vector>

#include "duck/statements.h"

namespace tarn::sql {
namespace {

using base::Result;
using duck::Token;
using duck::TokenKind;

// The words of a statement outside of parentheses, and these.
std::vector<Token> outer_tokens(const std::string& statement) {
  std::vector<Token> out;
  duck::Scanner scanner(statement);
  int depth = 0;
  for (Token token = scanner.next(); token.kind != TokenKind::end && token.kind != TokenKind::semicolon;
       token = scanner.next()) {
    const bool opens = token.text == "(" || token.text == "[" || token.text == "{";
    const bool closes = token.text == ")" || token.text == "]" || token.text == "}";
    if (closes) --depth;
    if (depth == 0) out.push_back(token);
    if (opens) ++depth;
  }
  return out;
}

template <size_t N>
bool is_any(const Token& token, const std::array<std::string_view, N>& words) {
  return token.kind == TokenKind::word && std::any_of(words.begin(), words.end(), [&](std::string_view word) {
           return duck::equal_names(token.text, word);
         });
}

constexpr std::array<std::string_view, 2> kPivot{"pivot", "pivot_wider"};
constexpr std::array<std::string_view, 1> kWith{"with"}, kOn{"on"}, kIn{"in"};
constexpr std::array<std::string_view, 5> kBehind{"using", "group", "order", "limit", "offset"};

// " IN ('a', 'b')" of what the expression is in the source's rows; "" when there is none.
Result<std::string> values_of(duck::Connection& connection, const std::string& before, const std::string& source,
                              const std::string& expression) {
  TARN_ASSIGN(const auto rows,
              connection.query(before + "SELECT DISTINCT CAST((\n" + expression + "\n) AS VARCHAR) AS value FROM " +
                               source + "\nWHERE value IS NOT NULL ORDER BY 1"));
  std::string list;
  for (;;) {
    TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
    if (!chunk) break;
    for (size_t row = 0; row < chunk->rows(); ++row) {
      list += (list.empty() ? "" : ", ") + duck::quote_literal(chunk->text(0, row));
    }
  }
  return list.empty() ? list : "\nIN (" + list + ")";
}

}  // namespace

Result<std::optional<std::string>> with_pivot_values(duck::Connection& connection, const std::string& statement) {
  const std::vector<Token> tokens = outer_tokens(statement);
  const auto pivot = std::find_if(tokens.begin(), tokens.end(), [](const Token& t) { return is_any(t, kPivot); });
  if (pivot == tokens.end() || (pivot != tokens.begin() && !is_any(tokens.front(), kWith))) {
    return std::optional<std::string>();
  }
  const auto behind = std::find_if(pivot, tokens.end(), [](const Token& t) { return is_any(t, kBehind); });
  // The last ON: those before it are of joins.
  auto on = behind;
  while (on != pivot && !is_any(*on, kOn)) --on;
  if (on == pivot) return std::optional<std::string>();
  const auto begin_of = [&](auto token) {
    return token == tokens.end() ? tokens.back().offset + tokens.back().text.size() : token->offset;
  };
  const std::string before = statement.substr(0, pivot->offset);
  const size_t source_at = pivot->offset + pivot->text.size();
  const std::string source = statement.substr(source_at, on->offset - source_at);
  std::string out = statement.substr(0, on->offset + on->text.size());
  for (auto item = on + 1; item < behind;) {
    const auto comma = std::find_if(item, behind, [](const Token& t) { return t.text == ","; });
    const size_t from = begin_of(item), to = begin_of(comma);
    const std::string expression = statement.substr(from, to - from);
    out += (item == on + 1 ? "\n" : ",\n") + expression;
    if (std::none_of(item, comma, [](const Token& t) { return is_any(t, kIn); })) {
      TARN_ASSIGN(const std::string values, values_of(connection, before, source, expression));
      if (values.empty()) return std::optional<std::string>();
      out += values;
    }
    item = comma == behind ? behind : comma + 1;
  }
  return std::optional(out + "\n" + statement.substr(begin_of(behind)));
}

}  // namespace tarn::sql
