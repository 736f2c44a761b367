#include "sql/lake_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "delta/protocol.h"
#include "delta/schema.h"
#include "duck/statements.h"
#include "lake/table_name.h"
#include "sql/exact.h"
#include "sql/merge_statement.h"

namespace tarn::sql {
namespace {

using base::Code;
using base::Result;
using base::Status;
using lake::Feed;
using lake::Order;

class Changed final : public duck::Rows {
 public:
  explicit Changed(uint64_t count) : count_(count) {}
  const std::vector<duck::Column>& columns() const override { return none_; }
  Result<const duck::Chunk*> next() override { return static_cast<const duck::Chunk*>(nullptr); }
  uint64_t rows_changed() const override { return count_; }

 private:
  std::vector<duck::Column> none_;
  uint64_t count_;
};

// Rows of RETURNING, with the count beside them.
class Returned final : public duck::Rows {
 public:
  Returned(std::unique_ptr<duck::Rows> rows, uint64_t count) : rows_(std::move(rows)), count_(count) {}
  const std::vector<duck::Column>& columns() const override { return rows_->columns(); }
  Result<const duck::Chunk*> next() override { return rows_->next(); }
  uint64_t rows_changed() const override { return count_; }

 private:
  std::unique_ptr<duck::Rows> rows_;
  uint64_t count_;
};

Status refuse_others(duck::Connection& connection) {
  TARN_ASSIGN(const auto defaults,
              connection.query(fmt::format("SELECT column_name FROM duckdb_columns() WHERE table_name = '{}' AND "
                                           "column_default IS NOT NULL LIMIT 1",
                                           kNewRows)));
  TARN_ASSIGN(const duck::Chunk* chunk, defaults->next());
  if (chunk) {
    return {
        Code::unsupported,
        fmt::format("column '{}': DEFAULT and generated columns are not supported on lake tables", chunk->text(0, 0)),
        "give the value in INSERT"};
  }
  TARN_ASSIGN(const auto constraints,
              connection.query(fmt::format("SELECT constraint_text FROM duckdb_constraints() WHERE table_name = '{}' "
                                           "AND constraint_type <> 'NOT NULL' LIMIT 1",
                                           kNewRows)));
  TARN_ASSIGN(const duck::Chunk* other, constraints->next());
  if (other) {
    return {Code::unsupported, fmt::format("{} is not supported on lake tables", other->text(0, 0)),
            "a lake table has NOT NULL only; MERGE INTO keeps a key unique"};
  }
  return {};
}

class Changer {
 public:
  Changer(duck::Connection& connection, Catalog& catalog, const LakeWriter& writer, const ChangeStatement& statement,
          const std::string& name, const base::Context& context)
      : connection_(connection), catalog_(catalog), writer_(writer), s_(statement), name_(name), context_(context) {
    own_name_ = duck::quote_name(duck::split_name(s_.target).back());
    beside_ = names_in_full(s_.with + s_.after_target);
    own_ = {"temp." + own_name_, own_name_};
    if (beside_) {
      own_.name = duck::quote_name(std::string(lake::namespace_of(name_))) + "." + own_name_;
      own_.from = fmt::format("{}.{}", kBeside, own_.name);
    }
  }

  Result<std::unique_ptr<duck::Rows>> run() {
    const auto held = writer_.hold(name_);
    if (s_.kind == Change::create) return create();
    if (s_.kind == Change::drop) {
      TARN_TRY(writer_.drop(name_));
      TARN_TRY(catalog_.remove(connection_, name_));
      return std::unique_ptr<duck::Rows>(new Changed(0));
    }
    for (int attempt = 1;; ++attempt) {
      const Status done = try_once();
      if (done.ok()) break;
      if (done.code() != Code::conflict || attempt == kMaxAttempts) return done;
    }
    if (s_.returning.empty()) return std::unique_ptr<duck::Rows>(new Changed(count_));
    const Side& named = s_.kind == Change::insert ? own_ : target_;
    std::string list;
    for (const delta::Field& field : schema()) {
      const std::string column = duck::quote_name(field.name);
      list += fmt::format("{}CAST({} AS {}) AS {}", list.empty() ? "" : ", ", column, type_of(field), column);
    }
    std::string from = fmt::format("(SELECT {} FROM {}) AS {}", list, kNewRows, named.name);
    if (beside_) {
      TARN_TRY(make_beside(own_.from, fmt::format("SELECT {} FROM temp.{}", list, kNewRows)));
      from = named.from;
    }
    auto rows = connection_.query(fmt::format("{}SELECT {}\nFROM {}", s_.with, s_.returning, from));
    if (!rows.ok()) return plain_words(rows.status());
    return std::unique_ptr<duck::Rows>(new Returned(*std::move(rows), count_));
  }

 private:
  const std::vector<delta::Field>& schema() const { return pinned_.snapshot->schema; }
  std::string type_of(const delta::Field& field) const { return delta::duckdb_type(field.type).value(); }
  std::string column_list() const {
    std::string list;
    for (const delta::Field& field : schema()) list += (list.empty() ? "" : ", ") + duck::quote_name(field.name);
    return list;
  }
  // `wide`: of types that hold what these would round (exact.h).
  std::string definitions(bool wide = false) const {
    std::string list;
    for (const delta::Field& field : schema()) {
      const std::string type = type_of(field);
      list += fmt::format("{}{} {}{}", list.empty() ? "" : ", ", duck::quote_name(field.name),
                          wide ? wider_type(type) : type, field.nullable ? "" : " NOT NULL");
    }
    return list;
  }

  Status try_once() {
    TARN_ASSIGN(pinned_, writer_.pin(name_, "", context_));
    TARN_TRY(catalog_.replace(connection_, name_, pinned_));
    TARN_TRY(drop_target());
    TARN_TRY(bind());
    place_target();
    return plain_words(carry_out());
  }

  Status carry_out() {
    TARN_ASSIGN(const auto table, lake::writable(pinned_.table));
    auto change = table->change(pinned_.snapshot);
    change_ = change.get();
    count_ = 0;
    describe();
    switch (s_.kind) {
      case Change::insert:
      case Change::copy:
        TARN_TRY(insert());
        break;
      case Change::update:
        TARN_TRY(update());
        break;
      case Change::merge:
        TARN_TRY(merge());
        break;
      default:
        TARN_TRY(remove());
    }
    TARN_TRY(drop_target());
    TARN_ASSIGN(const base::Version version, change->commit(context_));
    auto snapshot = pinned_.table->snapshot(version);
    const Status shown =
        snapshot.ok() ? catalog_.replace(connection_, name_, {pinned_.table, *snapshot}) : snapshot.status();
    return shown.ok()
               ? shown
               : shown.with_context(fmt::format("version {} of {} was committed all the same", version.value, name_));
  }

  // DuckDB's own reading of the statement, against an empty table of the same name and columns.
  Status bind() {
    if (s_.kind == Change::truncate) return {};
    if (beside_) TARN_TRY(open_beside(own_.name));
    TARN_TRY(
        connection_.execute(fmt::format("CREATE {} TABLE {} ({})", beside_ ? "" : "TEMP", own_.from, definitions())));
    const std::string& written = beside_ ? own_.from : own_.name;
    const auto bound = connection_.describe(s_.before_target + " " + written + " " + s_.after_target);
    TARN_TRY(connection_.execute("DROP TABLE " + own_.from));
    if (bound.ok() || !beside_) return bound.status();
    std::string said = bound.status().message();
    if (const size_t at = said.find(own_.from); at != std::string::npos) said.replace(at, own_.from.size(), s_.target);
    return {bound.status().code(), said, bound.status().hint()};
  }

  // How the target stands in FROM, and what tells its rows apart.
  void place_target() {
    const std::string visible = s_.alias.empty() ? own_name_ : s_.alias;
    copied_ =
        s_.sees_whole_rows || (s_.names_itself && !delta::find_field(schema(), duck::split_name(visible).front()));
    place_ = beside_ ? own_.from : copied_ ? kCopy : kTarget;
    target_ = beside_ && s_.alias.empty() ? own_ : Side{place_ + " AS " + visible, visible};
    target_.file = copied_ ? "NULL::VARCHAR" : fmt::format("{}.{}", target_.name, kFile);
    target_.row = copied_ ? target_.name + ".rowid" : fmt::format("{}.{}", target_.name, kRow);
  }
  // DuckDB's words about statements of ours, without their text and names.
  Status plain_words(const Status& status) const {
    std::string said = status.message();
    if (said.find("tarn_") == std::string::npos && said.find("\n\nLINE ") == std::string::npos) return status;
    said.resize(std::min(said.find("\n\nLINE "), said.size()));
    // "… when casting from source column c1": a name of ours says nothing.
    if (const size_t at = said.find(" when casting from source column "); at != std::string::npos) said.resize(at);
    for (const char* inner : {kNewRows, kCopy, kTarget, kSource}) {
      for (size_t at; (at = said.find(inner)) != std::string::npos;) {
        said.replace(at, std::string_view(inner).size(),
                     inner == kSource ? "the source" : duck::split_name(s_.target).back());
      }
    }
    return {status.code(), said, status.hint()};
  }
  Status drop_target() {
    if (place_.empty()) return {};
    const std::string place = std::exchange(place_, {});
    return connection_.execute(fmt::format("DROP {} IF EXISTS {}", copied_ ? "TABLE" : "VIEW", place));
  }

  // Where main.docs.id is to mean the target, it has to stand in FROM as main.docs, and not as what main.docs means
  // there: in a database of its own beside the session's.
  Status open_beside(const std::string& name) {
    return connection_.execute(
        fmt::format("ATTACH IF NOT EXISTS ':memory:' AS {0}; CREATE SCHEMA IF NOT EXISTS {0}.{1}", kBeside,
                    duck::quote_name(duck::split_name(name).front())));
  }
  Status make_beside(const std::string& place, const std::string& select) {
    return connection_.execute(fmt::format("CREATE VIEW {} AS {}", place, select));
  }

  // The target's live rows with their positions.
  Status make_target() {
    for (const delta::Field& field : schema()) {
      for (const char* taken : {"tarn_file", "tarn_row", kFile, kRow}) {
        if (duck::equal_names(field.name, taken)) {
          return {Code::unsupported,
                  fmt::format("{}: a table with a column '{}' cannot be changed by SQL", name_, taken)};
        }
      }
    }
    TARN_ASSIGN(lake::Select select, pinned_.table->select(*pinned_.snapshot, {}, true));
    files_ = std::move(select.files);
    const std::string rows =
        fmt::format("SELECT {}, tarn_file AS {}, tarn_row AS {} FROM ({})", column_list(), kFile, kRow, select.sql);
    if (!copied_) {
      return connection_.execute(
          fmt::format("CREATE {} VIEW {} AS {}", beside_ ? "" : "OR REPLACE TEMP", place_, rows));
    }
    // Who may ask for whole rows must not see where they lie: a copy without that, whose rows are known by their rowid.
    if (delta::find_field(schema(), "rowid")) {
      return {
          Code::unsupported,
          fmt::format(
              "{}: a statement with whole rows (t.*, t, COLUMNS) is not supported on a table that has a column rowid",
              name_),
          "name the columns"};
    }
    return connection_.execute(fmt::format(
        "CREATE {0} TABLE {1} AS {2}; CREATE OR REPLACE TEMP TABLE {3} AS SELECT rowid AS tarn_id, {4}, {5} FROM {1}; "
        "ALTER TABLE {1} DROP COLUMN {4}; ALTER TABLE {1} DROP COLUMN {5}",
        beside_ ? "" : "TEMP", place_, rows, kPositions, kFile, kRow));
  }
  // What tells rows apart (file, row, and one value more), as positions in files.
  std::string as_positions(const std::string& select) const {
    if (!copied_) return select;
    return fmt::format("SELECT p.{}, p.{}, q.c FROM (\n{}\n) AS q(f, r, c) JOIN {} AS p ON p.tarn_id = q.r", kFile,
                       kRow, select, kPositions);
  }

  // Deletes the rows at the positions that a query gives: file, row, and 1 where a new row takes its place.
  Status delete_positions(const std::string& select, bool each_once) {
    struct Rows {
      delta::RowList gone, updated;
    };
    std::map<std::string, Rows, std::less<>> positions;
    {
      TARN_ASSIGN(const auto rows, connection_.query(as_positions(select)));
      Rows* list = nullptr;
      std::string current;
      for (;;) {
        TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
        if (!chunk) break;
        for (size_t i = 0; i < chunk->rows(); ++i) {
          const std::string_view file = chunk->text(0, i);
          if (!list || file != current) {
            current = file;
            list = &positions[current];
          }
          (chunk->integer(2, i) != 0 ? list->updated : list->gone).push_back(chunk->integer(1, i));
        }
      }
    }
    for (auto& [file, rows] : positions) {
      delta::RowList all;
      for (delta::RowList* list : {&rows.gone, &rows.updated}) {
        std::sort(list->begin(), list->end());
        all.insert(all.end(), list->begin(), list->end());
      }
      std::inplace_merge(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(rows.gone.size()), all.end());
      const auto end = std::unique(all.begin(), all.end());
      if (each_once && end != all.end()) {
        return {Code::invalid_argument, fmt::format("{}: a row is matched by more than one row of the source", name_),
                "let the source have one row for each row of the table: DISTINCT ON, or GROUP BY its key"};
      }
      count_ += static_cast<uint64_t>(end - all.begin());
      TARN_TRY(change_->delete_rows(file, rows.gone));
      TARN_TRY(change_->delete_rows(file, rows.updated, Feed::update));
    }
    return {};
  }

  // Rows for the table, named as its columns: appended.
  Status append(const lake::NewRows& rows) {
    const int64_t before = change_->rows_appended();
    TARN_TRY(change_->append(connection_, rows, context_));
    appended_ = static_cast<uint64_t>(change_->rows_appended() - before);
    return {};
  }

  void describe() {
    const char* operation = s_.kind == Change::update                              ? "UPDATE"
                            : s_.kind == Change::merge                             ? "MERGE"
                            : s_.kind == Change::insert || s_.kind == Change::copy ? "WRITE"
                                                                                   : "DELETE";
    json::Value parameters = json::Value::object();
    if (!s_.where.empty()) parameters.set("predicate", s_.where);
    if (!s_.on.empty()) parameters.set("predicate", s_.on);
    if (s_.kind == Change::insert || s_.kind == Change::copy) parameters.set("mode", "Append");
    change_->set_operation(operation, std::move(parameters));
  }

  Status insert() {
    if (s_.kind == Change::insert && s_.body_is_query && s_.returning.empty()) {
      TARN_ASSIGN(std::string select, insert_select());
      TARN_TRY(append({std::move(select), s_.body_is_ordered ? Order::kept : Order::any}));
    } else {
      // Values, defaults and files: DuckDB fills a table of its own.
      TARN_TRY(connection_.execute(fmt::format("CREATE OR REPLACE TEMP TABLE {} ({})", kNewRows, definitions(true))));
      if (s_.kind == Change::copy) {
        TARN_TRY(connection_.execute(fmt::format("COPY {} {}", kNewRows, s_.before_returning)));
        TARN_TRY(check_copied());
      } else {
        TARN_TRY(connection_.execute(fmt::format("{}INSERT INTO {} {}", s_.with, kNewRows, s_.before_returning)));
      }
      std::string list;
      for (const delta::Field& field : schema()) {
        const std::string column = duck::quote_name(field.name);
        list += fmt::format("{}{} AS {}", list.empty() ? "" : ", ", held(column, type_of(field), field.name), column);
      }
      const bool ordered = s_.body_is_ordered;
      TARN_TRY(append({fmt::format("SELECT {} FROM {}{}", list, kNewRows, ordered ? " ORDER BY rowid" : ""),
                       ordered ? Order::kept : Order::any}));
    }
    count_ = appended_;
    return {};
  }

  // Where in its file a value stands that its column does not hold.
  Status check_copied() {
    for (const delta::Field& field : schema()) {
      const std::string type = type_of(field), wide = wider_type(type), column = duck::quote_name(field.name);
      if (wide == type) continue;
      TARN_ASSIGN(const auto rows, connection_.query(fmt::format(
                                       "SELECT rowid + 1, CAST({0} AS VARCHAR) FROM {1} WHERE CAST(TRY_CAST({0} AS "
                                       "{2}) AS {3}) <> {0} ORDER BY rowid LIMIT 1",
                                       column, kNewRows, type, wide)));
      TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
      if (!chunk || chunk->rows() == 0) continue;
      return {Code::invalid_argument,
              fmt::format("COPY {}: row {} (the head not counted): column '{}' is {} and does not hold {} as it is",
                          s_.before_returning, chunk->integer(0, 0), field.name, type, chunk->text(1, 0)),
              "read it by INSERT … SELECT, and round or cast it there"};
    }
    return {};
  }

  // INSERT INTO t (a, b) SELECT …: the query's columns cast and named as the table's.
  Result<std::string> insert_select() {
    const std::string query = fmt::format("SELECT * FROM (\n{}\n)", s_.body);
    TARN_ASSIGN(const std::vector<duck::Column> given, connection_.describe(s_.with + query));
    std::vector<std::string> names;
    if (s_.by_name) {
      for (const duck::Column& column : given) names.push_back(column.name);
    } else if (!s_.columns.empty()) {
      names = s_.columns;
    } else {
      for (const delta::Field& field : schema()) names.push_back(field.name);
    }
    if (names.size() != given.size()) {
      return Status(Code::invalid_argument,
                    fmt::format("{} columns are filled, and the query gives {}", names.size(), given.size()));
    }
    std::string list, aliases;
    for (size_t i = 0; i < names.size(); ++i) {
      const delta::Field* field = delta::find_field(schema(), names[i]);
      if (!field) return Status(Code::invalid_argument, fmt::format("{} has no column '{}'", name_, names[i]));
      const char* comma = i == 0 ? "" : ", ";
      list += fmt::format("{}{} AS {}", comma, held(fmt::format("c{}", i), type_of(*field), field->name, given[i].type),
                          duck::quote_name(field->name));
      aliases += fmt::format("{}c{}", comma, i);
    }
    return fmt::format("{}SELECT {} FROM (\n{}\n) AS tarn_rows({})", s_.with, list, s_.body, aliases);
  }

  std::string positions_of_target() const {
    return fmt::format("{} AS {}, {} AS {}", target_.file, kFile, target_.row, kRow);
  }
  std::string from_and_where() const {
    return fmt::format("FROM {}{}{}{}{}", target_.from, s_.from.empty() ? "" : ",\n", s_.from,
                       s_.where.empty() ? "" : "\nWHERE ", s_.where);
  }

  Status update() {
    TARN_TRY(make_target());
    std::string list = positions_of_target();
    for (const delta::Field& field : schema()) {
      const std::string column = duck::quote_name(field.name);
      const auto set = std::find_if(s_.set.begin(), s_.set.end(),
                                    [&](const Assignment& one) { return duck::equal_names(one.column, field.name); });
      list += set == s_.set.end()
                  ? fmt::format(", {}.{} AS {}", target_.name, column, column)
                  : fmt::format(", {} AS {}", held(set->expression, type_of(field), field.name), column);
    }
    TARN_TRY(connection_.execute(
        fmt::format("CREATE OR REPLACE TEMP TABLE {} AS {}SELECT {}\n{}", kNewRows, s_.with, list, from_and_where())));
    TARN_TRY(delete_positions(fmt::format("SELECT {}, {}, 1 FROM {}", kFile, kRow, kNewRows), true));
    return append({fmt::format("SELECT {} FROM {}", column_list(), kNewRows), Order::any, Feed::update});
  }

  Status remove() {
    TARN_TRY(make_target());
    if (s_.returning.empty()) {
      return delete_positions(fmt::format("{}SELECT {}, 0\n{}", s_.with, positions_of_target(), from_and_where()),
                              false);
    }
    std::string list = positions_of_target();
    for (const delta::Field& field : schema()) {
      list += fmt::format(", {}.{}", target_.name, duck::quote_name(field.name));
    }
    TARN_TRY(
        connection_.execute(fmt::format("CREATE OR REPLACE TEMP TABLE {0} AS {1}SELECT DISTINCT ON ({2}, {3}) {4}\n{5}",
                                        kNewRows, s_.with, target_.file, target_.row, list, from_and_where())));
    return delete_positions(fmt::format("SELECT {}, {}, 0 FROM {}", kFile, kRow, kNewRows), false);
  }

  Status merge() {
    TARN_TRY(make_target());
    TARN_TRY(connection_.execute(
        fmt::format("CREATE OR REPLACE TEMP TABLE {} AS {}SELECT * FROM {}", kSource, s_.with, s_.source)));
    TARN_ASSIGN(const auto columns, connection_.describe(fmt::format("SELECT * FROM {}", kSource)));
    TARN_ASSIGN(const bool step_by_step, answers_once());
    TARN_ASSIGN(Side source, source_side());
    source.row = source.name + ".rowid";
    if (step_by_step && std::any_of(columns.begin(), columns.end(),
                                    [](const duck::Column& c) { return duck::equal_names(c.name, "rowid"); })) {
      return {Code::unsupported,
              "MERGE with a query or a function like random() in ON or WHEN, from a source that has a column "
              "rowid, is not supported on lake tables",
              "give the column another name"};
    }
    TARN_ASSIGN(const MergeQueries queries, merge_queries(s_, schema(), columns, source, target_, step_by_step));
    for (const auto& [kept, query] : {std::pair(kPairs, queries.pairs), std::pair(kActions, queries.actions)}) {
      if (!query.empty()) {
        TARN_TRY(connection_.execute(fmt::format("CREATE OR REPLACE TEMP TABLE {} AS {}", kept, query)));
      }
    }
    TARN_TRY(connection_.execute(fmt::format("CREATE OR REPLACE TEMP TABLE {} AS {}", kNewRows, queries.changed)));
    TARN_TRY(connection_.execute(fmt::format("DROP TABLE {}", kSource)));
    TARN_TRY(delete_positions(queries.positions, true));
    if (delta::keeps_change_feed(*pinned_.snapshot)) {
      TARN_TRY(append({queries.updated, Order::any, Feed::update}));
      TARN_TRY(append(queries.inserted));
    } else {
      TARN_TRY(append(queries.appended));
    }
    TARN_ASSIGN(const auto rows, connection_.query(fmt::format("SELECT count(*) FROM {}", kNewRows)));
    TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
    count_ = chunk ? static_cast<uint64_t>(chunk->integer(0, 0)) : 0;
    return {};
  }

  // Whether join and conditions must be asked once and their answers kept: they hold a query, or a function that may
  // answer otherwise each time.
  Result<bool> answers_once() {
    if (s_.functions.empty()) return false;
    std::vector<std::string> names;
    for (const std::string& function : s_.functions) {
      if (function == "*") return true;
      names.push_back(duck::quote_literal(function));
    }
    TARN_ASSIGN(
        const auto rows,
        connection_.query(fmt::format(
            "SELECT count(*) FROM (SELECT unnest([{}]) AS f) WHERE f NOT IN (SELECT function_name FROM "
            "duckdb_functions() "
            "WHERE function_type IN ('scalar', 'aggregate') GROUP BY ALL HAVING bool_and(stability <> 'VOLATILE'))",
            fmt::join(names, ", "))));
    TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
    return !chunk || chunk->integer(0, 0) != 0;
  }

  Result<Side> source_side() {
    const std::vector<std::string>& parts = s_.source_name;
    if (beside_ && parts.size() > 1) {
      const std::string name = duck::quote_name(parts[parts.size() - 2]) + "." + duck::quote_name(parts.back());
      if (!duck::equal_names(name, own_.name)) {
        const std::string place = fmt::format("{}.{}", kBeside, name);
        TARN_TRY(open_beside(name));
        TARN_TRY(
            connection_.execute(fmt::format("CREATE OR REPLACE TABLE {} AS SELECT * FROM temp.{}", place, kSource)));
        return Side{place, name};
      }
    }
    return Side{fmt::format("{} AS {}", kSource, s_.source_alias), s_.source_alias};
  }

  Status add(PinnedTable made) {
    const auto pin_at = [pin = writer_.pin, name = name_](const std::string& as_of, const base::Context& context) {
      return pin(name, as_of, context);
    };
    const auto pin = [pin_at](const base::Context& context) { return pin_at("", context); };
    return catalog_.add(connection_, {name_, pin, pin_at}, std::move(made));
  }

  Result<std::unique_ptr<duck::Rows>> create() {
    if (s_.body.empty()) return create_empty();
    std::string select = fmt::format("SELECT * FROM (\n{}\n)", s_.body);
    if (!s_.columns.empty()) {
      TARN_ASSIGN(const auto given, connection_.describe(select));
      if (s_.columns.size() > given.size()) {
        return Status(Code::invalid_argument,
                      fmt::format("{} columns are named, and the query gives {}", s_.columns.size(), given.size()));
      }
      std::string names;
      for (const std::string& name : s_.columns) names += (names.empty() ? "" : ", ") + duck::quote_name(name);
      select += fmt::format(" AS tarn_rows({})", names);
    }
    int64_t count = 0;
    if (s_.with_no_data) {
      TARN_ASSIGN(const std::vector<delta::Field> fields, delta::fields_of_select(connection_, select));
      TARN_ASSIGN(PinnedTable made, writer_.create(name_, fields));
      TARN_TRY(add(std::move(made)));
    } else {
      TARN_ASSIGN(PinnedTable made,
                  writer_.create_as(name_, connection_, {select, s_.body_is_ordered ? Order::kept : Order::any},
                                    context_, &count));
      TARN_TRY(add(std::move(made)));
    }
    return std::unique_ptr<duck::Rows>(new Changed(static_cast<uint64_t>(count)));
  }

  // CREATE TABLE t (…): DuckDB reads the definitions, and is asked what it read.
  Result<std::unique_ptr<duck::Rows>> create_empty() {
    TARN_TRY(connection_.execute(fmt::format("CREATE OR REPLACE TEMP TABLE {} {}", kNewRows, s_.after_target)));
    TARN_TRY(refuse_others(connection_));
    TARN_ASSIGN(const auto columns, connection_.describe(fmt::format("SELECT * FROM {}", kNewRows)));
    TARN_ASSIGN(std::vector<delta::Field> fields, delta::fields_of(columns));
    {
      TARN_ASSIGN(const auto rows, connection_.query(fmt::format(
                                       "SELECT column_name FROM duckdb_columns() WHERE table_name = '{}' AND NOT "
                                       "is_nullable",
                                       kNewRows)));
      for (;;) {
        TARN_ASSIGN(const duck::Chunk* chunk, rows->next());
        if (!chunk) break;
        for (size_t i = 0; i < chunk->rows(); ++i) {
          for (delta::Field& field : fields) field.nullable = field.nullable && field.name != chunk->text(0, i);
        }
      }
    }
    TARN_ASSIGN(PinnedTable made, writer_.create(name_, fields));
    TARN_TRY(add(std::move(made)));
    return std::unique_ptr<duck::Rows>(new Changed(0));
  }

  duck::Connection& connection_;
  Catalog& catalog_;
  const LakeWriter& writer_;
  const ChangeStatement& s_;
  const std::string& name_;
  const base::Context& context_;
  bool beside_ = false;              // the statement names columns in full: main.docs.id
  std::string own_name_;             // "docs"
  Side own_, target_;                // the table without its alias, and as the statement calls it
  std::string place_;                // the view of its rows and their positions, or a copy without these
  std::vector<store::Lease> files_;  // that the view reads
  bool copied_ = false;
  PinnedTable pinned_;
  lake::Change* change_ = nullptr;
  uint64_t count_ = 0, appended_ = 0;
};

}  // namespace

Result<std::unique_ptr<duck::Rows>> change_table(duck::Connection& connection, Catalog& catalog,
                                                 const LakeWriter& writer, const ChangeStatement& statement,
                                                 const std::string& name, const base::Context& context) {
  auto rows = Changer(connection, catalog, writer, statement, name, context).run();
  if (!rows.ok() || statement.returning.empty()) static_cast<void>(drop_leftovers(connection));
  return rows;
}

std::unique_ptr<duck::Rows> nothing_changed() { return std::make_unique<Changed>(0); }

Status drop_leftovers(duck::Connection& connection) {
  std::string all = fmt::format("DROP VIEW IF EXISTS {}; DETACH DATABASE IF EXISTS {}", kTarget, kBeside);
  for (const char* table : {kNewRows, kSource, kPairs, kActions, kCopy, kPositions}) {
    all += fmt::format("; DROP TABLE IF EXISTS {}", table);
  }
  return connection.execute(all);
}

}  // namespace tarn::sql
