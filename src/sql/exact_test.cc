#include "sql/exact.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace tarn::sql {
namespace {

using base::Code;
using testing::HasSubstr;

class GuessedTypes : public testing::Test {
 protected:
  void SetUp() override {
    root_ = std::filesystem::canonical(testing::TempDir()) / ("tarn-guessed-" + std::to_string(getpid()));
    std::filesystem::create_directories(root_);
    connection_ = *(*duck::open({}))->connect();
  }
  void TearDown() override { std::filesystem::remove_all(root_); }

  // 25,000 rows with whole numbers and days, and further lines behind them.
  std::string csv(const std::string& name, const std::string& late, const std::string& head = "id,code,day,at\n") {
    std::ofstream out(root_ / name);
    out << head;
    for (int i = 0; i < 25'000; ++i) out << i << ',' << i << ",2024-01-01,2024-01-01 00:00:00\n";
    out << late;
    return duck::quote_literal((root_ / name).string());
  }
  base::Status check(const std::string& statement) { return check_guessed_types(*connection_, statement); }

  std::filesystem::path root_;
  std::unique_ptr<duck::Connection> connection_;
};

TEST_F(GuessedTypes, ValuesBehindTheSampleAreNamed) {
  for (const auto& [line, what] : std::vector<std::pair<std::string, std::string>>{
           {"25000,1.5,2024-01-02,2024-01-01 00:00:00", "column 'code' has '1.5'"},
           {"25000,007,2024-01-02,2024-01-01 00:00:00", "column 'code' has '007'"},
           {"25000,15e-1,2024-01-02,2024-01-01 00:00:00", "column 'code' has '15e-1'"},
           {"25000,1,2024-01-02 12:34:56,2024-01-01 00:00:00", "column 'day' has '2024-01-02 12:34:56'"},
           {"25000,1,2024-01-02,2024-01-01 00:00:00.123456789", "column 'at' has"}}) {
    const std::string file = csv("late.csv", "25000,1,2024-01-02,2024-01-01 00:00:00\n" + line + "\n");
    for (const std::string& statement :
         {"CREATE TABLE l AS FROM " + file,
          "SELECT count(*), max(code), max(\"DAY\"), max(b.at) FROM a JOIN read_csv(" + file +
              ", header = true) AS b ON true",
          "INSERT INTO t SELECT * FROM read_csv_auto(" + file + ")", "COPY (FROM " + file + ") TO 'x.parquet'"}) {
      const base::Status refused = check(statement);
      EXPECT_EQ(refused.code(), Code::invalid_argument) << statement;
      EXPECT_THAT(refused.message(), HasSubstr(what));
      EXPECT_THAT(refused.message(), HasSubstr("late.csv' line 25003"));
      EXPECT_THAT(refused.hint(), HasSubstr("sample_size = -1"));
    }
    EXPECT_TRUE(check("FROM read_csv(" + file + ", sample_size = -1)").ok());
    EXPECT_TRUE(check("FROM read_csv(" + file + ", all_varchar = true)").ok());
    EXPECT_TRUE(check("SELECT 'read_csv is a word' || " + file).ok());
    EXPECT_TRUE(check("COPY t FROM " + file).ok());
  }
  // Line breaks within values count as lines.
  std::ofstream out(root_ / "broken.csv");
  out << "id,text\n1,\"a\nb\nc\"\n";
  for (int i = 0; i < 25'000; ++i) out << i << ",x\n";
  out << "2.5,y\n";
  out.close();
  EXPECT_THAT(check("FROM " + duck::quote_literal((root_ / "broken.csv").string())).message(), HasSubstr("line 25005"));
}

TEST_F(GuessedTypes, WhatFitsIsTaken) {
  for (const char* line :
       {"25000,1.0,2024-01-02 00:00:00,2024-01-01 00:00:00.123456", "25000,-7,2024-01-02,2024-01-01T00:00:00",
        "25000,,,", "25000,0,2024-01-02,2024-01-01 00:00:00.1234560000"}) {
    const base::Status taken = check("FROM " + csv("good.csv", std::string(line) + "\n"));
    EXPECT_TRUE(taken.ok()) << line << ": " << taken.to_string();
  }
  // Zeros in front that DuckDB saw and took for numbers; a head that is none of them; files that are not there.
  std::ofstream zeros(root_ / "zeros.csv");
  for (int i = 0; i < 25'000; ++i) zeros << "00" << i << ",x\n";
  zeros.close();
  EXPECT_TRUE(check("FROM " + duck::quote_literal((root_ / "zeros.csv").string())).ok());
  EXPECT_TRUE(check("FROM 'nowhere.csv'").ok());
  EXPECT_TRUE(check("FROM read_csv($1)").ok());
}

TEST_F(GuessedTypes, ColumnsThatAreNotReadAreNotLookedAt) {
  const std::string file = csv("some.csv", "25000,1.5,2024-01-02,2024-01-01 00:00:00\n");
  for (const std::string& statement :
       {"SELECT count(*), max(day) FROM " + file, "SELECT r.id FROM read_csv(" + file + ") AS r WHERE r.at > r.day",
        "CREATE TABLE c AS SELECT id FROM " + file + " ORDER BY ALL",
        "SELECT id FROM " + file + " WHERE day IN (SELECT d FROM days)"}) {
    EXPECT_TRUE(check(statement).ok()) << statement;
  }
  for (const std::string& statement : {
           "SELECT max(CODE) FROM " + file,
           "SELECT count(*) FROM (SELECT * FROM " + file + ")",
           "SELECT r.* FROM " + file + " r",
           "SELECT r FROM " + file + " AS r",
           "SELECT some FROM " + file,
           "SELECT read_csv FROM read_csv(" + file + ")",
           "SELECT max(c) FROM " + file + " AS r(a, c)",
           "SELECT #2 FROM " + file,
           "SELECT id FROM t UNION ALL FROM " + file,
           "SELECT id FROM (FROM " + file + ")",
           "SELECT COLUMNS('c.*') FROM " + file,
           "SELECT id FROM t NATURAL JOIN " + file,
           "SUMMARIZE SELECT id FROM " + file,
           "SUMMARIZE " + file,
           "SELECT max(code) FROM r : " + file,
           "SELECT r FROM r : " + file,
           "MERGE INTO t USING " + file + " AS r ON t.id = r.id WHEN MATCHED THEN UPDATE",
           "DELETE FROM t USING " + file + " AS r WHERE t.code = r.code",
           "PIVOT " + file + " ON id USING max(code)",
       }) {
    EXPECT_EQ(check(statement).code(), Code::invalid_argument) << statement;
  }
}

TEST_F(GuessedTypes, JsonToo) {
  const auto json = [&](const std::string& late) {
    std::ofstream out(root_ / "late.jsonl");
    for (int i = 0; i < 25'000; ++i) out << "{\"id\":" << i << ",\"day\":\"2024-01-01\"}\n";
    out << late << "\n";
    return duck::quote_literal((root_ / "late.jsonl").string());
  };
  for (const char* late : {R"({"id":1.5,"day":"2024-01-01"})", R"({"id":1,"day":"2024-01-01 10:00:00"})"}) {
    const base::Status refused = check("CREATE TABLE j AS FROM " + json(late));
    EXPECT_EQ(refused.code(), Code::invalid_argument) << late;
    EXPECT_THAT(refused.message(), HasSubstr("row 25001"));
  }
  EXPECT_TRUE(check("FROM read_json(" + json(R"({"id":-3,"day":"2024-01-01"})") + ")").ok());
}

}  // namespace
}  // namespace tarn::sql
