#include "sql/merge_statement.h"

#include <fmt/format.h>

#include <algorithm>

#include "delta/schema.h"
#include "duck/statements.h"
#include "sql/exact.h"

namespace tarn::sql {
namespace {

using base::Code;
using base::Result;
using base::Status;

constexpr const char* kAction = "__tarn_action";
constexpr const char* kPartner = "__tarn_partner";  // the source's row of a pair

struct Merge {
  const ChangeStatement& s;
  const std::vector<delta::Field>& schema;
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

  struct Values {
    std::string cases, wanted;         // CASE's arms over the conditions; the numbers of those that change something
    std::vector<std::string> columns;  // arms over the action, by column
  };

  // The WHENs of one kind of match.
  Result<Values> values(When::On on) const {
    Values out;
    out.columns.resize(schema.size());
    for (size_t i = 0; i < s.whens.size(); ++i) {
      const When& when = s.whens[i];
      if (when.on != on) continue;
      out.cases += fmt::format(" WHEN {} THEN {}", when.condition.empty() ? "true" : "(\n" + when.condition + "\n)", i);
      if (when.then == When::Then::nothing) continue;
      out.wanted += fmt::format("{}{}", out.wanted.empty() ? "" : ", ", i);
      if (when.then == When::Then::remove) continue;
      TARN_ASSIGN(const std::vector<Assignment> set, assignments(when));
      for (const Assignment& one : set) {
        const delta::Field* field = delta::find_field(schema, one.column);
        if (!field) return Status(Code::invalid_argument, fmt::format("the table has no column '{}'", one.column));
        TARN_ASSIGN(const std::string type, delta::duckdb_type(field->type));
        out.columns[static_cast<size_t>(field - schema.data())] +=
            fmt::format(" WHEN {} THEN {}", i, held(one.expression, type, field->name));
      }
    }
    return out;
  }

  // The new values, chosen by `action`.
  Result<std::string> columns_list(When::On on, const Values& values, const std::string& action) const {
    std::string list;
    for (size_t c = 0; c < schema.size(); ++c) {
      TARN_ASSIGN(const std::string type, delta::duckdb_type(schema[c].type));
      const std::string column = duck::quote_name(schema[c].name);
      const std::string kept = on == When::On::not_matched ? "NULL::" + type : target.name + "." + column;
      list += values.columns[c].empty()
                  ? fmt::format(", {} AS {}", kept, column)
                  : fmt::format(", CASE {}{} ELSE {} END AS {}", action, values.columns[c], kept, column);
    }
    return list;
  }

  // The rows of one kind of match, with the first WHEN that takes each. "" when the statement has none of this kind.
  Result<std::string> part(When::On on) const {
    TARN_ASSIGN(const Values of, values(on));
    if (of.wanted.empty()) return std::string();
    TARN_ASSIGN(const std::string columns_of_it, columns_list(on, of, kAction));
    const std::string positions = on == When::On::not_matched
                                      ? fmt::format("NULL::VARCHAR AS {}, NULL::BIGINT AS {}", kFile, kRow)
                                      : fmt::format("{} AS {}, {} AS {}", target.file, kFile, target.row, kRow);
    const std::string from = on == When::On::matched       ? source.from + " JOIN " + target.from
                             : on == When::On::not_matched ? source.from + " ANTI JOIN " + target.from
                                                           : target.from + " ANTI JOIN " + source.from;
    return fmt::format("SELECT * FROM (SELECT {}, CASE{} ELSE -1 END AS {}{}\nFROM {} {}\n) WHERE {} IN ({})",
                       positions, of.cases, kAction, columns_of_it, from, s.join, kAction, of.wanted);
  }

  bool has(When::On on) const {
    return std::any_of(s.whens.begin(), s.whens.end(), [&](const When& when) { return when.on == on; });
  }

  // Which row of the source meets which of the target: DuckDB's own join for MERGE.
  std::string pairs() const {
    const bool new_ones = has(When::On::not_matched), left_over = has(When::On::not_matched_by_source);
    const char* kind = new_ones && left_over ? "FULL" : left_over ? "RIGHT" : new_ones ? "LEFT" : "INNER";
    return fmt::format("{}SELECT {} AS {}, {} AS {}, {} AS {}\nFROM {} {} JOIN {} {}", s.with, target.file, kFile,
                       target.row, kRow, source.row, kPartner, source.from, kind, target.from, s.join);
  }

  // Source, target and what was kept of them, brought together again.
  std::string again(When::On on, const char* kept) const {
    const std::string same_target =
        fmt::format("{} = {}.{} AND {} IS NOT DISTINCT FROM {}.{}", target.row, kept, kRow, target.file, kept, kFile);
    const std::string same_source = fmt::format("{} = {}.{}", source.row, kept, kPartner);
    if (on == When::On::not_matched) {
      return fmt::format("FROM {}, {} WHERE {} AND {}.{} IS NULL", source.from, kept, same_source, kept, kRow);
    }
    if (on == When::On::not_matched_by_source) {
      return fmt::format("FROM {}, {} WHERE {} AND {}.{} IS NULL", target.from, kept, same_target, kept, kPartner);
    }
    const std::string both = s.on.empty() ? fmt::format("{} JOIN {} {}\n", source.from, target.from, s.join)
                                          : source.from + ", " + target.from;  // USING (id) makes one id of two
    return fmt::format("FROM {}, {} WHERE {} AND {}", both, kept, same_source, same_target);
  }

  Status step_by_step(MergeQueries* out) const {
    out->pairs = pairs();
    for (When::On on : {When::On::matched, When::On::not_matched_by_source, When::On::not_matched}) {
      TARN_ASSIGN(const Values of, values(on));
      if (of.wanted.empty()) continue;
      out->actions +=
          fmt::format("{}SELECT {}.*, CASE{} ELSE -1 END AS {}\n{}", out->actions.empty() ? s.with : "\nUNION ALL\n",
                      kPairs, of.cases, kAction, again(on, kPairs));
      const std::string action = fmt::format("{}.{}", kActions, kAction);
      TARN_ASSIGN(const std::string list, columns_list(on, of, action));
      out->changed += fmt::format("{0}SELECT {1}.{2}, {1}.{3}, {1}.{4}{5}\n{6} AND {1}.{4} IN ({7})",
                                  out->changed.empty() ? "" : "\nUNION ALL\n", kActions, kFile, kRow, kAction, list,
                                  again(on, kActions), of.wanted);
    }
    return {};
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

Result<MergeQueries> merge_queries(const ChangeStatement& statement, const std::vector<delta::Field>& schema,
                                   const std::vector<duck::Column>& columns, const Side& source, const Side& target,
                                   bool step_by_step) {
  const Merge merge{statement, schema, columns, source, target};
  MergeQueries out;
  if (step_by_step) {
    TARN_TRY(merge.step_by_step(&out));
    if (out.actions.empty()) out.pairs.clear();
  }
  for (When::On on : {When::On::matched, When::On::not_matched_by_source, When::On::not_matched}) {
    if (step_by_step) break;
    TARN_ASSIGN(const std::string part, merge.part(on));
    if (!part.empty()) out.changed += (out.changed.empty() ? "" : "\nUNION ALL\n") + part;
  }
  std::string list;
  for (const delta::Field& field : schema) list += (list.empty() ? "" : ", ") + duck::quote_name(field.name);
  if (out.changed.empty()) {
    out.changed = fmt::format("SELECT {} AS {}, {} AS {}, -1 AS {}, {} FROM {} WHERE false", target.file, kFile,
                              target.row, kRow, kAction, list, target.from);
  } else {
    out.changed = statement.with + out.changed;
  }
  const auto rows = [&](std::initializer_list<When::Then> kinds) {
    return fmt::format("SELECT {} FROM {} WHERE {} IN ({})", list, kNewRows, kAction, merge.numbers(kinds));
  };
  out.positions = fmt::format("SELECT {}, {}, ({} IN ({}))::INTEGER FROM {} WHERE {} IS NOT NULL", kFile, kRow, kAction,
                              merge.numbers({When::Then::update}), kNewRows, kRow);
  out.appended = rows({When::Then::update, When::Then::insert});
  out.updated = rows({When::Then::update});
  out.inserted = rows({When::Then::insert});
  return out;
}

}  // namespace tarn::sql
