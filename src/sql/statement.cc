#include "sql/statement.h"

#include <algorithm>
#include <array>

#include "duck/connection.h"
#include "duck/statements.h"

namespace tarn::sql {
namespace {

using duck::Token;
using duck::TokenKind;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

std::vector<Token> tokens_of(std::string_view statement) {
  std::vector<Token> out;
  duck::Scanner scanner(statement);
  for (Token token = scanner.next(); token.kind != TokenKind::end; token = scanner.next()) out.push_back(token);
  return out;
}

// A walk over the words of a statement.
class Words {
 public:
  explicit Words(const std::vector<Token>& tokens, size_t at) : tokens_(tokens), at_(at) {}
  std::string word() const {
    return at_ < tokens_.size() && tokens_[at_].kind == TokenKind::word ? lower(tokens_[at_].text) : std::string();
  }
  bool take(std::string_view wanted) {
    if (word() != wanted) return false;
    ++at_;
    return true;
  }
  void pass(std::initializer_list<std::string_view> words) {
    while (std::find(words.begin(), words.end(), word()) != words.end()) ++at_;
  }
  // A dotted name, as written.
  std::string name() {
    std::string out;
    for (;;) {
      if (at_ >= tokens_.size()) return out;
      const Token& token = tokens_[at_];
      // 'docs' in quotes of a string names a table too: DuckDB takes INSERT INTO 'docs'.
      if (token.kind == TokenKind::string && token.text.size() > 2) {
        out += duck::quote_name(token.text.substr(1, token.text.size() - 2));
      } else if (token.kind == TokenKind::word || token.kind == TokenKind::quoted_name) {
        out += token.text;
      } else {
        return out;
      }
      ++at_;
      if (at_ >= tokens_.size() || tokens_[at_].text != ".") return out;
      out += '.';
      ++at_;
    }
  }

 private:
  const std::vector<Token>& tokens_;
  size_t at_;
};

// The name that a change beginning at a word is about; "" when the word begins none.
std::string target(const std::vector<Token>& tokens, size_t at) {
  Words words(tokens, at);
  if (words.take("insert")) {
    words.pass({"or", "replace", "ignore", "abort", "fail", "rollback"});
    return words.take("into") ? words.name() : "";
  }
  if (words.take("update")) {
    words.pass({"or", "replace", "ignore", "abort", "fail", "rollback", "only"});
    return words.name();
  }
  if (words.take("delete")) {
    if (!words.take("from")) return "";
    words.pass({"only"});
    return words.name();
  }
  if (words.take("merge")) return words.take("into") ? words.name() : "";
  if (words.take("truncate")) {
    words.pass({"table", "only"});
    return words.name();
  }
  if (words.take("drop") || words.take("alter")) {
    words.pass({"materialized", "temp", "temporary"});
    if (!words.take("table") && !words.take("view")) return "";
    words.pass({"if", "exists", "only"});
    return words.name();
  }
  if (words.take("create")) {
    words.pass({"or", "replace", "temp", "temporary", "local", "global", "recursive", "materialized", "unlogged"});
    if (!words.take("table") && !words.take("view")) return "";
    words.pass({"if", "not", "exists"});
    return words.name();
  }
  if (words.take("comment")) return words.take("on") && (words.take("table") || words.take("view")) ? words.name() : "";
  return "";
}

}  // namespace

std::vector<std::string> changed_tables(std::string_view statement) {
  const std::vector<Token> tokens = tokens_of(statement);
  size_t first = 0;
  if (Words(tokens, 0).word() == "explain" || Words(tokens, 0).word() == "prepare") {
    constexpr std::array<std::string_view, 10> kVerbs{"insert", "update", "delete", "merge", "truncate",
                                                      "drop",   "alter",  "create", "with",  "copy"};
    for (first = 1; first < tokens.size(); ++first) {
      if (std::find(kVerbs.begin(), kVerbs.end(), Words(tokens, first).word()) != kVerbs.end()) break;
    }
  }
  std::vector<std::string> out;
  const auto add = [&out](std::string name) {
    if (!name.empty()) out.push_back(std::move(name));
  };
  if (first >= tokens.size()) return out;
  Words words(tokens, first);
  if (words.take("copy")) {  // COPY t FROM … fills a table, COPY t TO … reads it
    std::string name = words.name();
    int depth = 0;
    for (size_t i = first; i < tokens.size(); ++i) {
      if (tokens[i].text == "(") ++depth;
      if (tokens[i].text == ")") --depth;
      const std::string word = Words(tokens, i).word();
      if (depth == 0 && word == "to") break;
      if (depth == 0 && word == "from") {
        add(std::move(name));
        break;
      }
    }
    return out;
  }
  if (words.word() != "with") {
    add(target(tokens, first));
    return out;
  }
  // WITH …: the change comes after the common tables; none of these words can begin a change inside a query's parentheses.
  int depth = 0;
  for (size_t i = first; i < tokens.size(); ++i) {
    if (tokens[i].text == "(") ++depth;
    if (tokens[i].text == ")") --depth;
    if (depth == 0) add(target(tokens, i));
  }
  return out;
}

bool needs_whole_catalog(std::string_view statement) {
  const std::vector<Token> tokens = tokens_of(statement);
  if (tokens.empty()) return false;
  const std::string first = Words(tokens, 0).word();
  if (first == "show" || first == "export" || first == "pragma" || first == "call") return true;
  if ((first == "describe" || first == "desc") && tokens.size() == 1) return true;
  if (first == "copy" && Words(tokens, 1).word() == "from") return true;  // COPY FROM DATABASE
  for (const Token& token : tokens) {
    if (token.kind != TokenKind::word && token.kind != TokenKind::quoted_name) continue;
    const std::string word = lower(duck::unquote_name(token.text));
    if (word == "information_schema" || word == "pg_catalog" || word == "query" || word == "query_table" ||
        word.starts_with("duckdb_") || word.starts_with("pg_") || word.starts_with("pragma_") ||
        word.starts_with("sqlite_") || word == "show_tables" || word == "summary") {
      return true;
    }
  }
  return false;
}

}  // namespace tarn::sql
