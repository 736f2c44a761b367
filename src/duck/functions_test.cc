#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "duck/connection.h"

namespace tarn::duck {
namespace {

using base::Code;
using base::Status;
using testing::HasSubstr;

class Functions : public testing::Test {
 protected:
  void SetUp() override {
    database_ = *open({});
    connection_ = *database_->connect();
  }
  std::vector<std::vector<Cell>> all(const std::string& sql, const std::vector<Cell>& parameters = {}) {
    auto rows = connection_->query(sql, parameters);
    EXPECT_TRUE(rows.ok()) << sql << ": " << rows.status().to_string();
    std::vector<std::vector<Cell>> out;
    while (rows.ok()) {
      auto chunk = (*rows)->next();
      EXPECT_TRUE(chunk.ok()) << sql << ": " << chunk.status().to_string();
      if (!chunk.ok() || !*chunk) break;
      for (size_t r = 0; r < (*chunk)->rows(); ++r) {
        out.emplace_back();
        for (size_t c = 0; c < (*rows)->columns().size(); ++c) out.back().push_back((*chunk)->cell(c, r));
      }
    }
    return out;
  }
  std::unique_ptr<Database> database_;
  std::unique_ptr<Connection> connection_;
};

// search-like: search(words, k := 3) gives k rows.
TableFunction hits(std::vector<std::vector<Cell>>* calls = nullptr) {
  TableFunction f;
  f.name = "hits";
  f.positional = {{"words", "VARCHAR"}};
  f.named = {{"k", "BIGINT"}, {"tables", "VARCHAR[]"}, {"exact", "BOOLEAN"}, {"bound", "DOUBLE"}};
  f.columns = {{"id", "VARCHAR"},    {"rank", "BIGINT"},       {"score", "DOUBLE"},
               {"exact", "BOOLEAN"}, {"heading", "VARCHAR[]"}, {"vector", "FLOAT[]"}};
  f.run = [calls](const std::vector<Cell>& arguments) -> base::Result<std::vector<std::vector<Cell>>> {
    if (calls) calls->push_back(arguments);
    const int64_t k = arguments[1].is_null() ? 3 : std::get<int64_t>(arguments[1].value);
    if (k < 0) return Status(Code::not_found, "k is " + std::to_string(k) + "; 'quotes' and \"these\"", "ask for more");
    std::vector<std::vector<Cell>> rows;
    for (int64_t i = 0; i < k; ++i) {
      rows.push_back({std::get<std::string>(arguments[0].value) + std::to_string(i), i,
                      1.0 / static_cast<double>(i + 1), i % 2 == 0, CellList{std::string("A"), Cell()},
                      CellList{0.5, int64_t{1}}});
      if (i == 1) rows.back()[2] = Cell();
    }
    return rows;
  };
  return f;
}

TEST_F(Functions, TableFunctionGivesItsRows) {
  std::vector<std::vector<Cell>> calls;
  ASSERT_TRUE(connection_->add(hits(&calls)).ok());
  const auto rows = all("SELECT * FROM hits('w')");
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0], (std::vector<Cell>{std::string("w0"), int64_t{0}, 1.0, true, CellList{std::string("A"), Cell()},
                                        CellList{0.5, 1.0}}));
  EXPECT_TRUE(rows[1][2].is_null());
  ASSERT_EQ(calls.size(), 1u);
  EXPECT_EQ(calls[0], (std::vector<Cell>{std::string("w"), Cell(), Cell(), Cell(), Cell()}));
  all("SELECT * FROM hits('w', k := 2, tables := ['a', 'b'], exact := true, bound := 0.5)");
  EXPECT_EQ(calls.back(),
            (std::vector<Cell>{std::string("w"), int64_t{2}, CellList{std::string("a"), std::string("b")}, true, 0.5}));
  all("SELECT * FROM hits($1, k := 1)", {std::string("'; DROP")});
  EXPECT_EQ(calls.back()[0], Cell(std::string("'; DROP")));
  EXPECT_EQ(all("SELECT * FROM hits(NULL::VARCHAR, k := 0)").size(), 0u);
}

TEST_F(Functions, TableFunctionProjectsCountsAndJoins) {
  ASSERT_TRUE(connection_->add(hits()).ok());
  EXPECT_EQ(all("SELECT score, id FROM hits('w', k := 1)"), (std::vector<std::vector<Cell>>{{1.0, std::string("w0")}}));
  EXPECT_EQ(all("SELECT count(*) FROM hits('w', k := 10000)"), (std::vector<std::vector<Cell>>{{int64_t{10000}}}));
  EXPECT_EQ(all("SELECT sum(rank)::BIGINT, count(DISTINCT id), sum(len(heading))::BIGINT FROM hits('w', k := 10000)"),
            (std::vector<std::vector<Cell>>{{int64_t{49995000}, int64_t{10000}, int64_t{20000}}}));
  ASSERT_TRUE(
      connection_->execute("CREATE TABLE docs AS SELECT 'w' || range AS id, range * 10 AS size FROM range(100)").ok());
  EXPECT_EQ(
      all("SELECT d.size, h.rank FROM hits('w') h JOIN docs d USING (id) ORDER BY h.rank"),
      (std::vector<std::vector<Cell>>{{int64_t{0}, int64_t{0}}, {int64_t{10}, int64_t{1}}, {int64_t{20}, int64_t{2}}}));
  // Both sides, and the names that it reads (the function must be known for that).
  EXPECT_EQ(all("SELECT count(*) FROM hits('w') a, hits('w', k := 4) b"),
            (std::vector<std::vector<Cell>>{{int64_t{12}}}));
  EXPECT_EQ(*connection_->table_names("SELECT * FROM hits('w') h JOIN docs d ON h.id = d.id"),
            std::vector<std::string>{"docs"});
}

TEST_F(Functions, FailureOfATableFunctionIsTheQuerys) {
  ASSERT_TRUE(connection_->add(hits()).ok());
  const Status status = connection_->execute("SELECT * FROM hits('w', k := -1)");
  EXPECT_EQ(status.code(), Code::not_found);
  EXPECT_EQ(status.message(), "hits(): k is -1; 'quotes' and \"these\"");
  EXPECT_EQ(status.hint(), "ask for more");
  // From another connection of the database too.
  auto other = *database_->connect();
  EXPECT_EQ(other->execute("SELECT * FROM hits('w', k := -2)").code(), Code::not_found);
  EXPECT_EQ(all("SELECT 1").size(), 1u) << "the connection lives on";
}

TEST_F(Functions, NothingIsThrownThroughDuckDB) {
  TableFunction thrower;
  thrower.name = "thrower";
  thrower.columns = {{"x", "BIGINT"}};
  thrower.run = [](const std::vector<Cell>&) -> base::Result<std::vector<std::vector<Cell>>> {
    throw std::runtime_error("bang");
  };
  ASSERT_TRUE(connection_->add(thrower).ok());
  Status status = connection_->execute("FROM thrower()");
  EXPECT_EQ(status.code(), Code::internal);
  EXPECT_THAT(status.message(), HasSubstr("bang"));
  ScalarFunction scalar{
      "scalar_thrower", {"BIGINT"}, "BIGINT", [](const std::vector<Cell>&) -> base::Result<Cell> { throw 7; }};
  ASSERT_TRUE(connection_->add(scalar).ok());
  EXPECT_EQ(connection_->execute("SELECT scalar_thrower(range) FROM range(10)").code(), Code::internal);
}

TEST_F(Functions, WrongRowsAreErrors) {
  int kind = 0;
  TableFunction f;
  f.name = "wrong";
  f.columns = {{"x", "BIGINT"}, {"s", "VARCHAR"}};
  f.run = [&](const std::vector<Cell>&) -> base::Result<std::vector<std::vector<Cell>>> {
    switch (kind) {
      case 0:
        return std::vector<std::vector<Cell>>{{int64_t{1}}};
      case 1:
        return std::vector<std::vector<Cell>>{{std::string("x"), std::string("s")}};
      default:
        return std::vector<std::vector<Cell>>{{int64_t{1}, std::string("\xff")}};
    }
  };
  ASSERT_TRUE(connection_->add(f).ok());
  for (kind = 0; kind < 3; ++kind) EXPECT_FALSE(connection_->execute("FROM wrong()").ok()) << kind;
  EXPECT_EQ(connection_->add(TableFunction{"bad", {{"a", "NO_TYPE"}}, {}, {}, {}}).code(), Code::invalid_argument);
}

TEST_F(Functions, ScalarFunctionsAgreeWithDuckDBs) {
  ASSERT_TRUE(connection_
                  ->add(ScalarFunction{"twice",
                                       {"BIGINT"},
                                       "BIGINT",
                                       [](const std::vector<Cell>& a) -> base::Result<Cell> {
                                         return Cell(std::get<int64_t>(a[0].value) * 2);
                                       }})
                  .ok());
  ASSERT_TRUE(connection_
                  ->add(ScalarFunction{"join_text",
                                       {"VARCHAR[]", "VARCHAR"},
                                       "VARCHAR",
                                       [](const std::vector<Cell>& a) -> base::Result<Cell> {
                                         std::string out;
                                         for (const Cell& item : std::get<CellList>(a[0].value)) {
                                           if (item.is_null()) continue;
                                           if (!out.empty()) out += std::get<std::string>(a[1].value);
                                           out += std::get<std::string>(item.value);
                                         }
                                         return Cell(out);
                                       }})
                  .ok());
  EXPECT_EQ(all("SELECT count(*) FROM (SELECT CASE WHEN range % 7 = 0 THEN NULL ELSE range END i FROM range(10000)) "
                "WHERE twice(i) IS DISTINCT FROM i * 2"),
            (std::vector<std::vector<Cell>>{{int64_t{0}}}));
  EXPECT_EQ(all("SELECT count(*) FROM (SELECT ['a', NULL, range::VARCHAR] l FROM range(5000)) WHERE join_text(l, '-') "
                "<> array_to_string(l, '-')"),
            (std::vector<std::vector<Cell>>{{int64_t{0}}}));
  EXPECT_EQ(all("SELECT twice(NULL), twice(21)"), (std::vector<std::vector<Cell>>{{Cell(), int64_t{42}}}));
}

TEST_F(Functions, ScalarFunctionGivesVectors) {
  ASSERT_TRUE(connection_
                  ->add(ScalarFunction{"embed",
                                       {"VARCHAR"},
                                       "FLOAT[3]",
                                       [](const std::vector<Cell>& a) -> base::Result<Cell> {
                                         const auto size =
                                             static_cast<double>(std::get<std::string>(a[0].value).size());
                                         if (size > 20) return Status(Code::unavailable, "no model", "install one");
                                         return Cell(CellList{size, 0.5, -1.0});
                                       }})
                  .ok());
  EXPECT_EQ(all("SELECT embed('abc')"), (std::vector<std::vector<Cell>>{{Cell(CellList{3.0, 0.5, -1.0})}}));
  EXPECT_EQ(all("SELECT count(*) FROM range(3000) WHERE embed(range::VARCHAR)[1] = len(range::VARCHAR)"),
            (std::vector<std::vector<Cell>>{{int64_t{3000}}}));
  EXPECT_EQ(connection_->execute("SELECT embed(repeat('a', 21))").code(), Code::unavailable);
  EXPECT_EQ(connection_->execute("SELECT embed(repeat('a', 15 + range::INT)) FROM range(10)").hint(), "install one");
}

}  // namespace
}  // namespace tarn::duck
