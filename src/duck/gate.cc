#include "duck/gate.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "duck/judged.h"
#include "duck/statements.h"

namespace tarn::duck {
namespace {

using base::Code;
using base::lower;
using base::Status;
using json::Value;

constexpr std::array<std::string_view, 13> kQueries{"select",      "from",         "with",   "values",    "table",
                                                    "show",        "describe",     "desc",   "summarize", "pivot",
                                                    "pivot_wider", "pivot_longer", "unpivot"};

struct Refused {
  std::string_view word, why;
};
// Statements by their first word, with what is more than "not needed".
constexpr std::array kRefused{
    Refused{"explain", "a plan shows files, and statistics of rows that were deleted"},
    Refused{"begin", "there is nothing to commit"},
    Refused{"start", "there is nothing to commit"},
    Refused{"commit", "there is nothing to commit"},
    Refused{"end", "there is nothing to commit"},
    Refused{"rollback", "there is nothing to commit"},
    Refused{"abort", "there is nothing to commit"},
    Refused{"update", "make another table by CREATE TEMP TABLE … AS"},
    Refused{"delete", "make another table by CREATE TEMP TABLE … AS"},
    Refused{"alter", "make another table by CREATE TEMP TABLE … AS"},
    Refused{"merge", "make another table by CREATE TEMP TABLE … AS"},
    Refused{"truncate", "drop the table and make it anew"},
    Refused{"pragma", "SHOW, DESCRIBE and SUMMARIZE tell of tables"},
    Refused{"call", "SELECT from the function"},
};

bool is_name(const Token& token) { return token.kind == TokenKind::word || token.kind == TokenKind::quoted_name; }

std::string upper(std::string_view word) {
  std::string out(word);
  for (char& c : out) c = base::upper(c);
  return out;
}

Status refused_statement(std::string_view first) {
  const auto known = std::find_if(kRefused.begin(), kRefused.end(), [&](const Refused& r) { return r.word == first; });
  return refused(upper(first.substr(0, 40)), known == kRefused.end() ? std::string_view() : known->why);
}

// A cursor over the words of a statement.
class Words {
 public:
  explicit Words(std::string_view sql) {
    Scanner scanner(sql);
    do {
      tokens_.push_back(scanner.next());
    } while (tokens_.back().kind != TokenKind::end);
  }
  const Token& token() const { return tokens_[at_]; }
  std::string word() const { return token().kind == TokenKind::word ? lower(token().text) : std::string(); }
  bool take(std::string_view wanted) {
    if (token().kind == TokenKind::end || lower(token().text) != wanted) return false;
    ++at_;
    return true;
  }
  // (a, b): names and commas only; also nothing at all between the parentheses.
  bool take_names() {
    if (!take("(")) return false;
    for (bool more = !take(")"); more;) {
      if (!is_name(token())) return false;
      ++at_;
      more = take(",");
      if (!more && !take(")")) return false;
    }
    return true;
  }
  std::string take_name() {
    if (!is_name(token())) return {};
    return lower(unquote_name(tokens_[at_++].text));
  }
  bool ambiguous() const {
    return std::any_of(tokens_.begin(), tokens_.end(), [](const Token& t) { return t.ambiguous; });
  }

 private:
  std::vector<Token> tokens_;
  size_t at_ = 0;
};

}  // namespace

Status locked_writes_nothing() { return {Code::permission_denied, "a locked connection writes no files"}; }

// A statement as a query to be checked, and what it does with the rows.
struct Gate::Form {
  std::string query = {};
  Admitted::Effect effect = Admitted::Effect::none;
  std::string name = {};
  bool temporary = false;
};

void Gate::let_relation(const std::string& schema, const std::string& name) {
  names_.relations.insert(lower(schema) + "." + lower(name));
}
void Gate::let_function(const std::string& name, bool in_from) {
  (in_from ? names_.table_functions : names_.value_functions).insert(lower(name));
}

base::Result<Gate::Form> Gate::form_of(const std::string& sql) const {
  using Effect = Admitted::Effect;
  Words words(sql);
  while (words.take("(")) {
  }
  const std::string first = words.word();
  if (std::find(kQueries.begin(), kQueries.end(), first) != kQueries.end()) return Form{sql};
  if (first != "create" && first != "insert" && first != "drop") return refused_statement(first);
  if (words.ambiguous()) return refused("a character beyond ASCII directly before $ or a quote");
  words.take(first);
  const Status other =
      refused("this form of " + upper(first),
              first == "create"
                  ? "CREATE TEMP TABLE, VIEW or MACRO with a name without a schema, and AS before what it is made of"
              : first == "insert" ? "INSERT INTO a table that this session made, from a query"
                                  : "DROP TABLE, VIEW or MACRO with one name without a schema");
  const auto rest = [&] { return sql.substr(words.token().offset); };
  if (first == "insert") {
    if (!words.take("into")) return other;
    const std::string name = words.take_name();
    if (!own_.contains(name)) return other;
    if (words.token().text == "(") {
      // Columns, or a query in parentheses: that is checked as it stands.
      Words columns = words;
      if (columns.take_names()) words = columns;
    }
    if (words.take("by") && !words.take("name") && !words.take("position")) return other;
    return Form{rest()};
  }
  const bool create = first == "create";
  if (create && words.take("or") && !words.take("replace")) return other;
  const bool temporary = create && (words.take("temp") || words.take("temporary"));
  const bool function = words.take("macro") || words.take("function");
  const bool view = !function && words.take("view");
  if (!function && !view && !words.take("table")) return other;
  const bool from_function = !create && function && words.take("table");
  if (words.take("if") && ((create && !words.take("not")) || !words.take("exists"))) return other;
  const std::string name = words.take_name();
  if (name.empty()) return other;
  if (!create) {
    if (words.token().kind != TokenKind::end && words.token().kind != TokenKind::semicolon) return other;
    const auto& functions = from_function ? names_.table_functions : names_.value_functions;
    if (function ? !functions.contains(name) && !names_.table_functions.contains(name) : !own_.contains(name)) {
      return Status(Code::invalid_argument, "Catalog Error: this session has made no " + name);
    }
    return Form{{}, function ? Effect::drops_function : Effect::drops_relation, name};
  }
  // What is made lives longer than this look at it: its name must never come to mean anything else.
  if (!is_plain_name(name)) return refused("the name " + name, "it could be a file's");
  const bool taken = why_refused(Judged::value_function, name) || why_refused(Judged::table_function, name) ||
                     why_refused(Judged::relation, name) || why_refused(Judged::relation, "pg_catalog." + name);
  if (taken) return refused("the name " + name, "DuckDB has a function or a view of this name");
  if (function) {
    if (!words.take_names() || !words.take("as")) return other;
    if (words.take("table")) return Form{rest(), Effect::makes_table_function, name};
    return Form{"SELECT\n" + rest(), Effect::makes_function, name};
  }
  // One of each name, so that a name with a schema finds what it names.
  if (const auto made = own_.find(name); made != own_.end() && made->second != temporary) {
    return refused("a second " + name + " of this session");
  }
  if (view && words.token().text == "(" && !words.take_names()) return other;
  if (!words.take("as")) return other;
  return Form{rest(), Effect::makes_relation, name, temporary};
}

base::Result<Value> Gate::tree(const std::string& query) {
  if (!parser_) {
    auto parser = std::make_unique<Parser>();
    if (duckdb_connect(database_, &parser->handle) != DuckDBSuccess) {
      return Status(Code::exhausted, "DuckDB gives no further connection");
    }
    constexpr const char* kSerialize =
        "SELECT json_serialize_sql($1::VARCHAR, skip_default := true, skip_null := true, skip_empty := true)";
    if (duckdb_prepare(parser->handle, kSerialize, parser->serialize.out()) != DuckDBSuccess) {
      return Status(Code::internal, duckdb_prepare_error(parser->serialize.get()));
    }
    parser_ = std::move(parser);
  }
  if (duckdb_bind_varchar_length(parser_->serialize.get(), 1, query.data(), query.size()) != DuckDBSuccess) {
    return Status(Code::invalid_argument, "the SQL text is not UTF-8");
  }
  duckdb_result result{};
  const duckdb_state state = duckdb_execute_prepared(parser_->serialize.get(), &result);
  std::string text;
  Status failed;
  if (state != DuckDBSuccess) {
    failed = error_status(duckdb_result_error(&result));
  } else if (const ChunkHandle chunk(duckdb_fetch_chunk(result)); chunk) {
    auto* strings = static_cast<duckdb_string_t*>(duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk.get(), 0)));
    text.assign(duckdb_string_t_data(&strings[0]), duckdb_string_t_length(strings[0]));
  }
  duckdb_destroy_result(&result);
  TARN_TRY(failed);
  auto parsed = json::parse(text);
  if (!parsed.ok()) return Status(Code::unsupported, "the statement nests too deeply for a locked connection");
  return parsed;
}

Status Gate::check_query(const std::string& query, std::vector<std::string>* reads) {
  TARN_ASSIGN(const Value statements, tree(query));
  if (statements["error"].as_bool(true)) {
    // Only its parser says why a text is none of SQL, with line and caret.
    ExtractedHandle extracted;
    if (duckdb_extract_statements(parser_->handle, query.c_str(), extracted.out()) == 0) {
      const char* why = duckdb_extract_statements_error(extracted.get());
      if (why && *why) return error_status(why);
    }
    return refused("this statement", "it is no query that DuckDB can show as a tree (" +
                                         statements["error_message"].as_string() +
                                         "); for PIVOT name the values: ON column IN ('a', 'b')");
  }
  const auto& all = statements["statements"].items();
  if (all.size() != 1) return {Code::invalid_argument, "one statement is wanted, not " + std::to_string(all.size())};
  return check_statement(all[0], names_, reads);
}

base::Result<Gate::Admitted> Gate::admit(const std::string& statement) {
  reads_.clear();
  TARN_ASSIGN(Form form, form_of(statement));
  if (!form.query.empty()) TARN_TRY(check_query(form.query, &reads_));
  return Admitted{form.effect, std::move(form.name), form.temporary};
}

Status Gate::admit_condition(const std::string& condition) {
  // On lines of its own, so that a comment in it ends where it should.
  TARN_ASSIGN(const Value statements, tree("SELECT 1 WHERE (\n" + condition + "\n)"));
  if (statements["error"].as_bool(true)) {
    return {Code::invalid_argument, "Parser Error: " + statements["error_message"].as_string()};
  }
  const auto& all = statements["statements"].items();
  if (all.size() != 1) return {Code::invalid_argument, "one condition is wanted, and this is more"};
  return check_condition_tree(all[0], names_);
}

void Gate::ran(const Admitted& admitted) {
  switch (admitted.effect) {
    case Admitted::Effect::none:
      return;
    case Admitted::Effect::makes_relation:
      own_[admitted.name] = admitted.temporary;
      names_.relations.insert((admitted.temporary ? "temp." : "main.") + admitted.name);
      return;
    case Admitted::Effect::makes_function:
      names_.value_functions.insert(admitted.name);
      return;
    case Admitted::Effect::makes_table_function:
      names_.table_functions.insert(admitted.name);
      return;
    case Admitted::Effect::drops_relation:
      if (const auto made = own_.find(admitted.name); made != own_.end()) {
        names_.relations.erase((made->second ? "temp." : "main.") + admitted.name);
        own_.erase(made);
      }
      return;
    case Admitted::Effect::drops_function:
      return;  // its name means nothing now, and nothing else ever
  }
}

Status Gate::told(Status failure) const {
  const std::string_view message = failure.message();
  const auto mentions = [&](std::string_view part) { return message.find(part) != std::string_view::npos; };
  const bool shows = std::any_of(places_.begin(), places_.end(), mentions) || (!reads_.empty() && mentions("arquet"));
  const Code code = failure.code();
  const bool inside = code == Code::internal || code == Code::corruption || code == Code::io;
  if (!shows && !inside) return failure;
  if (code == Code::permission_denied) return refused("a file", "a statement names tables, links and functions");
  std::string tables;
  for (const std::string& name : reads_) tables += (tables.empty() ? "" : ", ") + name;
  const std::string of = tables.empty()       ? ""
                         : reads_.size() == 1 ? "table " + tables + ": "
                                              : "tables " + tables + ": ";
  if (code == Code::not_found) return {code, of + "a file is not there any more", "`tarn check` names it"};
  if (code == Code::internal || (code == Code::invalid_argument && tables.empty())) {
    return {code, of + "DuckDB fails on this statement", "`tarn check` tells whether a file is damaged"};
  }
  return {code == Code::io ? code : Code::corruption,
          of + (code == Code::io ? "a file cannot be read" : "a file is damaged"), "`tarn check` names it"};
}

Status gate_kind(duckdb_statement_type kind) {
  switch (kind) {
    case DUCKDB_STATEMENT_TYPE_SELECT:
    case DUCKDB_STATEMENT_TYPE_CREATE:
    case DUCKDB_STATEMENT_TYPE_CREATE_FUNC:
    case DUCKDB_STATEMENT_TYPE_INSERT:
    case DUCKDB_STATEMENT_TYPE_DROP:
      return base::ok();
    case DUCKDB_STATEMENT_TYPE_EXPLAIN:
      return refused("EXPLAIN");
    case DUCKDB_STATEMENT_TYPE_UPDATE:
      return refused("UPDATE");
    case DUCKDB_STATEMENT_TYPE_DELETE:
      return refused("DELETE");
    case DUCKDB_STATEMENT_TYPE_MERGE_INTO:
      return refused("MERGE");
    case DUCKDB_STATEMENT_TYPE_ALTER:
      return refused("ALTER");
    case DUCKDB_STATEMENT_TYPE_TRANSACTION:
      return refused("a transaction");
    case DUCKDB_STATEMENT_TYPE_ANALYZE:
    case DUCKDB_STATEMENT_TYPE_VACUUM:
      return refused("ANALYZE or VACUUM");
    case DUCKDB_STATEMENT_TYPE_COPY:
      return refused("COPY");
    case DUCKDB_STATEMENT_TYPE_EXPORT:
      return refused("EXPORT DATABASE");
    case DUCKDB_STATEMENT_TYPE_ATTACH:
      return refused("ATTACH");
    case DUCKDB_STATEMENT_TYPE_DETACH:
      return refused("DETACH");
    case DUCKDB_STATEMENT_TYPE_LOAD:
    case DUCKDB_STATEMENT_TYPE_UPDATE_EXTENSIONS:
      return refused("LOAD or INSTALL");
    case DUCKDB_STATEMENT_TYPE_SET:
    case DUCKDB_STATEMENT_TYPE_VARIABLE_SET:
      return refused("SET");
    case DUCKDB_STATEMENT_TYPE_PRAGMA:
      return refused("PRAGMA");
    case DUCKDB_STATEMENT_TYPE_CALL:
      return refused("CALL");
    case DUCKDB_STATEMENT_TYPE_PREPARE:
    case DUCKDB_STATEMENT_TYPE_EXECUTE:
      return refused("PREPARE or EXECUTE");
    case DUCKDB_STATEMENT_TYPE_COPY_DATABASE:
      return refused("COPY FROM DATABASE");
    case DUCKDB_STATEMENT_TYPE_INVALID:
    case DUCKDB_STATEMENT_TYPE_RELATION:
    case DUCKDB_STATEMENT_TYPE_EXTENSION:
    case DUCKDB_STATEMENT_TYPE_LOGICAL_PLAN:
    case DUCKDB_STATEMENT_TYPE_MULTI:
      break;
  }
  return refused("this kind of statement (" + std::to_string(static_cast<int>(kind)) + ")");
}

}  // namespace tarn::duck
