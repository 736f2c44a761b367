#include "sql/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "duck/remote.h"
#include "sql/statement.h"
#include "store/store.h"

namespace tarn::sql {
namespace {

namespace fs = std::filesystem;
using base::Code;
using base::Status;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// A lake of three tables, one of them in another namespace, and a file outside of it.
class Sql : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    root_ = fs::canonical(testing::TempDir()) / ("tarn-sql-" + std::to_string(getpid()));
    fs::create_directories(root_ / "lake");
    std::ofstream(root_ / "secret.csv") << "canary\nhidden\n";
    store_ = *store::open_local((root_ / "lake").string());
    writer_ = *(*duck::open({}))->connect();
    create("main/docs", {{"id", "string"}, {"title", "string"}, {"size", "long"}});
    create("main/authors", {{"id", "string"}, {"name", "string"}});
    create("tarn/rejects", {{"item", "string"}, {"reason", "string"}});
    append("main/docs", "SELECT 'd' || range AS id, 'Title ' || range AS title, range * 10 AS size FROM range(5)");
    append("main/docs", "SELECT 'e0' AS id, 'Later' AS title, 1 AS size");
    append("main/authors", "SELECT 'd1' AS id, 'Ann' AS name");
    append("tarn/rejects", "SELECT 'x.html' AS item, 'not text' AS reason");
  }
  static void TearDownTestSuite() {
    writer_.reset();
    store_.reset();
    fs::remove_all(root_);
  }

  static lake::Environment environment() {
    return {store_.get(), &base::system_clock(), &random_, nullptr, false, [] { return (*duck::open({}))->connect(); }};
  }
  static void create(const std::string& path, const std::vector<std::pair<std::string, std::string>>& fields) {
    lake::CreateOptions options;
    for (const auto& [name, type] : fields) {
      options.schema.push_back({name, json::Value(type), true, json::Value::object()});
    }
    ASSERT_TRUE(lake::create_table(environment(), path, options).ok());
  }
  static void append(const std::string& path, const std::string& select) {
    auto table = *lake::open_table(environment(), path);
    auto change = table->change(*table->snapshot());
    ASSERT_TRUE(change->append(*writer_, select, {}).ok());
    ASSERT_TRUE(change->commit({}).ok());
  }
  TableEntry entry(const std::string& name, std::optional<base::Version> version = {}) {
    return {name, [this, name, version](const base::Context&) -> base::Result<PinnedTable> {
              pins_.push_back(name);
              std::string path = name;
              path[path.find('.')] = '/';
              TARN_ASSIGN(auto table, lake::open_table(environment(), path));
              TARN_ASSIGN(auto snapshot, table->snapshot(version));
              return PinnedTable{table, snapshot};
            }};
  }
  std::unique_ptr<Session> open(bool locked = false, std::optional<base::Version> docs_version = {},
                                worker::Pool* pool = nullptr) {
    SessionOptions options;
    options.tables = {entry("main.docs", docs_version), entry("main.authors"), entry("tarn.rejects")};
    duck::Options database;
    if (locked) database.locked_to = {(root_ / "lake").string()};
    options.connection = pool ? *duck::connect_in(*pool, database) : *(*duck::open(database))->connect();
    options.table_functions.push_back(hits());
    options.scalar_functions.push_back(
        {"embed", {"VARCHAR"}, "FLOAT[]", [](const std::vector<duck::Cell>& a) -> base::Result<duck::Cell> {
           return duck::Cell(
               duck::CellList{duck::Cell(double(std::get<std::string>(a[0].value).size())), duck::Cell(0.5)});
         }});
    auto session = Session::open(std::move(options));
    EXPECT_TRUE(session.ok()) << session.status().to_string();
    return *std::move(session);
  }
  static duck::TableFunction hits() {
    return {"search",
            {{"query", "VARCHAR"}},
            {{"k", "BIGINT"}},
            {{"id", "VARCHAR"}, {"score", "DOUBLE"}},
            [](const std::vector<duck::Cell>& a) -> base::Result<std::vector<std::vector<duck::Cell>>> {
              if (std::get<std::string>(a[0].value) == "\"") {
                return Status(Code::invalid_argument, "a quote is not closed", "close it");
              }
              const int64_t k = a[1].is_null() ? 3 : std::get<int64_t>(a[1].value);
              std::vector<std::vector<duck::Cell>> rows;
              for (int64_t i = 0; i < k; ++i) {
                rows.push_back({"d" + std::to_string(i), 1.0 / static_cast<double>(1 + i)});
              }
              return rows;
            }};
  }
  // What the statement prints as CSV without a header; the failure's text when it fails.
  static std::string csv(Session& session, const std::string& sql) {
    rows::Format format;
    format.name = "csv";
    format.header = false;
    return text(session, sql, format);
  }
  static std::string text(Session& session, const std::string& sql, const rows::Format& format) {
    std::string out;
    const Status status = run(session, sql, format,
                              [&](std::string_view piece) {
                                out += piece;
                                return true;
                              },
                              {});
    return status.ok() ? out : status.to_string();
  }

  static inline fs::path root_;
  static inline std::unique_ptr<store::Store> store_;
  static inline std::unique_ptr<duck::Connection> writer_;
  static inline base::Random random_{1};
  std::vector<std::string> pins_;
};

TEST_F(Sql, ATableThatIsNotThereYetReadsAsEmptyWithItsColumns) {
  SessionOptions options;
  options.connection = *(*duck::open({}))->connect();
  options.tables = {entry("main.docs"),
                    {"tarn.later",
                     {},
                     {},
                     {{"item", json::Value("string"), true, json::Value::object()},
                      {"seen_at", json::Value("timestamp"), true, json::Value::object()}}}};
  const auto session = *Session::open(std::move(options));
  EXPECT_EQ(csv(*session, "SELECT * FROM tarn.later"), "");
  EXPECT_EQ(csv(*session, "SELECT count(*) AS n FROM docs WHERE id IN (SELECT item FROM tarn.later)"), "0\n");
  EXPECT_THAT(csv(*session, "DESCRIBE tarn.later"), HasSubstr("seen_at,TIMESTAMP WITH TIME ZONE"));
  EXPECT_THAT(csv(*session, "SELECT column_name FROM information_schema.columns WHERE table_name = 'later'"),
              HasSubstr("item\nseen_at"));
  EXPECT_THAT(session->complete("SELECT * FROM tarn.later WHERE tarn.later."), Contains("tarn.later.item"));
  EXPECT_EQ(session->query("INSERT INTO tarn.later VALUES ('x', now())").status().code(), base::Code::unsupported);
}

TEST_F(Sql, OpensNoTableThatIsNotNamed) {
  auto session = open();
  EXPECT_EQ(csv(*session, "SELECT 1"), "1\n");
  EXPECT_EQ(csv(*session, "SELECT id FROM search('x', k := 1)"), "d0\n");
  EXPECT_EQ(csv(*session, "SELECT length(embed('abc')::VARCHAR) > 0"), "true\n");
  EXPECT_THAT(pins_, IsEmpty());
  EXPECT_EQ(csv(*session, "SELECT count(*) FROM docs"), "6\n");
  EXPECT_EQ(csv(*session, "SELECT count(*) FROM main.docs"), "6\n");
  EXPECT_THAT(pins_, ElementsAre("main.docs")) << "once";
}

TEST_F(Sql, FindsTablesHoweverTheyAreNamed) {
  for (const char* sql :
       {"SELECT count(*) FROM docs", "SELECT count(*) FROM main.docs", "SELECT count(*) FROM MAIN.DOCS",
        "SELECT count(*) FROM \"docs\"", "SELECT count(*) FROM memory.main.docs", "FROM docs SELECT count(*)",
        "SELECT count(*) FROM 'docs'", "SELECT count(*) FROM query_table('docs')",
        "SELECT count(*) FROM query('FROM main.docs')", "SELECT count(*) FROM query('FROM do' || 'cs')",
        "WITH x AS (FROM docs) SELECT count(*) FROM x", "SELECT (SELECT count(*) FROM docs)",
        "SELECT count(*) FROM docs d JOIN docs e USING (id)", "SELECT count(docs.id) FROM docs",
        "CREATE TABLE t AS FROM docs; SELECT count(*) FROM t", "CREATE VIEW v AS FROM docs; SELECT count(*) FROM v",
        "PREPARE p AS SELECT count(*) FROM docs; EXECUTE p",
        "CREATE MACRO m() AS TABLE FROM docs; SELECT count(*) FROM m()",
        "SELECT count(*) FROM (PIVOT docs ON title USING count(*) GROUP BY id)"}) {
    auto session = open();
    EXPECT_EQ(csv(*session, sql), "6\n") << sql;
  }
  auto session = open();
  EXPECT_EQ(csv(*session, "SELECT * FROM tarn.rejects"), "x.html,not text\n");
  EXPECT_EQ(csv(*session, "SELECT column_name FROM (DESCRIBE docs)"), "id\ntitle\nsize\n");
  EXPECT_EQ(csv(*session, "SELECT column_name, count FROM (SUMMARIZE main.docs)"), "id,6\ntitle,6\nsize,6\n");
}

TEST_F(Sql, ReadsPinnedVersions) {
  EXPECT_EQ(csv(*open(false, base::Version(1)), "SELECT count(*) FROM docs"), "5\n");
  EXPECT_EQ(csv(*open(false, base::Version(0)), "SELECT count(*), count(id) FROM docs"), "0,0\n");
  auto session = open();
  EXPECT_EQ(csv(*session, "SELECT count(*) FROM docs"), "6\n");
  const std::string before = csv(*session, "SELECT count(*) FROM authors");
  append("main/authors", "SELECT 'new' AS id");
  EXPECT_EQ(csv(*session, "SELECT count(*) FROM authors"), before) << "a session stays where it began";
  EXPECT_NE(csv(*open(), "SELECT count(*) FROM authors"), before);
}

TEST_F(Sql, WholeCatalogWhenAsked) {
  auto session = open();
  EXPECT_EQ(csv(*session, "SELECT table_schema || '.' || table_name FROM information_schema.tables ORDER BY 1"),
            "main.authors\nmain.docs\ntarn.rejects\n");
  EXPECT_EQ(csv(*open(), "SHOW TABLES"), "authors\ndocs\n");
  EXPECT_THAT(csv(*open(), "SHOW ALL TABLES"), HasSubstr("rejects"));
  EXPECT_THAT(csv(*open(), "SELECT column_name FROM duckdb_columns() WHERE table_name = 'authors'"), HasSubstr("name"));
}

TEST_F(Sql, JoinsFunctionsWithTables) {
  auto session = open();
  EXPECT_EQ(
      csv(*session, "SELECT d.title, h.score FROM search('words') h JOIN docs d USING (id) ORDER BY h.score DESC"),
      "Title 0,1.0\nTitle 1,0.5\nTitle 2,0.3333333333333333\n");
  EXPECT_EQ(
      csv(*session,
          "SELECT a.name FROM search('words', k := 5) h, docs d, main.authors a WHERE h.id = d.id AND a.id = d.id"),
      "Ann\n");
  EXPECT_EQ(csv(*session, "SELECT count(*) FROM docs WHERE id NOT IN (SELECT id FROM search('x'))"), "3\n");
  const Status status = session->query("SELECT * FROM search('\"') JOIN docs USING (id)").status();
  EXPECT_EQ(status.code(), Code::invalid_argument);
  EXPECT_EQ(status.hint(), "close it");
}

TEST_F(Sql, RefusesToChangeLakeTables) {
  auto session = open();
  for (const char* sql : {"INSERT INTO docs VALUES ('x', 'y', 1)",
                          "insert or replace into main.docs VALUES ('x', 'y', 1)",
                          "INSERT INTO \"docs\" SELECT * FROM docs",
                          "UPDATE docs SET title = 'x'",
                          "DELETE FROM docs",
                          "DELETE FROM memory.main.docs WHERE true",
                          "MERGE INTO docs USING authors ON true WHEN MATCHED THEN DELETE",
                          "TRUNCATE docs",
                          "DROP VIEW docs",
                          "DROP TABLE IF EXISTS main.docs",
                          "ALTER TABLE docs ADD COLUMN x INT",
                          "ALTER VIEW docs RENAME TO other",
                          "CREATE OR REPLACE VIEW docs AS SELECT 1",
                          "CREATE TABLE docs(i INT)",
                          "CREATE TEMP TABLE docs AS SELECT 1",
                          "CREATE TABLE IF NOT EXISTS docs(i INT)",
                          "COPY docs FROM 'x.csv'",
                          "COPY docs (id) FROM 'x.csv'",
                          "EXPLAIN INSERT INTO docs VALUES (1)",
                          "EXPLAIN ANALYZE DELETE FROM docs",
                          "WITH x AS (SELECT 1) INSERT INTO docs FROM x",
                          "WITH x AS (SELECT 'a') DELETE FROM docs",
                          "PREPARE p AS INSERT INTO docs VALUES (1)",
                          "/* a */ insert -- b\n into /* c */ docs values (1)",
                          "INSERT INTO tarn.rejects VALUES ('a', 'b')",
                          "COMMENT ON VIEW docs IS 'x'"}) {
    const Status status = session->query(sql).status();
    EXPECT_EQ(status.code(), Code::unsupported) << sql << ": " << status.to_string();
    EXPECT_THAT(status.message(), HasSubstr("is a lake table")) << sql;
    EXPECT_THAT(status.hint(), HasSubstr("tarn pull")) << sql;
  }
  EXPECT_EQ(csv(*session, "SELECT count(*) FROM docs"), "6\n");
  EXPECT_EQ(csv(*session,
                "CREATE TABLE mine AS FROM docs; INSERT INTO mine FROM docs; UPDATE mine SET size = 0; SELECT "
                "count(*), sum(size) FROM mine"),
            "12,0\n");
  EXPECT_EQ(csv(*session, "CREATE SCHEMA s; CREATE TABLE s.docs(i INT); INSERT INTO s.docs VALUES (4); FROM s.docs"),
            "4\n")
      << "another schema's docs";
  EXPECT_EQ(csv(*session, "COPY docs TO '" + (root_ / "out.csv").string() + "'; SELECT count(*) FROM '" +
                              (root_ / "out.csv").string() + "'"),
            "6\n");
}

TEST_F(Sql, ErrorsKeepKindLineCaretAndCandidates) {  // SQL-5
  auto session = open();
  EXPECT_THAT(csv(*session, "SELECT 1;\nSELECT 2;\n\nSELECT nope\nFROM docs"), HasSubstr("LINE 4: SELECT nope"));
  EXPECT_THAT(csv(*session, "SELECT titel FROM docs"),
              testing::AllOf(HasSubstr("Binder Error"), HasSubstr("title"), HasSubstr("^")));
  EXPECT_THAT(csv(*session, "SELECT 1 FRM"), Not(HasSubstr("Error")));
  EXPECT_THAT(csv(*session, "SELEC 1"), testing::AllOf(HasSubstr("Parser Error"), HasSubstr("LINE 1:")));
  EXPECT_THAT(csv(*open(), "SELECT * FROM author"), testing::AllOf(HasSubstr("Catalog Error"), HasSubstr("authors")))
      << "candidates of the lake";
  EXPECT_THAT(csv(*open(), "SELECT * FROM reject"), HasSubstr("rejects"));
}

TEST_F(Sql, StopsAtTheFirstFailure) {
  auto session = open();
  std::string out;
  const Status status = run(*session, "SELECT 1; SELECT nope; SELECT 3", {.name = "jsonl"},
                            [&](std::string_view piece) {
                              out += piece;
                              return true;
                            },
                            {});
  EXPECT_EQ(status.code(), Code::invalid_argument);
  EXPECT_EQ(out, "{\"1\":1}\n");
}

TEST_F(Sql, ASinkThatHasEnoughEndsQuietly) {
  auto session = open();
  size_t pieces = 0;
  const Status status = run(*session, "SELECT range FROM range(100000000); SELECT error('never')", {.name = "csv"},
                            [&](std::string_view) { return ++pieces < 3; }, {});
  EXPECT_TRUE(status.ok()) << status.to_string();
  EXPECT_EQ(pieces, 3u);
}

TEST_F(Sql, CancelStopsAStatement) {
  auto session = open();
  base::Cancel cancel;
  std::thread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
    cancel.request();
  });
  const Status status =
      run(*session, "SELECT count(*) FROM range(100000000000) a, range(10) b WHERE (a.range * b.range) % 7 = 9",
          {.name = "csv"}, [](std::string_view) { return true; }, {.progress = nullptr, .cancel = &cancel});
  stopper.join();
  EXPECT_EQ(status.code(), Code::cancelled) << status.to_string();
  EXPECT_EQ(csv(*session, "SELECT 1"), "1\n");
}

TEST_F(Sql, SafeModeReadsTheLakeOnly) {  // S1, SQL-8
  const auto pool = worker::make_pool(1);
  for (worker::Pool* in : {static_cast<worker::Pool*>(nullptr), pool.get()}) {
    auto session = open(true, {}, in);
    const std::string secret = (root_ / "secret.csv").string();
    EXPECT_EQ(csv(*session, "SELECT count(*) FROM docs"), "6\n");
    EXPECT_EQ(csv(*session, "SELECT d.title FROM search('x', k := 1) JOIN docs d USING (id)"), "Title 0\n");
    EXPECT_EQ(csv(*session, "SHOW TABLES"), "authors\ndocs\n");
    EXPECT_EQ(csv(*session, "FROM tarn.rejects"), "x.html,not text\n");
    EXPECT_EQ(csv(*session, "SELECT column_name FROM (DESCRIBE docs)"), "id\ntitle\nsize\n");
    for (const std::string& sql :
         {"FROM read_csv('" + secret + "')", "FROM '" + secret + "'", "SELECT * FROM docs, read_text('" + secret + "')",
          std::string("FROM read_text('/etc/passwd')"), "COPY docs TO '" + (root_ / "lake" / "out.csv").string() + "'",
          "ATTACH '" + (root_ / "lake" / "new.db").string() + "'", std::string("SET enable_external_access = true"),
          std::string("INSTALL httpfs"), "FROM query('FROM read_text(''" + secret + "'')')",
          std::string("PRAGMA enable_profiling"), std::string("FROM enable_logging(storage = 'stdout')")}) {
      const Status status = session->query(sql).status();
      EXPECT_EQ(status.code(), Code::permission_denied) << sql << ": " << status.to_string();
      EXPECT_THAT(status.message(), Not(HasSubstr("hidden")));
    }
    EXPECT_FALSE(fs::exists(root_ / "lake" / "out.csv"));
    EXPECT_FALSE(fs::exists(root_ / "lake" / "new.db"));
  }
}

// Names that are looked up late, other versions, a pivot without values, failures: what a session makes of them is the
// same in a worker.
TEST_F(Sql, ALockedSessionInAWorkerSaysTheSame) {
  const auto pool = worker::make_pool(1);
  auto here = open(true), there = open(true, {}, pool.get());
  for (const char* sql :
       {"SELECT count(*) FROM docs", "FROM dogs", "SELECT titel FROM docs", "FROM query_table('docs')",
        "SHOW ALL TABLES", "FROM (PIVOT docs ON id USING count(*)) ORDER BY ALL", "SELECT * FROM search('\"')",
        "SELECT embed(title) FROM docs LIMIT 1", "CREATE TEMP TABLE t AS FROM docs; SELECT count(*) FROM t",
        "FROM docs AT (VERSION => 1)", "INSERT INTO docs SELECT 1", "DELETE FROM docs", "EXPLAIN FROM docs", "SELECT",
        "", "SELECT error('x')", "BEGIN"}) {
    EXPECT_EQ(csv(*there, sql), csv(*here, sql)) << sql;
  }
}

TEST_F(Sql, SessionsDoNotSeeEachOther) {
  auto a = open(), b = open();
  EXPECT_EQ(csv(*a, "CREATE TABLE mine AS SELECT 1 AS i; FROM mine"), "1\n");
  EXPECT_THAT(csv(*b, "FROM mine"), HasSubstr("does not exist"));
}

TEST_F(Sql, ADamagedTableDisturbsOnlyItsOwnStatements) {
  SessionOptions options;
  options.connection = *(*duck::open({}))->connect();
  options.tables = {entry("main.docs"), {"main.broken", [](const base::Context&) -> base::Result<PinnedTable> {
                                           return Status(Code::corruption, "00001.json: damaged");
                                         }}};
  auto session = *Session::open(std::move(options));
  EXPECT_EQ(csv(*session, "SELECT count(*) AS broken FROM docs"), "6\n") << "the word alone does no harm";
  ASSERT_EQ(session->warnings().size(), 1u);
  EXPECT_EQ(csv(*session, "SHOW TABLES"), "docs\n");
  EXPECT_THAT(session->warnings().at(0).message(), HasSubstr("main.broken"));
  const Status status = session->query("FROM broken").status();
  EXPECT_EQ(status.code(), Code::corruption);
  EXPECT_EQ(status.message(), "table main.broken: 00001.json: damaged");
}

TEST_F(Sql, LoadingATableForAStatementIsStoppedWithIt) {
  base::Cancel* to_cancel = nullptr;
  const auto load = [&](const std::string&, const base::Context& context) -> base::Result<PinnedTable> {
    if (to_cancel != nullptr) to_cancel->request();
    TARN_ASSIGN(auto table, lake::open_table(environment(), "main/docs", {}, context));
    TARN_ASSIGN(auto snapshot, table->snapshot({}, context));
    return PinnedTable{table, snapshot};
  };
  SessionOptions options;
  options.connection = *(*duck::open({}))->connect();
  options.tables = {{"main.docs", [&](const base::Context& context) { return load("", context); }, load}};
  auto session = *Session::open(std::move(options));
  for (const char* statement : {"SELECT count(*) FROM docs", "SHOW TABLES", "FROM docs AT (VERSION => 1)"}) {
    base::Cancel cancel;
    to_cancel = &cancel;
    const Status status = session->query(statement, {}, {nullptr, &cancel}).status();
    EXPECT_EQ(status.code(), Code::cancelled) << statement << ": " << status.message();
    EXPECT_THAT(session->warnings(), IsEmpty()) << "a table whose loading was stopped is not one that cannot be read";
  }
  to_cancel = nullptr;
  EXPECT_EQ(csv(*session, "SELECT count(*) FROM docs"), "6\n") << "the next statement loads it";
}

TEST_F(Sql, CompletesWhatIsTyped) {  // SQL-7
  auto session = open();
  EXPECT_THAT(session->complete("sel"), Contains("select"));
  EXPECT_THAT(session->complete("SEL"), Contains("SELECT"));
  EXPECT_THAT(session->complete("SELECT * FROM do"), testing::AllOf(Contains("docs"), Contains("do")));
  EXPECT_THAT(session->complete("SELECT * FROM main.d"), ElementsAre("main.docs"));
  EXPECT_THAT(session->complete("FROM tarn."), ElementsAre("tarn.rejects"));
  EXPECT_THAT(session->complete("FROM sea"), Contains("search("));
  EXPECT_THAT(pins_, IsEmpty()) << "names come from the list";
  EXPECT_THAT(session->complete("FROM docs SELECT ti"), Contains("title"));
  EXPECT_THAT(session->complete("FROM docs SELECT docs."), ElementsAre("docs.id", "docs.size", "docs.title"));
  EXPECT_THAT(session->complete("FROM main.docs AS x JOIN authors y SELECT x.t"), ElementsAre("x.title"));
  EXPECT_THAT(session->complete("FROM main.docs AS x JOIN authors y SELECT y."), ElementsAre("y.id", "y.name"));
  EXPECT_TRUE(session->query("CREATE TABLE \"my own\"(\"a b\" INT, abc INT)").ok());
  EXPECT_THAT(session->complete("FROM my"), ElementsAre("\"my own\""));
  EXPECT_THAT(session->complete(""), IsEmpty());
  EXPECT_THAT(session->complete("SELECT "), IsEmpty());
}

TEST(Statement, ChangedTables) {
  EXPECT_THAT(changed_tables("SELECT * FROM docs"), IsEmpty());
  EXPECT_THAT(changed_tables("SELECT 'insert into docs'"), IsEmpty());
  EXPECT_THAT(changed_tables("WITH a AS (SELECT update FROM t) SELECT * FROM a"), IsEmpty());
  EXPECT_THAT(changed_tables("INSERT INTO a.b SELECT 1"), ElementsAre("\"a\".\"b\""));
  EXPECT_THAT(changed_tables("WITH x AS (SELECT 1), y AS (SELECT 2) UPDATE \"a b\".c SET d = 1"),
              ElementsAre("\"a b\".\"c\""));
  EXPECT_THAT(changed_tables("COPY docs TO 'x'"), IsEmpty());
  EXPECT_THAT(changed_tables("COPY (SELECT a FROM docs) TO 'x'"), IsEmpty());
  EXPECT_THAT(changed_tables(""), IsEmpty());
  EXPECT_THAT(changed_tables("INSERT"), IsEmpty());
  EXPECT_TRUE(needs_whole_catalog("show tables"));
  EXPECT_TRUE(needs_whole_catalog("SELECT * FROM \"duckdb_tables\"()"));
  EXPECT_FALSE(needs_whole_catalog("SELECT 'show tables' FROM docs"));
}

TEST(Statement, IsComplete) {
  EXPECT_TRUE(Session::is_complete(""));
  EXPECT_TRUE(Session::is_complete("SELECT 1;"));
  EXPECT_TRUE(Session::is_complete("SELECT 1; -- x"));
  EXPECT_FALSE(Session::is_complete("SELECT 1"));
  EXPECT_FALSE(Session::is_complete("SELECT ';"));
  EXPECT_FALSE(Session::is_complete("SELECT 1; /*"));
}

}  // namespace
}  // namespace tarn::sql
