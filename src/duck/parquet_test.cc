#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "duck/connection.h"

namespace tarn::duck {
namespace {

using base::Code;
using testing::HasSubstr;

class Parquet : public testing::Test {
 protected:
  void SetUp() override {
    directory_ = testing::TempDir() + "tarn-parquet-" + std::to_string(getpid());
    std::filesystem::create_directories(directory_);
    database_ = *open({});
    connection_ = *database_->connect();
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }
  std::string path(const std::string& name) const { return directory_ + "/" + name; }
  static const ColumnStats* find(const ParquetFile& file, const std::string& column) {
    for (const ColumnStats& stats : file.columns) {
      if (stats.column == column) return &stats;
    }
    return nullptr;
  }
  int64_t count(const std::string& sql) {
    auto rows = connection_->query(sql);
    EXPECT_TRUE(rows.ok()) << rows.status().to_string();
    return rows.ok() ? (*(*rows)->next())->integer(0, 0) : -1;
  }

  std::string directory_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<Connection> connection_;
};

TEST_F(Parquet, TellsWhatItWrote) {
  auto file = connection_->write_parquet(
      "SELECT range i, CASE WHEN range % 4 = 0 THEN NULL ELSE 'v' || range END s, {'x': range, 'y.z': 'q'} st, [range, "
      "-1] l,"
      " MAP {'k': range} m, CASE WHEN range = 3 THEN 'nan'::DOUBLE ELSE range END d, TIMESTAMPTZ '2020-01-01 "
      "00:00:00.000001' tz,"
      " NULL::VARCHAR n, 1 AS \"odd.name\", range::DECIMAL(9,2) AS \"dec\", range % 2 = 0 b FROM range(1000) -- a "
      "comment",
      path("a.parquet"));
  ASSERT_TRUE(file.ok()) << file.status().to_string();
  EXPECT_EQ(file->row_count, 1000);
  EXPECT_EQ(file->size_bytes, std::filesystem::file_size(path("a.parquet")));
  const auto* i = find(*file, "\"i\"");
  ASSERT_NE(i, nullptr);
  EXPECT_EQ(i->path, std::vector<std::string>{"i"});
  EXPECT_EQ(i->min, "0");
  EXPECT_EQ(i->max, "999");
  EXPECT_EQ(i->null_count, 0);
  EXPECT_EQ(i->has_nan, std::nullopt);
  const auto* s = find(*file, "\"s\"");
  ASSERT_NE(s, nullptr);
  EXPECT_EQ(s->null_count, 250);
  EXPECT_EQ(s->min, "v1");
  const auto* nested = find(*file, "\"st\".\"y.z\"");
  ASSERT_NE(nested, nullptr);
  EXPECT_EQ(nested->path, (std::vector<std::string>{"st", "y.z"}));
  EXPECT_NE(find(*file, "\"l\".\"element\""), nullptr);
  EXPECT_NE(find(*file, "\"m\".\"key\""), nullptr);
  EXPECT_NE(find(*file, "\"m\".\"value\""), nullptr);
  EXPECT_EQ(find(*file, "\"odd.name\"")->path, std::vector<std::string>{"odd.name"});
  const auto* d = find(*file, "\"d\"");
  EXPECT_EQ(d->has_nan, true);
  EXPECT_EQ(d->max, "999.0") << "the NaN is left out, so a reader must know of it";
  EXPECT_EQ(find(*file, "\"tz\"")->min, "2020-01-01 00:00:00.000001+00");
  EXPECT_EQ(find(*file, "\"n\"")->null_count, 1000);
  EXPECT_EQ(find(*file, "\"n\"")->min, std::nullopt);
  EXPECT_EQ(find(*file, "\"dec\"")->max, "999.00");
  EXPECT_EQ(count("SELECT count(*) FROM read_parquet(" + quote_literal(path("a.parquet")) + ") WHERE s IS NOT NULL"),
            750);
  EXPECT_EQ(count("SELECT count(*) FROM parquet_metadata(" + quote_literal(path("a.parquet")) +
                  ") WHERE compression = 'ZSTD'"),
            13);
}

TEST_F(Parquet, BothZerosKeepTheirSigns) {
  const std::string zero = "CASE WHEN i % 3 = 0 THEN -0.0::DOUBLE WHEN i % 3 = 1 THEN 0.0::DOUBLE END";
  const auto signs = [&](const std::string& expression, const std::string& from) {
    return count("SELECT sum(CASE WHEN signbit(z) THEN 1 ELSE 1000 END)::BIGINT FROM (SELECT unnest([" + expression +
                 "]) AS z FROM " + from + ") WHERE z IS NOT NULL");
  };
  int n = 0;
  for (const auto& [value, read] : std::vector<std::pair<std::string, std::string>>{
           {zero, "z"},
           {"(" + zero + ")::FLOAT", "z"},
           {"{'a': 'x', 'b': " + zero + "}", "z.b"},
           {"[" + zero + ", 1.5]", "z[1]"},
           {"[[NULL], [" + zero + "]]", "z[2][1]"},
           {"CASE WHEN i % 7 <> 0 THEN [{'k': " + zero + "}] END", "z[1].k"},
           {"MAP {'k': " + zero + "}", "z['k']"},
           {"[1.5, 2.5, " + zero + "]::DOUBLE[3]", "z[3]"}}) {
    const std::string select = "SELECT i, 's' || i % 5 AS s, " + value + " AS z FROM range(5000) r(i)";
    const std::string to = path("z" + std::to_string(n++) + ".parquet");
    const auto file = connection_->write_parquet(select, to);
    ASSERT_TRUE(file.ok()) << file.status().to_string();
    EXPECT_EQ(signs(read, "read_parquet(" + quote_literal(to) + ")"), signs(read, "(" + select + ")")) << value;
    EXPECT_EQ(count("SELECT count(*) FROM parquet_metadata(" + quote_literal(to) +
                    ") WHERE dictionary_page_offset IS NOT NULL"),
              0);
  }
  // Others have their dictionaries: one zero, or none, or no floats.
  for (const char* value : {"-0.0::DOUBLE", "0.0::DOUBLE", "'x'", "{'a': [-0.0::FLOAT, 1]}", "[0.0::DOUBLE, i % 2]"}) {
    const std::string to = path("o" + std::to_string(n++) + ".parquet");
    const auto file = connection_->write_parquet(
        std::string("SELECT 's' || i % 5 AS s, ") + value + " AS z FROM range(5000) r(i)", to);
    ASSERT_TRUE(file.ok()) << file.status().to_string();
    EXPECT_GT(count("SELECT count(*) FROM parquet_metadata(" + quote_literal(to) +
                    ") WHERE dictionary_page_offset IS NOT NULL"),
              0)
        << value;
  }
  // The order of the rows, and rows that come once only.
  const std::string ordered = "SELECT i, " + zero + " AS z FROM range(300000) r(i) ORDER BY i DESC";
  ASSERT_TRUE(connection_->write_parquet(ordered, path("ordered.parquet")).ok());
  EXPECT_EQ(count("SELECT count(*) FROM (SELECT i, file_row_number AS n FROM read_parquet(" +
                  quote_literal(path("ordered.parquet")) + ", file_row_number=true)) WHERE i <> 299999 - n"),
            0);
  ASSERT_TRUE(connection_->execute("CREATE SEQUENCE once").ok());
  const auto twice = connection_->write_parquet(
      "SELECT " + zero + " AS z FROM range(50) r(i) WHERE nextval('once') <= 50", path("once.parquet"));
  EXPECT_EQ(twice.status().code(), base::Code::unsupported);
  EXPECT_FALSE(std::filesystem::exists(path("once.parquet")));
}

TEST_F(Parquet, TellsTheColumnsThatItWrites) {
  std::vector<std::string> seen;
  int times = 0;
  ParquetOptions options;
  options.see_columns = [&](const std::vector<Column>& columns) {
    ++times;
    for (const Column& column : columns) seen.push_back(column.name + " " + column.type);
    return true;
  };
  const std::string select = "SELECT 1::HUGEINT AS h, 'x' AS \"a b\", NULL AS n, {'t': [TIME '10:00:00']} AS s";
  options.refuse_wide_integers = false;
  auto file = connection_->write_parquet("SELECT h::BIGINT AS h FROM (" + seen_columns(select + " -- none") + ")",
                                         path("a.parquet"), options);
  ASSERT_TRUE(file.ok()) << file.status().to_string();
  EXPECT_EQ(file->row_count, 1);
  EXPECT_EQ(seen, (std::vector<std::string>{"h HUGEINT", "a b VARCHAR", "n NULL", "s STRUCT(t TIME[])"}));
  EXPECT_EQ(times, 1) << "one binding";
  options.see_columns = [](const std::vector<Column>&) { return false; };
  file = connection_->write_parquet(seen_columns(select), path("b.parquet"), options);
  EXPECT_EQ(file.status().code(), base::Code::cancelled);
  EXPECT_FALSE(std::filesystem::exists(path("b.parquet")));
  // Before what the rest of the statement would fail by.
  file = connection_->write_parquet("SELECT nothing FROM (" + seen_columns(select) + ")", path("b.parquet"), options);
  EXPECT_EQ(file.status().code(), base::Code::cancelled);
  // Without the mark, and with columns of any name beside it.
  file = connection_->write_parquet(select, path("b.parquet"), options);
  EXPECT_EQ(file.status().code(), base::Code::internal);
  EXPECT_FALSE(std::filesystem::exists(path("b.parquet")));
  seen.clear();
  options.see_columns = [&](const std::vector<Column>& columns) {
    for (const Column& column : columns) seen.push_back(column.name);
    return true;
  };
  EXPECT_TRUE(
      connection_->write_parquet(seen_columns("SELECT {'x': 1} AS tarn_row, 2 AS row"), path("c.parquet"), options)
          .ok());
  EXPECT_EQ(seen, (std::vector<std::string>{"tarn_row", "row"}));
  // The mark is nobody else's.
  EXPECT_EQ(connection_->query(seen_columns(select)).status().code(), base::Code::invalid_argument);
}

TEST_F(Parquet, LongStringsLoseOrCutTheirStatistics) {
  // What the log must not trust: README.
  auto file = connection_->write_parquet(
      "SELECT repeat('a', 200) || range s, repeat('b', 300) || range t FROM range(10)", path("a.parquet"));
  ASSERT_TRUE(file.ok());
  for (const ColumnStats& stats : file->columns) {
    EXPECT_TRUE(!stats.max || stats.max->size() <= 256) << stats.column << " " << stats.max->size();
  }
}

TEST_F(Parquet, EmptySelectGivesAFileWithoutRows) {
  auto file = connection_->write_parquet("SELECT 1 AS i WHERE false", path("a.parquet"));
  ASSERT_TRUE(file.ok()) << file.status().to_string();
  EXPECT_EQ(file->row_count, 0);
  EXPECT_EQ(file->size_bytes, std::filesystem::file_size(path("a.parquet")));
  EXPECT_EQ(count("SELECT count(*) FROM read_parquet(" + quote_literal(path("a.parquet")) + ")"), 0);
}

TEST_F(Parquet, NeverOverwrites) {
  std::ofstream(path("a.parquet")) << "mine";
  EXPECT_EQ(connection_->write_parquet("SELECT 1 i", path("a.parquet")).status().code(), Code::already_exists);
  std::filesystem::create_symlink("/nowhere", path("link.parquet"));
  EXPECT_EQ(connection_->write_parquet("SELECT 1 i", path("link.parquet")).status().code(), Code::already_exists);
  EXPECT_EQ(std::filesystem::file_size(path("a.parquet")), 4u);
}

TEST_F(Parquet, RefusesWideIntegersByName) {
  for (const auto& [select, where] :
       std::vector<std::pair<std::string, std::string>>{{"SELECT 1 a, sum(range) total FROM range(3)", "column total"},
                                                        {"SELECT {'x': [1::UHUGEINT]} s", "column s.x"},
                                                        {"SELECT MAP {'a': 1::HUGEINT} m", "column m.value"}}) {
    auto file = connection_->write_parquet(select, path("a.parquet"));
    EXPECT_EQ(file.status().code(), Code::unsupported) << select;
    EXPECT_THAT(file.status().message(), HasSubstr(where));
    EXPECT_FALSE(std::filesystem::exists(path("a.parquet")));
  }
}

TEST_F(Parquet, FailureLeavesNoFile) {
  for (const char* select :
       {"SELECT nothing", "SELECT CASE WHEN range = 300000 THEN error('late') ELSE range END i FROM range(400000)",
        "SELECT 1; SELECT 2", "", "SELECT 1) TO '/tmp/x.csv' --", "DROP TABLE x"}) {
    EXPECT_FALSE(connection_->write_parquet(select, path("a.parquet")).ok()) << select;
    EXPECT_FALSE(std::filesystem::exists(path("a.parquet"))) << select;
  }
  EXPECT_EQ(connection_->write_parquet("SELECT 1 i", directory_ + "/no/such/a.parquet").status().code(),
            Code::not_found);
  EXPECT_TRUE(std::filesystem::is_empty(directory_));
}

TEST_F(Parquet, InterruptLeavesNoFile) {
  std::atomic<bool> done{false};
  std::thread stopper([&] {
    while (!done) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      connection_->interrupt();
    }
  });
  const auto file = connection_->write_parquet("SELECT a.range i FROM range(1000000000) a", path("a.parquet"));
  done = true;
  stopper.join();
  EXPECT_EQ(file.status().code(), Code::cancelled) << file.status().to_string();
  EXPECT_FALSE(std::filesystem::exists(path("a.parquet")));
}

TEST_F(Parquet, KeepsRowOrder) {
  ASSERT_TRUE(connection_->write_parquet("SELECT range i FROM range(500000)", path("a.parquet")).ok());
  EXPECT_EQ(count("SELECT count(*) FROM read_parquet(" + quote_literal(path("a.parquet")) +
                  ", file_row_number = true) WHERE i <> file_row_number"),
            0);
}

}  // namespace
}  // namespace tarn::duck
