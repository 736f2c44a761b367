// Deleted means gone for whoever may only ask: rows with a canary are deleted by statements, by which their values stay
// in data files and in statistics; then everything that a locked session allows is asked of those tables, with names,
// paths and patterns as arguments. No answer and no error holds the canary, a data file's name or the lake's path, and
// whether a statement fails does not depend on the deleted row: it is the same for a table that never had it.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <set>

#include "base/ascii.h"
#include "base/random.h"
#include "duck/judged.h"
#include "duck/remote.h"
#include "lake/table.h"
#include "sql/session.h"
#include "store/store.h"

namespace tarn::sql {
namespace {

namespace fs = std::filesystem;
using base::Status;

// No JSON, no pattern, no number of any base and no date: what takes it for one fails, if it ever sees it.
constexpr std::string_view kCanary = "({[\\x canary7Q %";

// On a locked connection of this process and on one in a worker.
class Canary : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    root_ = fs::path(testing::TempDir()) / fmt::format("tarn-canary-{}", getpid());
    fs::create_directories(root_);
    store_ = *store::open_local((root_ / "lake").string());
    auto writes = session(false);
    // Small values that every function takes, and in row 7 of them one that few do. `clean` is the same without it.
    const std::string rows = fmt::format(
        "SELECT i, if(i = 7, {0}, '12') AS s, if(i = 7, 9007199254741777, 3) AS n, if(i = 7, -7.7e307, 0.5) AS d, "
        "[if(i = 7, {0}, '12')] AS l, {{'f': if(i = 7, {0}, '12')}} AS r, encode(if(i = 7, {0}, '12')) AS b, "
        "if(i = 7, TIMESTAMP '290000-01-01', TIMESTAMP '2020-01-02 03:04:05') AS t, "
        "if(i = 7, DATE '290000-01-01', DATE '2020-01-02') AS e FROM range(12) x(i)",
        duck::quote_literal(std::string(kCanary)));
    for (const std::string& sql :
         {"CREATE TABLE deleted AS " + rows, std::string("DELETE FROM deleted WHERE i = 7"),
          "CREATE TABLE updated AS " + rows,
          std::string("UPDATE updated SET s = '12', n = 3, d = 0.5, l = ['12'], r = {'f': '12'}, b = encode('12'), "
                      "t = TIMESTAMP '2020-01-02 03:04:05', e = DATE '2020-01-02' WHERE i = 7"),
          // A quarter deleted of many: a filter's bits instead of a join.
          "CREATE TABLE many AS SELECT x.* FROM (" + rows + ") x, range(1000)",
          std::string("DELETE FROM many WHERE i IN (7, 8, 9)"),
          "CREATE TABLE clean AS SELECT * FROM (" + rows + ") WHERE i <> 7"}) {
      const Status ran = writes->query(sql).status();
      ASSERT_TRUE(ran.ok()) << sql << ": " << ran.to_string();
    }
    locked_ = session(true);
    for (const auto& entry : fs::recursive_directory_iterator(root_ / "lake")) {
      if (entry.path().extension() == ".parquet" && file_.empty()) file_ = entry.path().string();
    }
    ASSERT_FALSE(file_.empty());
    // The canary is there to be found.
    auto plain = *(*duck::open({}))->connect();
    auto found = plain->query(fmt::format(
        "SELECT count(*) FROM read_parquet('{}/lake/main/*/*.parquet') WHERE s LIKE '%canary7Q%'", root_.string()));
    ASSERT_TRUE(found.ok()) << found.status().to_string();
    ASSERT_GT((*(*found)->next())->integer(0, 0), 1000);
  }
  void TearDown() override {
    locked_.reset();
    fs::remove_all(root_);
  }

  lake::Environment environment() {
    return {store_.get(), &base::system_clock(), &random_, nullptr, false, [] { return (*duck::open({}))->connect(); }};
  }
  base::Result<PinnedTable> pin(const std::string& name) {
    TARN_ASSIGN(std::shared_ptr<lake::TableReader> table, lake::open_table(environment(), "main/" + name.substr(5)));
    TARN_ASSIGN(auto snapshot, table->snapshot());
    return PinnedTable{table, std::move(snapshot)};
  }
  std::unique_ptr<Session> session(bool locked) {
    SessionOptions options;
    duck::Options database;
    const auto paths = *lake::list_tables(*store_);
    for (const std::string& path : paths) {
      const std::string name = "main." + path.substr(5);
      options.tables.push_back({name, [this, name](const base::Context&) { return pin(name); }});
    }
    if (locked) {
      database.locked_to = {(root_ / "lake").string()};
    } else {
      LakeWriter writer;
      writer.hold = [](const std::string&) { return std::shared_ptr<void>(); };
      writer.pin = [this](const std::string& name, const std::string&, const base::Context&) { return pin(name); };
      writer.create_as = [this](const std::string& name, duck::Connection& connection, const lake::NewRows& select,
                                const base::Context& context, int64_t* rows) -> base::Result<PinnedTable> {
        TARN_ASSIGN(*rows, lake::create_table_as(environment(), "main/" + name.substr(5), connection, select, context));
        return pin(name);
      };
      options.writer = std::move(writer);
    }
    options.connection =
        locked && GetParam() ? *duck::connect_in(*pool_, database) : *(*duck::open(database))->connect();
    return *Session::open(std::move(options));
  }

  // Asks, and looks at all that comes back. Whether it was answered.
  bool ask(const std::string& sql) {
    ++asked_;
    std::string said;
    auto rows = locked_->query(sql);
    Status status = rows.status();
    while (status.ok()) {
      const auto chunk = (*rows)->next();
      status = chunk.status();
      if (!status.ok() || !*chunk) break;
      for (size_t row = 0; row < (*chunk)->rows(); ++row) {
        for (size_t column = 0; column < (*rows)->columns().size(); ++column) {
          said += (*chunk)->sql_text(column, row) + "\n";
        }
      }
    }
    if (rows.ok()) {
      for (const duck::Column& column : (*rows)->columns()) said += column.name + "\n";
    }
    said += status.ok() ? "" : status.to_string();
    for (const std::string& leak : {std::string("canary7Q"), std::string("9007199254741777"),
                                    std::string("290000-01-01"), std::string(".parquet"), root_.string()}) {
      // What the statement itself says may be said again.
      const bool told = said.find(leak) != std::string::npos && sql.find(leak) == std::string::npos;
      EXPECT_FALSE(told) << sql << "\n" << said.substr(0, 2000);
    }
    answered_ += status.ok();
    return status.ok();
  }

  // Of the tables with the deleted row as of the one that never had it.
  void ask_alike(const std::string& before, const std::string& after) {
    const bool clean = ask(before + "clean" + after);
    for (const char* table : {"deleted", "many"}) {
      EXPECT_EQ(ask(before + table + after), clean) << "the deleted row shows: " << before << table << after;
    }
  }

  static std::vector<std::vector<std::string>> list(const std::string& sql) {
    auto connection = *(*duck::open({}))->connect();
    auto rows = connection->query(sql);
    EXPECT_TRUE(rows.ok()) << rows.status().to_string();
    std::vector<std::vector<std::string>> out;
    while (const duck::Chunk* chunk = *(*rows)->next()) {
      for (size_t row = 0; row < chunk->rows(); ++row) {
        auto& line = out.emplace_back();
        for (size_t column = 0; column < (*rows)->columns().size(); ++column) {
          line.push_back(chunk->sql_text(column, row));
        }
      }
    }
    return out;
  }
  static std::string lower(std::string text) {
    for (char& c : text) c = base::lower(c);
    return text;
  }

  fs::path root_;
  std::string file_;
  std::unique_ptr<store::Store> store_;
  base::Random random_{7};
  std::unique_ptr<worker::Pool> pool_ = worker::make_pool(1);
  std::unique_ptr<Session> locked_;
  size_t asked_ = 0, answered_ = 0;
};

// A column (or what is made of one) for a parameter's type.
std::string argument(const std::string& type, bool whole) {
  if (type.ends_with("[]") || type == "LIST" || type == "ARRAY") return whole ? "l" : "['12']";
  if (type == "VARCHAR" || type == "JSON" || type == "ANY" || type == "T" || type == "K" || type == "V") {
    return whole ? "s" : "'12'";
  }
  if (type == "BLOB") return "b";
  if (type == "BIT") return whole ? "s::BIT" : "'1'::BIT";
  if (type == "BOOLEAN") return whole ? "n > 5" : "true";
  if (type == "DOUBLE" || type == "FLOAT") return whole ? "d::" + type : "0.5";
  if (type.ends_with("INT") || type.ends_with("INTEGER") || type == "BIGNUM" || type.starts_with("DECIMAL")) {
    return whole ? "n" : "3";
  }
  if (type.starts_with("TIMESTAMP") || type.starts_with("TIME")) {
    return "t::" + (type.starts_with("DECIMAL") ? "TIMESTAMP" : type);
  }
  if (type == "DATE") return "e";
  if (type == "INTERVAL") return "INTERVAL (n) DAY";
  if (type.starts_with("STRUCT")) return "r";
  if (type.starts_with("MAP")) return "MAP {s: s}";
  if (type == "UUID") return "s::UUID";
  if (type == "LAMBDA") return "lambda x : x";
  return "s";
}

// TARN_SOAK=1 also asks with each parameter alone from a column.
TEST_P(Canary, NoFunctionTellsOfADeletedRow) {
  const bool soak = std::getenv("TARN_SOAK") != nullptr;
  const auto functions = list(
      "SELECT DISTINCT function_name, list_transform(parameter_types, lambda t : coalesce(t, 'ANY')), function_type "
      "FROM "
      "duckdb_functions() WHERE function_type IN ('scalar', 'aggregate', 'macro') AND NOT starts_with(function_name, "
      "'icu_collate') ORDER BY ALL");
  ASSERT_GT(functions.size(), 800u);
  std::set<std::string> calls;
  for (const auto& function : functions) {
    // list_select() takes an element's place beyond the list or not by how its vector lies in memory.
    if (duck::why_refused(duck::Judged::value_function, lower(function[0])) != "" || function[0].ends_with("_select")) {
      continue;
    }
    std::vector<std::string> types;
    const std::string text = function[1].substr(1, function[1].size() - 2);
    for (size_t at = 0; at < text.size();) {
      const size_t end = std::min(text.find(", ", at), text.size());
      types.push_back(text.substr(at, end - at));
      at = end + 2;
    }
    for (size_t whole = soak ? 0 : types.size(); whole <= types.size(); ++whole) {
      std::string arguments;
      for (size_t i = 0; i < types.size(); ++i) {
        arguments += (i == 0 ? "" : ", ") + argument(types[i], whole == i || whole == types.size());
      }
      const std::string call = duck::quote_name(function[0]) + "(" + arguments + ")";
      if (!calls.insert(call).second) continue;
      ask_alike("SELECT " + call + " FROM ", "");
      if (function[2] != "aggregate") ask_alike("SELECT count(*) FROM ", " WHERE " + call + " IS NOT NULL");
    }
  }
  EXPECT_GT(answered_, 2900u);  // of the calls, so many are answered as they stand
}

// Casts, operators and clauses on values of which some are deleted.
TEST_P(Canary, NoExpressionTellsOfADeletedRow) {
  for (const char* expression : {"s::INTEGER",
                                 "s::BLOB",
                                 "s::DATE",
                                 "s::JSON",
                                 "s::UUID",
                                 "s::BIT",
                                 "s::ENUM('12')",
                                 "s::DECIMAL(3, 1)",
                                 "l::INTEGER[]",
                                 "l::VARCHAR[1]",
                                 "r::STRUCT(f INTEGER)",
                                 "b::VARCHAR",
                                 "b::BIT",
                                 "n::TINYINT",
                                 "n::DECIMAL(5, 2)",
                                 "d::DECIMAL(5, 2)",
                                 "d::INTEGER",
                                 "t::TIMESTAMP_NS",
                                 "t::TIME",
                                 "e::TIMESTAMP",
                                 "e::TIMESTAMP_NS",
                                 "e::TIMESTAMPTZ",
                                 "n * n",
                                 "n + 9223372036854000000",
                                 "-n * 4096",
                                 "1 << n",
                                 "n % (n - 9007199254741777)",
                                 "t + INTERVAL 5000 YEAR",
                                 "e + INTERVAL 5000 YEAR",
                                 "t - TIMESTAMP '1970-01-01'",
                                 "e + n::INTEGER",
                                 "'12'[n]",
                                 "'12'[CASE WHEN s LIKE '%canary7_%' THEN 9007199254741776 + 1 ELSE 1 END]",
                                 "left('12', n)",
                                 "'a' SIMILAR TO s",
                                 "'a' ~ s",
                                 "regexp_extract_all('x', s)",
                                 "string_split_regex('x', s)",
                                 "s COLLATE NOCASE",
                                 "'a' LIKE s ESCAPE s",
                                 "strptime(s, '%Y')",
                                 "CASE WHEN n > 3 THEN error('a row that is gone') ELSE true END",
                                 "list_transform(l, lambda x : x::INTEGER)",
                                 "[x::INTEGER FOR x IN l]",
                                 "TRY(s::BLOB)",
                                 "TRY_CAST(l AS INTEGER[])",
                                 "to_timestamp(d)",
                                 "make_date(n, 1, 1)",
                                 "date_trunc(s, t)",
                                 "json_extract('{}', s)",
                                 "(SELECT max(n::SMALLINT))",
                                 "n IN (SELECT i FROM clean)",
                                 "s::BLOB IN ('12')",
                                 "struct_extract(r, 'f')::INTEGER",
                                 "l[1]::INTEGER"}) {
    const std::string e = expression;
    ask_alike("SELECT " + e + " FROM ", "");
    ask_alike("SELECT count(*) FROM ", " WHERE (" + e + ") IS NOT NULL");
    ask_alike("SELECT i FROM ", " WHERE (" + e + ")::VARCHAR > '' AND i < 5");
    ask_alike("SELECT i FROM ", " WHERE i < 5 OR (" + e + ") IS NULL");
    ask_alike("SELECT count(*) FROM ", " JOIN (SELECT 12 AS k) ON k::VARCHAR <> (" + e + ")::VARCHAR");
    ask_alike("SELECT i FROM ", " ORDER BY (" + e + ") LIMIT 3");
    ask_alike("SELECT (" + e + ")::VARCHAR, count(*) FROM ", " GROUP BY 1 HAVING max((" + e + ")::VARCHAR) > ''");
    ask_alike("SELECT min((" + e + ")::VARCHAR), max((" + e + ")::VARCHAR), approx_count_distinct((" + e +
                  ")::VARCHAR) FROM ",
              "");
    ask_alike("WITH x AS MATERIALIZED (SELECT i, (" + e + ") AS v FROM ",
              ") SELECT count(*) FROM x WHERE v IS NOT NULL");
  }
  for (const char* statement :
       {"FROM ",
        "SELECT count(*), min(s), max(n), max(d), max(t), max(e), max(s), histogram(s), mode(l), list(r) FROM ",
        "SUMMARIZE ", "DESCRIBE ", "SHOW ", "SELECT COLUMNS(*)::VARCHAR FROM ", "SELECT DISTINCT s, n FROM ",
        "UNPIVOT (SELECT s, l::VARCHAR AS l FROM clean) ON s, l; FROM ",
        "SELECT x FROM clean AS x UNION ALL SELECT x FROM ", "FROM query_table('clean') UNION ALL FROM "}) {
    ask_alike(statement, "");
  }
  EXPECT_TRUE(ask("PIVOT deleted ON s USING count(*)"));
  EXPECT_TRUE(ask("WITH x AS (FROM deleted) PIVOT x ON s, n USING max(d) GROUP BY e ORDER BY e"));
}

// Everything else that has a name, with names of tables, paths and patterns for arguments.
TEST_P(Canary, NothingElseTellsOfIt) {
  const std::vector<std::string> arguments{
      "",
      "'deleted'",
      "'main.deleted'",
      "deleted",
      "'" + file_ + "'",
      "'" + root_.string() + "/lake/main/*/*.parquet'",
      "'" + root_.string() + "/lake/main/deleted/_delta_log/00000000000000000000.json'",
      "(FROM deleted)",
      "['deleted']",
      "'deleted', s",
      "'FROM deleted'",
      "1"};
  for (const auto& name :
       list("SELECT DISTINCT function_name, function_type FROM duckdb_functions() WHERE function_type IN "
            "('table', 'table_macro', 'pragma')")) {
    const std::string quoted = duck::quote_name(name[0]);
    const bool allowed = name[1] != "pragma" && duck::why_refused(duck::Judged::table_function, lower(name[0])) == "";
    for (const std::string& given : arguments) {
      const std::string call = quoted + "(" + given + ")";
      const bool answered = ask("FROM " + call);
      EXPECT_TRUE(!answered || allowed) << call;
      ask("SELECT " + call);
      ask("SELECT * FROM deleted, " + call);
      EXPECT_FALSE(ask("CALL " + call));
      EXPECT_FALSE(ask("PRAGMA " + name[0] + (given.empty() ? "" : "(" + given + ")")));
    }
  }
  for (const auto& setting : list("SELECT name FROM duckdb_settings()")) {
    ask("SELECT current_setting('" + setting[0] + "')");
    EXPECT_FALSE(ask("SET " + setting[0] + " = '" + file_ + "'"));
    EXPECT_FALSE(ask("RESET " + setting[0]));
    EXPECT_FALSE(ask("PRAGMA " + setting[0] + " = 1"));
    ask("SHOW " + duck::quote_name(setting[0]));
  }
  for (const auto& relation : list("SELECT schema_name, view_name FROM duckdb_views() WHERE internal")) {
    ask("FROM " + relation[1]);
    ask("FROM " + relation[0] + "." + relation[1]);
    ask("DESCRIBE " + relation[0] + "." + relation[1]);
  }
  for (const char* statement : {"EXPLAIN FROM deleted",
                                "EXPLAIN ANALYZE SELECT * FROM deleted WHERE s > 'c'",
                                "EXPLAIN (FORMAT json) FROM deleted",
                                "PREPARE p AS FROM deleted",
                                "EXECUTE p",
                                "DEALLOCATE p",
                                "COPY deleted TO 'x.csv'",
                                "COPY (FROM deleted) TO '/dev/stdout'",
                                "CREATE TABLE x AS FROM 'x.parquet'",
                                "ATTACH ':memory:' AS m",
                                "DETACH memory",
                                "USE memory",
                                "CHECKPOINT",
                                "VACUUM",
                                "ANALYZE deleted",
                                "ALTER VIEW deleted RENAME TO gone",
                                "COMMENT ON VIEW deleted IS 'x'",
                                "CREATE SECRET s (TYPE http)",
                                "EXPORT DATABASE 'x'",
                                "INSTALL json",
                                "LOAD json",
                                "BEGIN",
                                "ROLLBACK",
                                "UPDATE deleted SET s = ''",
                                "DELETE FROM deleted",
                                "MERGE INTO deleted USING clean ON false WHEN NOT MATCHED THEN INSERT",
                                "TRUNCATE deleted",
                                "DROP VIEW deleted",
                                "CREATE INDEX i ON deleted (s)",
                                "CREATE SEQUENCE q",
                                "CREATE TYPE y AS ENUM (SELECT s FROM deleted)"}) {
    EXPECT_FALSE(ask(statement)) << statement;
  }
  for (const char* statement :
       {"SHOW TABLES", "SHOW ALL TABLES", "SHOW DATABASES", "SHOW SCHEMAS", "SHOW VARIABLES", "DESCRIBE",
        "CREATE TEMP TABLE kept AS FROM deleted", "CREATE TEMP VIEW seen AS FROM many",
        "CREATE TEMP MACRO told(x) AS x::BLOB", "SELECT told(s) FROM deleted",
        "SELECT count(*) FROM seen WHERE s::BLOB IS NOT NULL", "FROM kept", "SUMMARIZE seen",
        "INSERT INTO kept FROM deleted", "FROM duckdb_tables()", "FROM duckdb_columns()", "DROP TABLE kept"}) {
    EXPECT_TRUE(ask(statement)) << statement;
  }
  EXPECT_GT(asked_, 3000u);
}

INSTANTIATE_TEST_SUITE_P(Here, Canary, testing::Values(false));
INSTANTIATE_TEST_SUITE_P(InAWorker, Canary, testing::Values(true));

}  // namespace
}  // namespace tarn::sql

int main(int argc, char** argv) {
  tarn::duck::register_jobs();
  if (tarn::worker::is_worker(argc, argv)) return tarn::worker::serve(argc, argv);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
