#include "duck/statements.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "duck/connection.h"

namespace tarn::duck {
namespace {

using base::is_digit;
using base::lower;

unsigned char byte(char c) { return static_cast<unsigned char>(c); }
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool starts_word(char c) { return base::is_letter(c) || c == '_' || byte(c) >= 0x80; }
bool continues_word(char c) { return starts_word(c) || is_digit(c) || c == '$'; }
bool continues_tag(char c) { return starts_word(c) || is_digit(c); }

// Characters beyond ASCII that DuckDB takes for a space before it scans: U+00A0, U+2000 to U+200B, U+202F, U+205F,
// U+3000, U+FEFF.
size_t unicode_space(std::string_view s) {
  if (s.starts_with("\xc2\xa0")) return 2;
  if (s.size() < 3) return 0;
  if (s.starts_with("\xe2\x80") && ((byte(s[2]) >= 0x80 && byte(s[2]) <= 0x8b) || byte(s[2]) == 0xaf)) return 3;
  if (s.starts_with("\xe2\x81\x9f") || s.starts_with("\xe3\x80\x80") || s.starts_with("\xef\xbb\xbf")) return 3;
  return 0;
}

}  // namespace

bool Scanner::skip_space() {
  while (at_ < sql_.size()) {
    const std::string_view rest = sql_.substr(at_);
    if (is_space(rest[0])) {
      ++at_;
    } else if (const size_t wide = unicode_space(rest)) {
      at_ += wide;
      after_wide_space_ = true;
    } else if (rest.starts_with("--")) {
      at_ = std::min(sql_.find_first_of("\n\r", at_), sql_.size());
    } else if (rest.starts_with("/*")) {
      size_t depth = 1;
      at_ += 2;
      while (depth > 0 && at_ < sql_.size()) {
        if (sql_.substr(at_).starts_with("/*")) {
          ++depth;
          at_ += 2;
        } else if (sql_.substr(at_).starts_with("*/")) {
          --depth;
          at_ += 2;
        } else {
          ++at_;
        }
      }
      if (depth > 0) return false;
    } else {
      break;
    }
  }
  return true;
}

Token Scanner::take(TokenKind kind, size_t length, bool closed) {
  const Token token{kind, sql_.substr(at_, length), at_, closed, false};
  at_ += token.text.size();
  return token;
}

// Bytes from the first quote at `at_` through its partner.
size_t Scanner::quoted_length(char quote, bool backslashes, bool* closed) const {
  *closed = true;
  for (size_t i = at_ + 1; i < sql_.size(); ++i) {
    if (backslashes && sql_[i] == '\\') {
      ++i;
    } else if (sql_[i] == quote) {
      if (i + 1 < sql_.size() && sql_[i + 1] == quote) {
        ++i;
      } else {
        return i + 1 - at_;
      }
    }
  }
  *closed = false;
  return sql_.size() - at_;
}

// Where a string goes on after a closing quote: at the next quote behind white space and comments with at least one
// line break.
size_t Scanner::continuation(size_t from) const {
  bool line_break = false;
  for (size_t i = from; i < sql_.size(); ++i) {
    if (sql_.substr(i).starts_with("--")) {
      i = std::min(sql_.find_first_of("\n\r", i), sql_.size());
      if (i == sql_.size()) return std::string_view::npos;
    }
    if (sql_[i] == '\n' || sql_[i] == '\r') {
      line_break = true;
    } else if (sql_[i] == '\'') {
      return line_break ? i : std::string_view::npos;
    } else if (!is_space(sql_[i])) {
      return std::string_view::npos;
    }
  }
  return std::string_view::npos;
}

Token Scanner::dollar() {
  size_t tag_end = at_ + 1;
  if (tag_end < sql_.size() && is_digit(sql_[tag_end])) {  // a parameter: $1
    while (tag_end < sql_.size() && is_digit(sql_[tag_end])) ++tag_end;
    return take(TokenKind::symbol, tag_end - at_);
  }
  while (tag_end < sql_.size() && continues_tag(sql_[tag_end])) ++tag_end;
  if (tag_end >= sql_.size() || sql_[tag_end] != '$') {
    return take(TokenKind::symbol, tag_end - at_);  // $name, or a lone $
  }
  const std::string_view tag = sql_.substr(at_, tag_end + 1 - at_);
  const size_t close = sql_.find(tag, tag_end + 1);
  if (close == std::string_view::npos) return take(TokenKind::string, sql_.size() - at_, false);
  return take(TokenKind::string, close + tag.size() - at_);
}

Token Scanner::next() {
  if (!skip_space()) return {TokenKind::end, {}, sql_.size(), false, false};
  if (at_ >= sql_.size()) return {TokenKind::end, {}, sql_.size(), true, false};
  const char c = sql_[at_];
  const bool wide = std::exchange(after_wide_space_, false);
  bool closed = true;
  if (c == ';') return take(TokenKind::semicolon, 1);
  if (c == '\'') {
    const size_t length = quoted_length('\'', false, &closed);
    return take(TokenKind::string, length, closed);
  }
  if (c == '"') {
    const size_t length = quoted_length('"', false, &closed);
    return take(TokenKind::quoted_name, length, closed);
  }
  if (c == '$') {
    Token token = dollar();
    token.ambiguous = wide;
    return token;
  }
  if (lower(c) == 'e' && at_ + 1 < sql_.size() && sql_[at_ + 1] == '\'') {
    const size_t start = at_++;
    at_ += quoted_length('\'', true, &closed);
    for (size_t next; closed && (next = continuation(at_)) != std::string_view::npos;) {
      at_ = next;
      at_ += quoted_length('\'', true, &closed);
    }
    return {TokenKind::string, sql_.substr(start, at_ - start), start, closed, wide};
  }
  if (starts_word(c)) {
    size_t end = at_;
    while (end < sql_.size() && continues_word(sql_[end]) && unicode_space(sql_.substr(end)) == 0) ++end;
    const std::string_view word = sql_.substr(at_, end - at_);
    const bool odd = std::any_of(word.begin(), word.end(), [](char x) { return byte(x) >= 0x80; }) &&
                     (word.find('$') != std::string_view::npos || (end < sql_.size() && sql_[end] == '\''));
    Token token = take(TokenKind::word, end - at_);
    token.ambiguous = odd || (wide && word.size() == 1 && end < sql_.size() && sql_[end] == '\'');
    return token;
  }
  if (is_digit(c)) {
    size_t end = at_;
    while (end < sql_.size() && (is_digit(sql_[end]) || sql_[end] == '.' || sql_[end] == '_')) ++end;
    return take(TokenKind::number, end - at_);
  }
  return take(TokenKind::symbol, 1);
}

std::vector<std::string> split_statements(std::string_view sql) {
  std::vector<std::string> out;
  Scanner scanner(sql);
  size_t start = 0, words = 0, end = 0;
  for (;;) {
    const Token token = scanner.next();
    const bool over = token.kind == TokenKind::end;
    if (over || token.kind == TokenKind::semicolon) {
      // A comment after the last word belongs to no statement, unless it is open: then the statement must fail as
      // DuckDB says.
      if (over && !token.closed) {
        if (words == 0) start = std::min(sql.find_first_not_of(" \t\n\v\f\r", start), sql.size());
        end = sql.size();
        words = 1;
      }
      if (words > 0) out.emplace_back(sql.substr(start, end - start));
      if (over) return out;
      start = token.offset + 1;
      words = 0;
    } else {
      if (words == 0) start = token.offset;
      ++words;
      end = token.offset + token.text.size();
    }
  }
}

Ending ending(std::string_view sql) {
  Scanner scanner(sql);
  Ending state = Ending::empty;
  for (;;) {
    const Token token = scanner.next();
    if (!token.closed) return Ending::unclosed;
    if (token.kind == TokenKind::end) return state;
    if (token.kind == TokenKind::semicolon) {
      state = state == Ending::empty ? Ending::empty : Ending::complete;
    } else {
      state = Ending::open;
    }
  }
}

namespace {

// A string may be a name, or SQL with strings in it: as deep as query('… ''name'' …') goes.
constexpr int kNameDepth = 3;

void collect_names(std::string_view sql, int depth, std::vector<std::string>* out) {
  Scanner scanner(sql);
  std::string name;
  bool after_dot = false;
  const auto finish = [&] {
    if (after_dot) name.pop_back();
    if (!name.empty() && std::find(out->begin(), out->end(), name) == out->end()) out->push_back(name);
    name.clear();
    after_dot = false;
  };
  for (;;) {
    const Token token = scanner.next();
    if (token.kind == TokenKind::word || token.kind == TokenKind::quoted_name) {
      if (!after_dot) finish();
      name += token.text;
      after_dot = false;
    } else if (token.text == "." && !name.empty() && !after_dot) {
      name += '.';
      after_dot = true;
    } else {
      finish();
      if (token.kind == TokenKind::string && token.text.size() > 2 && token.closed && depth < kNameDepth) {
        const size_t quote = token.text.find_first_of("'$");  // after the E of E'…'
        collect_names(token.text.substr(quote + 1, token.text.size() - quote - 2), depth + 1, out);
      }
    }
    if (token.kind == TokenKind::end) return;
  }
}

}  // namespace

std::vector<std::string> possible_names(std::string_view sql) {
  std::vector<std::string> out;
  collect_names(sql, 0, &out);
  return out;
}

bool has_word(std::string_view sql, std::string_view word) {
  Scanner scanner(sql);
  for (Token token = scanner.next(); token.kind != TokenKind::end; token = scanner.next()) {
    if (token.kind == TokenKind::word && equal_names(token.text, word)) return true;
  }
  return false;
}

std::string unquote_name(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::string(text);
  std::string out;
  for (size_t i = 1; i + 1 < text.size(); ++i) {
    out += text[i];
    if (text[i] == '"') ++i;
  }
  return out;
}

bool equal_names(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

std::vector<std::string> split_name(std::string_view name) {
  std::vector<std::string> out(1);
  bool quoted = false;
  for (size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '"') {
      if (quoted && i + 1 < name.size() && name[i + 1] == '"') {
        out.back() += '"';
        ++i;
      } else {
        quoted = !quoted;
      }
    } else if (name[i] == '.' && !quoted) {
      out.emplace_back();
    } else {
      out.back() += name[i];
    }
  }
  return out;
}

std::string quote_literal(std::string_view text) {
  std::string out = "'";
  for (char c : text) {
    if (c == '\'') out += '\'';
    out += c;
  }
  return out + "'";
}

std::string quote_name(std::string_view name) {
  std::string out = "\"";
  for (char c : name) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

}  // namespace tarn::duck
