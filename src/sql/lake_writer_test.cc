// SQL that writes, against plain DuckDB: the same statements give the same rows, the same counts and the same
// RETURNING. TARN_SEED runs another history; TARN_SOAK=1 runs ten random ones.
#include "sql/lake_writer.h"

#include <cstdlib>
#include <fstream>

#include "sql/change_statement.h"
#include "sql/test_lake.h"

namespace tarn::sql {
namespace {

namespace fs = std::filesystem;
using base::Code;
using base::Status;
using testing::HasSubstr;

using LakeWriterTest = LakeTest;

constexpr const char* kTables[] = {
    "CREATE TABLE t (id INTEGER, name VARCHAR, amount DECIMAL(9,2), day DATE, \"odd, Name\" DOUBLE, tags VARCHAR[])",
    "CREATE TABLE u (id BIGINT, name VARCHAR, extra STRUCT(a INTEGER, b VARCHAR))"};

// Delta allows no comma or space in a column's name: the oracle has what the lake has.
std::string allowed(std::string sql) {
  for (size_t at; (at = sql.find("odd, Name")) != std::string::npos;) sql.replace(at, 9, "Odd-Näme");
  return sql;
}

class History {
 public:
  explicit History(uint64_t seed) : random_(seed) {}

  std::string next() {
    switch (random_.below(22)) {
      case 0:
      case 1:
        return "INSERT INTO t VALUES " + rows_of_t() + (one_in(4) ? " RETURNING id, upper(name) AS n, *" : "");
      case 2:
        return fmt::format("INSERT INTO main.t (name, id) VALUES ({}, {}), (DEFAULT, {})", text(), number(), number());
      case 3:
        return fmt::format(
            "INSERT INTO t -- a comment; with a semicolon\n (id, day, tags) SELECT range, DATE '2024-01-01' + "
            "range::INTEGER, "
            "[range::VARCHAR, NULL] FROM range({})",
            random_.below(9));
      case 4:
        return fmt::format("INSERT INTO u BY NAME SELECT 'n' || id AS name, id + {} AS id FROM t WHERE id < {}",
                           number(), number());
      case 5:
        return fmt::format(
            "WITH q AS (SELECT id, name FROM t WHERE id IS NOT NULL ORDER BY ALL LIMIT {}) INSERT INTO u (id, name) "
            "SELECT q.id, 'copy of ' || q.name FROM q",
            random_.below(5));
      case 6:
        return fmt::format("INSERT INTO u SELECT {}, {}, {{'a': {}, 'b': {}}}", number(), text(), number(), text());
      case 7:
        return fmt::format("UPDATE t SET amount = round(amount * 1.5, 2) + {}, name = coalesce(name, 'none') WHERE {}",
                           number(), condition());
      case 8:
        return fmt::format(
            "UPDATE t AS x SET \"Odd-Näme\" = sqrt(abs(x.id)), tags = list_append(x.tags, {}) WHERE x.id % 3 = {}",
            text(), random_.below(3));
      case 9:
        return fmt::format(
            "UPDATE t SET (name, day) = (q.name, DATE '2020-02-02') FROM (SELECT id, max(name) AS name FROM u GROUP BY "
            "id) AS q "
            "WHERE t.id = q.id AND {}{}",
            condition(), one_in(3) ? " RETURNING id, t.name" : "");
      case 10:
        return fmt::format(
            "UPDATE u SET extra = {{'a': (SELECT count(*) FROM t WHERE t.id = u.id), 'b': NULL}} /* nested /* one */ "
            "*/ "
            "WHERE id IN (SELECT id FROM t WHERE {})",
            condition());
      case 11:
        return fmt::format(
            "UPDATE t SET name = CASE WHEN id IS DISTINCT FROM {} THEN name || '!' ELSE DEFAULT_name END "
            "FROM (SELECT 'd' AS DEFAULT_name) AS d",
            number());
      case 12:
        return "UPDATE t SET amount = DEFAULT WHERE " + condition();
      case 13:
        return fmt::format("DELETE FROM t WHERE {}{}", condition(), one_in(3) ? " RETURNING *" : "");
      case 14:
        return fmt::format("DELETE FROM t USING u WHERE t.id = u.id AND u.name > {}", text());
      case 15:
        return fmt::format("DELETE FROM u AS y WHERE EXISTS (SELECT 1 FROM t WHERE t.id = y.id AND {}) OR y.id = {}",
                           condition(), number());
      case 16:
        return fmt::format("WITH gone AS (SELECT max(id) AS id FROM t) DELETE FROM t USING gone WHERE t.id = gone.id{}",
                           one_in(2) ? " RETURNING t.id" : "");
      case 17:
        return fmt::format(
            "MERGE INTO t USING (SELECT id, max(name) AS name FROM u GROUP BY id) AS s ON t.id = s.id "
            "WHEN MATCHED AND t.name = s.name THEN DELETE WHEN MATCHED THEN UPDATE SET name = s.name || t.id, amount = "
            "{} "
            "WHEN NOT MATCHED AND s.id < {} THEN INSERT (id, name) VALUES (s.id, s.name)",
            number(), number());
      case 18:
        return fmt::format(
            "MERGE INTO u AS a USING (FROM (VALUES ({}, 'm', NULL), (1000, {}, NULL)) v(id, name, extra)) AS s "
            "USING (id) WHEN MATCHED THEN UPDATE WHEN NOT MATCHED THEN INSERT",
            number(), text());
      case 19:
        return fmt::format(
            "MERGE INTO t USING (SELECT DISTINCT id FROM u WHERE id IS NOT NULL) s ON t.id = s.id AND {} WHEN NOT "
            "MATCHED BY SOURCE AND t.id > "
            "{} THEN DELETE WHEN NOT MATCHED BY SOURCE AND t.id = {} THEN UPDATE SET name = 'orphan' WHEN MATCHED THEN "
            "DO NOTHING",
            condition(), 15 + random_.below(10), number());
      case 20:
        // Fails on both sides, and nothing of it stays. Not from t: DuckDB's own INSERT may read what it has just
        // written.
        return one_in(2) ? "UPDATE t SET id = name::INTEGER"
                         : "INSERT INTO t (id) SELECT 1 UNION ALL SELECT 'x' || id FROM u";
      default:
        return one_in(6) ? "TRUNCATE u" : "INSERT INTO u SELECT range, NULL, NULL FROM range(3)";
    }
  }

 private:
  bool one_in(uint64_t n) { return random_.below(n) == 0; }
  std::string number() { return one_in(10) ? "NULL" : std::to_string(random_.below(24)); }
  std::string text() {
    constexpr const char* kTexts[] = {"NULL", "''", "'a'", "'n3'", "'it''s; fine -- really'", "'käse'", "'N'", "'12'"};
    return kTexts[random_.below(std::size(kTexts))];
  }
  std::string condition() {
    switch (random_.below(8)) {
      case 0:
        return fmt::format("t.id = {}", number());
      case 1:
        return fmt::format("t.id BETWEEN {} AND {}", random_.below(12), 12 + random_.below(12));
      case 2:
        return "t.name IS NULL";
      case 3:
        return fmt::format("t.name LIKE '%{}%'", random_.below(10));
      case 4:
        return fmt::format("length(t.name) > {} AND t.amount IS NOT NULL", random_.below(4));
      case 5:
        return fmt::format("t.id IN (SELECT id FROM u WHERE u.id > {})", random_.below(10));
      case 6:
        return "t.day > DATE '2024-01-03'";
      default:
        return fmt::format("t.id % 2 = {}", random_.below(2));
    }
  }
  std::string rows_of_t() {
    std::string rows;
    for (uint64_t i = 0, n = 1 + random_.below(4); i < n; ++i) {
      rows += fmt::format("{}({}, {}, {}, {}, {}, {})", i ? ", " : "", number(), text(), one_in(3) ? "NULL" : "1.25",
                          one_in(3) ? "DEFAULT" : "DATE '2024-01-05'", one_in(2) ? "NULL" : "'NaN'::DOUBLE",
                          one_in(2) ? "NULL" : "['x', NULL, 'y']");
    }
    return rows;
  }
  base::Random random_;
};

TEST_F(LakeWriterTest, RandomHistoriesEqualDuckDbs) {
  constexpr int kStatements = 300;
  const bool soak = std::getenv("TARN_SOAK") != nullptr;
  const char* given = std::getenv("TARN_SEED");
  const uint64_t first = given  ? std::strtoull(given, nullptr, 10)
                         : soak ? base::Random::from_system().next()
                                : 20261126;
  for (uint64_t seed = first; seed < first + (soak ? 10 : 1); ++seed) {
    SCOPED_TRACE(fmt::format("TARN_SEED={}", seed));
    History history(seed);
    failed_ = 0;
    if (seed != first) {
      for (const char* table : {"t", "u"}) both(fmt::format("DROP TABLE {}", table), {});
    }
    for (const char* table : kTables) both(allowed(table), {});
    for (int i = 0; i < kStatements; ++i) {
      if (i % 60 == 59) session_ = open();  // what was committed is what the next session reads
      both(history.next());
      if (HasFatalFailure()) FAIL() << "statement " << i;
    }
    EXPECT_GT(version_of("main.t"), 50);
    EXPECT_LT(failed_, kStatements / 10);  // most of them do what they say
  }
}

TEST_F(LakeWriterTest, OneStatementIsOneCommit) {
  both("CREATE TABLE t AS SELECT range AS id, 'n' || range AS name FROM range(10)", {"t"});
  const int64_t start = version_of("main.t");
  int64_t expected = start;
  for (const char* sql :
       {"UPDATE t SET name = 'x' WHERE id > 3", "DELETE FROM t WHERE id = 2", "INSERT INTO t VALUES (11, 'y')",
        "MERGE INTO t USING (SELECT 11 AS id, 'z' AS name) s ON t.id = s.id WHEN MATCHED THEN UPDATE "
        "WHEN NOT MATCHED THEN INSERT",
        "TRUNCATE t"}) {
    both(sql, {"t"});
    EXPECT_EQ(version_of("main.t"), ++expected) << sql;
  }
  both("DELETE FROM t", {"t"});  // nothing to change: nothing is written
  EXPECT_EQ(version_of("main.t"), expected);
  const auto history = *pin("main.t")->table->history();
  EXPECT_EQ(history[0].operation, "DELETE");
  EXPECT_EQ(history[1].operation, "MERGE");
  EXPECT_EQ(history[2].operation, "WRITE");
  EXPECT_EQ(history[4].operation, "UPDATE");
  EXPECT_EQ(history[4].parameters["predicate"].as_string(), "id > 3");
}

TEST_F(LakeWriterTest, NamesInFullMeanWhatTheyMeanInDuckDb) {
  ASSERT_TRUE(plain_->execute("CREATE SCHEMA staging; CREATE SCHEMA stock").ok());
  for (const char* create :
       {"CREATE TABLE main.t (id INTEGER, v INTEGER)", "CREATE TABLE staging.t (id INTEGER, v INTEGER)",
        "CREATE TABLE stock.goods (id INTEGER, v INTEGER)"}) {
    both(create, {});
  }
  const std::vector<std::string> all{"main.t", "staging.t", "stock.goods"};
  for (const std::string& statement : std::vector<std::string>{
           "INSERT INTO main.t SELECT range, range FROM range(20)",
           "INSERT INTO staging.t SELECT range, 100 FROM range(0, 40, 3)",
           "INSERT INTO stock.goods SELECT range, range * 10 FROM range(10) RETURNING stock.goods.id, goods.v",
           "UPDATE main.t SET v = main.t.v + 1 WHERE main.t.id < 5 AND t.id > 1 AND v <> 2",
           "UPDATE stock.goods SET v = stock.goods.v + goods.v WHERE stock.goods.id = 3 RETURNING stock.goods.v, "
           "goods.id",
           "DELETE FROM main.t WHERE EXISTS (SELECT 1 FROM staging.t WHERE staging.t.id = main.t.id AND t.v = 100)",
           "DELETE FROM stock.goods WHERE stock.goods.id IN (SELECT main.t.id FROM main.t WHERE main.t.id = goods.id) "
           "RETURNING stock.goods.id",
           "DELETE FROM stock.goods USING staging.t WHERE stock.goods.id = staging.t.id",
           "UPDATE main.t SET v = staging.t.v FROM staging.t WHERE main.t.id + 1 = staging.t.id",
           "UPDATE main.t SET v = (SELECT max(main.t.v) FROM main.t) WHERE main.t.id = 1",
           "WITH w AS (SELECT staging.t.id AS id FROM staging.t) DELETE FROM main.t USING w WHERE main.t.id = w.id + 2",
           "MERGE INTO main.t USING staging.t ON main.t.id = staging.t.id WHEN MATCHED THEN UPDATE SET v = staging.t.v "
           "+ main.t.v "
           "WHEN NOT MATCHED AND staging.t.id > 30 THEN INSERT VALUES (staging.t.id, staging.t.v)",
           "MERGE INTO stock.goods USING main.t ON stock.goods.id = main.t.id WHEN MATCHED AND main.t.v > 50 THEN "
           "DELETE "
           "WHEN NOT MATCHED THEN INSERT BY NAME WHEN NOT MATCHED BY SOURCE THEN UPDATE SET v = -stock.goods.v",
           "MERGE INTO stock.goods AS g USING main.t ON g.id = main.t.id WHEN MATCHED THEN UPDATE SET v = main.t.v",
           "MERGE INTO main.t USING (SELECT id, v + 1 AS v FROM main.t) AS s ON main.t.id = s.id WHEN MATCHED THEN "
           "UPDATE SET v = s.v",
           "UPDATE main.t AS x SET v = 0 WHERE main.t.id = 1", "DELETE FROM main.t WHERE staging.t.id = 1",
           "DELETE FROM stock.goods WHERE main.goods.id = 1", "UPDATE main.t SET v = main.t.nothing"}) {
    both(statement, all);
    if (HasFatalFailure()) return;
  }
  EXPECT_EQ(failed_, 4);
  EXPECT_THAT(here("UPDATE stock.goods SET v = stock.goods.nothing").status.message(),
              testing::AllOf(HasSubstr("nothing"), testing::Not(HasSubstr("__tarn"))));
  EXPECT_EQ(here("SELECT database_name FROM duckdb_databases() WHERE NOT internal").rows, Lines{"memory|"});
}

TEST_F(LakeWriterTest, CreatesAndDropsTables) {
  both("CREATE TABLE t (id INTEGER NOT NULL, name VARCHAR)", {"t"});
  both("INSERT INTO t VALUES (NULL, 'x')", {"t"});  // NOT NULL holds on both sides
  both("INSERT INTO t SELECT NULL, 'x'", {"t"});
  both("UPDATE t SET id = NULL", {"t"});
  both("INSERT INTO t VALUES (1, 'x')", {"t"});
  both("UPDATE t SET id = NULL WHERE name = 'x'", {"t"});
  both("CREATE TABLE IF NOT EXISTS t AS SELECT 1 AS z", {"t"});
  both("CREATE TABLE u(a, b) AS WITH q AS (SELECT 1) SELECT *, 'b' FROM q", {"t", "u"});
  both("CREATE TABLE v AS SELECT 1 AS a WITH NO DATA", {"v"});
  both("CREATE TABLE s AS SELECT count(*) AS n, [1, 2] AS l, {'k': DATE '2020-01-01'} AS st FROM t", {"s"});
  refused("CREATE TABLE t (id INTEGER)", "already", Code::already_exists);
  refused("CREATE OR REPLACE TABLE t AS SELECT 1 AS a", "already", Code::already_exists);
  refused("CREATE TABLE k (id INTEGER PRIMARY KEY)", "PRIMARY KEY");
  refused("CREATE TABLE k (id INTEGER DEFAULT 3)", "DEFAULT");
  refused("CREATE TABLE k AS SELECT 1::HUGEINT AS h", "h");
  refused("CREATE TABLE k(a, b) AS SELECT 1", "2 columns are named, and the query gives 1", Code::invalid_argument);
  refused("CREATE TABLE k AS SELECT 1 AS \"a b\"", "a b", Code::invalid_argument);
  refused("CREATE TABLE k AS SELECT nothing FROM t", "Binder Error", Code::invalid_argument);
  refused("CREATE TABLE k AS SELECT CASE WHEN range > 300000 THEN error('late') ELSE range END AS r FROM range(400000)",
          "late", Code::invalid_argument);
  EXPECT_TRUE(lake::list_aside(*store_)->empty());
  both("CREATE TABLE c AS SELECT [1, 2, 3]::INTEGER[3] AS a, '{\"a\": 1}'::JSON AS j, 7 AS n", {"c"});  // by a cast
  both("CREATE TABLE o(first) AS SELECT 1 AS a, 'x' AS b", {"o"});
  both("CREATE TABLE p AS SELECT 1 AS a, {'a': 2} AS tarn_row", {"p"});
  both("INSERT INTO p VALUES (3, {'a': 4})", {"p"});
  both("CREATE TABLE n AS SELECT 1 AS a, 'x' AS b WHERE false", {"n"});
  both("DROP TABLE t", {"u"});
  refused("FROM t", "does not exist", Code::invalid_argument);
  both("DROP TABLE IF EXISTS t", {"u"});
  both("CREATE TABLE t AS SELECT 5 AS other", {"t"});
  // A dropped table is whole under its other name, and renaming it brings it back.
  ASSERT_TRUE(store_->rename_directory(lake::list_aside(*store_)->at(0).path, "main/back").ok());
  session_ = open();
  EXPECT_EQ(here("FROM back").rows, (Lines{"1|x|"}));
  // Temporary tables stay DuckDB's, and hide the lake's.
  both("CREATE TEMP TABLE u AS SELECT 'mine' AS a", {"u"});
  both("INSERT INTO u VALUES ('too')", {"u"});
  EXPECT_EQ(version_of("main.u"), 0);
}

TEST_F(LakeWriterTest, RefusesByName) {
  both("CREATE TABLE t AS SELECT 1 AS id, 'a' AS name", {"t"});
  refused("INSERT INTO t VALUES (1, 'b') ON CONFLICT (id) DO NOTHING", "main.t: INSERT … ON CONFLICT");
  refused("INSERT OR REPLACE INTO t VALUES (1, 'b')", "INSERT OR REPLACE");
  refused("ALTER TABLE t ADD COLUMN c INTEGER", "main.t");
  refused("EXPLAIN DELETE FROM t", "main.t");
  refused("MERGE INTO t USING (SELECT 1 AS id) s ON t.id = s.id WHEN MATCHED THEN DELETE RETURNING *",
          "RETURNING of MERGE");
  refused("UPDATE t SET name = s.n FROM (VALUES (1, 'x'), (1, 'y')) s(k, n) WHERE t.id = s.k", "more than one row",
          Code::invalid_argument);
  refused(
      "MERGE INTO t USING (VALUES (1, 'x'), (1, 'y')) s(k, n) ON t.id = s.k WHEN MATCHED THEN UPDATE SET name = s.n",
      "more than one row", Code::invalid_argument);
  // DuckDB's words, for what DuckDB refuses.
  refused("DELETE FROM t WHERE nope = 1", "Binder Error", Code::invalid_argument);
  refused("UPDATE t SET nope = 1", "nope", Code::invalid_argument);
  refused("INSERT INTO t VALUES (1)", "Binder Error", Code::invalid_argument);
  refused("DELETE FRM t", "Parser Error", Code::invalid_argument);
  // A change is no part of a transaction; the transaction itself is DuckDB's.
  ASSERT_TRUE(here("BEGIN").status.ok());
  refused("DELETE FROM t", "not part of a transaction");
  ASSERT_TRUE(here("ROLLBACK").status.ok());
  EXPECT_EQ(here("FROM t").rows, (Lines{"1|a|"}));
  session_ = open(false);
  refused("DELETE FROM t", "main.t");
}

TEST_F(LakeWriterTest, FollowsOthers) {
  both("CREATE TABLE t AS SELECT range AS id, 'n' || range AS name FROM range(6)", {"t"});
  // What others committed before the statement began is part of it, whatever the session read before.
  const auto other = [this](const std::string& sql) {
    const auto theirs = open();
    ASSERT_TRUE(theirs->query(sql).ok()) << sql;
  };
  bool once = true;
  before_pin_ = [&] {
    if (!std::exchange(once, false)) return;
    other("INSERT INTO t VALUES (100, 'new')");
  };
  EXPECT_EQ(here("UPDATE t SET name = 'all'").changed, 7u);
  EXPECT_EQ(here("SELECT DISTINCT name FROM t").rows, (Lines{"all|"}));
  there("INSERT INTO t VALUES (100, 'new')");
  there("UPDATE t SET name = 'all'");
  both("DELETE FROM t WHERE id < 3", {"t"});
  // Another writer takes rows away between the reading and the commit: the statement is done again on what is there
  // then.
  int times = 0;
  meddle_ = [&] {
    if (++times == 1) other("DELETE FROM t WHERE id = 4");
  };
  const int64_t before = version_of("main.t");
  EXPECT_EQ(here("UPDATE t SET name = meddle(name || id)").changed, 3u);
  EXPECT_EQ(here("FROM t").rows, (Lines{"100|all100|", "3|all3|", "5|all5|"}));
  EXPECT_EQ(version_of("main.t"), before + 2);
  // One that always comes between is a conflict in the end, and nothing of the statement stays.
  meddle_ = [&] { other("UPDATE t SET name = 'theirs'"); };
  const Outcome lost = here("UPDATE t SET name = meddle(name)");
  EXPECT_EQ(lost.status.code(), Code::conflict) << lost.status.to_string();
  meddle_ = nullptr;
  EXPECT_EQ(here("SELECT DISTINCT name FROM t").rows, (Lines{"theirs|"}));
}

TEST_F(LakeWriterTest, TimeTravel) {  // SQL-10
  both("CREATE TABLE t AS SELECT range AS id FROM range(3)", {"t"});
  const int64_t first = version_of("main.t");
  const int64_t time = pin("main.t")->snapshot->committed_at_us;
  usleep(20'000);
  ASSERT_TRUE(here("DELETE FROM t WHERE id = 1").status.ok());
  ASSERT_TRUE(here("INSERT INTO t VALUES (7)").status.ok());
  EXPECT_EQ(here(fmt::format("FROM t AT (VERSION => {})", first)).rows, (Lines{"0|", "1|", "2|"}));
  EXPECT_EQ(here(fmt::format("SELECT * FROM main.t AT (version => {} + 1) ORDER BY 1", first)).rows,
            (Lines{"0|", "2|"}));
  EXPECT_EQ(
      here(fmt::format("SELECT x.id FROM t AS x AT (VERSION => {0}) WHERE x.id NOT IN (SELECT id FROM t)", first)).rows,
      (Lines{"1|"}));
  EXPECT_EQ(here(fmt::format("SELECT old.id, new.id FROM t old AT (VERSION => {}) FULL JOIN t AS new USING (id) "
                             "WHERE old.id IS NULL OR new.id IS NULL",
                             first))
                .rows,
            (Lines{"1|NULL|", "NULL|7|"}));
  EXPECT_EQ(
      here(fmt::format("SELECT t.id FROM t AT (TIMESTAMP => '{}') WHERE t.id = 1", base::format_utc(time + 10'000)))
          .rows,
      (Lines{"1|"}));
  EXPECT_EQ(here("SELECT count(*) FROM t AT (TIMESTAMP => now())").rows, (Lines{"3|"}));
  // AT on both sides of a join and in a change.
  EXPECT_EQ(
      here(fmt::format("SELECT count(*) FROM t AT (VERSION => {0}) JOIN t b AT (VERSION => {0}) ON true", first)).rows,
      (Lines{"9|"}));
  EXPECT_EQ(here(fmt::format("INSERT INTO t SELECT id FROM t AT (VERSION => {}) WHERE id = 1", first)).changed, 1u);
  EXPECT_EQ(here("FROM t").rows, (Lines{"0|", "1|", "2|", "7|"}));
  EXPECT_EQ(here("FROM t AT (VERSION => 999)").status.code(), Code::not_found);
  refused("FROM t AT (VERSION => 'x')", "Conversion Error", Code::invalid_argument);
  refused("FROM t AT (VERSION => NULL)", "null", Code::invalid_argument);
  EXPECT_EQ(here("SELECT TIMESTAMPTZ '2020-01-01 00:00:00+00' AT TIME ZONE 'UTC' AS at").rows,
            (Lines{"2020-01-01 00:00:00|"}));
}

TEST_F(LakeWriterTest, FilesBecomeRows) {
  std::ofstream(root_ / "in.csv") << "id,name\n1,a\n2,\n";
  both(fmt::format("CREATE TABLE t AS FROM '{}'", (root_ / "in.csv").string()), {"t"});
  both(fmt::format("COPY t FROM '{}' (HEADER)", (root_ / "in.csv").string()), {"t"});
  both(fmt::format("COPY t (id, name) FROM '{}'", (root_ / "in.csv").string()), {"t"});
  both(fmt::format("COPY t TO '{}'", (root_ / "out.csv").string()), {"t"});
  EXPECT_TRUE(fs::exists(root_ / "out.csv"));
}

TEST_F(LakeWriterTest, ValuesAreBroughtToTheirColumnsOneByOne) {
  both("CREATE TABLE t (a DOUBLE, b DECIMAL(5,2), d DATE)", {"t"});
  both("INSERT INTO t VALUES ('nan', '1.5', '2024-01-01'), (-0.0::DOUBLE, 2, NULL), (1, NULL, DATE '2024-01-02')",
       {"t"});
  both("INSERT INTO t (b, a) (VALUES ('1', 1), (2, '-inf'))", {"t"});
}

// DuckDB rounds 1.5 to an INTEGER, 1.005 to a DECIMAL(6,2), and cuts a time to a DATE: a lake table says no.
TEST_F(LakeWriterTest, ValuesThatAColumnDoesNotHold) {
  ASSERT_TRUE(
      here("CREATE TABLE h (i INTEGER, m DECIMAL(6,2), w DECIMAL(38,0), d DATE, f FLOAT, s VARCHAR)").status.ok());
  ASSERT_TRUE(here("INSERT INTO h VALUES (1, 1.5, 1, '2024-01-01', 0.1, 'x')").status.ok());
  std::ofstream(root_ / "half.csv") << "i\n1\n1.5\n";
  std::ofstream(root_ / "whole.csv") << "i\n7\n-8\n";
  const std::string half = duck::quote_literal((root_ / "half.csv").string());
  for (const auto& [column, value] :
       std::vector<std::pair<std::string, std::string>>{{"i", "1.5"},
                                                        {"i", "'1.5'"},
                                                        {"i", "-0.25::DOUBLE"},
                                                        {"i", "1e-3::FLOAT"},
                                                        {"m", "1.005"},
                                                        {"m", "'2.345'"},
                                                        {"m", "(1 / 3.0)::DOUBLE"},
                                                        {"m", "1.001::DECIMAL(9,3)"},
                                                        {"d", "TIMESTAMP '2024-01-02 12:34:56'"},
                                                        {"d", "TIMESTAMPTZ '2024-01-02 00:00:01+00'"},
                                                        {"d", "'2024-01-02 12:34:56'"}}) {
    for (const std::string& statement :
         {"INSERT INTO h (" + column + ") VALUES (" + value + ")", "INSERT INTO h (" + column + ") SELECT " + value,
          "INSERT INTO h (s, " + column + ") VALUES (DEFAULT, " + value + ") RETURNING s",
          "UPDATE h SET " + column + " = " + value,
          "MERGE INTO h USING (SELECT 1 AS i) AS q ON h.i = q.i WHEN MATCHED THEN UPDATE SET " + column + " = " + value,
          "MERGE INTO h USING (SELECT 9 AS i) AS q ON h.i = q.i WHEN NOT MATCHED THEN INSERT (" + column +
              ") VALUES (" + value + ")"}) {
      refused(statement, "column '" + column + "'", Code::invalid_argument);
    }
  }
  refused("COPY h (i) FROM " + half, "row 2 (the head not counted): column 'i'", Code::invalid_argument);
  EXPECT_EQ(version_of("main.h"), 1);
  // What is the same value in another type is taken, and what the statement itself rounds.
  for (const char* statement :
       {"INSERT INTO h (i, m, w, d) VALUES (2.0, 1.50000, 7e0, TIMESTAMP '2024-01-02 00:00:00')",
        "INSERT INTO h (i, m, w, d) SELECT '3', 0.1::DOUBLE + 0.2::DOUBLE, 99999999999999999999999999999999999999, "
        "'2024-01-03'",
        "INSERT INTO h (i, d) VALUES (round(1.5), TIMESTAMP '2024-01-02 12:34:56'::DATE)",
        "INSERT INTO h (i, f) VALUES (true, 0.1), (NULL, 1e10), (-2147483648, 16777217)",
        "UPDATE h SET i = CAST(2.5 AS INTEGER), m = round(m * 1.05, 2) WHERE i = 1",
        "INSERT INTO h (d) VALUES ('infinity'), (DATE '0044-03-15 (BC)'), ('9999-12-31') RETURNING d"}) {
    const Status done = here(statement).status;
    EXPECT_TRUE(done.ok()) << statement << ": " << done.to_string();
  }
  EXPECT_TRUE(here("COPY h (i) FROM " + duck::quote_literal((root_ / "whole.csv").string())).status.ok());
  EXPECT_EQ(here("SELECT i, d FROM h WHERE i = 7 OR d = 'infinity'").rows, (Lines{"7|NULL|", "NULL|infinity|"}));
  refused("INSERT INTO h (i) VALUES (3000000000)", "", Code::invalid_argument);
}

TEST(ChangeStatement, SaysWhetherItsQueryIsOrdered) {
  const struct {
    const char* sql;
    bool ordered;
  } cases[] = {
      {"INSERT INTO t SELECT * FROM u ORDER BY id", true},
      {"INSERT INTO t BY NAME (SELECT a FROM (SELECT * FROM u ORDER BY a DESC LIMIT 3))", true},
      {"CREATE TABLE t AS FROM u order by all", true},
      {"INSERT INTO t SELECT * FROM u", false},
      {"INSERT INTO t SELECT \"order\", 'ORDER BY id' FROM u -- ORDER BY id", false},
      {"CREATE TABLE t AS SELECT 1 AS \"ORDER\"", false},
      {"INSERT INTO t VALUES (1)", false},
      {"WITH w AS (SELECT 1 ORDER BY 1) INSERT INTO t FROM w", false},
  };
  for (const auto& c : cases) {
    const duck::Sentences read = read_statement(c.sql);
    const auto parsed = parse_change(read);
    ASSERT_TRUE(parsed.ok() && parsed->has_value()) << c.sql << ": " << parsed.status().to_string();
    EXPECT_EQ((*parsed)->body_is_ordered, c.ordered) << c.sql;
  }
}

}  // namespace
}  // namespace tarn::sql
