#include "sql/merge_statement.h"

#include <fmt/format.h>

#include <algorithm>

#include "duck/statements.h"
#include "lake/schema.h"

namespace tarn::sql {
namespace {

using base::Code;
using base::Result;
using base::Status;

constexpr const char* kAction = "__tarn_action";

struct Merge {
  const ChangeStatement& s;
  const std::vector<lake::Field>& schema;
  const std::vector<duck::Column>& columns;  // of the source
  const Side& source;
  const Side& target;

  std::string source_column(const std::string& name) const { return source.name + "." + duck::quote_name(name); }

  // What a WHEN sets, column by column: as listed, or paired with the source's columns.
  Result<std::vector<Assignment>> assignments(const When& when) const {
    std::vector<Assignment> out;
    if (when.pairing == Pairing::listed) return when.set;
    if (!when.set.empty()) {  // VALUES without a list of columns
      if (when.set.size() != schema.size()) return wrong_count(when.set.size());
      for (size_t i = 0; i < schema.size(); ++i) out.push_back({schema[i].name, when.set[i].expression});
      return out;
    }
    if (when.pairing == Pairing::position) {
      if (columns.size() != schema.size()) return wrong_count(columns.size());
      for (size_t i = 0; i < schema.size(); ++i) out.push_back({schema[i].name, source_column(columns[i].name)});
      return out;
    }
    for (const duck::Column& column : columns) out.push_back({column.name, source_column(column.name)});
    return out;
  }
  Status wrong_count(size_t given) const {
    return {Code::invalid_argument, fmt::format("the table has {} columns, and {} are given", schema.size(), given)};
  }

  std::string condition() const {
    if (s.using_columns.empty()) return "(\n" + s.on + "\n)";
    std::string all;
    for (const std::string& column : s.using_columns) {
      all += fmt::format("{}{}.{} = {}", all.empty() ? "" : " AND ", target.name, duck::quote_name(column),
                         source_column(column));
    }
    return all;
  }

  // The rows of one kind of match, with the first WHEN that takes each. "" when the statement has none of this kind.
  Result<std::string> part(When::On on) const {
    std::string cases, wanted;
    std::vector<std::string> values(schema.size());
    for (size_t i = 0; i < s.whens.size(); ++i) {
      const When& when = s.whens[i];
      if (when.on != on) continue;
      cases += fmt::format(" WHEN {} THEN {}", when.condition.empty() ? "true" : "(\n" + when.condition + "\n)", i);
      if (when.then == When::Then::nothing) continue;
      wanted += fmt::format("{}{}", wanted.empty() ? "" : ", ", i);
      if (when.then == When::Then::remove) continue;
      TARN_ASSIGN(const std::vector<Assignment> set, assignments(when));
      for (const Assignment& one : set) {
        const lake::Field* field = lake::find_field(schema, one.column);
        if (!field) return Status(Code::invalid_argument, fmt::format("the table has no column '{}'", one.column));
        TARN_ASSIGN(const std::string type, lake::duckdb_type(field->type));
        values[static_cast<size_t>(field - schema.data())] +=
            fmt::format(" WHEN {} THEN CAST((\n{}\n) AS {})", i, one.expression, type);
      }
    }
    if (wanted.empty()) return std::string();
    const bool has_target = on != When::On::not_matched;
    std::string list = has_target ? fmt::format("{0}.{1} AS {1}, {0}.{2} AS {2}", target.name, kFile, kRow)
                                  : fmt::format("NULL::VARCHAR AS {}, NULL::BIGINT AS {}", kFile, kRow);
    list += fmt::format(", CASE{} ELSE -1 END AS {}", cases, kAction);
    for (size_t c = 0; c < schema.size(); ++c) {
      TARN_ASSIGN(const std::string type, lake::duckdb_type(schema[c].type));
      const std::string column = duck::quote_name(schema[c].name);
      const std::string kept = has_target ? target.name + "." + column : "NULL::" + type;
      list += values[c].empty() ? fmt::format(", {} AS {}", kept, column)
                                : fmt::format(", CASE {}{} ELSE {} END AS {}", kAction, values[c], kept, column);
    }
    const std::string from = on == When::On::matched ? target.from + " JOIN " + source.from
                             : has_target            ? target.from + " ANTI JOIN " + source.from
                                                     : source.from + " ANTI JOIN " + target.from;
    return fmt::format("SELECT * FROM (SELECT {}\nFROM {} ON {}) WHERE {} IN ({})", list, from, condition(), kAction,
                       wanted);
  }

  std::string numbers(std::initializer_list<When::Then> kinds) const {
    std::string list = "-1";
    for (size_t i = 0; i < s.whens.size(); ++i) {
      if (std::find(kinds.begin(), kinds.end(), s.whens[i].then) != kinds.end()) list += fmt::format(", {}", i);
    }
    return list;
  }
};

}  // namespace

Result<MergeQueries> merge_queries(const ChangeStatement& statement, const std::vector<lake::Field>& schema,
                                   const std::vector<duck::Column>& columns, const Side& source, const Side& target) {
  const Merge merge{statement, schema, columns, source, target};
  MergeQueries out;
  for (When::On on : {When::On::matched, When::On::not_matched_by_source, When::On::not_matched}) {
    TARN_ASSIGN(const std::string part, merge.part(on));
    if (!part.empty()) out.changed += (out.changed.empty() ? "" : "\nUNION ALL\n") + part;
  }
  std::string list;
  for (const lake::Field& field : schema) list += (list.empty() ? "" : ", ") + duck::quote_name(field.name);
  if (out.changed.empty()) {
    out.changed =
        fmt::format("SELECT {}, {}, -1 AS {}, {} FROM {} WHERE false", kFile, kRow, kAction, list, target.from);
  } else {
    out.changed = statement.with + out.changed;
  }
  const auto rows = [&](std::initializer_list<When::Then> kinds) {
    return fmt::format("SELECT {} FROM {} WHERE {} IN ({})", list, kNewRows, kAction, merge.numbers(kinds));
  };
  out.positions = fmt::format("SELECT {}, {}, ({} IN ({}))::INTEGER FROM {} WHERE {} IS NOT NULL", kFile, kRow, kAction,
                              merge.numbers({When::Then::update}), kNewRows, kFile);
  out.appended = rows({When::Then::update, When::Then::insert});
  out.updated = rows({When::Then::update});
  out.inserted = rows({When::Then::insert});
  return out;
}

}  // namespace tarn::sql
