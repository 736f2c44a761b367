// The words of SQL as DuckDB's scanner cuts them, as far as finding statements needs it.
// Shape:   strings '…' with '' inside, E'…' with backslashes (also in the parts that follow on new lines), $tag$…$tag$;
//          names "…" with "" inside; comments -- and /* */ (these nest); everything else is words, numbers and symbols.
//          Never fails: what is not closed ends with the text.
// Threads: pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tarn::duck {

enum class TokenKind { word, quoted_name, string, number, symbol, semicolon, end };

struct Token {
  TokenKind kind = TokenKind::end;
  std::string_view text;  // as written, quotes included
  size_t offset = 0;
  bool closed = true;  // false: a string, name or comment that the text's end cuts off
  // A character beyond ASCII stands where it matters whether DuckDB takes it for a letter or a space (before $ or a
  // quote): the two readings give different strings. Who guards a door refuses such text.
  bool ambiguous = false;
};

// Cuts one token after another; comments and white space are passed over (an open comment gives an `end` that is not
// closed).
class Scanner {
 public:
  explicit Scanner(std::string_view sql) : sql_(sql) {}
  Token next();

 private:
  bool skip_space();  // false: ended inside a comment
  Token take(TokenKind kind, size_t length, bool closed = true);
  size_t quoted_length(char quote, bool backslashes, bool* closed) const;
  size_t continuation(size_t from) const;
  Token dollar();
  std::string_view sql_;
  size_t at_ = 0;
  bool after_wide_space_ = false;
};

// The statements of a text without their semicolons; pieces with nothing but comments and white space are left out.
std::vector<std::string> split_statements(std::string_view sql);

// What is missing at the end of a text before it can be run.
enum class Ending {
  empty,     // nothing but comments and white space
  complete,  // ends with a semicolon
  open,      // a statement without its semicolon
  unclosed,  // inside a string, name or comment
};
Ending ending(std::string_view sql);

// Every name that a text could mean a table by, dotted as written and each once: the words and quoted names outside and
// inside of strings, so that query_table('docs') counts. More than the tables that it reads, never fewer: for those who
// must not miss one.
std::vector<std::string> possible_names(std::string_view sql);

// Whether a word stands in a text outside of strings, quoted names and comments, in capitals or not.
bool has_word(std::string_view sql, std::string_view word);

// A quoted name without its quotes, anything else as it is.
std::string unquote_name(std::string_view text);
// ASCII case is what DuckDB's names ignore.
bool equal_names(std::string_view a, std::string_view b);

}  // namespace tarn::duck
