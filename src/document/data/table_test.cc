#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "document/extracted_test.h"

namespace tarn::document {
namespace {

using testing::HasSubstr;

TEST(Table, NamesStandAboveItsRowsAndRowsHaveLines) {
  const Document d = doc("quay,depth,remark\nNorth,7.5,\"wide,\nand \"\"calm\"\"\"\n\nSouth,9,a|b\n", "quays.csv");
  EXPECT_EQ(d.body,
            "| quay | depth | remark |\n| --- | --- | --- |\n| North | 7.5 | wide, and \"calm\" |\n"
            "| South | 9 | a\\|b |\n");
  EXPECT_EQ(place_of(d, "quay"), "line 1");
  EXPECT_EQ(place_of(d, "North"), "line 2");
  EXPECT_EQ(place_of(d, "South"), "line 5");
  EXPECT_EQ(json::write(d.extra["columns"]), R"J(["quay","depth","remark"])J");
  EXPECT_EQ(d.extra["rows"].as_int(), 2);
  EXPECT_EQ(d.title, "quays");
}

TEST(Table, TheDelimiterIsThatWhichPartsTheRowsAlike) {
  const auto delimiter = [](std::string_view bytes, const std::string& name = "a.csv") {
    return doc(bytes, name).extra["delimiter"].as_string();
  };
  EXPECT_EQ(delimiter("a;b;c\n1,5;2,5;3\n4;5,25;6\n"), ";");
  EXPECT_EQ(delimiter("a\tb\nx, y\tz\nu\tv, w\n"), "tab");
  EXPECT_EQ(delimiter("a|b|c\n1|2|3\n"), "|");
  EXPECT_EQ(delimiter("name\nAnn\nBo, jr.\n", "a.tsv"), "tab");
  EXPECT_EQ(delimiter("sep=;\na;b\n1;2\n"), ";");
  EXPECT_THAT(doc("# depths in metres\na,b\n1,2\n", "a.csv").body,
              testing::StartsWith("depths in metres\n\n| a | b |"));
  EXPECT_THAT(doc("'a','b, c'\n'd','e'\n", "a.csv").body, HasSubstr("| a | b, c |\n"));
}

TEST(Table, BytesOfOtherMachinesAreRead) {
  EXPECT_THAT(doc("\xEF\xBB\xBF"
                  "a,b\r\n1,2\r\n",
                  "a.csv")
                  .body,
              testing::StartsWith("| a | b |\n"));
  EXPECT_THAT(doc(std::string("\xFF\xFE"
                              "a\0\t\0b\0\n\0"
                              "1\0\t\0"
                              "2\0\n\0",
                              18),
                  "a.csv")
                  .body,
              HasSubstr("| 1 | 2 |\n"));
}

TEST(Table, RaggedRowsAreKeptAndAnOpenQuoteEndsWithItsLine) {
  const Document d = doc("a,b\n1\n2,3,4,5\n6,\"7\n8,9\n", "a.csv");
  EXPECT_THAT(d.body, HasSubstr("| 1 | |\n| 2 | 3 — 4 — 5 |\n| 6 | \"7 |\n| 8 | 9 |\n"));
  EXPECT_EQ(d.extra["ragged_rows"].as_int(), 2);
  EXPECT_EQ(json::write(d.extra["open_quotes"]), "[4]");
}

TEST(Table, ATableWithoutNamesSaysSo) {
  const Document d = doc("North,7.5\nSouth,9\n", "a.csv");
  EXPECT_THAT(d.body, testing::StartsWith("| column 1 | column 2 |\n| --- | --- |\n| North | 7.5 |\n"));
  EXPECT_EQ(d.extra["header"], json::Value(false));
  EXPECT_EQ(place_of(d, "South"), "line 2");
}

TEST(Table, AWideRowIsARecordOfFields) {
  std::string bytes = "id,";
  for (int i = 0; i < 40; ++i) bytes += "measure " + std::to_string(i) + ",";
  bytes += "end\n7,";
  for (int i = 0; i < 40; ++i) bytes += (i == 3 ? "deep" : "") + std::string(",");
  bytes += "x\n8" + std::string(41, ',') + "\n";
  const Document d = doc(bytes, "wide.csv");
  EXPECT_EQ(d.body, "id: 7\nmeasure 3: deep\nend: x\n\nid: 8\n");
  EXPECT_EQ(place_of(d, "end: x"), "line 2");
  EXPECT_EQ(place_of(d, "id: 8"), "line 3");
}

TEST(Table, ALongOneSaysWhereItWasCut) {
  std::string bytes = "name,remark\n";
  while (bytes.size() < size_t{9} << 20) bytes += "Ann,a remark of some words for each of these rows\n";
  const Document d = doc(bytes, "long.csv");
  EXPECT_LT(d.body.size(), (size_t{8} << 20) + 200);
  EXPECT_GT(d.extra["cut"]["rows"].as_int(), d.extra["cut"]["rows_taken"].as_int());
  EXPECT_GT(d.extra["cut"]["rows_taken"].as_int(), 100'000);
  EXPECT_EQ(d.extra["cut"]["limit"].as_string(), "kMaxDataBytes");
}

}  // namespace
}  // namespace tarn::document
