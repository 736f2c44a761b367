#include "sql/change_statement.h"

#include <algorithm>
#include <array>
#include <utility>

#include "duck/connection.h"
#include "duck/statements.h"

namespace tarn::sql {
namespace {

using base::Code;
using base::Result;
using base::Status;
using duck::Sentences;
using duck::Symbol;

// What is looked at inside of UPDATE, DELETE and MERGE.
constexpr std::array<std::string_view, 37> kInside{"stmt",
                                                   "ExplainStmt",
                                                   "PrepareStmt",
                                                   "UpdateStmt",
                                                   "DeleteStmt",
                                                   "MergeIntoStmt",
                                                   "qualified_name",
                                                   "attr_name",
                                                   "relation_expr",
                                                   "relation_expr_opt_alias",
                                                   "set_clause",
                                                   "set_target",
                                                   "row",
                                                   "qualified_row",
                                                   "expr_list",
                                                   "from_clause",
                                                   "using_clause",
                                                   "where_or_current_clause",
                                                   "returning_clause",
                                                   "insert_column_item",
                                                   "join_qual",
                                                   "matched_clause",
                                                   "not_matched_clause",
                                                   "matched_clause_action",
                                                   "opt_and_clause",
                                                   "opt_insert_column_list",
                                                   "expr_list_opt_comma",
                                                   "table_ref",
                                                   "alias_clause",
                                                   "func_alias_clause",
                                                   "alias_prefix_colon_clause",
                                                   "func_table",
                                                   "func_name",
                                                   "columnref",
                                                   "columnref_opt_indirection",
                                                   "select_no_parens",
                                                   "set_clause_list_opt_comma"};

Status not_done(std::string_view what, std::string hint = {}) {
  return {Code::unsupported, std::string(what) + " is not supported on lake tables", std::move(hint)};
}

std::string text(const Symbol& symbol) { return std::string(symbol.text); }
size_t end_of(const Symbol& symbol) { return symbol.offset + symbol.text.size(); }

// Also where a query within it does: its rows may come in that order.
bool is_ordered(const Symbol& query) {
  std::vector<const Symbol*> found;
  query.find("sort_clause", &found);
  return !found.empty();
}

class Reader {
 public:
  Reader(const Sentences& read, const Symbol& stmt, ChangeStatement* out)
      : text_(*read.text), stmt_(stmt), out_(*out) {}

  Status insert(const Symbol& s) {
    const Symbol& target = s.part("insert_target");
    const Symbol& rest = s.part("insert_rest");
    take_with(s, s.part("INSERT"));
    take_target(target.part("qualified_name"));
    if (const Symbol& action = s.part("opt_or_action"); !action.empty()) {
      return not_done("INSERT " + text(action), "MERGE INTO says what happens to rows that are there");
    }
    if (s.has("opt_on_conflict")) {
      return not_done("INSERT … ON CONFLICT", "MERGE INTO says what happens to rows that are there");
    }
    if (const Symbol& alias = target.part("ColId"); !alias.empty()) out_.alias = duck::quote_name(alias.value);
    TARN_TRY(take_columns(rest, &out_.columns));
    const Symbol& order = s.part("opt_by_name_or_position");
    out_.by_name = is_by_name(order);
    const Symbol& query = rest.part("SelectStmt");
    out_.body = text(query);
    out_.body_is_ordered = is_ordered(query);
    // Values are DuckDB's to bring to the columns' types one by one, and DEFAULT among them is its to fill in.
    out_.body_is_query = !query.empty() && !rest.has("OVERRIDING") && !duck::has_word(query.text, "VALUES") &&
                         !duck::has_word(query.text, "DEFAULT");
    out_.before_returning = slice(order.empty() ? rest.offset : order.offset, end_of(rest));
    take_returning(s);
    return {};
  }

  Status update(const Symbol& s) {
    take_with(s, s.part("UPDATE"));
    take_named_target(s.part("relation_expr_opt_alias"));
    TARN_TRY(take_assignments(s.part("set_clause_list_opt_comma"), &out_.set));
    if (const Symbol& from = s.part("from_clause"); !from.empty()) out_.from = text(from.parts[1]);
    take_where(s);
    take_returning(s);
    return {};
  }

  Status remove(const Symbol& s) {
    if (s.has("TRUNCATE")) {
      out_.kind = Change::truncate;
      take_named_target(s.part("relation_expr_opt_alias"));
      return {};
    }
    take_with(s, s.part("DELETE_P"));
    take_named_target(s.part("relation_expr_opt_alias"));
    if (const Symbol& from = s.part("using_clause"); !from.empty()) out_.from = text(from.parts[1]);
    take_where(s);
    take_returning(s);
    return {};
  }

  Status merge(const Symbol& s) {
    if (s.has("returning_clause")) return not_done("RETURNING of MERGE");
    take_with(s, s.part("MERGE"));
    take_named_target(s.part("relation_expr_opt_alias"));
    TARN_TRY(take_source(s.part("table_ref")));
    const Symbol& join = s.part("join_qual");
    out_.join = text(join);
    out_.on = text(join.part("a_expr"));
    take_functions(join);
    std::vector<const Symbol*> whens;
    for (const char* kind : {"matched_clause", "not_matched_clause"}) s.part("merge_match_list").find(kind, &whens);
    std::sort(whens.begin(), whens.end(), [](const Symbol* a, const Symbol* b) { return a->offset < b->offset; });
    for (const Symbol* when : whens) TARN_TRY(take_when(*when));
    // A WHEN without a condition is what DuckDB tries last of its kind.
    std::stable_partition(out_.whens.begin(), out_.whens.end(),
                          [](const When& when) { return !when.condition.empty(); });
    return {};
  }

  Status copy(const Symbol& s) {
    if (s.has("opt_binary")) return not_done("COPY BINARY");
    take_target(s.part("qualified_name"));
    std::vector<const Symbol*> columns;
    s.part("opt_column_list").find("columnElem", &columns);
    for (const Symbol* column : columns) out_.columns.push_back(column->parts.front().value);
    out_.before_returning = out_.after_target;
    return {};
  }

  Status create(const Symbol& s) {
    const Symbol& as = s.part("create_as_target");
    const Symbol& place = as.empty() ? s : as;
    out_.temporary = s.has("OptTemp") && !s.part("OptTemp").is("unlogged");
    out_.or_replace = s.has("REPLACE");
    out_.if_exists = s.has("IF_P");
    take_target(place.part("qualified_name"));
    for (const char* option : {"OptPartitionSortedOptions", "OptWith", "OnCommitOption"}) {
      if (const Symbol& given = place.part(option); !given.empty() && !out_.temporary) {
        return not_done("CREATE TABLE … " + text(given));
      }
    }
    if (as.empty()) return {};
    std::vector<const Symbol*> columns;
    as.part("opt_column_list").find("columnElem", &columns);
    for (const Symbol* column : columns) out_.columns.push_back(column->parts.front().value);
    out_.body = text(s.part("SelectStmt"));
    out_.body_is_ordered = is_ordered(s.part("SelectStmt"));
    out_.with_no_data = duck::has_word(s.part("opt_with_data").text, "NO");
    return {};
  }

  Status drop(const Symbol& s) {
    out_.if_exists = s.has("IF_P");
    std::vector<const Symbol*> names;
    s.part("any_name_list").find("any_name", &names);
    if (names.size() != 1) {
      return {Code::unsupported, "Not implemented Error: Can only drop one object at a time",
              "write one DROP TABLE for each table"};
    }
    out_.target = quoted(name_parts(*names.front()));
    return {};
  }

 private:
  std::string slice(size_t from, size_t to) const { return from < to ? text_.substr(from, to - from) : std::string(); }

  // BY NAME or BY POSITION: the second word is a keyword of its own.
  static bool is_by_name(const Symbol& order) {
    const std::string_view all = order.text;
    return all.size() >= 4 && duck::equal_names(all.substr(all.size() - 4), "name");
  }

  void take_with(const Symbol& s, const Symbol& verb) {
    if (s.has("opt_with_clause")) out_.with = slice(stmt_.offset, verb.offset) + "\n";
  }
  void take_target(const Symbol& name) {
    out_.target = quoted(name_parts(name));
    out_.before_target = slice(stmt_.offset, name.offset);
    out_.after_target = slice(end_of(name), end_of(stmt_));
  }
  void take_named_target(const Symbol& target) {
    std::vector<const Symbol*> names;
    target.find("qualified_name", &names);
    take_target(*names.front());
    if (const Symbol& alias = target.part("ColId"); !alias.empty()) out_.alias = duck::quote_name(alias.value);
  }
  void take_where(const Symbol& s) {
    if (const Symbol& where = s.part("where_or_current_clause"); !where.empty()) {
      out_.where = text(where.part("a_expr"));
    }
  }
  void take_returning(const Symbol& s) {
    if (const Symbol& returning = s.part("returning_clause"); !returning.empty()) {
      out_.returning = text(returning.part("target_list"));
    }
  }
  static Status take_columns(const Symbol& in, std::vector<std::string>* out) {
    for (const Symbol& part : in.parts) {
      if (part.name != "insert_column_list" && part.name != "opt_insert_column_list") continue;
      std::vector<const Symbol*> items;
      part.find("insert_column_item", &items);
      for (const Symbol* item : items) {
        if (item->has("opt_indirection")) return not_done("INSERT into a part of a column", "name the whole column");
        out->push_back(item->part("ColId").value);
      }
    }
    return {};
  }

  static std::string value_of(const Symbol& expression) { return expression.is("default") ? "NULL" : text(expression); }

  static std::vector<std::string> values_of(const Symbol& list) {
    std::vector<std::string> out;
    for (const Symbol& part : list.parts) {
      if (part.name == "a_expr") out.push_back(value_of(part));
    }
    return out;
  }

  // (x, y) or ROW(x, y), when the expression is that and nothing more.
  static std::optional<std::vector<std::string>> row_of(const Symbol& expression) {
    if (expression.parts.empty()) return {};
    const Symbol& row = expression.parts.front();
    if (row.name != "row" || row.text.data() != expression.text.data() || row.text.size() != expression.text.size()) {
      return {};
    }
    std::vector<std::string> out;
    if (const Symbol& named = row.part("qualified_row"); !named.empty()) {
      const Symbol& list = named.part("expr_list_opt_comma");
      return list.empty() ? out : values_of(list.part("expr_list"));
    }
    out = values_of(row.part("expr_list"));
    out.push_back(value_of(row.part("a_expr")));
    return out;
  }

  static Status take_assignments(const Symbol& list, std::vector<Assignment>* out) {
    for (const Symbol& clause : list.part("set_clause_list").parts) {
      std::vector<const Symbol*> targets;
      const Symbol& expression = clause.part("a_expr");
      const Symbol& several = clause.part("set_target_list");
      if (several.empty()) {
        targets.push_back(&clause.part("set_target"));
      } else {
        several.find("set_target", &targets);
      }
      for (const Symbol* target : targets) {
        if (target->has("opt_indirection")) return not_done("SET of a part of a column", "set the whole column");
      }
      if (several.empty()) {
        out->push_back({targets.front()->part("ColId").value, value_of(expression)});
        continue;
      }
      const auto values = row_of(expression);
      if (!values) return not_done("a list of columns set from one expression", "write (a, b) = (x, y)");
      if (values->size() != targets.size()) return not_done("a list of columns set from a list of other length");
      for (size_t i = 0; i < targets.size(); ++i) out->push_back({targets[i]->part("ColId").value, (*values)[i]});
    }
    return {};
  }

  // The table reference behind USING, and what it is called.
  Status take_source(const Symbol& source) {
    constexpr std::string_view kHint = "write USING (SELECT … FROM a JOIN b …) AS s";
    out_.source = text(source);
    for (const Symbol& part : source.parts) {
      if (part.name == "joined_table" || part.name == "table_ref" || part.name == "LATERAL_P") {
        return not_done("MERGE with a join, PIVOT or LATERAL as its source", std::string(kHint));
      }
    }
    std::string name;
    std::vector<const Symbol*> alias;
    for (const Symbol& part : source.parts) {
      if (part.name == "alias_prefix_colon_clause") name = part.parts.front().value;
      if (part.name != "opt_alias_clause" && part.name != "func_alias_clause" && part.name != "alias_clause") continue;
      if (part.name == "alias_clause") alias.push_back(&part);
      if (alias.empty()) part.find("alias_clause", &alias);
      if (part.name == "func_alias_clause" && !part.empty() && alias.empty()) {
        return not_done("MERGE with a list of column definitions", std::string(kHint));
      }
    }
    if (!alias.empty()) {
      name = alias.front()->part("ColIdOrString").value + alias.front()->part("ColId").value;
    } else if (name.empty()) {
      TARN_ASSIGN(name, own_name(source));
    }
    out_.source_alias = duck::quote_name(name);
    return {};
  }
  // What DuckDB calls a source without an alias.
  Result<std::string> own_name(const Symbol& source) {
    if (const Symbol& table = source.part("relation_expr"); !table.empty()) {
      std::vector<const Symbol*> names;
      table.find("qualified_name", &names);
      out_.source_name = name_parts(*names.front());
      return out_.source_name.back();
    }
    if (!source.part("select_with_parens").empty()) return std::string("unnamed_subquery");
    std::vector<const Symbol*> functions;
    source.part("func_table").find("func_name", &functions);
    if (functions.empty() || functions.front()->parts.size() != 1) {
      return not_done("MERGE with a source without a name", "write USING (…) AS s");
    }
    return functions.front()->parts.front().value;
  }

  void take_functions(const Symbol& in) {
    std::vector<const Symbol*> found;
    in.find("func_name", &found);
    for (const Symbol* one : found) out_.functions.push_back(name_parts(*one).back());
    found.clear();
    in.find("select_no_parens", &found);
    if (!found.empty()) out_.functions.emplace_back("*");
  }

  Status take_when(const Symbol& clause) {
    When when;
    when.on = clause.name == "matched_clause" ? When::On::matched : When::On::not_matched;
    if (const Symbol& side = clause.part("opt_source_or_target");
        !side.empty() && duck::has_word(side.text, "SOURCE")) {
      when.on = When::On::not_matched_by_source;
    }
    if (const Symbol& condition = clause.part("opt_and_clause"); !condition.empty()) {
      when.condition = text(condition.part("a_expr"));
      take_functions(condition);
    }
    const Symbol& action = clause.part("matched_clause_action");
    const std::string_view verb = action.parts.front().name;
    const Symbol& order = action.part("opt_by_name_or_position");
    const Pairing paired = is_by_name(order) ? Pairing::name : Pairing::position;
    if (verb == "UPDATE") {
      when.then = When::Then::update;
      const Symbol& list = action.part("set_clause_list_opt_comma");
      when.pairing = list.empty() ? paired : Pairing::listed;
      if (!list.empty()) TARN_TRY(take_assignments(list, &when.set));
    } else if (verb == "DELETE_P") {
      when.then = When::Then::remove;
    } else if (verb == "INSERT") {
      when.then = When::Then::insert;
      TARN_TRY(take_insert(action, paired, &when));
    } else if (verb != "DO") {
      return not_done("WHEN … THEN " + text(action.parts.front()));
    }
    out_.whens.push_back(std::move(when));
    return {};
  }

  static Status take_insert(const Symbol& action, Pairing paired, When* when) {
    std::vector<std::string> columns;
    TARN_TRY(take_columns(action, &columns));
    const Symbol& list = action.part("expr_list_opt_comma");
    if (list.empty()) {
      when->pairing = action.has("DEFAULT") ? Pairing::listed : paired;
      return {};
    }
    const std::vector<std::string> values = values_of(list.part("expr_list"));
    when->pairing = columns.empty() ? Pairing::position : Pairing::listed;
    if (!columns.empty() && columns.size() != values.size()) {
      return {Code::invalid_argument, "Binder Error: INSERT has as many values as columns"};
    }
    for (size_t i = 0; i < values.size(); ++i) {
      when->set.push_back({columns.empty() ? std::string() : columns[i], values[i]});
    }
    return {};
  }

  const std::string& text_;
  const Symbol& stmt_;
  ChangeStatement& out_;
};

void look_for_rows(const Sentences& read, const Symbol& stmt, ChangeStatement* out) {
  const std::string name = duck::split_name(out->alias.empty() ? out->target : out->alias).back();
  std::vector<const Symbol*> references;
  for (const char* kind : {"columnref", "columnref_opt_indirection"}) stmt.find(kind, &references);
  for (const Symbol* one : references) {
    const bool alone = one->parts.size() < 2 || !one->parts[1].text.starts_with(".");
    if (alone && duck::equal_names(one->parts.front().value, name)) out->names_itself = true;
  }
  for (size_t i = 0; i < read.lexemes.size(); ++i) {
    const bool star = read.word(i) == "." && read.word(i + 1) == "*";
    const bool columns = duck::equal_names(read.word(i), "columns") && read.word(i + 1) == "(";
    if (star || columns || read.word(i) == "#") out->sees_whole_rows = true;
  }
}

}  // namespace

bool names_in_full(std::string_view text) {
  duck::Scanner scanner(text);
  int names = 0;
  bool dot = true;
  for (duck::Token token = scanner.next(); token.kind != duck::TokenKind::end; token = scanner.next()) {
    const bool is_name = token.kind == duck::TokenKind::word || token.kind == duck::TokenKind::quoted_name;
    if (is_name) {
      names = dot ? names + 1 : 1;
      if (names == 3) return true;
    } else if (token.text != ".") {
      names = 0;
    }
    dot = !is_name;
  }
  return false;
}

Result<std::optional<ChangeStatement>> parse_change(const Sentences& read) {
  if (read.statements.size() != 1 || read.statements.front().parts.empty()) return std::optional<ChangeStatement>();
  const Symbol& s = read.statements.front().parts.front();
  if (read.spaces_depend) {
    return Status(Code::unsupported,
                  "a space beyond ASCII in a text with /* */ or \\' is not supported in changes of lake tables",
                  "write it as chr(160), or leave out the comment");
  }
  ChangeStatement out;
  Reader reader(read, read.statements.front(), &out);
  Status taken;
  if (s.name == "InsertStmt") {
    out.kind = Change::insert;
    taken = reader.insert(s);
  } else if (s.name == "UpdateStmt" || s.name == "DeleteStmt" || s.name == "MergeIntoStmt") {
    TARN_ASSIGN(const Sentences closer, duck::read_sentences(*read.text, kInside));
    const Symbol& stmt = closer.statements.front();
    const Symbol& inside = stmt.parts.front();
    Reader deep(closer, stmt, &out);
    out.kind = s.name == "UpdateStmt" ? Change::update : s.name == "DeleteStmt" ? Change::remove : Change::merge;
    taken = out.kind == Change::update   ? deep.update(inside)
            : out.kind == Change::remove ? deep.remove(inside)
                                         : deep.merge(inside);
    if (taken.ok()) look_for_rows(closer, stmt, &out);
  } else if (s.name == "CopyStmt") {
    if (!s.part("copy_from").is("from")) return std::optional<ChangeStatement>();
    out.kind = Change::copy;
    taken = reader.copy(s);
  } else if (s.name == "CreateStmt" || s.name == "CreateAsStmt") {
    out.kind = Change::create;
    taken = reader.create(s);
  } else if (s.name == "DropStmt" && s.part("drop_type_any_name").is("table")) {
    out.kind = Change::drop;
    taken = reader.drop(s);
  } else {
    return std::optional<ChangeStatement>();
  }
  TARN_TRY(taken);
  if ((out.kind == Change::update && out.set.empty()) || (out.kind == Change::merge && out.whens.empty())) {
    return Status(Code::internal, out.target + ": the statement was not understood");
  }
  return std::optional(std::move(out));
}

}  // namespace tarn::sql
