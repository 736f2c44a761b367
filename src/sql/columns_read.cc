#include "sql/columns_read.h"

#include <algorithm>
#include <filesystem>

namespace tarn::sql {
namespace {

using duck::Token;
using duck::TokenKind;

bool is_one_of(const Token& token, std::initializer_list<std::string_view> words) {
  return token.kind == TokenKind::word &&
         std::any_of(words.begin(), words.end(), [&](auto word) { return duck::equal_names(token.text, word); });
}

bool is_name(const Token& token) { return token.kind == TokenKind::word || token.kind == TokenKind::quoted_name; }

std::string name_of(const Token& token) {
  return token.kind == TokenKind::quoted_name ? duck::unquote_name(std::string(token.text)) : std::string(token.text);
}

// Every FROM has a SELECT of its own before it, in the same parentheses.
bool selects_say_what(const std::vector<Token>& tokens) {
  std::vector<bool> selecting{false};
  for (const Token& token : tokens) {
    if (token.text == "(") selecting.push_back(false);
    if (token.text == ")" && selecting.size() > 1) selecting.pop_back();
    if (is_one_of(token, {"select"})) selecting.back() = true;
    if (!is_one_of(token, {"from"})) continue;
    if (!selecting.back()) return false;
    selecting.back() = false;
  }
  return true;
}

// The name of a read's rows stands somewhere else than before a '.', or gives other names to its columns.
bool is_read_as_row(const std::vector<Token>& tokens, const FileRead& read) {
  size_t after = read.end;
  if (after < tokens.size() && is_one_of(tokens[after], {"as"})) ++after;
  std::vector<std::string> names;  // its alias; without one the file's stem, or the function's name
  const Token& first = tokens[read.begin];
  if (first.kind == TokenKind::word) {
    names.push_back(std::string(first.text));
  } else {
    std::string path(first.text.substr(1, first.text.size() - 2));
    for (std::filesystem::path stem = std::filesystem::path(path).filename(); stem.has_extension();
         stem = stem.stem()) {
      names.push_back(stem.stem().string());
    }
  }
  if (after < tokens.size() && is_name(tokens[after])) {
    names.push_back(name_of(tokens[after]));
    if (after + 1 < tokens.size() && tokens[after + 1].text == "(") return true;
  }
  for (size_t i = 0; i < tokens.size(); ++i) {
    if ((i >= read.begin && i < read.end) || i == after || !is_name(tokens[i])) continue;
    if (i + 1 < tokens.size() && (tokens[i + 1].text == "." || tokens[i + 1].text == "(")) continue;
    const std::string name = name_of(tokens[i]);
    if (std::any_of(names.begin(), names.end(), [&](const auto& each) { return duck::equal_names(each, name); })) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::optional<std::vector<std::string>> names_read(const std::vector<Token>& tokens,
                                                   const std::vector<FileRead>& reads) {
  if (!selects_say_what(tokens)) return {};
  std::vector<std::string> names;
  for (size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    const bool counted = i > 1 && i + 1 < tokens.size() && tokens[i - 1].text == "(" &&
                         is_one_of(tokens[i - 2], {"count"}) && tokens[i + 1].text == ")";
    if (token.text.starts_with("*") && !(token.text == "*" && counted)) return {};
    if (token.text.starts_with("#") || token.ambiguous) return {};
    if (is_one_of(token, {"columns", "natural", "pivot", "pivot_longer", "pivot_wider", "query", "query_table",
                          "summarize", "unpivot"})) {
      return {};
    }
    if (is_name(token)) names.push_back(name_of(token));
  }
  if (std::any_of(reads.begin(), reads.end(), [&](const FileRead& read) { return is_read_as_row(tokens, read); })) {
    return {};
  }
  return names;
}

}  // namespace tarn::sql
