// What SQL on a locked connection must not do (S1): every attempt here fails, and nothing on disk has changed
// afterwards.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "base/hash.h"
#include "duck/connection.h"
#include "duck/gate.h"
#include "duck/remote.h"

namespace tarn::duck {
namespace {

namespace fs = std::filesystem;
using base::Code;

// What holds for a connection of this process holds for one in a worker: everything here is tried on both.
class Locked : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    root_ = fs::canonical(testing::TempDir()) / ("tarn-locked-" + std::to_string(getpid()));
    fs::create_directories(root_ / "lake" / "in");
    fs::create_directories(root_ / "lake-2");
    fs::create_directories(root_ / "outside");
    std::ofstream(root_ / "outside" / "secret.csv") << "canary\nhidden\n";
    std::ofstream(root_ / "lake-2" / "secret.csv") << "canary\nhidden\n";
    std::ofstream(root_ / "lake" / "ok.csv") << "a\n1\n";
    std::ofstream(root_ / "lake" / "in" / "ok.json") << "{\"a\": 1}\n";
    fs::create_symlink(root_ / "outside", root_ / "lake" / "linked");
    fs::create_symlink(root_ / "outside" / "secret.csv", root_ / "lake" / "link.csv");
    fs::create_symlink(root_ / "lake", root_ / "lake-link");
    auto writer = *(*open({}))->connect();
    for (const char* place : {"lake/ok.parquet", "outside/secret.parquet"}) {
      ASSERT_TRUE(writer->write_parquet("SELECT 'hidden' AS a", (root_ / place).string()).ok());
    }
    ASSERT_TRUE(writer
                    ->execute("ATTACH " + quote_literal((root_ / "lake/some.db").string()) +
                              " AS d; CREATE TABLE d.t AS SELECT 1 AS i; DETACH d")
                    .ok());
    options_.locked_to = {(root_ / "lake").string()};
    if (GetParam()) {
      pool_ = worker::make_pool(2);
    } else {
      database_ = *open(options_);
    }
    connection_ = connect();
  }
  void TearDown() override { fs::remove_all(root_); }
  std::unique_ptr<Connection> connect() { return pool_ ? *connect_in(*pool_, options_) : *database_->connect(); }
  // {lake}, {out} and {root} in a statement become the directories.
  std::string fill(std::string sql) const {
    for (const auto& [mark, path] : {std::pair<std::string, fs::path>{"{lake}", root_ / "lake"},
                                     {"{out}", root_ / "outside"},
                                     {"{root}", root_}}) {
      for (size_t at; (at = sql.find(mark)) != std::string::npos;) sql.replace(at, mark.size(), path.string());
    }
    return sql;
  }
  std::map<std::string, std::string> tree() const {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(root_)) {
      std::ostringstream bytes;
      if (entry.is_regular_file()) bytes << std::ifstream(entry.path(), std::ios::binary).rdbuf();
      files[entry.path().string()] = base::hash128(bytes.str()).hex();
    }
    return files;
  }
  fs::path root_;
  Options options_;
  std::unique_ptr<worker::Pool> pool_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<Connection> connection_;
};

const std::vector<std::string> kEscapes{
    // Reading outside.
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_csv('{out}/secret.csv')",
    "SELECT * FROM read_csv_auto('{out}/secret.csv')",
    "SELECT * FROM read_csv(['{lake}/ok.csv', '{out}/secret.csv'])",
    "SELECT * FROM read_csv('{out}/*.csv')",
    "SELECT * FROM read_csv('{lake}/../outside/secret.csv')",
    "SELECT * FROM read_csv('{lake}/in/../../outside/secret.csv')",
    "SELECT * FROM read_csv('{lake}//..//outside//secret.csv')",
    "SELECT * FROM read_csv('{lake}/./../outside/secret.csv')",
    "SELECT * FROM read_csv('{root}/lake-2/secret.csv')",
    "SELECT * FROM read_csv('{lake}-2/secret.csv')",
    "SELECT * FROM read_csv('{lake}/linked/secret.csv')",
    "SELECT * FROM read_csv('{lake}/link.csv')",
    "SELECT * FROM read_csv('{lake}/linked/*')",
    "SELECT * FROM read_csv('{lake}/l*/secret.csv')",
    "SELECT * FROM read_csv('{lake}/**/secret.csv')",
    "SELECT * FROM read_csv('{lake}/*/../../outside/secret.csv')",
    "SELECT * FROM read_csv('file://{out}/secret.csv')",
    "SELECT * FROM read_csv('file:{out}/secret.csv')",
    "SELECT * FROM read_csv('FILE://{out}/secret.csv')",
    "SELECT * FROM read_csv('/proc/self/environ')",
    "SELECT * FROM read_csv('/proc/self/root{out}/secret.csv')",
    "SELECT * FROM read_csv('/dev/stdin')",
    "SELECT * FROM read_csv('secret.csv')",
    "SELECT * FROM read_csv('../../../../../../../etc/passwd')",
    "SELECT * FROM read_csv('~/.bashrc')",
    "SELECT * FROM '{out}/secret.csv'",
    "SELECT * FROM \"{out}/secret.csv\"",
    "FROM '/etc/passwd'",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_text('{lake}/linked/secret.csv')",
    "SELECT * FROM read_blob('/etc/passwd')",
    "SELECT * FROM read_blob('/proc/self/mem')",
    "SELECT * FROM read_json('{out}/secret.csv')",
    "SELECT * FROM read_json_objects('{out}/secret.csv')",
    "SELECT * FROM read_ndjson('{out}/secret.csv')",
    "SELECT * FROM read_ndjson_objects('{out}/secret.csv')",
    "SELECT * FROM read_parquet('{out}/secret.parquet')",
    "SELECT * FROM read_parquet(['{lake}/ok.parquet', '{out}/secret.parquet'])",
    "SELECT * FROM parquet_scan('{out}/secret.parquet')",
    "SELECT * FROM parquet_metadata('{out}/secret.parquet')",
    "SELECT * FROM parquet_schema('{out}/secret.parquet')",
    "SELECT * FROM parquet_file_metadata('{out}/secret.parquet')",
    "SELECT * FROM parquet_full_metadata('{out}/secret.parquet')",
    "SELECT * FROM parquet_kv_metadata('{out}/secret.parquet')",
    "SELECT * FROM parquet_bloom_probe('{out}/secret.parquet', 'a', 'hidden')",
    "SELECT * FROM sniff_csv('/etc/passwd')",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM glob('{root}/*')",
    "SELECT * FROM glob('{lake}/../*')",
    "SELECT * FROM glob('{lake}/linked/*')",
    "SELECT * FROM read_duckdb('{lake}/some.db')",
    "SELECT * FROM read_csv('{lake}/ok.csv', store_rejects = true), read_text('{out}/secret.csv')",
    "SELECT (SELECT content FROM read_text('{out}/secret.csv'))",
    "WITH x AS (FROM read_text('{out}/secret.csv')) FROM x",
    "CREATE TABLE t AS FROM read_csv('{out}/secret.csv')",
    "CREATE VIEW v AS FROM read_csv('{out}/secret.csv')",
    "CREATE MACRO m(p) AS TABLE FROM read_text(p); FROM m('{out}/secret.csv')",
    "INSERT INTO scratch FROM read_text('{out}/secret.csv')",
    "EXPLAIN ANALYZE FROM read_text('{out}/secret.csv')",
    "SUMMARIZE FROM read_csv('{out}/secret.csv')",
    "DESCRIBE FROM read_csv('{out}/secret.csv')",
    "SELECT getenv('HOME')",
    // Networks.
    "SELECT * FROM read_csv('https://example.invalid/a.csv')",
    "SELECT * FROM 'http://127.0.0.1:1/a.parquet'",
    "SELECT * FROM 's3://bucket/a.parquet'",
    "SELECT * FROM read_text('hf://datasets/a/b.txt')",
    // Writing anywhere, the lake included.
    "COPY (SELECT 1) TO '{out}/new.csv'",
    "COPY (SELECT 1) TO '{lake}/new.csv'",
    "COPY (SELECT 1 AS a) TO '{lake}/ok.parquet' (FORMAT parquet)",
    "COPY (SELECT 1) TO '/dev/stdout'",
    "COPY (SELECT 1) TO '{lake}/linked/new.csv'",
    "COPY (SELECT 1 AS p) TO '{lake}/parts' (FORMAT csv, PARTITION_BY (p))",
    "COPY scratch FROM '{out}/secret.csv'",
    "COPY scratch FROM '{lake}/ok.csv'",
    "copy\n/* x */ scratch to '{lake}/new.csv'",
    "SELECT 1; COPY (SELECT 1) TO '{lake}/new.csv'",
    "EXPLAIN ANALYZE COPY (SELECT 1) TO '{lake}/new.csv'",
    "EXPLAIN (ANALYZE, FORMAT json) COPY (SELECT 1) TO '{lake}/new.csv'",
    "explain /* a */ analyze verbose copy (select 1) to '{lake}/new.csv'",
    "PREPARE p AS COPY (SELECT 1) TO '{lake}/new.csv'; EXECUTE p",
    "PREPARE p AS SELECT 1",
    "EXPORT DATABASE '{lake}/export'",
    "IMPORT DATABASE '{lake}'",
    "ATTACH '{lake}/new.db'",
    "ATTACH '{out}/new.db'",
    "ATTACH '{lake}/some.db' AS d (READ_ONLY)",
    "ATTACH ':memory:' AS m",
    "ATTACH IF NOT EXISTS 'duckdb:{lake}/some.db' AS d",
    "DETACH memory",
    "COPY FROM DATABASE memory TO system",
    "CHECKPOINT",
    "FORCE CHECKPOINT",
    "FROM checkpoint()",
    "FROM force_checkpoint()",
    // Settings, and functions that act as settings.
    "SET enable_external_access = true",
    "RESET enable_external_access",
    "SET GLOBAL allowed_directories = ['/']",
    "SET lock_configuration = false",
    "SET threads = 64",
    "SET memory_limit = '100GB'",
    "SET temp_directory = '{out}'",
    "SET file_search_path = '{out}'",
    "SET log_query_path = '{out}/log'",
    "SET profiling_output = '{out}/profile'",
    "SET VARIABLE x = 1",
    "SET SESSION TimeZone = 'Europe/Berlin'",
    "PRAGMA enable_profiling",
    "PRAGMA profiling_output = '{out}/profile'",
    "PRAGMA enable_logging",
    "PRAGMA database_list",
    "CALL enable_logging('QueryLog', storage = 'stdout')",
    "CALL enable_profiling()",
    "FROM enable_logging('QueryLog', storage = 'file', storage_path = '{out}/logs')",
    "SELECT * FROM enable_logging('QueryLog', storage := 'file', storage_path := '{lake}/logs')",
    "FROM Enable_Logging ()",
    "FROM \"enable_logging\"()",
    "FROM system.main.enable_logging()",
    "FROM enable_logging/* x */()",
    "FROM enable_logging -- x\n()",
    "FROM enable_logging\xc2\xa0()",
    "FROM enable_logging\xe3\x80\x80()",
    "SELECT 1; FROM enable_logging()",
    // Text that hides the call in what looks like a string until DuckDB reads it otherwise.
    "SELECT E'a'\n'b\\' || ' FROM enable_logging() --'",
    "SELECT a\xe2\x80\x8d$$ ' $$ FROM enable_logging() -- '",
    "SELECT 1\xc2\xa0$$ ' $$ AS x FROM enable_logging() -- '",
    "SELECT \xc3\xa9'\\'' FROM enable_logging() -- '",
    "FROM query('FROM enable_logging()')",
    "FROM query('FROM enable' || '_logging()')",
    "FROM \"query\"('FROM enable' || '_logging()')",
    "CREATE MACRO m() AS TABLE FROM enable_logging(); FROM m()",
    "CREATE VIEW v AS FROM enable_logging(); FROM v",
    "SELECT * FROM json_execute_serialized_sql(json_serialize_sql('FROM enable_logging()'))",
    "PRAGMA json_execute_serialized_sql('{}')",
    "SELECT write_log('x')",
    "FROM truncate_duckdb_logs()",
    "FROM disable_logging()",
    // Extensions and secrets.
    "INSTALL httpfs",
    "FORCE INSTALL httpfs FROM 'https://example.invalid'",
    "LOAD httpfs",
    "LOAD '{lake}/x.duckdb_extension'",
    "UPDATE EXTENSIONS",
    "CREATE SECRET s (TYPE http, BEARER_TOKEN 'x')",
    "CREATE OR REPLACE SECRET s (TYPE http, BEARER_TOKEN 'x')",
    "CREATE PERSISTENT SECRET s (TYPE http, BEARER_TOKEN 'x')",
    "CREATE TEMPORARY SECRET s (TYPE http)",
    "CREATE SECRET IF NOT EXISTS s (TYPE http)",
    "DROP SECRET s",
    "DROP PERSISTENT SECRET s",
    // Memory.
    "FROM arrow_scan(1::UBIGINT::POINTER, 1::UBIGINT::POINTER, 1::UBIGINT::POINTER)",
    "FROM arrow_scan(1, 2, 3)",
    "FROM arrow_scan_dumb(1, 2, 3)",
};

TEST_P(Locked, RefusesEveryEscape) {
  ASSERT_GE(kEscapes.size(), 60u);
  ASSERT_TRUE(connection_->execute("CREATE TABLE scratch AS SELECT 'x' AS a").ok());
  const auto before = tree();
  for (const std::string& escape : kEscapes) {
    const std::string sql = fill(escape);
    const base::Status status = connection_->execute(sql);
    EXPECT_FALSE(status.ok()) << sql;
    EXPECT_THAT(status.message(), testing::Not(testing::HasSubstr("hidden"))) << sql;
    EXPECT_THAT(status.message(), testing::Not(testing::HasSubstr("INTERNAL"))) << sql;
  }
  EXPECT_EQ(tree(), before);
  // Still locked, still alive: both would have been lost by some of the above on DuckDB's own lock.
  EXPECT_TRUE(connection_->execute("SELECT 1").ok());
  EXPECT_EQ(connection_->execute(fill("FROM read_text('{out}/secret.csv')")).code(), Code::permission_denied);
  auto other = connect();
  EXPECT_TRUE(other->make_view("main", "ok", fill("SELECT a FROM read_parquet('{lake}/ok.parquet')")).ok());
  EXPECT_TRUE(other->execute("FROM ok").ok());
}

TEST_P(Locked, RefusesThemOnItsOtherDoorsToo) {
  const auto before = tree();
  for (const std::string& escape : kEscapes) {
    const std::string sql = fill(escape);
    (void)connection_->table_names(sql);
    EXPECT_FALSE(connection_->write_parquet(sql, (root_ / "outside" / "new.parquet").string()).ok()) << sql;
    EXPECT_FALSE(connection_->write_parquet(sql, (root_ / "lake" / "new.parquet").string()).ok()) << sql;
  }
  EXPECT_FALSE(connection_->write_parquet("SELECT 1", (root_ / "lake" / "new.parquet").string()).ok());
  EXPECT_EQ(tree(), before);
}

TEST_P(Locked, SaysPermissionDenied) {
  for (const char* sql : {"FROM read_text('/etc/passwd')", "COPY (SELECT 1) TO '{lake}/new.csv'",
                          "ATTACH '{lake}/new.db'", "SET threads = 9", "PRAGMA enable_profiling", "INSTALL httpfs",
                          "LOAD httpfs", "FROM enable_logging()", "CREATE SECRET s (TYPE http)"}) {
    EXPECT_EQ(connection_->execute(fill(sql)).code(), Code::permission_denied)
        << sql << ": " << connection_->execute(fill(sql)).to_string();
  }
}

// What a user may ask of views that Tarn made, and make of them for the session.
const std::vector<std::string> kAsked{
    "FROM docs",
    "SELECT a FROM main.docs",
    "SELECT docs.a FROM memory.main.docs",
    "SELECT main.docs.a FROM \"main\".\"DOCS\"",
    "TABLE docs",
    "FROM tarn.rejects",
    "SELECT (SELECT count(*) FROM docs) AS n, EXISTS (FROM docs), 'a' IN (SELECT a FROM docs)",
    "WITH x AS (FROM docs), y AS MATERIALIZED (FROM x) SELECT * FROM x JOIN y USING (a)",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) FROM n",
    "WITH RECURSIVE n(i, j) USING KEY (i) AS (SELECT 1, 1 UNION SELECT 1, j + 1 FROM recurring.n WHERE j < 3) FROM n",
    "SELECT * FROM docs d, LATERAL (SELECT d.a || 'x' AS b)",
    "FROM docs UNION ALL BY NAME FROM docs EXCEPT FROM docs",
    "SELECT a, count(*) OVER (PARTITION BY a ORDER BY a ROWS 1 PRECEDING) FROM docs QUALIFY row_number() OVER () = 1",
    "SELECT a, sum(1) FILTER (WHERE a > ''), GROUPING(a) FROM docs GROUP BY CUBE (a) HAVING true ORDER BY ALL LIMIT "
    "50%",
    "FROM docs TABLESAMPLE 10 ROWS",
    "SELECT * EXCLUDE (a), * REPLACE (1 AS a), COLUMNS('a.*'), #1 FROM docs",
    "SELECT [x || 'b' FOR x IN [a] IF x > ''], list_transform([1], lambda x : x + 1), {'k': a}.k, MAP {1: a}[1] FROM "
    "docs",
    "SELECT CASE a WHEN 'x' THEN 1 END, a COLLATE NOCASE, TRY_CAST(a AS INT), TRY(a::INT), a[1:2], a LIKE 'x%', a ~ "
    "'x' FROM docs",
    "SELECT extract(year FROM DATE '2020-01-01'), now() - INTERVAL 1 DAY, current_date, TIMESTAMPTZ '2020-01-01' AT "
    "TIME ZONE 'UTC'",
    "SELECT unnest([1, 2]), unnest({'a': 1}, recursive := true)",
    "SELECT '{}'->>'$.x', '{}'::JSON->'y', json_extract('{}', '$.z') FROM docs",
    "SELECT CAST('1.5' AS DECIMAL(5, 2)), [{'i': 1}]::STRUCT(i INT)[]::VARCHAR, ARRAY[1, 2]::INT[2], 'a'::ENUM('a', "
    "'b')",
    "SELECT * FROM range(3) r(i) POSITIONAL JOIN docs",
    "SELECT * FROM docs ASOF JOIN (SELECT 'z' AS a) AS z USING (a)",
    "FROM json_each('[1]')",
    "VALUES (1, 'a'), (2, 'b')",
    "FROM query_table('docs')",
    "FROM query_table(['docs', 'main.docs'], true)",
    "DESCRIBE docs",
    "DESCRIBE SELECT a FROM docs",
    "SHOW docs",
    "SHOW TABLES",
    "SHOW ALL TABLES",
    "SHOW TABLES FROM main",
    "SHOW DATABASES",
    "SUMMARIZE docs",
    "SUMMARIZE SELECT a FROM docs",
    "FROM (DESCRIBE docs)",
    "PIVOT docs ON a IN ('hidden') USING count(*)",
    "FROM docs PIVOT (count(*) FOR a IN ('hidden', 'x'))",
    "UNPIVOT (SELECT 1 AS a, 2 AS b) ON a, b",
    "FROM duckdb_tables()",
    "FROM duckdb_columns",
    "SELECT table_name FROM information_schema.tables",
    "SELECT attname FROM pg_attribute",
    "SELECT current_setting('TimeZone'), version()",
    "SELECT 'enable_logging()', 'COPY', $$ FROM 'x.parquet' $$ /* FROM 'x.csv' */ -- 'x.csv'",
    "SELECT query FROM (SELECT 1 AS query)",
    "SELECT 'é' AS größe",
    "SELECT 'a' AS \"x.parquet\"",
    "SELECT json_serialize_sql('SELECT 1')",
    "(SELECT 1)",
    "SELECT 1;",
    "SELECT 1; SELECT 2",
    "CREATE TEMP TABLE t AS SELECT 1 AS i, 'x' AS s",
    "INSERT INTO t SELECT 2, a FROM docs",
    "INSERT INTO t (i) VALUES (3)",
    "INSERT INTO t BY NAME SELECT 4 AS i",
    "INSERT INTO t (SELECT 5, 'y')",
    "FROM t, temp.t AS t2, temp.main.t AS t3",
    "CREATE OR REPLACE TEMP VIEW v(x) AS SELECT a FROM docs",
    "CREATE VIEW IF NOT EXISTS w AS FROM v JOIN t ON true",
    "FROM w",
    "CREATE MACRO plus(a, b) AS a + b",
    "CREATE OR REPLACE FUNCTION shout(x) AS upper(x) || '!'",
    "CREATE TEMP MACRO rows_of(x) AS TABLE SELECT * FROM docs WHERE a = x",
    "SELECT plus(1, 2), shout(a), a.shout() FROM rows_of('hidden')",
    "DROP MACRO plus",
    "DROP MACRO TABLE rows_of",
    "DROP VIEW IF EXISTS w",
    "DROP TABLE t",
};

TEST_P(Locked, AnswersFromViewsThatTarnMade) {
  ASSERT_TRUE(connection_->make_view("main", "docs", fill("SELECT a FROM read_parquet('{lake}/ok.parquet')")).ok());
  ASSERT_TRUE(connection_->make_view("tarn", "rejects", "SELECT 1 AS a").ok());
  for (const std::string& sql : kAsked) {
    const base::Status status = connection_->execute(sql);
    EXPECT_TRUE(status.ok()) << sql << ": " << status.to_string();
  }
}

// Names that mean nothing yet, or something else than they seem to.
TEST_P(Locked, ANameMeansATableOfTarnsOrNothing) {
  ASSERT_TRUE(connection_->make_view("main", "docs", fill("SELECT a FROM read_parquet('{lake}/ok.parquet')")).ok());
  for (const char* sql : {
           // A common table out of its reach, a macro or view that goes, a name that DuckDB has.
           "SELECT (WITH \"{lake}/ok.parquet\" AS (SELECT 1) SELECT 1) FROM \"{lake}/ok.parquet\"",
           "SELECT (WITH duckdb_views AS (SELECT 1) SELECT 1) FROM duckdb_views",
           "CREATE TEMP TABLE duckdb_views AS SELECT 1 AS a",
           "CREATE TEMP TABLE pg_views AS SELECT 1 AS a",
           "CREATE VIEW \"a.parquet\" AS SELECT 1",
           "CREATE MACRO read_parquet(x) AS TABLE SELECT 1",
           "CREATE MACRO glob(x) AS x",
           "CREATE MACRO \"+\"(a, b) AS a",
           "CREATE VIEW v AS FROM duckdb_views()",
           "CREATE VIEW v AS FROM \"{lake}/ok.parquet\"",
           "CREATE MACRO m(x) AS TABLE FROM query_table(x)",
           "CREATE MACRO m(x) AS TABLE FROM read_parquet(x)",
           "CREATE MACRO m(x := getenv('HOME')) AS x",
           "CREATE MACRO m(x) AS (SELECT sql FROM duckdb_views() LIMIT 1)",
           "CREATE MACRO m() AS stats(1)",
           "CREATE TABLE x (a VARCHAR DEFAULT (current_query()))",
           "CREATE TABLE docs.x AS SELECT 1",
           "CREATE TABLE x AS EXECUTE p",
           "CREATE TYPE mood AS ENUM (SELECT sql FROM duckdb_views())",
           "CREATE SEQUENCE s",
           "CREATE SCHEMA s",
           "CREATE INDEX i ON docs (a)",
           "INSERT INTO docs SELECT 1",
           "INSERT INTO duckdb_views SELECT 1",
           "DROP VIEW docs",
           "DROP TABLE IF EXISTS docs, scratch",
           // Texts that name tables.
           "FROM query_table('{lake}/ok.parquet')",
           "FROM query_table('\"{lake}/ok.parquet\"')",
           "FROM query_table('duckdb_views')",
           "FROM query_table(['docs', 'duckdb_views'])",
           "FROM query_table('do' || 'cs')",
           "FROM query_table((SELECT 'docs'))",
           "FROM query_table('sqlite_master')",
           "FROM query('FROM docs')",
           // DuckDB's own views and what tells of files.
           "FROM duckdb_views()",
           "FROM duckdb_views",
           "SELECT sql FROM sqlite_master",
           "FROM sqlite_schema",
           "SELECT view_definition FROM information_schema.views",
           "FROM pg_catalog.pg_views",
           "FROM pg_views",
           "FROM system.main.duckdb_views",
           "FROM system.information_schema.views",
           "SELECT pg_get_viewdef(0)",
           "FROM duckdb_settings()",
           "FROM pg_settings",
           "SELECT current_setting('allowed_directories')",
           "SELECT current_setting('allowed_' || 'directories')",
           "SELECT current_query()",
           "SELECT stats(a) FROM docs",
           "SELECT system.main.stats(a) FROM docs",
           "SELECT \"stats\"(a) FROM docs",
           "SELECT a.stats() FROM docs",
           "SELECT vector_type(a) FROM docs",
           "SELECT json_serialize_plan('FROM docs')",
           "SELECT nextval('s')",
           "SELECT setseed(0.5)",
           "SELECT sleep_ms(1)",
           "FROM sql_auto_complete('FROM ''{lake}/')",
           "FROM histogram_values('{lake}/ok.parquet', a)",
           "FROM histogram(docs, a)",
           "FROM pragma_table_info('docs')",
           "FROM pragma_storage_info('docs')",
           "FROM enable_peg_parser()",
           "EXPLAIN FROM docs",
           "EXPLAIN ANALYZE FROM docs",
           "BEGIN",
           // The same names in places where tables also stand.
           "DESCRIBE '{lake}/ok.parquet'",
           "SUMMARIZE '{lake}/ok.parquet'",
           "SHOW '{lake}/ok.parquet'",
           "PIVOT '{lake}/ok.parquet' ON a IN ('x') USING count(*)",
           "UNPIVOT '{lake}/ok.parquet' ON a",
           "FROM docs, '{lake}/ok.parquet'",
           "FROM docs JOIN '{lake}/ok.parquet' USING (a)",
           "FROM docs SEMI JOIN '{lake}/ok.parquet' USING (a)",
           "SELECT 'hidden' IN (FROM '{lake}/ok.parquet')",
           "SELECT a FROM docs ORDER BY (SELECT a FROM '{lake}/ok.parquet')",
           "SELECT a FROM docs LIMIT (SELECT count(*) FROM '{lake}/ok.parquet')",
           "SELECT row_number() OVER w FROM docs WINDOW w AS (ORDER BY (SELECT a FROM '{lake}/ok.parquet'))",
           "VALUES ((SELECT a FROM '{lake}/ok.parquet'))",
           "SELECT list_transform([1], x -> (SELECT a FROM '{lake}/ok.parquet'))",
           "FROM docs, LATERAL (FROM '{lake}/ok.parquet')",
           "WITH x AS (FROM '{lake}/ok.parquet') SELECT 1",
           "SELECT $$x$$ FROM $${lake}/ok.parquet$$",
           "SELECT E'x' FROM E'{lake}/ok.parquet'",
           "FROM read_parquet(files := '{lake}/ok.parquet')",
           "FROM '{lake}/ok.parquet' AT (VERSION => 1)",
           "FROM '{lake}/*.parquet'",
           "FROM parquet_scan(['{lake}/ok.parquet'])",
           "FROM \"system\".\"main\".\"read_parquet\"('{lake}/ok.parquet')",
           "TABLE '{lake}/ok.parquet'",
           "FROM ok.parquet",
           "FROM main.ok.parquet",
           "(FROM '{lake}/ok.parquet')",
           "SELECT ('{lake}/ok.parquet').read_text()",
           "SELECT read_text('{lake}/ok.csv')",
       }) {
    const base::Status status = connection_->execute(fill(sql));
    EXPECT_FALSE(status.ok()) << sql;
    EXPECT_THAT(status.message(), testing::Not(testing::HasSubstr("hidden"))) << sql;
    EXPECT_THAT(status.message(), testing::Not(testing::HasSubstr("read_parquet(["))) << sql;
  }
  // After DROP its name means nothing again, in a view that named it too.
  ASSERT_TRUE(
      connection_->execute("CREATE TEMP TABLE csv AS SELECT 1 AS a; CREATE TEMP VIEW v AS FROM csv; DROP TABLE csv")
          .ok());
  EXPECT_FALSE(connection_->execute("FROM v").ok());
  EXPECT_FALSE(connection_->execute("FROM temp.csv").ok());
}

TEST_P(Locked, AConditionNamesColumnsOnly) {
  const std::string select = fill("SELECT a FROM (SELECT a FROM read_parquet('{lake}/ok.parquet')) AS docs");
  for (const char* right :
       {"a = 'hidden'", "docs.a = 'hidden'", "true -- all", "COLUMNS('a') = 'hidden'", "a IN ('hidden') OR false",
        "a = ANY(['hidden'])", "1", "list_contains([a], 'hidden') AND a IS NOT NULL"}) {
    auto rows = connection_->query_where("main.docs", select, right);
    ASSERT_TRUE(rows.ok()) << right << ": " << rows.status().to_string();
    const auto chunk = (*rows)->next();
    ASSERT_TRUE(chunk.ok() && *chunk != nullptr) << right;
  }
  for (const char* wrong : {"",
                            "a = (SELECT a FROM docs)",
                            "true) UNION (SELECT 'x'",
                            "true); SELECT (1",
                            "true) OR (EXISTS (FROM docs)",
                            "a IN (FROM docs)",
                            "a IN (TABLE docs)",
                            "1) GROUP BY (1",
                            "true) ORDER BY (a",
                            "stats(a) = ''",
                            "true) LIMIT (1",
                            "true) QUALIFY (true",
                            "current_query() = ''",
                            "error(current_query())",
                            "nextval('s') = 1",
                            "a = $1",
                            "/*",
                            "'",
                            "a = 'x",
                            "(WITH x AS (SELECT 1) FROM x) = 1"}) {
    EXPECT_FALSE(connection_->query_where("main.docs", select, wrong).ok()) << wrong;
  }
}

// What a reader of a file says of it may name the file and quote its rows.
TEST_P(Locked, ErrorsNameTheTable) {
  std::ofstream(root_ / "lake" / "cut.parquet") << "PAR1 and nothing more";
  const auto view = [&](const char* name, const char* file) {
    return connection_->make_view("main", name,
                                  fill("SELECT * FROM read_parquet(['{lake}/" + std::string(file) +
                                       "'], schema = MAP {'a': {name: 'a', type: 'VARCHAR', default_value: NULL}})"));
  };
  ASSERT_TRUE(view("cut", "cut.parquet").ok());
  const base::Status cut = connection_->execute("FROM cut"), gone = view("gone", "gone.parquet");
  EXPECT_EQ(cut.code(), Code::corruption);
  EXPECT_THAT(cut.to_string(), testing::HasSubstr("main.cut"));
  EXPECT_EQ(gone.code(), Code::not_found);
  EXPECT_THAT(gone.to_string(), testing::HasSubstr("main.gone"));
  for (const base::Status& status : {cut, gone}) {
    EXPECT_THAT(status.to_string(), testing::Not(testing::HasSubstr("parquet")));
    EXPECT_THAT(status.to_string(), testing::Not(testing::HasSubstr(root_.string())));
  }
}

TEST_P(Locked, NeedsItsDirectories) {
  Options options;
  options.locked_to = {(root_ / "nowhere").string()};
  EXPECT_EQ(open(options).status().code(), Code::not_found);
  options.locked_to = std::vector<std::string>{};  // none: no file at all
  auto connection = *(*open(options))->connect();
  EXPECT_TRUE(connection->execute("SELECT 1").ok());
  EXPECT_EQ(connection->make_view("main", "v", fill("SELECT * FROM read_parquet('{lake}/ok.parquet')")).code(),
            Code::permission_denied);
}

// The second wall: text of Tarn's own, too, reads no file elsewhere.
TEST_P(Locked, DirectoryBehindALinkAndWithAQuote) {
  fs::create_directories(root_ / "it's");
  fs::copy(root_ / "lake" / "ok.parquet", root_ / "it's" / "ok.parquet");
  Options options;
  options.locked_to = {(root_ / "lake-link").string(), (root_ / "it's").string()};
  auto connection = *(*open(options))->connect();
  const auto reads = [&](const fs::path& path) {
    return connection->make_view("main", "v", "SELECT * FROM read_blob(" + quote_literal(path.string()) + ")").ok() &&
           connection->execute("FROM v").ok();
  };
  EXPECT_TRUE(reads(root_ / "lake" / "ok.csv"));
  EXPECT_TRUE(reads(root_ / "lake-link" / "ok.csv"));
  EXPECT_TRUE(reads(root_ / "lake" / "in" / ".." / "ok.csv"));
  EXPECT_TRUE(reads(root_ / "it's" / "ok.parquet"));
  for (const char* outside : {"outside/secret.csv", "lake/linked/secret.csv", "lake/link.csv", "lake-2/secret.csv",
                              "lake/../outside/secret.csv"}) {
    EXPECT_FALSE(reads(root_ / outside)) << outside;
  }
  EXPECT_FALSE(reads("/etc/passwd"));
  EXPECT_FALSE(reads("/proc/self/environ"));
}

INSTANTIATE_TEST_SUITE_P(Here, Locked, testing::Values(false));
INSTANTIATE_TEST_SUITE_P(InAWorker, Locked, testing::Values(true));

}  // namespace
}  // namespace tarn::duck

int main(int argc, char** argv) {
  tarn::duck::register_jobs();
  if (tarn::worker::is_worker(argc, argv)) return tarn::worker::serve(argc, argv);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
