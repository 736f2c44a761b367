#include "sql/change_statement.h"

#include <algorithm>
#include <array>
#include <span>

#include "duck/connection.h"
#include "duck/statements.h"

namespace tarn::sql {
namespace {

using base::Code;
using base::Result;
using base::Status;
using duck::Token;
using duck::TokenKind;

Status not_done(std::string_view what, std::string hint = {}) {
  return {Code::unsupported, std::string(what) + " is not supported on lake tables", std::move(hint)};
}

// The tokens of a statement, with how deep each stands in parentheses and CASE … END.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {
    duck::Scanner scanner(text);
    int depth = 0;
    for (Token token = scanner.next(); token.kind != TokenKind::end; token = scanner.next()) {
      const std::string word = token.kind == TokenKind::word ? lower(token.text) : std::string();
      const bool closes = token.text == ")" || token.text == "]" || token.text == "}" || word == "end";
      if (closes && depth > 0) --depth;
      tokens_.push_back(token);
      words_.push_back(word);
      depths_.push_back(depth);
      if (token.text == "(" || token.text == "[" || token.text == "{" || word == "case") ++depth;
    }
  }

  size_t at = 0;
  size_t size() const { return tokens_.size(); }
  bool over() const { return at >= size(); }
  const std::string& word() const { return word(at); }
  const std::string& word(size_t i) const {
    static const std::string none;
    return i < size() ? words_[i] : none;
  }
  std::string_view text(size_t i) const { return i < size() ? tokens_[i].text : std::string_view(); }
  bool take(std::string_view wanted) {
    if (word() != wanted && !(word().empty() && text(at) == wanted)) return false;
    ++at;
    return true;
  }
  bool take(std::initializer_list<std::string_view> wanted) {
    const size_t before = at;
    for (std::string_view one : wanted) {
      if (!take(one)) {
        at = before;
        return false;
      }
    }
    return true;
  }
  bool is_name(size_t i) const {
    return i < size() && (tokens_[i].kind == TokenKind::word || tokens_[i].kind == TokenKind::quoted_name);
  }
  // Text from one token up to another, without what stands between the last one and that.
  std::string slice(size_t from, size_t to) const {
    if (from >= to) return {};
    const size_t end = tokens_[to - 1].offset + tokens_[to - 1].text.size();
    return std::string(text_.substr(tokens_[from].offset, end - tokens_[from].offset));
  }
  std::string rest(size_t from) const { return slice(from, size()); }
  // The next token from `at` that is one of the words, at the depth of `at`; the end if there is none.
  size_t find(std::initializer_list<std::string_view> wanted) const { return find(at, size(), wanted); }
  size_t find(size_t from, size_t to, std::initializer_list<std::string_view> wanted) const {
    const int depth = from < size() ? depths_[from] : 0;
    for (size_t i = from; i < to; ++i) {
      if (depths_[i] != depth) continue;
      for (std::string_view one : wanted) {
        if (words_[i] != one && !(words_[i].empty() && tokens_[i].text == one)) continue;
        if (one == "from" && i > 0 && words_[i - 1] == "distinct") continue;  // IS DISTINCT FROM
        return i;
      }
    }
    return to;
  }
  // The token after the parenthesis that closes the one at `open`.
  size_t after_group(size_t open) const {
    for (size_t i = open + 1; i < size(); ++i) {
      if (depths_[i] == depths_[open]) return i + 1;
    }
    return size();
  }
  // A dotted name, as written.
  std::string name() {
    const size_t from = at;
    if (tokens_.size() > at && tokens_[at].kind == TokenKind::string && text(at).size() > 2) {  // INSERT INTO 'docs'
      ++at;
      return duck::quote_name(text(from).substr(1, text(from).size() - 2));
    }
    while (is_name(at)) {
      ++at;
      if (text(at) != "." || !is_name(at + 1)) break;
      ++at;
    }
    return slice(from, at);
  }
  // (a, b), when these are plain names: `at` goes past it.
  std::vector<std::string> name_list() {
    std::vector<std::string> names;
    if (text(at) != "(") return names;
    size_t i = at + 1;
    while (is_name(i)) {
      names.push_back(duck::unquote_name(text(i)));
      if (text(i + 1) == ")") {
        at = i + 2;
        return names;
      }
      if (text(i + 1) != ",") break;
      i += 2;
    }
    return {};
  }
  // The pieces between commas at one depth.
  std::vector<std::pair<size_t, size_t>> commas(size_t from, size_t to) const {
    std::vector<std::pair<size_t, size_t>> pieces;
    while (from < to) {
      const size_t comma = find(from, to, {","});
      pieces.emplace_back(from, comma);
      from = comma + 1;
    }
    return pieces;
  }

  static std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return out;
  }

 private:
  std::string_view text_;
  std::vector<Token> tokens_;
  std::vector<std::string> words_;
  std::vector<int> depths_;
};

std::string value_of(const Reader& in, size_t from, size_t to) {
  return to == from + 1 && in.word(from) == "default" ? "NULL" : in.slice(from, to);
}

// (x, y) or ROW(x, y), of as many values as there are columns.
Status pair_up(const Reader& in, const std::vector<std::string>& columns, size_t from, size_t to,
               std::vector<Assignment>* out) {
  if (in.word(from) == "row") ++from;
  if (in.text(from) != "(" || in.after_group(from) != to) return not_done("a list of columns set from one expression");
  const auto values = in.commas(from + 1, to - 1);
  if (values.size() != columns.size()) return not_done("a list of columns set from a query");
  for (size_t i = 0; i < columns.size(); ++i)
    out->push_back({columns[i], value_of(in, values[i].first, values[i].second)});
  return {};
}

Status read_assignments(Reader& in, size_t to, std::vector<Assignment>* out) {
  for (const auto& [from, end] : in.commas(in.at, to)) {
    in.at = from;
    if (in.text(from) == "(") {
      const std::vector<std::string> columns = in.name_list();
      if (columns.empty() || !in.take("=")) return not_done("this form of SET");
      TARN_TRY(pair_up(in, columns, in.at, end, out));
      continue;
    }
    const std::string column = duck::unquote_name(in.text(from));
    ++in.at;
    if (!in.is_name(from) || !in.take("=")) return not_done("SET of a part of a column", "set the whole column");
    out->push_back({column, value_of(in, in.at, end)});
  }
  in.at = to;
  return {};
}

void read_alias(Reader& in, std::initializer_list<std::string_view> not_one, ChangeStatement* out) {
  const bool as = in.take("as");
  if (!as && std::find(not_one.begin(), not_one.end(), in.word()) != not_one.end() && !in.word().empty()) return;
  if (in.is_name(in.at)) out->alias = std::string(in.text(in.at++));
}

void read_target(Reader& in, ChangeStatement* out) {
  const size_t from = in.at;
  out->target = in.name();
  out->before_target = in.slice(0, from);
  out->after_target = in.rest(in.at);
}

void read_returning(Reader& in, ChangeStatement* out) {
  if (in.take("returning")) out->returning = in.rest(in.at);
}

Status read_insert(Reader& in, ChangeStatement* out) {
  if (in.take("or")) {
    return not_done("INSERT OR " + std::string(in.text(in.at)), "MERGE INTO says what happens to rows that are there");
  }
  in.take("into");
  read_target(in, out);
  read_alias(in, {"select", "from", "values", "with", "by", "default", "table", "pivot", "unpivot", "returning"}, out);
  const size_t after = in.at;
  out->columns = in.name_list();
  if (in.take({"by", "name"})) {
    out->by_name = true;
  } else {
    in.take({"by", "position"});
  }
  const size_t body = in.at;
  size_t end = in.find({"returning"});
  for (size_t i = in.at; i < end; ++i) {
    i = in.find(i, end, {"on"});
    if (i < end && in.word(i + 1) == "conflict")
      return not_done("INSERT … ON CONFLICT", "MERGE INTO says what happens to rows that are there");
  }
  out->body = in.slice(body, end);
  out->body_is_query = in.word(body) != "values" && in.word(body) != "default";
  out->before_returning = in.slice(after, end);
  in.at = end;
  read_returning(in, out);
  return {};
}

Status read_update(Reader& in, ChangeStatement* out) {
  if (in.take("or")) return not_done("UPDATE OR " + std::string(in.text(in.at)));
  in.take("only");
  read_target(in, out);
  read_alias(in, {"set"}, out);
  in.take("set");
  TARN_TRY(read_assignments(in, in.find({"from", "where", "returning"}), &out->set));
  if (in.take("from")) {
    const size_t end = in.find({"where", "returning"});
    out->from = in.slice(in.at, end);
    in.at = end;
  }
  if (in.take("where")) {
    const size_t end = in.find({"returning"});
    out->where = in.slice(in.at, end);
    in.at = end;
  }
  read_returning(in, out);
  return {};
}

Status read_delete(Reader& in, ChangeStatement* out) {
  in.take("from");
  in.take("only");
  read_target(in, out);
  read_alias(in, {"using", "where", "returning"}, out);
  if (in.take("using")) {
    const size_t end = in.find({"where", "returning"});
    out->from = in.slice(in.at, end);
    in.at = end;
  }
  if (in.take("where")) {
    const size_t end = in.find({"returning"});
    out->where = in.slice(in.at, end);
    in.at = end;
  }
  read_returning(in, out);
  return {};
}

// (a, b) VALUES (x, y), VALUES (x, y), BY NAME …, or nothing.
Status read_insert_action(Reader& in, size_t end, When* when) {
  when->then = When::Then::insert;
  const std::vector<std::string> columns = in.name_list();
  if (in.take({"default", "values"})) return {};
  if (in.take("values")) {
    when->pairing = columns.empty() ? Pairing::position : Pairing::listed;
    const auto values = in.commas(in.at + 1, end - 1);
    for (size_t i = 0; i < values.size(); ++i) {
      when->set.push_back(
          {i < columns.size() ? columns[i] : std::string(), value_of(in, values[i].first, values[i].second)});
    }
    return {};
  }
  when->pairing = in.take({"by", "name"}) ? Pairing::name : Pairing::position;
  return {};
}

Status read_when(Reader& in, ChangeStatement* out) {
  const size_t end = in.find(in.at, in.size(), {"when", "returning"});
  When when;
  const bool negated = in.take("not");
  in.take("matched");
  when.on = negated ? When::On::not_matched : When::On::matched;
  if (in.take({"by", "source"})) {
    when.on = When::On::not_matched_by_source;
  } else {
    in.take({"by", "target"});
  }
  if (in.take("and")) {
    const size_t then = in.find(in.at, end, {"then"});
    when.condition = in.slice(in.at, then);
    in.at = then;
  }
  in.take("then");
  if (in.take("update")) {
    when.then = When::Then::update;
    if (in.take("set") && in.text(in.at) != "*") {
      TARN_TRY(read_assignments(in, end, &when.set));
    } else {
      when.pairing = in.take({"by", "name"}) ? Pairing::name : Pairing::position;
    }
  } else if (in.take("delete")) {
    when.then = When::Then::remove;
  } else if (in.take("insert")) {
    TARN_TRY(read_insert_action(in, end, &when));
  } else if (!in.take("do")) {
    return not_done("WHEN … THEN " + std::string(in.text(in.at)));
  }
  out->whens.push_back(std::move(when));
  in.at = end;
  return {};
}

Status read_merge(Reader& in, ChangeStatement* out) {
  in.take("into");
  read_target(in, out);
  read_alias(in, {"using"}, out);
  in.take("using");
  const size_t source_end = in.find({"on", "using", "when"});
  if (in.find(in.at, source_end, {"join", ","}) != source_end)
    return not_done("MERGE with a join as its source", "write USING (SELECT … FROM a JOIN b …) AS s");
  out->source = in.slice(in.at, source_end);
  // What the source is called: the alias behind it, or the last part of its name.
  size_t last = source_end - 1;
  if (in.text(last) == ")" && in.at < last) {
    size_t open = in.at;
    while (open < last && !(in.text(open) == "(" && in.after_group(open) == source_end)) ++open;
    last = open > in.at ? open - 1 : last;
  }
  if (in.is_name(last)) out->source_alias = std::string(in.text(last));
  if (out->source_alias.empty()) return not_done("MERGE with a source without a name", "write USING (…) AS s");
  in.at = source_end;
  if (in.take("using")) {
    out->using_columns = in.name_list();
  } else if (in.take("on")) {
    const size_t end = in.find({"when"});
    out->on = in.slice(in.at, end);
    in.at = end;
  }
  while (in.take("when")) TARN_TRY(read_when(in, out));
  if (in.word() == "returning") return not_done("RETURNING of MERGE");
  return {};
}

Status read_create(Reader& in, ChangeStatement* out) {
  while (!in.over() && !in.take("table")) {
    const std::string& word = in.word();
    if (word == "temp" || word == "temporary") out->temporary = true;
    if (word == "replace") out->or_replace = true;
    ++in.at;
  }
  out->if_exists = in.take({"if", "not", "exists"});
  read_target(in, out);
  out->columns = in.name_list();
  if (in.take("as")) {
    size_t end = in.size();
    if (in.word(end - 1) == "data" && in.word(end - 2) == "no" && in.word(end - 3) == "with") {
      out->with_no_data = true;
      end -= 3;
    } else if (in.word(end - 1) == "data" && in.word(end - 2) == "with") {
      end -= 2;
    }
    out->body = in.slice(in.at, end);
  }
  return {};
}

bool begins_change(const Reader& in, size_t i) {
  constexpr std::array<std::string_view, 4> kAfterWith{"insert", "update", "delete", "merge"};
  return std::find(kAfterWith.begin(), kAfterWith.end(), in.word(i)) != kAfterWith.end();
}

}  // namespace

bool names_in_full(std::string_view text) {
  const Reader in(text);
  for (size_t i = 0; i < in.size(); ++i) {
    if (in.is_name(i) && in.text(i + 1) == "." && in.is_name(i + 2) && in.text(i + 3) == ".") return true;
  }
  return false;
}

bool is_plain_name(std::string_view text) {
  Reader in(text);
  return !in.name().empty() && in.over();
}

Result<std::optional<ChangeStatement>> parse_change(std::string_view statement) {
  Reader in(statement);
  ChangeStatement out;
  if (in.word() == "with") {
    const size_t verb = in.find({"insert", "update", "delete", "merge", "select", "from", "values"});
    if (!begins_change(in, verb)) return std::optional<ChangeStatement>();
    out.with = in.slice(0, verb) + "\n";
    in.at = verb;
  }
  Status read;
  if (in.take("insert")) {
    out.kind = Change::insert;
    read = read_insert(in, &out);
  } else if (in.take("update")) {
    out.kind = Change::update;
    read = read_update(in, &out);
  } else if (in.take("delete")) {
    out.kind = Change::remove;
    read = read_delete(in, &out);
  } else if (in.take("merge")) {
    out.kind = Change::merge;
    read = read_merge(in, &out);
  } else if (in.take("truncate")) {
    out.kind = Change::truncate;
    in.take("table");
    read_target(in, &out);
  } else if (in.take("copy")) {
    out.kind = Change::copy;
    read_target(in, &out);
    const size_t after = in.at;
    out.columns = in.name_list();
    if (in.word() != "from") return std::optional<ChangeStatement>();
    out.before_returning = in.rest(after);
  } else if (in.word() == "create" && in.find({"table"}) < in.find({"view", "macro", "function", "as"})) {
    out.kind = Change::create;
    read = read_create(in, &out);
  } else if (in.take({"drop", "table"})) {
    out.kind = Change::drop;
    out.if_exists = in.take({"if", "exists"});
    read_target(in, &out);
  } else {
    return std::optional<ChangeStatement>();
  }
  if (!read.ok()) return read.with_context(out.target);
  if (out.target.empty()) return std::optional<ChangeStatement>();
  return std::optional(std::move(out));
}

}  // namespace tarn::sql
