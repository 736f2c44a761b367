#include "sql/file_reads.h"

#include <algorithm>
#include <filesystem>

#include "duck/connection.h"
#include "duck/statements.h"

namespace tarn::sql {
namespace {

using duck::Token;
using duck::TokenKind;

// A read with the tokens that it is written by: from `begin` until before `end`.
struct Place {
  FileRead read;
  size_t begin = 0, end = 0;
};

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
bool is_read_as_row(const std::vector<Token>& tokens, const Place& read) {
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
  size_t begin = read.begin;
  if (begin > 1 && tokens[begin - 1].text == ":" && is_name(tokens[begin - 2])) {
    begin -= 2;
    names.push_back(name_of(tokens[begin]));
  }
  for (size_t i = 0; i < tokens.size(); ++i) {
    if ((i >= begin && i < read.end) || i == after || !is_name(tokens[i])) continue;
    if (i + 1 < tokens.size() && (tokens[i + 1].text == "." || tokens[i + 1].text == "(")) continue;
    const std::string name = name_of(tokens[i]);
    if (std::any_of(names.begin(), names.end(), [&](const auto& each) { return duck::equal_names(each, name); })) {
      return true;
    }
  }
  return false;
}

std::optional<std::vector<std::string>> names_read(const std::vector<Token>& tokens, const std::vector<Place>& reads) {
  if (!selects_say_what(tokens)) return {};
  std::vector<std::string> names;
  for (size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    const bool counted = i > 1 && i + 1 < tokens.size() && tokens[i - 1].text == "(" &&
                         is_one_of(tokens[i - 2], {"count"}) && tokens[i + 1].text == ")";
    if (token.text.starts_with("*") && !(token.text == "*" && counted)) return {};
    if (token.text.starts_with("#") || token.ambiguous) return {};
    if (is_one_of(token, {"columns", "merge", "natural", "pivot", "pivot_longer", "pivot_wider", "query", "query_table",
                          "summarize", "unpivot"})) {
      return {};
    }
    if (is_name(token)) names.push_back(name_of(token));
  }
  if (std::any_of(reads.begin(), reads.end(), [&](const Place& read) { return is_read_as_row(tokens, read); })) {
    return {};
  }
  return names;
}

bool ends_like(std::string_view text, std::initializer_list<std::string_view> endings) {
  for (const std::string_view packed : {"", ".gz", ".zst"}) {
    for (const std::string_view ending : endings) {
      const std::string whole = std::string(ending) + std::string(packed);
      if (text.size() > whole.size() && duck::equal_names(text.substr(text.size() - whole.size()), whole)) return true;
    }
  }
  return false;
}

std::optional<FileRead> read_of_file(const Token& token) {
  std::string name(token.text);
  if (token.kind == TokenKind::quoted_name) {
    name = duck::unquote_name(name);
  } else if (token.kind == TokenKind::string && name.size() > 1) {
    name = name.substr(1, name.size() - 2);
  } else {
    return {};
  }
  const std::string literal =
      token.kind == TokenKind::quoted_name ? duck::quote_literal(name) : std::string(token.text);
  if (ends_like(name, {".csv", ".tsv"})) return FileRead{false, literal};
  if (ends_like(name, {".json", ".jsonl", ".ndjson"})) return FileRead{true, literal};
  return {};
}

// Whether what stands behind the token may be a table. `:` parts an alias from its table.
bool names_a_table_next(const Token& token) {
  return token.text == "," || token.text == ":" ||
         is_one_of(token, {"from", "join", "pivot", "pivot_longer", "pivot_wider", "summarize", "unpivot", "using"});
}

std::vector<Place> places_of(std::string_view statement, const std::vector<Token>& tokens) {
  std::vector<Place> found;
  if (tokens.size() > 1 && is_one_of(tokens[0], {"copy"}) && tokens[1].text != "(") return found;
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (i > 0 && names_a_table_next(tokens[i - 1])) {
      if (auto read = read_of_file(tokens[i])) found.push_back({std::move(*read), i, i + 1});
    }
    const bool csv = is_one_of(tokens[i], {"read_csv", "read_csv_auto"});
    const bool json = is_one_of(tokens[i], {"read_json", "read_json_auto", "read_ndjson", "read_ndjson_auto"});
    if ((!csv && !json) || i + 1 >= tokens.size() || tokens[i + 1].text != "(") continue;
    int depth = 0;
    for (size_t end = i + 1; end < tokens.size(); ++end) {
      if (tokens[end].text == "(") ++depth;
      if (tokens[end].text != ")" || --depth > 0) continue;
      const size_t begin = tokens[i + 1].offset + 1;
      found.push_back({{json, std::string(statement.substr(begin, tokens[end].offset - begin))}, i, end + 1});
      break;
    }
  }
  return found;
}

}  // namespace

FileReads file_reads(std::string_view statement) {
  std::vector<Token> tokens;
  duck::Scanner scanner(statement);
  for (Token token = scanner.next(); token.kind != TokenKind::end; token = scanner.next()) tokens.push_back(token);
  std::vector<Place> places = places_of(statement, tokens);
  FileReads found;
  if (!places.empty()) found.names = names_read(tokens, places);
  for (Place& place : places) found.reads.push_back(std::move(place.read));
  return found;
}

}  // namespace tarn::sql
