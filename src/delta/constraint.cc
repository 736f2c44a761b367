#include "delta/constraint.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "base/ascii.h"
#include "delta/physical.h"
#include "delta/schema.h"
#include "delta/select.h"

namespace tarn::delta {
namespace {

using base::Code;
using base::is_digit;
using base::Result;
using base::Status;

constexpr std::array<std::string_view, 18> kWords{"AND",   "OR",   "NOT",     "IS",       "NULL", "TRUE",
                                                  "FALSE", "IN",   "BETWEEN", "LIKE",     "CASE", "WHEN",
                                                  "THEN",  "ELSE", "END",     "DISTINCT", "FROM", "DATE"};

constexpr std::array<std::string_view, 10> kFunctions{
    "ABS", "CHAR_LENGTH", "CHARACTER_LENGTH", "COALESCE", "DAY", "LENGTH", "MONTH", "NULLIF", "YEAR", "DAYOFMONTH"};
constexpr std::array<std::string_view, 17> kOperators{"<=>", "==", "<=", ">=", "<>", "!=", "||", "=", "<",
                                                      ">",   "+",  "-",  "*",  "%",  "(",  ")",  ","};
constexpr size_t kMaxRowBytes = 300;  // of an offending row in a message

bool is_word(char c) { return base::is_alnum(c) || c == '_'; }

template <size_t N>
bool has(const std::array<std::string_view, N>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// One pass over the text; each part is looked at once and written as DuckDB wants it.
class Translation {
 public:
  Translation(std::string_view text, const std::vector<Field>& schema) : text_(text), schema_(schema) {}

  Result<std::string> run() {
    if (text_.size() > kMaxConstraintBytes) {
      return Status(Code::exhausted,
                    fmt::format("{} bytes, more than the limit of {}", text_.size(), kMaxConstraintBytes));
    }
    while (true) {
      while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
      if (at_ == text_.size()) break;
      TARN_TRY(part());
    }
    if (out_.empty()) return Status(Code::unsupported, "it is empty");
    return out_;
  }

 private:
  Status part() {
    const char c = text_[at_];
    const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (c == '\'' || c == '"') return string(c);
    if (c == '`') return quoted_name();
    if (is_digit(c) || (c == '.' && is_digit(next))) return number();
    if (is_word(c)) return word();
    if (c == '.' && after_name_) {
      out_ += ".";
      ++at_;
      in_path_ = true;
      return {};
    }
    if ((c == '-' && next == '-') || (c == '/' && next == '*')) return beyond("a comment");
    for (const std::string_view op : kOperators) {
      if (!text_.substr(at_).starts_with(op)) continue;
      put(op == "==" ? "=" : op == "<=>" ? "IS NOT DISTINCT FROM" : op, false);
      at_ += op.size();
      return {};
    }
    return beyond(fmt::format("'{}'", c));
  }

  Status string(char quote) {
    const size_t end = text_.find(quote, at_ + 1);
    if (end == std::string_view::npos) return beyond("a text without an end");
    const std::string_view inside = text_.substr(at_ + 1, end - at_ - 1);
    if (inside.find('\\') != std::string_view::npos) return beyond("a text with a backslash");
    if (end + 1 < text_.size() && (text_[end + 1] == '\'' || text_[end + 1] == '"')) return beyond("a doubled quote");
    put(duck::quote_literal(inside), false);
    at_ = end + 1;
    return {};
  }

  Status quoted_name() {
    const size_t end = text_.find('`', at_ + 1);
    if (end == std::string_view::npos || (end + 1 < text_.size() && text_[end + 1] == '`')) {
      return beyond("a quoted name");
    }
    const std::string_view inside = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return name(inside);
  }

  Status number() {
    size_t end = at_;
    while (end < text_.size() && (is_word(text_[end]) || text_[end] == '.')) ++end;
    const std::string_view digits = text_.substr(at_, end - at_);
    // An exponent makes a double in both; a letter at the end is a type in Spark alone.
    const bool plain = std::all_of(digits.begin(), digits.end(), [](char c) { return is_digit(c) || c == '.'; }) &&
                       std::count(digits.begin(), digits.end(), '.') <= 1;
    if (!plain) return beyond(fmt::format("the number '{}'", digits));
    put(digits, false);
    at_ = end;
    return {};
  }

  Status word() {
    size_t end = at_;
    while (end < text_.size() && is_word(text_[end])) ++end;
    const std::string_view found = text_.substr(at_, end - at_);
    at_ = end;
    if (in_path_) return name(found);
    size_t after = end;
    while (after < text_.size() && std::isspace(static_cast<unsigned char>(text_[after])) != 0) ++after;
    const char follows = after < text_.size() ? text_[after] : '\0';
    const std::string upper_case = base::upper(found);
    if (upper_case == "DATE" && follows != '\'') return name(found);
    if (has(kWords, upper_case)) {
      put(upper_case, false);
      return {};
    }
    if (follows == '(') {
      if (!has(kFunctions, upper_case)) return beyond(fmt::format("the function '{}'", found));
      put(upper_case, false);
      return {};
    }
    return name(found);
  }

  Status name(std::string_view found) {
    if (!in_path_ && find_field(schema_, found) == nullptr) {
      return beyond(fmt::format("'{}', which is no column", found));
    }
    if (in_path_) {
      out_ += duck::quote_name(found);
    } else {
      put(duck::quote_name(found), true);
    }
    after_name_ = true;
    in_path_ = false;
    return {};
  }

  void put(std::string_view text, bool is_name) {
    out_ += (out_.empty() ? "" : " ") + std::string(text);
    after_name_ = is_name;
    in_path_ = false;
  }

  Status beyond(const std::string& what) const {
    return {Code::unsupported, fmt::format("'{}' has {} at byte {}, which Tarn does not evaluate", text_, what, at_),
            "write with an engine that does"};
  }

  std::string_view text_;
  const std::vector<Field>& schema_;
  std::string out_;
  size_t at_ = 0;
  bool after_name_ = false, in_path_ = false;
};

// SQL that is true where a value that may not be null is; `path` names it. Structs, lists and maps are looked into.
void collect_nulls(const std::string& value, const std::string& path, const json::Value& type, int depth,
                   std::vector<std::pair<std::string, std::string>>* found);

void nulls_of(const std::string& value, const std::string& path, bool nullable, const json::Value& type, int depth,
              std::vector<std::pair<std::string, std::string>>* found) {
  if (!nullable) found->emplace_back(value + " IS NULL", path);
  collect_nulls(value, path, type, depth, found);
}

void collect_nulls(const std::string& value, const std::string& path, const json::Value& type, int depth,
                   std::vector<std::pair<std::string, std::string>>* found) {
  for (const Field& member : struct_fields(type)) {
    std::vector<std::pair<std::string, std::string>> inside;
    nulls_of(value + "." + duck::quote_name(member.name), path + "." + member.name, member.nullable, member.type, depth,
             &inside);
    for (auto& [sql, where] : inside) found->emplace_back(fmt::format("({} IS NOT NULL AND {})", value, sql), where);
  }
  const std::string item = fmt::format("n{}", depth);
  const auto items = [&](const std::string& list, const std::string& part, bool nullable, const json::Value& of) {
    std::vector<std::pair<std::string, std::string>> inside;
    nulls_of(item, path + "." + part, nullable, of, depth + 1, &inside);
    for (auto& [sql, where] : inside) {
      found->emplace_back(fmt::format("coalesce(len(list_filter({}, lambda {}: {})), 0) > 0", list, item, sql), where);
    }
  };
  const std::string& kind = type["type"].as_string();
  if (kind == "array") items(value, "element", type["containsNull"].as_bool(true), type["elementType"]);
  if (kind == "map") {
    items(fmt::format("map_keys({})", value), "key", true, type["keyType"]);
    items(fmt::format("map_values({})", value), "value", type["valueContainsNull"].as_bool(true), type["valueType"]);
  }
}

std::string row_text(const duck::Rows& rows, const duck::Chunk& chunk, size_t first) {
  std::string text;
  for (size_t column = first; column < rows.columns().size(); ++column) {
    text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", rows.columns()[column].name, chunk.sql_text(column, 0));
    if (text.size() > kMaxRowBytes) return text.substr(0, kMaxRowBytes) + "…";
  }
  return text;
}

void collect_invariants(const std::vector<Field>& fields, std::vector<Constraint>* found) {
  for (const Field& field : fields) {
    if (const json::Value& invariant = field.metadata["delta.invariants"]; !invariant.is_null()) {
      const auto parsed = json::parse(invariant.as_string());
      found->push_back({fmt::format("the invariant of column '{}'", field.name),
                        parsed.ok() ? (*parsed)["expression"]["expression"].as_string() : ""});
    }
    collect_invariants(struct_fields(field.type), found);
  }
}

}  // namespace

std::vector<Constraint> constraints_of(const Snapshot& snapshot) {
  std::vector<Constraint> found;
  constexpr std::string_view kPrefix = "delta.constraints.";
  for (const auto& [key, value] : snapshot.configuration) {
    if (key.starts_with(kPrefix)) {
      found.push_back({fmt::format("the CHECK constraint '{}'", key.substr(kPrefix.size())), value});
    }
  }
  collect_invariants(snapshot.schema, &found);
  for (const Field& field : snapshot.schema) {
    const json::Value& generated = field.metadata["delta.generationExpression"];
    if (generated.is_null()) continue;
    found.push_back({fmt::format("the generated column '{}'", field.name),
                     fmt::format("`{}` <=> ({})", field.name, generated.as_string())});
  }
  return found;
}

Result<std::string> translate_expression(std::string_view expression, const std::vector<Field>& schema) {
  return Translation(expression, schema).run();
}

Status check_constraints(const Snapshot& snapshot) {
  for (const Constraint& constraint : constraints_of(snapshot)) {
    const auto sql = translate_expression(constraint.expression, snapshot.schema);
    if (!sql.ok()) return sql.status().with_context(constraint.name);
  }
  return {};
}

Status enforce_constraints(duck::Connection& connection, const Snapshot& snapshot, const std::string& file) {
  std::vector<std::pair<std::string, std::string>> wrong;  // SQL that is true for a bad row; what it breaks
  for (const Field& field : snapshot.schema) {
    if (!is_primitive(field.type, "void")) {
      nulls_of(duck::quote_name(field.name), field.name, field.nullable, field.type, 0, &wrong);
    }
  }
  for (auto& [sql, what] : wrong) what = fmt::format("column '{}' may not be null", what);
  for (const Constraint& constraint : constraints_of(snapshot)) {
    auto sql = translate_expression(constraint.expression, snapshot.schema);
    if (!sql.ok()) return sql.status().with_context(constraint.name);
    wrong.emplace_back(fmt::format("({}) IS NOT TRUE", *sql),
                       fmt::format("{} ({}) must hold", constraint.name, constraint.expression));
  }
  if (wrong.empty()) return {};
  std::string cases, columns;
  std::vector<const Field*> fields;
  for (size_t i = 0; i < wrong.size(); ++i) cases += fmt::format(" WHEN {} THEN {}", wrong[i].first, i);
  for (const Field& field : snapshot.schema) {
    if (is_primitive(field.type, "void")) continue;
    columns +=
        fmt::format("{}{} AS {}", columns.empty() ? "" : ", ",
                    to_logical(snapshot, fmt::format("c{}", fields.size()), field.type), duck::quote_name(field.name));
    fields.push_back(&field);
  }
  const auto rows = connection.query(
      fmt::format("SELECT * FROM (SELECT CASE{} END::INTEGER AS tarn_broken, * FROM (SELECT {} FROM {})) "
                  "WHERE tarn_broken IS NOT NULL LIMIT 1",
                  cases, columns, read_parquet_call(snapshot, {file}, fields)));
  if (!rows.ok()) return rows.status().with_context("the constraints of the table");
  TARN_ASSIGN(const duck::Chunk* chunk, (*rows)->next());
  if (chunk == nullptr || chunk->rows() == 0) return {};
  return {Code::invalid_argument,
          fmt::format("{}, and a row has {}", wrong.at(static_cast<size_t>(chunk->integer(0, 0))).second,
                      row_text(**rows, *chunk, 1)),
          "nothing was written"};
}

}  // namespace tarn::delta
