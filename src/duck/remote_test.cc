// A locked connection in a worker: it gives what one of this process gives, and what crashes it or hogs it costs one
// statement.
#include "duck/remote.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "base/sanitized.h"
#include "duck/wire_chunk.h"

namespace tarn::duck {
namespace {

namespace fs = std::filesystem;
using base::Code;
using base::Result;
using base::Status;

// As a writer of text would hear it.
class Told : public Visitor {
 public:
  std::string text_;
  void null() override { text_ += "null "; }
  void boolean(bool v) override { text_ += v ? "true " : "false "; }
  void integer(int64_t v) override { text_ += "i" + std::to_string(v) + " "; }
  void digits(std::string_view v) override { text_ += "d" + std::string(v) + " "; }
  void number(float v) override { text_ += "f" + std::to_string(v) + " "; }
  void number(double v) override { text_ += "n" + std::to_string(v) + " "; }
  void text(std::string_view v) override { text_ += "'" + std::string(v) + "' "; }
  void json(std::string_view v) override { text_ += "j" + std::string(v) + " "; }
  void begin_list() override { text_ += "[ "; }
  void end_list() override { text_ += "] "; }
  void begin_struct() override { text_ += "{ "; }
  void field(std::string_view v) override { text_ += std::string(v) + ": "; }
  void end_struct() override { text_ += "} "; }
};

class Remote : public testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::canonical(testing::TempDir()) / ("tarn-remote-" + std::to_string(getpid()));
    fs::create_directories(root_);
    options_.locked_to = {root_.string()};
    pool_ = worker::make_pool(2);
    here_database_ = *open(options_);
    here_ = *here_database_->connect();
  }
  void TearDown() override { fs::remove_all(root_); }

  std::unique_ptr<Connection> connect(const RemoteOptions& remote = {}) {
    return *connect_in(*pool_, options_, remote);
  }

  // Everything that a statement gives, in every way in which it can be asked for.
  static std::string all_of(Connection& connection, const std::string& sql) {
    auto rows = connection.query(sql);
    if (!rows.ok()) return rows.status().to_string() + " " + std::string(rows.status().hint());
    std::string out;
    for (const Column& column : (*rows)->columns()) out += column.name + " " + column.type + "\n";
    for (;;) {
      auto chunk = (*rows)->next();
      if (!chunk.ok()) return out + chunk.status().to_string();
      if (!*chunk) return out + std::to_string((*rows)->rows_changed());
      for (size_t row = 0; row < (*chunk)->rows(); ++row) {
        for (size_t column = 0; column < (*rows)->columns().size(); ++column) {
          Told told;
          (*chunk)->visit(column, row, told);
          const Cell cell = (*chunk)->cell(column, row);
          out += (*chunk)->sql_text(column, row) + " | " + told.text_ + "| " + std::to_string(cell.value.index());
          if (const auto* text = std::get_if<std::string>(&cell.value)) out += *text;
          out += "\n";
        }
      }
    }
  }
  static pid_t worker_of(
      Connection& connection) {  // the only child of this process that has the marker, and is busy with it
    (void)connection.execute("SELECT 1");
    pid_t found = 0;
    for (const auto& entry : fs::directory_iterator("/proc")) {
      std::ifstream file(entry.path() / "stat");
      std::string pid, name, state;
      pid_t parent = 0;
      if (file >> pid >> name >> state >> parent && parent == getpid() && state != "Z") found = atoi(pid.c_str());
    }
    return found;
  }

  fs::path root_;
  Options options_;
  std::unique_ptr<worker::Pool> pool_;
  std::unique_ptr<Database> here_database_;
  std::unique_ptr<Connection> here_;
};

TEST_F(Remote, GivesWhatAConnectionOfThisProcessGives) {
  auto there = connect();
  const std::string kValues = "CASE WHEN i % 3 = 1 THEN NULL ELSE {} END";
  std::vector<std::string> values{"i % 2 = 0",
                                  "i::TINYINT",
                                  "i::UTINYINT",
                                  "i::SMALLINT",
                                  "i::USMALLINT",
                                  "i::INTEGER",
                                  "i::UINTEGER",
                                  "i::BIGINT",
                                  "18446744073709551610::UBIGINT + i::UBIGINT",
                                  "170141183460469231731687303715884105000::HUGEINT + i",
                                  "340282366920938463463374607431768211000::UHUGEINT + i::UHUGEINT",
                                  "i::BIGNUM",
                                  "(-i * 1000000)::BIGNUM",
                                  "i / 7",
                                  "(i / 7)::FLOAT",
                                  "'nan'::DOUBLE",
                                  "'-inf'::FLOAT",
                                  "(i / 4)::DECIMAL(4,2)",
                                  "(i / 4)::DECIMAL(9,2)",
                                  "(i / 4)::DECIMAL(18,3)",
                                  "(i / 4)::DECIMAL(38,10)",
                                  "'a' || i",
                                  "repeat('long ä€😀 ', i::INT)",
                                  "''",
                                  "('{\"k\": ' || i || '}')::JSON",
                                  "encode('b\\x00' || i)",
                                  "'101'::BIT || (i % 2)::BIT",
                                  "DATE '2020-01-31' + i::INT",
                                  "'infinity'::DATE",
                                  "TIME '12:34:56.123456'",
                                  "TIMETZ '12:34:56+02'",
                                  "TIMESTAMP '1960-01-01 00:00:01.5' + INTERVAL (i) HOUR",
                                  "'-infinity'::TIMESTAMP",
                                  "TIMESTAMPTZ '2020-01-01 00:00:00+01'",
                                  "'2020-01-01 10:00:00'::TIMESTAMP_S",
                                  "'2020-01-01 10:00:00.5'::TIMESTAMP_MS",
                                  "'2020-01-01 10:00:00.123456789'::TIMESTAMP_NS",
                                  "INTERVAL (i) MONTH + INTERVAL 3 SECOND",
                                  "md5('x' || i)::UUID",
                                  "('e' || i % 3)::ENUM('e0', 'e1', 'e2')",
                                  "[i, NULL, i + 1]",
                                  "CASE WHEN i = 2 THEN [] ELSE ['t' || i, repeat('y', 20)] END",
                                  "[[i], [], NULL, [i, i]]",
                                  "[i, i + 1]::INT[2]",
                                  "CASE WHEN i = 2 THEN NULL ELSE ['x', NULL]::VARCHAR[2] END",
                                  "array_value(array_value(1, 2), array_value(i::INT, 4))",
                                  "{'a': i, 'b': 'text ' || i, 'c': NULL}",
                                  "CASE WHEN i = 3 THEN NULL ELSE {'s': {'t': [i::VARCHAR]}} END",
                                  "row(i, 'x')",
                                  "MAP {'k' || i: i, 'other': NULL}",
                                  "MAP {i: {'deep': [i]}}",
                                  "MAP {}",
                                  "union_value(num := i)",
                                  "CASE WHEN i % 2 = 0 THEN union_value(n := i)::UNION(n BIGINT, s VARCHAR) ELSE "
                                  "union_value(s := 'x')::UNION(n BIGINT, s VARCHAR) END",
                                  "NULL",
                                  "i::VARIANT",
                                  "[NULL]"};
  size_t answered = 0;
  for (const std::string& value : values) {
    for (const std::string& sql :
         {"SELECT " + value + " AS v FROM range(5) r(i)",
          "SELECT CASE WHEN i % 3 = 1 THEN NULL ELSE " + value + " END AS v, i FROM range(70) r(i)",
          "SELECT list(v) AS l, {'s': first(v)} AS s FROM (SELECT " + value + " AS v FROM range(9) r(i))"}) {
      const std::string here = all_of(*here_, sql);
      EXPECT_EQ(all_of(*there, sql), here) << sql;
      answered += here.find("Error") == std::string::npos;
    }
  }
  EXPECT_GT(answered, values.size() * 2) << "most of them are statements";
  for (const char* sql : {"SELECT",
                          "SELECT nothing",
                          "SELECT 1 WHERE false",
                          "CREATE TEMP TABLE t AS SELECT 1 AS a FROM range(3)",
                          "INSERT INTO t VALUES (4)",
                          "FROM t",
                          "SELECT 1; SELECT 2",
                          "",
                          "-- nothing",
                          "COPY t TO 'x'",
                          "SELECT a.b.c FROM t",
                          "SELECT 'a'::INT",
                          "SELECT error('mine')",
                          "FROM range(10000)",
                          "SELECT i, repeat('x', 3000) FROM range(9000) r(i)",
                          "SELECT [x for x in range(i)] FROM range(3000) r(i)",
                          "SUMMARIZE t",
                          "DESCRIBE t",
                          "SELECT if(i < 5000, i, error('late')) FROM range(10000) r(i)",
                          "SELECT \xff",
                          "SELECT $1"}) {
    EXPECT_EQ(all_of(*there, sql), all_of(*here_, sql)) << sql;
  }
  EXPECT_EQ(there->describe("SELECT 1 AS a, 'x'")->at(1).type, "VARCHAR");
  EXPECT_EQ(*there->table_names("FROM t, t AS b"), *here_->table_names("FROM t, t AS b"));
  EXPECT_EQ(
      (*(*there->query("SELECT $1 + 1, $2", {Cell(int64_t{41}), Cell(CellList{Cell("x")})}))->next())->integer(0, 0),
      42);
}

TEST_F(Remote, RowsThatAreLetGoOfStopAndTheNextStatementWorks) {
  auto connection = connect();
  {
    auto rows = *connection->query("SELECT i, repeat('x', 1000) FROM range(100000000) r(i)");
    for (int i = 0; i < 3; ++i) ASSERT_TRUE((*rows->next()) != nullptr);
  }
  EXPECT_TRUE(connection->execute("SELECT 1").ok());
  auto rows = *connection->query("SELECT i FROM range(100000000) r(i)");
  ASSERT_TRUE((*rows->next()) != nullptr);
  auto other = *connection->query("SELECT 7");
  EXPECT_FALSE(rows->next().ok()) << "the next statement has ended it";
  EXPECT_EQ((*other->next())->integer(0, 0), 7);
}

TEST_F(Remote, FunctionsRunHere) {
  auto connection = connect();
  const pid_t here = getpid();
  ASSERT_TRUE(connection
                  ->add(TableFunction{"pairs",
                                      {{"n", "BIGINT"}},
                                      {{"word", "VARCHAR"}},
                                      {{"i", "BIGINT"}, {"s", "VARCHAR"}, {"l", "VARCHAR[]"}},
                                      [&](const std::vector<Cell>& a) -> Result<std::vector<std::vector<Cell>>> {
                                        EXPECT_EQ(getpid(), here);
                                        const int64_t n = std::get<int64_t>(a[0].value);
                                        if (n < 0) return Status(Code::not_found, "no such pairs", "ask for more");
                                        if (n == 13) throw std::runtime_error("thrown");
                                        std::vector<std::vector<Cell>> rows;
                                        for (int64_t i = 0; i < n; ++i) {
                                          rows.push_back({i, a[1].is_null() ? Cell("none") : a[1],
                                                          CellList{Cell("a"), Cell(std::to_string(i))}});
                                        }
                                        return rows;
                                      }})
                  .ok());
  ASSERT_TRUE(connection
                  ->add(ScalarFunction{"twice",
                                       {"VARCHAR"},
                                       "VARCHAR",
                                       [](const std::vector<Cell>& a) -> Result<Cell> {
                                         const std::string text = std::get<std::string>(a[0].value);
                                         if (text == "bad") return Status(Code::unavailable, "not that", "another");
                                         return Cell(text + text);
                                       }})
                  .ok());
  EXPECT_EQ(all_of(*connection, "SELECT sum(i), min(s), list(l)[2][2] FROM pairs(3, word := 'w')"),
            "sum(i) HUGEINT\nmin(s) VARCHAR\nlist(l)[2][2] VARCHAR\n3 | d3 | 43\nw | 'w' | 4w\n1 | '1' | 41\n0");
  const Status failed = connection->execute("FROM pairs(-1)");
  EXPECT_EQ(failed.code(), Code::not_found);
  EXPECT_EQ(failed.hint(), "ask for more");
  EXPECT_THAT(std::string(failed.message()), testing::HasSubstr("pairs(): no such pairs"));
  EXPECT_EQ(connection->execute("FROM pairs(13)").code(), Code::internal) << "and nothing was thrown through anything";
  EXPECT_EQ(connection->execute("SELECT twice('bad')").code(), Code::unavailable);
  // From many of DuckDB's threads at once.
  EXPECT_EQ(all_of(*connection, "SELECT count(DISTINCT twice(i::VARCHAR)) AS n FROM range(5000) r(i)"),
            "n BIGINT\n5000 | i5000 | 2\n0");
}

TEST_F(Remote, AStatementCanBeInterrupted) {
  auto connection = connect();
  ASSERT_TRUE(connection->execute("CREATE TEMP TABLE mine AS SELECT 1 AS a").ok());
  std::thread stopper([&] {
    for (int i = 0; i < 20; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      connection->interrupt();
    }
  });
  const Status status = connection->execute("SELECT count(*) FROM range(100000000000) a, range(1000000) b");
  stopper.join();
  EXPECT_EQ(status.code(), Code::cancelled) << status.to_string();
  EXPECT_TRUE(connection->execute("FROM mine").ok()) << "the session goes on";
}

TEST_F(Remote, OneThatStopsForNothingIsEndedWithItsWorker) {
  auto connection = connect();
  const pid_t worker = worker_of(*connection);
  std::thread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    kill(worker, SIGSTOP);
    connection->interrupt();
  });
  const Status status = connection->execute("SELECT count(*) FROM range(100000000000) a, range(1000000) b");
  stopper.join();
  EXPECT_EQ(status.code(), Code::cancelled) << status.to_string();
  EXPECT_TRUE(connection->execute("SELECT 1").ok());
}

TEST_F(Remote, AWorkerThatDiesCostsOneStatement) {
  auto connection = connect();
  ASSERT_TRUE(connection->make_view("main", "docs", "SELECT 42 AS a").ok());
  ASSERT_TRUE(connection
                  ->add(ScalarFunction{"die",
                                       {"BIGINT"},
                                       "BIGINT",
                                       [&](const std::vector<Cell>& a) -> Result<Cell> {
                                         kill(static_cast<pid_t>(std::get<int64_t>(a[0].value)), SIGSEGV);
                                         return a[0];
                                       }})
                  .ok());
  for (int round = 0; round < 3; ++round) {
    const pid_t worker = worker_of(*connection);
    const Status status = connection->execute("SELECT die(" + std::to_string(worker) + ")");
    EXPECT_EQ(status.code(), Code::internal) << status.to_string();
    EXPECT_THAT(std::string(status.message()), testing::HasSubstr("the worker died"));
    EXPECT_THAT(std::string(status.hint()), testing::HasSubstr("only this statement is lost"));
    EXPECT_EQ(all_of(*connection, "FROM docs"), "a INTEGER\n42 | i42 | 2\n0") << "its views are there again";
    EXPECT_NE(worker_of(*connection), worker);
  }
  ASSERT_TRUE(connection->execute("CREATE TEMP TABLE mine AS SELECT 1 AS a").ok());
  // In the middle of its rows.
  auto rows = *connection->query("SELECT i, repeat('x', 1000) FROM range(100000000) r(i)");
  ASSERT_TRUE((*rows->next()) != nullptr);
  kill(worker_of(*here_), SIGKILL);
  Status status;
  while (status.ok()) status = rows->next().status();
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("signal 9"));
  EXPECT_THAT(std::string(status.hint()), testing::HasSubstr("without the tables"));
  EXPECT_FALSE(connection->execute("FROM mine").ok());
  EXPECT_TRUE(connection->execute("FROM docs").ok());
}

TEST_F(Remote, TimeIsLimitedByStatement) {
  RemoteOptions limited;
  limited.statement_timeout_ms = 700;
  auto connection = connect(limited);
  ASSERT_TRUE(connection->execute("SELECT 1").ok());
  const Status status = connection->execute("SELECT count(*) FROM range(100000000000) a, range(1000000) b");
  EXPECT_EQ(status.code(), Code::exhausted) << status.to_string();
  EXPECT_EQ(status.message(), "over the limit statement_timeout_ms (700)");
  EXPECT_TRUE(connection->execute("SELECT 1").ok());
  // A reader may take longer than that.
  auto rows = *connection->query("SELECT i, repeat('x', 1000) FROM range(20000) r(i)");
  size_t count = 0;
  for (;;) {
    const auto chunk = rows->next();
    ASSERT_TRUE(chunk.ok()) << chunk.status().to_string();
    if (!*chunk) break;
    count += (*chunk)->rows();
    std::this_thread::sleep_for(std::chrono::milliseconds(120));
  }
  EXPECT_EQ(count, 20000u);
}

TEST_F(Remote, MemoryIsLimitedTwice) {
  options_.memory_limit_bytes = uint64_t{64} << 20;
  auto connection = connect();
  // By DuckDB, in good order …
  const Status status =
      connection->execute("SELECT list(i), list(i::VARCHAR || 'xxxxxxxxxxxxxxxx') FROM range(20000000) r(i)");
  EXPECT_EQ(status.code(), Code::exhausted) << status.to_string();
  EXPECT_TRUE(connection->execute("SELECT 1").ok());
  // … and where DuckDB does not count, by the worker's own.
  if (base::kSanitized) return;
  RemoteOptions tight;
  tight.more_memory_bytes = uint64_t{16} << 20;
  options_.memory_limit_bytes = uint64_t{48} << 20;
  auto other = connect(tight);
  ASSERT_TRUE(other->execute("SELECT 1").ok()) << other->execute("SELECT 1").to_string();
  const Status over = other->execute("SELECT length(repeat('x', 200000000))");
  EXPECT_EQ(over.code(), Code::exhausted) << over.to_string();
  EXPECT_TRUE(other->execute("SELECT 1").ok());
}

TEST_F(Remote, NeedsItsDirectories) {
  options_.locked_to = {(root_ / "nowhere").string()};
  auto connection = connect();
  EXPECT_EQ(connection->execute("SELECT 1").code(), Code::not_found);
}

// ---- what is read is held against its type
// ------------------------------------------------------------------------------------

std::pair<std::string, std::vector<Shape>> written(const std::string& sql) {
  auto connection = *(*open({}))->connect();
  auto rows = *connection->query(sql);
  const auto& chunk = dynamic_cast<const VectorChunk&>(**rows->next());
  std::string bytes;
  EXPECT_TRUE(wire::write_chunk(chunk.nodes(), chunk.rows(), [&](std::string piece) {
                bytes = std::move(piece);
                return base::ok();
              }).ok());
  std::vector<Shape> shapes;
  for (const Node& node : chunk.nodes()) {
    wire::Writer out;
    wire::write_type(out, *node.shape);
    wire::Reader in(out.bytes());
    shapes.push_back(read_shape(wire::read_type(in).get()));
    EXPECT_TRUE(in.at_end());
  }
  return {bytes, std::move(shapes)};
}

// Every cut, every bit. True: whole it was read; damaged it gave other values or a refusal, and under a sanitizer
// nothing else.
bool look_at_all_damage(const std::string& bytes, const std::vector<Shape>& shapes) {
  const auto look = [&](std::string damaged) {
    wire::ReadChunk chunk;
    if (!chunk.read(std::move(damaged), shapes).ok()) return false;
    for (size_t row = 0; row < chunk.view().rows(); ++row) {
      for (size_t column = 0; column < shapes.size(); ++column) {
        Told told;
        chunk.view().visit(column, row, told);
        (void)chunk.view().sql_text(column, row);
        (void)chunk.view().cell(column, row);
      }
    }
    return true;
  };
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (look(bytes.substr(0, i))) return false;
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = bytes;
      flipped[i] = static_cast<char>(flipped[i] ^ (1 << bit));
      (void)look(flipped);
    }
  }
  std::string most = bytes;
  most[7] = static_cast<char>(0xFF);  // of the number of rows
  return look(bytes) && !look(bytes + "x") && !look(most);
}

TEST(WireChunk, AnyDamageIsFoundOrHarmless) {
  const auto [bytes, shapes] = written(
      "SELECT i % 2 = 0 AS b, i, 'text that is longer than twelve ' || i AS s, ['x', i::VARCHAR] AS l, {'k': i, 'v': "
      "[i]} AS t, "
      "('e' || i % 2)::ENUM('e0', 'e1') AS e, [i, i]::INT[2] AS a, MAP {i: 'v'} AS m, union_value(u := i) AS u, "
      "'101'::BIT AS bits, "
      "i::DECIMAL(9, 2) AS d, i::HUGEINT AS h, NULL AS n FROM range(3) r(i)");
  EXPECT_TRUE(look_at_all_damage(bytes, shapes));
  const auto [times, time_shapes] = written(
      "SELECT DATE '2020-01-02' AS d, TIME '01:02:03' AS t, TIMETZ '01:02:03+04' AS tz, TIMESTAMP '2020-01-02 "
      "03:04:05' AS s, "
      "TIMESTAMPTZ '2020-01-02 03:04:05+01' AS sz, INTERVAL 3 DAY AS i, md5('x')::UUID AS u, "
      "123456789012345678901234567890::BIGNUM AS b, "
      "'2020-01-01'::TIMESTAMP_NS AS ns, '2020-01-01'::TIMESTAMP_S AS ss, '2020-01-01'::TIMESTAMP_MS AS ms, 1.5::FLOAT "
      "AS f, 2.5::DOUBLE AS g, "
      "7::UHUGEINT AS h, 1::DECIMAL(4, 1) AS d4, 1::DECIMAL(18, 1) AS d18, 1::DECIMAL(38, 1) AS d38 FROM range(1)");
  EXPECT_TRUE(look_at_all_damage(times, time_shapes));
}

TEST(WireChunk, RefusesTextThatIsNotUtf8AndIndexesBeyondTheirType) {
  const auto [text, text_shapes] = written("SELECT 'ab' AS s FROM range(2)");
  wire::ReadChunk chunk;
  std::string damaged = text;
  damaged[damaged.size() - 1] = static_cast<char>(0xFF);
  EXPECT_EQ(chunk.read(damaged, text_shapes).code(), Code::corruption);
  damaged = text;  // good as a whole, cut within a character
  damaged.replace(damaged.size() - 3, 2, "\xc3\xa4");
  EXPECT_EQ(chunk.read(damaged, text_shapes).code(), Code::corruption);
  const auto [choice, choice_shapes] = written("SELECT 'a'::ENUM('a', 'b') AS e");
  damaged = choice;
  damaged.back() = 2;
  EXPECT_EQ(chunk.read(damaged, choice_shapes).code(), Code::corruption);
}

TEST(WireChunk, LargeChunksAreCut) {
  auto connection = *(*open({}))->connect();
  auto rows = *connection->query("SELECT repeat('x', 20000) AS s, i FROM range(2048) r(i)");
  const auto& chunk = dynamic_cast<const VectorChunk&>(**rows->next());
  size_t pieces = 0, largest = 0;
  ASSERT_TRUE(wire::write_chunk(chunk.nodes(), chunk.rows(), [&](std::string piece) {
                ++pieces;
                largest = std::max(largest, piece.size());
                return base::ok();
              }).ok());
  EXPECT_GT(pieces, 8u);
  EXPECT_LE(largest, wire::kChunkBytes);
}

}  // namespace
}  // namespace tarn::duck
