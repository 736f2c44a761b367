// What SQL on a locked connection must not do (S1): every attempt here fails, and nothing on disk has changed afterwards.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "base/hash.h"
#include "base/random.h"
#include "duck/connection.h"
#include "duck/gate.h"

namespace tarn::duck {
namespace {

namespace fs = std::filesystem;
using base::Code;

class Locked : public testing::Test {
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
    Options options;
    options.locked_to = {(root_ / "lake").string()};
    database_ = *open(options);
    connection_ = *database_->connect();
  }
  void TearDown() override { fs::remove_all(root_); }
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

TEST_F(Locked, RefusesEveryEscape) {
  ASSERT_GE(kEscapes.size(), 60u);
  ASSERT_TRUE(connection_->execute("CREATE TABLE scratch(a VARCHAR)").ok());
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
  EXPECT_TRUE((*database_->connect())->execute(fill("FROM '{lake}/ok.parquet'")).ok());
}

TEST_F(Locked, RefusesThemOnItsOtherDoorsToo) {
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

// The gate reads words as DuckDB does: whatever passes it, run on an open database, must not have called what it refuses.
TEST(Gate, IsNotFooledByQuoting) {
  const auto logging = [](Connection& c) {
    return (*(*c.query("SELECT current_setting('enable_logging')"))->next().value()).integer(0, 0);
  };
  auto called = *(*open({}))->connect();
  ASSERT_TRUE(called->execute("FROM enable_logging()").ok());
  ASSERT_EQ(logging(*called), 1) << "the call leaves a trace";
  auto connection = *(*open({}))->connect();
  constexpr std::string_view kPieces[] = {"SELECT",
                                          " 1",
                                          " a",
                                          "'",
                                          "''",
                                          "\"",
                                          "$$",
                                          "$t$",
                                          "--",
                                          "\n",
                                          "/*",
                                          "*/",
                                          "E'",
                                          "\\",
                                          "\\'",
                                          "$",
                                          " \xc2\xa0",
                                          "\xc3\xa9",
                                          "\xe2\x80\x8d",
                                          "U&'",
                                          " FROM enable_logging()",
                                          " FROM \"enable_logging\"()",
                                          " FROM enable_logging /* x */ ()",
                                          " FROM enable_logging()",
                                          ";",
                                          ",",
                                          "E'a'\n'b",
                                          " FROM (SELECT 1) t"};
  const uint64_t seed = 4;
  base::Random random(seed);
  size_t passed = 0, mentioned = 0;
  for (int round = 0; round < 30000; ++round) {
    std::string sql = "SELECT 1 AS x";
    const uint64_t pieces = 2 + random.below(8);
    for (uint64_t i = 0; i < pieces; ++i) sql += kPieces[random.below(std::size(kPieces))];
    if (!gate_text(sql).ok() || !connection->execute(sql).ok()) continue;
    ++passed;
    mentioned += sql.find("enable_logging") != std::string::npos;
    ASSERT_EQ(logging(*connection), 0) << "seed " << seed << " round " << round << ": " << sql;
  }
  EXPECT_GT(passed, 300u);
  EXPECT_GT(mentioned, 60u) << "in strings and comments";
}

TEST_F(Locked, SaysPermissionDenied) {
  for (const char* sql : {"FROM read_text('/etc/passwd')", "COPY (SELECT 1) TO '{lake}/new.csv'",
                          "ATTACH '{lake}/new.db'", "SET threads = 9", "PRAGMA enable_profiling", "INSTALL httpfs",
                          "LOAD httpfs", "FROM enable_logging()", "CREATE SECRET s (TYPE http)"}) {
    EXPECT_EQ(connection_->execute(fill(sql)).code(), Code::permission_denied)
        << sql << ": " << connection_->execute(fill(sql)).to_string();
  }
}

TEST_F(Locked, ReadsItsDirectoriesAndChangesMemory) {
  for (const char* sql : {"FROM read_csv('{lake}/ok.csv')",
                          "FROM '{lake}/ok.parquet'",
                          "FROM read_parquet(['{lake}/ok.parquet'], file_row_number = true)",
                          "FROM '{lake}/in/ok.json'",
                          "FROM glob('{lake}/*.csv')",
                          "FROM '{lake}/in/../ok.parquet'",
                          "FROM '{root}/lake-link/ok.parquet'",
                          "CREATE TABLE t(i INT)",
                          "INSERT INTO t VALUES (1)",
                          "UPDATE t SET i = 2",
                          "ALTER TABLE t ADD COLUMN s VARCHAR",
                          "DESCRIBE t",
                          "SHOW TABLES",
                          "SUMMARIZE t",
                          "FROM t",
                          "SELECT query FROM (SELECT 1 AS query)",
                          "CREATE VIEW v AS FROM '{lake}/ok.parquet'",
                          "CREATE OR REPLACE TEMP VIEW v2 AS FROM v",
                          "CREATE MACRO plus(a) AS a + 1",
                          "SELECT plus(1)",
                          "CREATE TYPE mood AS ENUM ('a')",
                          "EXPLAIN SELECT 1",
                          "EXPLAIN ANALYZE (SELECT 1)",
                          "EXPLAIN (FORMAT json) SELECT 1",
                          "PIVOT (SELECT 'x' AS a, 1 AS b) ON a USING sum(b)",
                          "UNPIVOT (SELECT 1 AS a, 2 AS b) ON a, b",
                          "BEGIN",
                          "COMMIT",
                          "SELECT 'enable_logging()', 'COPY'",
                          "DELETE FROM t",
                          "DROP VIEW v2",
                          "DROP TABLE t",
                          "CREATE SCHEMA s",
                          "DROP SCHEMA s",
                          "FROM duckdb_tables()",
                          "SELECT count(*) FROM information_schema.tables",
                          "VALUES (1)",
                          "FROM duckdb_secrets()",
                          "SELECT 'é' AS größe",
                          "SELECT json_serialize_sql('SELECT 1')"}) {
    const base::Status status = connection_->execute(fill(sql));
    EXPECT_TRUE(status.ok()) << sql << ": " << status.to_string();
  }
}

TEST_F(Locked, NeedsItsDirectories) {
  Options options;
  options.locked_to = {(root_ / "nowhere").string()};
  EXPECT_EQ(open(options).status().code(), Code::not_found);
  options.locked_to = std::vector<std::string>{};  // none: no file at all
  auto connection = *(*open(options))->connect();
  EXPECT_TRUE(connection->execute("SELECT 1").ok());
  EXPECT_EQ(connection->execute(fill("FROM '{lake}/ok.parquet'")).code(), Code::permission_denied);
}

TEST_F(Locked, DirectoryBehindALinkAndWithAQuote) {
  fs::create_directories(root_ / "it's");
  fs::copy(root_ / "lake" / "ok.parquet", root_ / "it's" / "ok.parquet");
  Options options;
  options.locked_to = {(root_ / "lake-link").string(), (root_ / "it's").string()};
  auto connection = *(*open(options))->connect();
  EXPECT_TRUE(connection->execute(fill("FROM '{lake}/ok.parquet'")).ok());
  EXPECT_TRUE(connection->execute(fill("FROM '{root}/lake-link/ok.parquet'")).ok());
  EXPECT_TRUE(connection->execute("FROM " + quote_literal((root_ / "it's" / "ok.parquet").string())).ok());
  EXPECT_EQ(connection->execute(fill("FROM read_text('{out}/secret.csv')")).code(), Code::permission_denied);
}

}  // namespace
}  // namespace tarn::duck
