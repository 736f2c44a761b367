// SQL as the grammar of the linked DuckDB reads it: which symbol of the grammar stands where in the text. The parser is
// DuckDB's own, built from its sources, so what is cut here is cut where DuckDB cuts it; nothing is known by the look
// of a word.
// Shape:   a tree of the symbols that the caller wants to see, each with all parts of the rule that made it, in order.
//          Symbols are named as in DuckDB's grammar (third_party/libpg_query/grammar): "UpdateStmt",
//          "where_or_current_clause", "a_expr", "SET", "','".
// Limits:  what DuckDB's parser has: about 10,000 levels of nesting.
// Errors:  invalid_argument with the parser's words for what is no SQL to it; also for a NUL, at which DuckDB would
//          stop reading.
// Threads: pure functions.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace tarn::duck {

// A symbol of the grammar with the text it covers. Views live as long as the Sentences.
struct Symbol {
  std::string_view name;  // "a_expr"
  std::string_view text;  // as written, without space and comments around it; "" when the rule is empty here
  size_t offset = 0;      // of the text
  std::string value;      // of a single word or string: what it says, without quotes
  // Of a wanted symbol: the parts of its rule, in order. Of another one: the wanted symbols inside.
  std::vector<Symbol> parts;

  bool empty() const { return text.empty(); }
  // Whether it is that one word, in capitals or not, without quotes.
  bool is(std::string_view word) const;
  // The part of that name, or an empty one.
  const Symbol& part(std::string_view wanted) const;
  bool has(std::string_view wanted) const { return !part(wanted).empty(); }
  // Every wanted symbol inside, also deeper, outer ones first. Nothing of what lies within another one of that name is
  // passed over.
  void find(std::string_view wanted, std::vector<const Symbol*>* out) const;
};

// The words, strings, numbers and signs of a text, as DuckDB's scanner cuts them.
struct Lexeme {
  size_t offset = 0, size = 0;
};

struct Sentences {
  // What was read: Unicode's spaces outside of quotes are plain ones, as DuckDB has it.
  std::unique_ptr<const std::string> text;
  std::vector<Lexeme> lexemes;
  std::vector<Symbol> statements;  // one "stmt" for each that is not empty
  // DuckDB's search for Unicode's spaces knows neither /* */ nor \', so that it takes a string behind these for no
  // string: whether the text has such spaces left and one of the two. What is cut out of it may read otherwise than
  // within it.
  bool spaces_depend = false;
  std::string_view word(size_t i) const {
    return i < lexemes.size() ? std::string_view(*text).substr(lexemes[i].offset, lexemes[i].size) : std::string_view();
  }
};

base::Result<Sentences> read_sentences(std::string_view sql, std::span<const std::string_view> wanted);

}  // namespace tarn::duck
