#include "duck/statement_tree.h"

#include <algorithm>
#include <array>
#include <functional>

#include "base/ascii.h"
#include "duck/connection.h"
#include "duck/judged.h"

namespace tarn::duck {
namespace {

using base::Code;
using base::lower;
using base::Status;
using json::Value;

using Words = std::set<std::string_view>;

const Words& expressions() {
  static const Words words{"CONSTANT", "STAR",     "COLUMN_REF", "FUNCTION", "CAST",       "COMPARISON",
                           "BETWEEN",  "OPERATOR", "CASE",       "LAMBDA",   "LAMBDA_REF", "CONJUNCTION",
                           "SUBQUERY", "WINDOW",   "PARAMETER",  "COLLATE",  "TYPE",       "POSITIONAL_REFERENCE"};
  return words;
}

// Nodes, tables in FROM, modifiers, orders, and what a type has besides its name.
const Words& parts() {
  static const Words words{"SELECT_NODE",
                           "SET_OPERATION_NODE",
                           "RECURSIVE_CTE_NODE",
                           "CTE_NODE",
                           "BASE_TABLE",
                           "SUBQUERY",
                           "JOIN",
                           "TABLE_FUNCTION",
                           "EXPRESSION_LIST",
                           "EMPTY",
                           "PIVOT",
                           "SHOW_REF",
                           "ORDER_MODIFIER",
                           "LIMIT_MODIFIER",
                           "LIMIT_PERCENT_MODIFIER",
                           "DISTINCT_MODIFIER",
                           "ASCENDING",
                           "DESCENDING",
                           "ORDER_DEFAULT",
                           "GENERIC_TYPE_INFO",
                           "DECIMAL_TYPE_INFO",
                           "STRING_TYPE_INFO",
                           "LIST_TYPE_INFO",
                           "STRUCT_TYPE_INFO",
                           "ARRAY_TYPE_INFO",
                           "ENUM_TYPE_INFO",
                           "UNBOUND_TYPE_INFO",
                           "INTEGER_LITERAL_TYPE_INFO",
                           "ANY_TYPE_INFO"};
  return words;
}

// What SHOW tells of besides one table.
constexpr std::array<std::string_view, 5> kShown{"\"tables\"", "\"databases\"", "\"schemas\"", "\"variables\"",
                                                 "__show_tables_expanded"};

std::string quoted(std::string_view text) { return "'" + std::string(text.substr(0, 80)) + "'"; }

class Walk {
 public:
  Walk(const Names& names, std::vector<std::string>* read, bool condition)
      : names_(names), read_(read), condition_(condition) {}

  Status common_tables(const Value& value) {
    for (const Value& one : value["cte_map"]["map"].items()) TARN_TRY(common_table(one["key"].as_string()));
    if (value.contains("cte_name")) TARN_TRY(common_table(value["cte_name"].as_string()));
    return each_child(value, [&](const Value& child) { return common_tables(child); });
  }

  Status visit(const Value& value) {
    if (value.is_array()) return each_child(value, [&](const Value& child) { return visit(child); });
    if (!value.is_object()) return base::ok();
    const std::string& type = value["type"].as_string();
    if (const std::string& of = value["class"].as_string(); !of.empty()) {
      if (!expressions().contains(of)) return refused("an expression of the kind " + of);
      if (of == "FUNCTION" || of == "WINDOW") TARN_TRY(value_function(value));
    } else if (!type.empty()) {
      if (!parts().contains(type)) return refused("a part of the kind " + type);
      // = ANY([…]) is a query to DuckDB, but of no table.
      if (condition_ && (type == "BASE_TABLE" || type == "TABLE_FUNCTION" || type == "SHOW_REF")) {
        return refused("a table in a condition", "only the columns of the row itself may be asked");
      }
      if (type == "BASE_TABLE") TARN_TRY(relation(value));
      if (type == "SHOW_REF") TARN_TRY(shown(value));
      if (type == "TABLE_FUNCTION") return table_function(value);
    }
    return each_child(value, [&](const Value& child) { return visit(child); });
  }

 private:
  static Status each_child(const Value& value, const std::function<Status(const Value&)>& each) {
    for (const Value& item : value.items()) TARN_TRY(each(item));
    for (const auto& [key, member] : value.members()) TARN_TRY(each(member));
    return base::ok();
  }

  // A common table out of its reach would be looked up as another table: its name must mean nothing else.
  Status common_table(const std::string& given) {
    const std::string name = lower(given);
    if (!is_plain_name(name)) return refused("WITH " + quoted(given), "its name could be a file's");
    if (own_relation("", name)) return refused("WITH " + quoted(given), "DuckDB has a view of this name");
    common_.insert(name);
    return base::ok();
  }

  // DuckDB's judgement on one of its own views, as it would find it.
  static std::optional<std::string_view> own_relation(const std::string& schema, const std::string& name) {
    if (!schema.empty() && schema != "main") return why_refused(Judged::relation, schema + "." + name);
    const auto why = why_refused(Judged::relation, name);
    return why || !schema.empty() ? why : why_refused(Judged::relation, "pg_catalog." + name);
  }

  Status relation(const Value& table) {
    return relation(table["catalog_name"].as_string(), table["schema_name"].as_string(),
                    table["table_name"].as_string());
  }

  Status relation(const std::string& given_catalog, const std::string& given_schema, const std::string& given_name) {
    const std::string catalog = lower(given_catalog), schema = lower(given_schema), name = lower(given_name);
    const auto known = [&](const std::string& in) {
      const std::string key = in + "." + name;
      if (!names_.relations.contains(key)) return false;
      if (read_ && std::find(read_->begin(), read_->end(), key) == read_->end()) read_->push_back(key);
      return true;
    };
    if (catalog.empty() && schema.empty() && (common_.contains(name) || known("temp") || known("main"))) {
      return base::ok();
    }
    if (catalog.empty() && schema == "recurring" && common_.contains(name)) return base::ok();
    if (catalog.empty() && !schema.empty() && known(schema == "memory" ? "main" : schema)) return base::ok();
    if (catalog == "memory" && schema != "temp" && known(schema)) return base::ok();
    if (catalog == "temp" && schema == "main" && known("temp")) return base::ok();
    const std::string written =
        (catalog.empty() ? "" : given_catalog + ".") + (schema.empty() ? "" : given_schema + ".") + given_name;
    if (catalog.empty() || catalog == "system") {
      if (const auto why = own_relation(schema, name)) {
        return why->empty() ? base::ok() : refused(written, "it " + std::string(*why));
      }
    }
    // What no catalog has is a file to DuckDB, if it looks like one. A plain name does not, and DuckDB knows what may
    // have been meant.
    if (catalog.empty() && schema.empty() && is_plain_name(name)) return base::ok();
    if (is_plain_name(name) && is_plain_name(schema) && is_plain_name(catalog)) {
      return {Code::invalid_argument, "Catalog Error: Table with name " + written + " does not exist!"};
    }
    return refused(quoted(written), "it names a file; a statement names tables, links and functions");
  }

  Status shown(const Value& show) {
    const std::string& name = show["table_name"].as_string();
    if (show["query"].is_null() && !name.empty() && std::find(kShown.begin(), kShown.end(), name) == kShown.end()) {
      return refused("SHOW " + name);
    }
    return base::ok();
  }

  Status value_function(const Value& function) {
    const std::string name = lower(function["function_name"].as_string());
    if (names_.value_functions.contains(name)) return base::ok();
    TARN_TRY(judged(Judged::value_function, name));
    if (name != "current_setting") return base::ok();
    const auto& arguments = function["children"].items();
    if (arguments.size() != 1 || arguments[0]["class"].as_string() != "CONSTANT") {
      return refused("current_setting() of what is no plain text");
    }
    return judged(Judged::setting, lower(arguments[0]["value"]["value"].as_string()));
  }

  static Status judged(Judged kind, const std::string& name) {
    const auto why = why_refused(kind, name);
    const std::string what = kind == Judged::setting ? "the setting " + name : "the function " + name + "()";
    if (!why) {
      return {Code::invalid_argument,
              "Catalog Error: " + what + " does not exist" + (kind == Judged::table_function ? " in FROM" : "") + "!"};
    }
    return why->empty() ? base::ok() : refused(what, "it " + std::string(*why));
  }

  Status table_function(const Value& table) {
    const Value& function = table["function"];
    if (function["class"].as_string() != "FUNCTION") return refused("a table of this kind");
    const std::string name = lower(function["function_name"].as_string());
    if (!names_.table_functions.contains(name)) {
      TARN_TRY(judged(Judged::table_function, name));
      if (name == "query_table") TARN_TRY(queried_tables(function["children"]));
    }
    for (const auto& [key, member] : function.members()) TARN_TRY(visit(member));
    for (const auto& [key, member] : table.members()) {
      if (key != "function") TARN_TRY(visit(member));
    }
    return base::ok();
  }

  // query_table('docs'), query_table(['a', 'b'], by_name): texts that name tables, and nothing that is computed.
  Status queried_tables(const Value& arguments) {
    if (arguments.items().empty()) return base::ok();  // DuckDB says what is wanted
    const Value& first = arguments.items()[0];
    const bool list = first["class"].as_string() == "FUNCTION" && first["function_name"].as_string() == "list_value";
    const bool constructor =
        first["class"].as_string() == "OPERATOR" && first["type"].as_string() == "ARRAY_CONSTRUCTOR";
    const Value alone = Value::array({first});
    for (const Value& one : list || constructor ? first["children"].items() : alone.items()) {
      const Value& value = one["value"]["value"];
      if (one["class"].as_string() != "CONSTANT" || !value.is_string()) {
        return refused("query_table() of what is no plain text");
      }
      std::vector<std::string> parts = split_name(value.as_string());
      if (parts.size() > 3) return refused(quoted(value.as_string()), "it names no table");
      while (parts.size() < 3) parts.insert(parts.begin(), "");
      // Here a name without quotes may itself have dots that DuckDB does not split: both readings must be tables.
      TARN_TRY(relation(parts[0], parts[1], parts[2]));
      if (!is_plain_name(parts[2])) return refused(quoted(value.as_string()), "it names no table");
    }
    return base::ok();
  }

  const Names& names_;
  std::vector<std::string>* read_;
  const bool condition_;
  std::set<std::string> common_;
};

}  // namespace

bool is_plain_name(std::string_view name) {
  return name.find_first_of("./\\:*?[]{}'\"") == std::string_view::npos && name.find('\0') == std::string_view::npos;
}

Status check_statement(const Value& statement, const Names& names, std::vector<std::string>* read) {
  Walk walk(names, read, false);
  TARN_TRY(walk.common_tables(statement));
  return walk.visit(statement);
}

Status check_condition_tree(const Value& statement, const Names& names) {
  const Value& node = statement["node"];
  for (const auto& [key, member] : node.members()) {
    // Everything besides the condition must be as in `SELECT 1 WHERE (true)`.
    const bool expected = key == "type" || key == "select_list" || key == "from_table" || key == "where_clause" ||
                          key == "aggregate_handling";
    if (!expected) return {Code::invalid_argument, "one condition is wanted, and this is more (" + key + ")"};
  }
  if (node["type"].as_string() != "SELECT_NODE" || node["from_table"]["type"].as_string() != "EMPTY" ||
      node["select_list"].items().size() != 1 || !node.contains("where_clause")) {
    return {Code::invalid_argument, "one condition is wanted, and this is more"};
  }
  return Walk(names, nullptr, true).visit(node["where_clause"]);
}

Status refused(std::string_view what, std::string_view why) {
  return {Code::permission_denied,
          "Permission Error: " + std::string(what) + " is not allowed on a locked connection" +
              (why.empty() ? std::string() : ": " + std::string(why)),
          "a locked connection answers from tables; run this with `tarn sql` on your own machine instead"};
}

}  // namespace tarn::duck
