#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/status_test.h"
#include "document/archive/zip_writer_test.h"
#include "document/document.h"
#include "document/office/number_format.h"
#include "document/office/sheet_writer.h"

namespace tarn::document {
namespace {

using base::Code;
using testing::HasSubstr;
using testing::Not;

constexpr char kMime[] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

struct Sheet {
  std::string name, rows, state = {}, after = {}, relations = {};
};

std::string xlsx(const std::vector<Sheet>& sheets, const std::string& strings = "", const std::string& styles = "",
                 std::vector<std::pair<std::string, std::string>> more = {}) {
  ZipWriter zip;
  zip.add("[Content_Types].xml", "<Types/>");
  zip.add("_rels/.rels",
          R"(<Relationships><Relationship Id="r" Type="t/officeDocument" Target="xl/workbook.xml"/></Relationships>)");
  std::string book = "<workbook xmlns:r='r'><sheets>", relations = "<Relationships>";
  for (size_t i = 0; i < sheets.size(); ++i) {
    const std::string n = std::to_string(i + 1);
    book += "<sheet name=\"" + sheets[i].name + "\" sheetId=\"" + n + "\" state=\"" + sheets[i].state + "\" r:id=\"s" +
            n + "\"/>";
    relations += "<Relationship Id=\"s" + n + "\" Type=\"t/worksheet\" Target=\"/xl/worksheets/sheet" + n + ".xml\"/>";
    zip.add("xl/worksheets/sheet" + n + ".xml",
            "<worksheet><sheetData>" + sheets[i].rows + "</sheetData>" + sheets[i].after + "</worksheet>");
    if (!sheets[i].relations.empty()) {
      zip.add("xl/worksheets/_rels/sheet" + n + ".xml.rels",
              "<Relationships>" + sheets[i].relations + "</Relationships>");
    }
  }
  if (!strings.empty()) {
    relations += R"(<Relationship Id="st" Type="t/sharedStrings" Target="sharedStrings.xml"/>)";
    zip.add("xl/sharedStrings.xml", "<sst>" + strings + "</sst>");
  }
  if (!styles.empty()) {
    relations += R"(<Relationship Id="sy" Type="t/styles" Target="styles.xml"/>)";
    zip.add("xl/styles.xml", "<styleSheet>" + styles + "</styleSheet>");
  }
  for (const auto& [name, xml] : more) zip.add(name, xml);
  zip.add("xl/workbook.xml", book + "</sheets></workbook>");
  zip.add("xl/_rels/workbook.xml.rels", relations + "</Relationships>");
  return zip.bytes();
}

Document read_whole(const std::string& bytes) {
  auto d = extract(bytes, kMime, "tides.xlsx");
  EXPECT_TRUE(d.ok()) << d.status().to_string();
  return d.ok() ? *d : Document();
}

std::string place_of(const Document& d, std::string_view words) {
  const size_t at = d.body.find(words);
  if (at == std::string::npos) return "not there";
  const auto anchor = anchor_at(d.anchors, at, d.body);
  return anchor ? anchor->kind + " " + anchor->value : "none";
}

std::string text(const std::string& cell, const std::string& words) {
  return "<c r=\"" + cell + "\" t=\"inlineStr\"><is><t>" + words + "</t></is></c>";
}

TEST(Xlsx, RowsAreTablesWithTheirCellsAsAnchors) {
  const Document d =
      read_whole(xlsx({{"Tides 1", "<row r=\"2\">" + text("B2", "Brest in May") + "</row><row r=\"3\">" +
                                       text("B3", "Day") + text("D3", "Height") +
                                       "</row><row r=\"4\"><c r=\"B4\"><v>1</v></c><c r=\"D4\"><v>6.25</v></c></row>"
                                       "<row r=\"9\">" +
                                       text("A9", "Source: own log") + "</row>"}}));
  EXPECT_EQ(d.body, "## Tides 1\n\nBrest in May\n\n| Day | Height |\n| --- | --- |\n| 1 | 6.25 |\n\nSource: own log\n");
  EXPECT_EQ(place_of(d, "Tides 1"), "sheet Tides 1");
  EXPECT_EQ(place_of(d, "Brest"), "cells 'Tides 1'!B2");
  EXPECT_EQ(place_of(d, "6.25"), "cells 'Tides 1'!B4:D4");
  EXPECT_EQ(place_of(d, "own log"), "cells 'Tides 1'!A9");
}

TEST(Xlsx, ValuesAreTextsNumbersAndTimes) {
  const Document d = read_whole(xlsx(
      {{"S",
        R"(<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="b"><v>1</v></c><c t="e"><v>#DIV/0!</v></c></row>)"
        R"(<row><c t="str"><f>A1&amp;"x"</f><v>made</v></c><c><f>B1*2</f><v>0.30000000000000004</v></c><c><f>NOW()</f></c><c s="1"><v>45413.5</v></c></row>)"
        R"(<row><c s="2"><v>45413</v></c><c s="3"><v>0.125</v></c><c s="4"><v>0.75</v></c><c><v>20240501123456</v></c></row>)"}},
      "<si><t>one</t></si><si><r><t>two </t></r><r><t>parts_x000D_</t></r><rPh><t>spoken</t></rPh></si>",
      R"(<numFmts><numFmt numFmtId="170" formatCode="yyyy\-mm\-dd\ hh:mm"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="170"/><xf numFmtId="14"/><xf numFmtId="10"/><xf numFmtId="20"/></cellXfs>)"));
  EXPECT_EQ(d.body,
            "## S\n\n| one | two parts | TRUE | #DIV/0! |\n| --- | --- | --- | --- |\n| made | 0.3 | =NOW() | "
            "2024-05-01 12:00 |\n"
            "| 2024-05-01 | 12.5% | 18:00 | 20240501123456 |\n");
}

TEST(Xlsx, FormatsOfNumbersSayWhatTheyMean) {
  using office::kind_of_format;
  using office::NumberKind;
  EXPECT_EQ(kind_of_format("General"), NumberKind::number);
  EXPECT_EQ(kind_of_format("#,##0.00\\ \"days\""), NumberKind::number);
  EXPECT_EQ(kind_of_format("[Red]0.00E+00"), NumberKind::number);
  EXPECT_EQ(kind_of_format("[$-409]d\\-mmm\\-yy;@"), NumberKind::date);
  EXPECT_EQ(kind_of_format("mmm"), NumberKind::date);
  EXPECT_EQ(kind_of_format("h:mm AM/PM"), NumberKind::time);
  EXPECT_EQ(kind_of_format("[h]:mm"), NumberKind::duration);
  EXPECT_EQ(office::number_text("59", NumberKind::date, false), "1900-02-28");
  EXPECT_EQ(office::number_text("61", NumberKind::date, false), "1900-03-01");
  EXPECT_EQ(office::number_text("0", NumberKind::date, true), "1904-01-01");
  EXPECT_EQ(office::number_text("1.5", NumberKind::duration, false), "36:00");
  EXPECT_EQ(office::number_text("-3", NumberKind::date, false), "-3");
  EXPECT_EQ(office::number_text("1E300", NumberKind::date, false), "1e+300");
  EXPECT_EQ(office::number_text("n/a", NumberKind::number, false), "n/a");
  EXPECT_EQ(office::number_text("12345678901234567890", NumberKind::number, false), "12345678901234567890");
}

TEST(Xlsx, HiddenSheetsAreReadAndMarkedEmptyOnesHaveNoHeading) {
  const Document d =
      read_whole(xlsx({{"Empty", ""}, {"Costs", "<row>" + text("A1", "berth 12") + "</row>", "veryHidden"}}));
  EXPECT_EQ(d.body, "## Costs (hidden)\n\nberth 12\n");
  EXPECT_EQ(d.extra["sheets"].items().size(), 2u);
  EXPECT_EQ(d.extra["hidden_sheets"].items()[0].as_string(), "Costs");
}

TEST(Xlsx, CommentsStandBehindTheirSheet) {
  const Document d = read_whole(xlsx(
      {{"S", "<row>" + text("A1", "six") + "</row>", "", "",
        R"(<Relationship Id="c" Type="t/comments" Target="../comments1.xml"/>)"}},
      "", "",
      {{"xl/comments1.xml",
        R"(<comments><authors><author>Ann</author></authors><commentList><comment ref="A1" authorId="0"><text><r><t>At noon?</t></r></text></comment></commentList></comments>)"}}));
  EXPECT_EQ(d.body, "## S\n\nsix\n\n> Comment on A1 (Ann): At noon?\n");
  EXPECT_EQ(place_of(d, "noon"), "cells S!A1");
}

TEST(Xlsx, AWiderRowBeginsATableOfItsOwn) {
  office::SheetWriter out;
  out.begin("S");
  for (uint32_t r = 1; r <= 600; ++r) out.row(r, {{0, "a"}, {1, "b"}});
  out.row(601, {{0, "a"}, {5, "far | off"}});
  out.row(602, {{0, "z"}, {5, "y"}});
  const std::string body = out.take_body();
  EXPECT_THAT(body, testing::EndsWith("| a | b |\n\n| a | far \\| off |\n| --- | --- |\n| z | y |\n"));
}

TEST(Xlsx, AHugeSheetIsCutAndSaysSo) {
  // 200,000 rows of a long text: some hundred kilobytes of a file, 90 MB of text.
  const std::string cell = "<row>" + text("", std::string(450, 'm')) + "</row>";
  std::string rows;
  for (int i = 0; i < 200'000; ++i) rows += cell;
  const Document d = read_whole(xlsx({{"Long", rows}, {"Next", "<row>" + text("A1", "x") + "</row>"}}));
  EXPECT_LT(d.body.size(), office::kMaxSheetBytes + (1 << 20));
  EXPECT_EQ(d.extra["cut_sheets"].items().size(), 2u);
}

TEST(Xlsx, ADamagedSheetIsNamedAndOthersStay) {
  const Document d = read_whole(
      xlsx({{"Bad", "<row>" + text("A1", "kept") + "</row><row"}, {"Good", "<row>" + text("A1", "whole") + "</row>"}}));
  EXPECT_THAT(d.body, HasSubstr("kept"));
  EXPECT_THAT(d.body, HasSubstr("whole"));
  EXPECT_EQ(d.extra["damaged_sheets"].items()[0].as_string(), "Bad");
}

TEST(Xlsx, ABombOfEmptyTextsIsCutAndSaysSo) {
  // Five bytes each in the file, and the room of a text in memory.
  std::string strings = "<si><t>first</t></si>";
  for (int i = 0; i < 7'000'000; ++i) strings += "<si/>";
  const Document d =
      read_whole(xlsx({{"S", R"(<row><c t="s"><v>0</v></c><c t="s"><v>6999999</v></c></row>)"}}, strings));
  EXPECT_EQ(d.body, "## S\n\nfirst\n");
  EXPECT_EQ(d.extra["cut_cells"].as_int(), 1);
}

TEST(Xlsx, ARowThatRepeatsALongTextIsCutAndSaysSo) {
  std::string cells;
  for (int i = 0; i < 100; ++i) cells += R"(<c t="s"><v>0</v></c>)";
  const Document d =
      read_whole(xlsx({{"S", "<row>" + cells + "</row>"}}, "<si><t>" + std::string(1 << 20, 'm') + "</t></si>"));
  EXPECT_LT(d.body.size(), office::kMaxRowBytes + (1 << 20));
  EXPECT_EQ(d.extra["cut_cells"].as_int(), 85);
}

TEST(Xlsx, WhatSteersATerminalIsNoText) {
  EXPECT_EQ(read_whole(xlsx({{"S", "<row>" +
                                       text("A1",
                                            "red \xC2\x9B"
                                            "31m light") +
                                       "</row>"}}))
                .body,
            "## S\n\nred 31m light\n");
}

TEST(Xlsx, ASheetWithADtdIsRefused) {
  ZipWriter zip;
  zip.add("xl/workbook.xml", R"(<workbook><sheets><sheet name="S" id="s"/></sheets></workbook>)");
  zip.add("xl/_rels/workbook.xml.rels",
          R"(<Relationships><Relationship Id="s" Type="t/worksheet" Target="s.xml"/></Relationships>)");
  zip.add(
      "xl/s.xml",
      R"(<!DOCTYPE w [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><worksheet><sheetData><row><c t="str"><v>&b;</v></c></row></sheetData></worksheet>)");
  EXPECT_THAT(extract(zip.bytes(), kMime, "a.xlsx").status().message(), HasSubstr("it has a DTD"));
}

}  // namespace
}  // namespace tarn::document
