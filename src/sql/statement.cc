#include "sql/statement.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "duck/connection.h"
#include "duck/statements.h"

namespace tarn::sql {
namespace {

using base::lower;

using duck::Sentences;
using duck::Symbol;
using duck::Token;
using duck::TokenKind;

constexpr std::array<std::string_view, 14> kChanges{"InsertStmt",
                                                    "UpdateStmt",
                                                    "DeleteStmt",
                                                    "MergeIntoStmt",
                                                    "CopyStmt",
                                                    "CreateStmt",
                                                    "CreateAsStmt",
                                                    "DropStmt",
                                                    "ViewStmt",
                                                    "RenameStmt",
                                                    "AlterTableStmt",
                                                    "CommentOnStmt",
                                                    "AlterObjectSchemaStmt",
                                                    "IndexStmt"};
constexpr std::array<std::string_view, 15> kInside{
    "stmt",        "sort_clause",        "ExplainStmt",      "PrepareStmt",   "qualified_name",
    "any_name",    "attr_name",          "relation_expr",    "insert_target", "returning_clause",
    "insert_rest", "insert_column_item", "create_as_target", "columnElem",    "relation_expr_opt_alias"};

// Of DROP and ALTER: whether it is about a table or a view, a schema, or what is none of ours.
std::string_view kind_of(const Symbol& statement) {
  for (const Symbol& part : statement.parts) {
    for (std::string_view kind : {"table", "view", "materialized", "schema"}) {
      if (part.is(kind) || lower(part.text).starts_with(std::string(kind) + " ")) return kind;
    }
    if (part.name == "qualified_name" || part.name == "any_name" || part.name == "any_name_list") break;
  }
  return "";
}

void add_targets(const Symbol& statement, std::vector<std::string>* out) {
  const std::string_view name = statement.name;
  if (name == "CopyStmt" && !statement.part("copy_from").is("from")) return;  // COPY t TO … reads
  const bool by_kind = name == "DropStmt" || name == "RenameStmt" || name == "AlterTableStmt" ||
                       name == "AlterObjectSchemaStmt" || name == "CommentOnStmt";
  const std::string_view kind = by_kind ? kind_of(statement) : "table";
  if (kind.empty()) return;
  if (kind == "schema") {
    std::vector<const Symbol*> names;
    statement.find("any_name", &names);
    for (const Symbol* one : names) out->push_back(quoted(name_parts(*one)) + ".*");
    if (const Symbol& renamed = statement.part("name"); !renamed.empty()) {
      out->push_back(quoted({renamed.value}) + ".*");
    }
    return;
  }
  std::vector<const Symbol*> names;
  for (const Symbol& part : statement.parts) {
    // What the statement is about stands before the queries, expressions and lists that it has.
    if (part.name == "any_name_list") {
      part.find("any_name", &names);
      break;
    }
    if (part.name == "qualified_name") {
      names.push_back(&part);
    } else if (part.name == "relation_expr_opt_alias" || part.name == "insert_target" || part.name == "relation_expr" ||
               part.name == "create_as_target") {
      part.find("qualified_name", &names);
    } else {
      continue;
    }
    break;
  }
  for (const Symbol* one : names) out->push_back(quoted(name_parts(*one)));
}

std::vector<Token> tokens_of(std::string_view statement) {
  std::vector<Token> out;
  duck::Scanner scanner(statement);
  for (Token token = scanner.next(); token.kind != TokenKind::end; token = scanner.next()) out.push_back(token);
  return out;
}

std::string word_at(const std::vector<Token>& tokens, size_t i) {
  return i < tokens.size() && tokens[i].kind == TokenKind::word ? lower(tokens[i].text) : std::string();
}

}  // namespace

Sentences read_statement(std::string_view statement) {
  std::vector<std::string_view> wanted(kInside.begin(), kInside.end());
  wanted.insert(wanted.end(), kChanges.begin(), kChanges.end());
  auto read = duck::read_sentences(statement, wanted);
  return read.ok() ? *std::move(read) : Sentences();
}

const Symbol& inner_statement(const Symbol& stmt) {
  static const Symbol none;
  if (stmt.parts.empty()) return none;
  const Symbol& inner = stmt.parts.front();
  if (inner.name != "ExplainStmt" && inner.name != "PrepareStmt") return inner;
  for (std::string_view kind : {"ExplainableStmt", "PreparableStmt"}) {
    const Symbol& deeper = inner.part(kind);
    if (!deeper.parts.empty()) {
      return deeper.parts.front().name == "PrepareStmt" ? inner_statement(deeper) : deeper.parts.front();
    }
  }
  return none;
}

std::vector<std::string> name_parts(const Symbol& name) {
  std::vector<std::string> out;
  if (!name.parts.empty()) out.push_back(name.parts.front().value);
  std::vector<const Symbol*> rest;
  name.find("attr_name", &rest);
  for (const Symbol* part : rest) out.push_back(part->parts.front().value);
  return out;
}

std::string quoted(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : ".") + duck::quote_name(part);
  return out;
}

std::vector<std::string> changed_tables(const Sentences& read) {
  std::vector<std::string> out;
  for (const Symbol& stmt : read.statements) {
    const Symbol& statement = inner_statement(stmt);
    if (std::find(kChanges.begin(), kChanges.end(), statement.name) != kChanges.end()) add_targets(statement, &out);
  }
  return out;
}

std::vector<std::string> changed_tables(std::string_view statement) {
  return changed_tables(read_statement(statement));
}

bool needs_whole_catalog(std::string_view statement) {
  const std::vector<Token> tokens = tokens_of(statement);
  if (tokens.empty()) return false;
  const std::string first = word_at(tokens, 0);
  if (first == "show" || first == "export" || first == "pragma" || first == "call") return true;
  if ((first == "describe" || first == "desc") && tokens.size() == 1) return true;
  if (first == "copy" && word_at(tokens, 1) == "from") return true;  // COPY FROM DATABASE
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
