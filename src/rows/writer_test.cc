#include "rows/writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/sanitized.h"
#include "rows/visible.h"

namespace tarn::rows {
namespace {

using testing::HasSubstr;

class Writers : public testing::Test {
 protected:
  void SetUp() override { connection_ = *(*duck::open({}))->connect(); }
  std::string write(const std::string& sql, const Format& format) {
    std::string out;
    auto writer = *make_writer(format, [&](std::string_view piece) {
      out += piece;
      return true;
    });
    drive(*writer, sql);
    return out;
  }
  void drive(Writer& writer, const std::string& sql) {
    auto rows = connection_->query(sql);
    ASSERT_TRUE(rows.ok()) << rows.status().to_string();
    ASSERT_TRUE(writer.begin((*rows)->columns()));
    for (;;) {
      auto chunk = (*rows)->next();
      ASSERT_TRUE(chunk.ok());
      if (!*chunk) break;
      if (!writer.write(**chunk)) return;  // enough
    }
    ASSERT_TRUE(writer.end());
  }
  std::unique_ptr<duck::Connection> connection_;
};

constexpr const char* kOdd =
    "SELECT * FROM (VALUES (1, 'plain', NULL), (NULL, 'a,\"b\"', ''), (3, E'two\\nlines', ' x')) t(n, \"the text\", s)";

TEST_F(Writers, Csv) {  // SQL-4
  EXPECT_EQ(write(kOdd, {.name = "csv"}), "n,the text,s\n1,plain,\n,\"a,\"\"b\"\"\",\"\"\n3,\"two\nlines\",\" x\"\n");
  EXPECT_EQ(write(kOdd, {.name = "csv", .header = false, .null_text = "NULL", .separator = ";"}),
            "1;plain;NULL\nNULL;\"a,\"\"b\"\"\";\"\"\n3;\"two\nlines\";\" x\"\n");
  EXPECT_EQ(write("SELECT 'NULL' a, NULL b", {.name = "csv", .null_text = "NULL"}), "a,b\n\"NULL\",NULL\n");
  EXPECT_EQ(write("SELECT 1 AS a WHERE false", {.name = "csv"}), "a\n");
  EXPECT_FALSE(make_writer({.name = "csv", .separator = "\""}, {}).ok());
}

// DuckDB reads back what was written: the same rows, nulls and empty texts told apart.
TEST_F(Writers, CsvReadsBack) {
  const std::string select =
      "SELECT CASE WHEN range % 7 = 0 THEN NULL ELSE range END a, CASE range % 5 WHEN 0 THEN NULL WHEN 1 THEN '' WHEN "
      "2 THEN 'x,\"y' || chr(10) || range WHEN 3 "
      "THEN ' pad ' ELSE 'p' || range END b, range::DOUBLE / 3 c FROM range(5000)";
  const std::string path = testing::TempDir() + "tarn-writer.csv";
  std::ofstream(path) << write(select, {.name = "csv"});
  auto rows = connection_->query("SELECT count(*) FROM ((" + select + ") EXCEPT ALL (FROM read_csv(" +
                                 duck::quote_literal(path) +
                                 ", header = true, allow_quoted_nulls = false, strict_mode = true, columns = {'a': "
                                 "'BIGINT', 'b': 'VARCHAR', 'c': 'DOUBLE'})))");
  ASSERT_TRUE(rows.ok()) << rows.status().to_string();
  EXPECT_EQ((*(*rows)->next())->integer(0, 0), 0);
}

TEST_F(Writers, Json) {
  EXPECT_EQ(write("SELECT 1 AS a WHERE false", {.name = "json"}), "[]\n");  // CLI-4
  EXPECT_EQ(write("SELECT 1 AS a WHERE false", {.name = "jsonl"}), "");
  EXPECT_EQ(write(kOdd, {.name = "json"}),
            "[{\"n\":1,\"the text\":\"plain\",\"s\":null},\n{\"n\":null,\"the "
            "text\":\"a,\\\"b\\\"\",\"s\":\"\"},\n{\"n\":3,\"the text\":\"two\\nlines\",\"s\":\" x\"}]\n");
  EXPECT_EQ(write("SELECT 1 a, 2 a, 3 a_1, 4 A", {.name = "jsonl"}), "{\"a\":1,\"a_1\":2,\"a_1_1\":3,\"A\":4}\n");
  EXPECT_EQ(write("SELECT true b, 0.1::FLOAT f, 0.1::DOUBLE d, 1e300 e, 'nan'::DOUBLE n, 'inf'::FLOAT i, "
                  "12.30::DECIMAL(9,2) AS \"dec\", "
                  "170141183460469231731687303715884105727::HUGEINT h, 18446744073709551615::UBIGINT u",
                  {.name = "jsonl"}),
            "{\"b\":true,\"f\":0.1,\"d\":0.1,\"e\":1e+300,\"n\":null,\"i\":null,\"dec\":12.30,\"h\":"
            "170141183460469231731687303715884105727,\"u\":18446744073709551615}\n");
  EXPECT_EQ(write("SELECT [1, NULL] l, {'x': [{'y': 'q\"'}], 'z': NULL} s, MAP {'k': 1, '2': NULL} m, []::INT[] e, [1, "
                  "2]::INT[2] a, DATE '2020-01-02' d, "
                  "TIMESTAMPTZ '2020-01-01 00:00:00' t, '\\xFF'::BLOB b",
                  {.name = "jsonl"}),
            "{\"l\":[1,null],\"s\":{\"x\":[{\"y\":\"q\\\"\"}],\"z\":null},\"m\":{\"k\":1,\"2\":null},\"e\":[],\"a\":[1,"
            "2],\"d\":\"2020-01-02\",\"t\":\"2020-01-01 00:00:00+00\","
            "\"b\":\"\\\\xFF\"}\n");
}

TEST_F(Writers, JsonColumnsAreEmbedded) {
  EXPECT_EQ(
      write("SELECT ('{\"a\":' || chr(10) || ' [1, {\"b\": null}]}')::JSON j, '\"x\"'::JSON t", {.name = "jsonl"}),
      "{\"j\":{\"a\":  [1, {\"b\": null}]},\"t\":\"x\"}\n");
  // What DuckDB takes for JSON and RFC 8259 does not stays a text.
  for (const char* odd : {"SELECT '{\"a\": NaN}'::JSON j", "SELECT '[1,]'::JSON j"}) {
    if (!connection_->query(odd).ok()) continue;
    const std::string line = write(odd, {.name = "jsonl"});
    EXPECT_TRUE(json::parse(line).ok()) << line;
  }
}

// Every line of DuckDB's own test values parses, and to_json says the same as the text.
TEST_F(Writers, JsonIsAlwaysValid) {
  // Valid, but more than our own reader takes: integers beyond 64 bits.
  const std::string select = "SELECT * EXCLUDE (hugeint, uhugeint) FROM test_all_types()";
  const std::string whole = write(select, {.name = "json"});
  auto array = json::parse(whole);
  ASSERT_TRUE(array.ok()) << array.status().to_string() << whole.substr(0, 2000);
  EXPECT_EQ(array->items().size(), 3u);
  auto rows = connection_->query(
      "SELECT [1, NULL] l, {'x': [{'y': 'q\"'}], 'z': NULL} s, 0.1::FLOAT f, 7 i, '{\"a\": [true]}'::JSON j, NULL n, "
      "12345678901234567890123::HUGEINT h, 2.50::DECIMAL(9,2) d");
  ASSERT_TRUE(rows.ok());
  const duck::Chunk* chunk = *(*rows)->next();
  json::Value::Array cells;
  for (size_t c = 0; c < (*rows)->columns().size(); ++c) cells.push_back(to_json(*chunk, c, 0));
  EXPECT_EQ(
      json::write(json::Value(cells)),
      "[[1,null],{\"x\":[{\"y\":\"q\\\"\"}],\"z\":null},0.1,7,{\"a\":[true]},null,\"12345678901234567890123\",2.5]");
}

TEST_F(Writers, Markdown) {
  EXPECT_EQ(write("SELECT 1 AS n, E'a|b\\nc' AS \"x|y\", NULL AS z", {.name = "markdown"}),
            "| n | x\\|y | z |\n| ---: | --- | ---: |\n| 1 | a\\|b<br>c | NULL |\n");
}

TEST_F(Writers, Line) {
  EXPECT_EQ(write("SELECT * FROM (VALUES (1, 'x'), (2, NULL)) t(a, long)", {.name = "line"}),
            "   a = 1\nlong = x\n\n   a = 2\nlong = NULL\n");
}

TEST_F(Writers, Table) {  // SQL-2
  EXPECT_EQ(write("SELECT * FROM (VALUES (1, 'x'), (200, NULL)) t(id, title)", {.name = "table"}),
            "┌─────────┬─────────┐\n"
            "│   id    │  title  │\n"
            "│ integer │ varchar │\n"
            "├─────────┼─────────┤\n"
            "│       1 │ x       │\n"
            "│     200 │ NULL    │\n"
            "└─────────┴─────────┘\n"
            "2 rows\n");
  EXPECT_EQ(write("SELECT 1 AS a WHERE false", {.name = "table"}),
            "┌─────────┐\n│    a    │\n│ integer │\n├─────────┤\n└─────────┘\n0 rows\n");
  EXPECT_EQ(write("SELECT 1 AS a, 'b' AS b", {.name = "box"}),
            "┌───┬───┐\n│ a │ b │\n├───┼───┤\n│ 1 │ b │\n└───┴───┘\n");
  EXPECT_EQ(write("SELECT 1 AS a", {.name = "table", .header = false}), "┌───┐\n│ 1 │\n└───┘\n");
}

TEST_F(Writers, TableShowsTheEndsOfLongResults) {
  const std::string text = write("SELECT range AS i FROM range(10000)", {.name = "table", .shown = 4});
  EXPECT_THAT(text, HasSubstr("│      0 │\n│      1 │\n│   ·    │\n│   9998 │\n│   9999 │\n"));
  EXPECT_THAT(text, HasSubstr("10,000 rows (4 shown)\n"));
  EXPECT_THAT(write("SELECT range AS i FROM range(4)", {.name = "table", .shown = 4}),
              HasSubstr("│      3 │\n└────────┘\n4 rows\n"));
  EXPECT_THAT(write("SELECT range AS i FROM range(2050)", {.name = "table", .shown = 4}),
              HasSubstr("│   2048 │\n│   2049 │\n"));
  EXPECT_THAT(write("SELECT range AS i FROM range(100)", {.name = "table", .shown = 0}), HasSubstr("│     50 │"));
  EXPECT_THAT(write("SELECT 1 AS i", {.name = "table"}), HasSubstr("\n1 row\n"));
}

TEST_F(Writers, TableFitsItsWidth) {
  std::string wide = "SELECT 1 AS id, repeat('long text ', 30) AS body, 'é日本' AS s";
  for (int i = 0; i < 12; ++i) wide += ", 'value" + std::to_string(i) + "' AS c" + std::to_string(i);
  for (size_t width : {40, 60, 80, 120, 200}) {
    const std::string text = write(wide, {.name = "table", .width = width});
    size_t longest = 0;
    for (size_t at = 0; at < text.size();) {
      const size_t end = text.find('\n', at);
      longest = std::max(longest, cell_width(text.substr(at, end - at)));
      at = end + 1;
    }
    EXPECT_LE(longest, width) << text;
    EXPECT_GE(longest + 12, std::min<size_t>(width, 190)) << "and uses it\n" << text;
    EXPECT_THAT(text, HasSubstr("…"));
  }
}

TEST_F(Writers, NothingMovesTheCursor) {
  const std::string attack = "SELECT E'\\x1b[2J\\x1b]0;x\\x07' || chr(155) || 'é' || chr(8238) AS a";
  for (const char* name : {"table", "box", "line", "markdown"}) {
    const std::string text = write(attack, {.name = name});
    EXPECT_EQ(text.find('\x1b'), std::string::npos) << name;
    EXPECT_EQ(text.find('\x07'), std::string::npos) << name;
    EXPECT_EQ(text.find("\xc2\x9b"), std::string::npos) << name;
    EXPECT_EQ(text.find("\xe2\x80\xae"), std::string::npos) << name;
    EXPECT_THAT(text, HasSubstr("é"));
  }
  EXPECT_EQ(visible("a\n\t\x1b\xff"), "a\\n\\t\\x1B\xef\xbf\xbd");
  EXPECT_EQ(cell_width("日本é"), 5u);
  EXPECT_EQ(cell_width("e\xcc\x81"), 1u) << "a combining accent";
  EXPECT_EQ(cut_to_width("日本語", 5), "日本…");
  EXPECT_EQ(cut_to_width("日本語", 4), "日…");
  EXPECT_EQ(cut_to_width("abc", 3), "abc");
}

// ASan keeps freed memory aside, so there only the pieces are measured.
TEST_F(Writers, StreamingFormatsKeepConstantMemory) {
  const auto resident = [] {
    std::ifstream statm("/proc/self/statm");
    uint64_t total = 0, pages = 0;
    statm >> total >> pages;
    return pages * 4096;
  };
  for (const char* name : {"csv", "jsonl", "json", "table", "column"}) {
    uint64_t bytes = 0, longest = 0;
    auto writer = *make_writer({.name = name}, [&](std::string_view piece) {
      bytes += piece.size();
      longest = std::max<uint64_t>(longest, piece.size());
      return true;
    });
    drive(*writer, "SELECT range FROM range(1000)");
    const uint64_t before = resident();
    auto again = *make_writer({.name = name}, [&](std::string_view piece) {
      bytes += piece.size();
      longest = std::max<uint64_t>(longest, piece.size());
      return true;
    });
    const int rows = base::kAddressSanitizer ? 60'000 : 600'000;
    drive(*again, "SELECT range AS i, repeat('x', 150) AS s FROM range(" + std::to_string(rows) + ")");
    if (std::string(name) != "table") {
      EXPECT_GT(bytes, uint64_t{150} * rows);
    }
    EXPECT_LT(longest, uint64_t{1} << 20) << name;
    if (!base::kAddressSanitizer) {
      EXPECT_LT(resident(), before + (uint64_t{48} << 20)) << name;
    }
  }
}

TEST_F(Writers, TheOtherShellsModes) {  // SQL-2
  const char* kRows = "SELECT * FROM (VALUES (1, 'a|b'), (20, NULL), (3, 'it''s <b>')) v(n, \"the text\")";
  EXPECT_EQ(write(kRows, {.name = "list"}), "n|the text\n1|a|b\n20|NULL\n3|it's <b>\n");
  EXPECT_EQ(write(kRows, {.name = "list", .header = false, .null_text = "", .separator = ";"}),
            "1;a|b\n20;\n3;it's <b>\n");
  EXPECT_EQ(write(kRows, {.name = "ascii"}),
            "n\x1fthe text\x1e"
            "1\x1f"
            "a|b\x1e"
            "20\x1fNULL\x1e"
            "3\x1fit's <b>\x1e");
  EXPECT_EQ(write(kRows, {.name = "quote"}), "'n','the text'\n1,'a|b'\n20,NULL\n3,'it''s <b>'\n");
  EXPECT_EQ(write(kRows, {.name = "column"}), " n  the text\n--  --------\n 1  a|b\n20  NULL\n 3  it's <b>\n");
  EXPECT_EQ(write("SELECT 1 AS n WHERE false", {.name = "column"}), "n\n-\n");
  EXPECT_EQ(write(kRows, {.name = "html"}),
            "<tr><th>n</th><th>the text</th></tr>\n<tr><td align=\"right\">1</td><td>a|b</td></tr>\n"
            "<tr><td align=\"right\">20</td><td>NULL</td></tr>\n<tr><td align=\"right\">3</td><td>it's "
            "&lt;b&gt;</td></tr>\n");
  EXPECT_EQ(write(kRows, {.name = "jsonlines"}), write(kRows, {.name = "jsonl"}));
  EXPECT_EQ(write(kRows, {.name = "duckbox"}), write(kRows, {.name = "table"}));
}

TEST_F(Writers, AgentIsShort) {  // SQL-9
  EXPECT_EQ(write("SELECT 'a,b' AS t, NULL AS n", {.name = "agent", .shown = 0}), "t,n\n\"a,b\",\n");
  const std::string many = write("SELECT range FROM range(5000)", {.name = "agent", .shown = 0});
  EXPECT_EQ(std::count(many.begin(), many.end(), '\n'), 102);
  EXPECT_THAT(many, HasSubstr("\n99\n# more than 100 rows"));
  EXPECT_EQ(write("SELECT range FROM range(3)", {.name = "agent", .shown = 2}).substr(0, 10), "range\n0\n1\n");
  std::string half;  // 500 bytes, between two characters
  for (int i = 0; i < 250; ++i) half += "ä";
  EXPECT_EQ(write("SELECT repeat('ä', 400) AS t", {.name = "agent", .shown = 0}), "t\n" + half + "…\n");
}

TEST_F(Writers, UnknownFormatNamesTheOthers) {
  const auto writer = make_writer({.name = "jsn"}, {});
  EXPECT_EQ(writer.status().code(), base::Code::invalid_argument);
  EXPECT_THAT(writer.status().hint(), HasSubstr("jsonl"));
}

}  // namespace
}  // namespace tarn::rows
