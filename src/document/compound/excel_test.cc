#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/status_test.h"
#include "document/compound/excel_writer_test.h"
#include "document/document.h"

namespace tarn::document::compound {
namespace {

using testing::HasSubstr;

constexpr char kMime[] = "application/vnd.ms-excel";

Document read_whole(const std::string& bytes) { return take(extract(bytes, kMime, "tides.xls")); }

std::string place_of(const Document& d, std::string_view words) {
  const auto anchor = anchor_at(d.anchors, d.body.find(words), d.body);
  return anchor ? anchor->kind + " " + anchor->value : "none";
}

// A label with its own text.
std::string label(int row, int column, std::string_view text) {
  return biff(0x204, cell_head(row, column) + biff_text(text));
}
std::string format(Short number) { return biff(0xE0, packed(Short{0}, number) + std::string(16, '\0')); }

TEST(Excel, RowsAreTablesWithTheirCellsAsAnchors) {
  const Document d = read_whole(
      xls("", {{"Q1 plan", label(1, 1, "Day") + label(1, 2, "Height") + biff(0x203, cell_head(2, 1) + packed(6.25)) +
                               biff(0x27E, cell_head(2, 2) + packed(uint32_t{7 << 2 | 2}))}}));
  EXPECT_EQ(d.body, "## Q1 plan\n\n| Day | Height |\n| --- | --- |\n| 6.25 | 7 |\n");
  EXPECT_EQ(place_of(d, "6.25"), "cells 'Q1 plan'!B3:C3");
  EXPECT_EQ(place_of(d, "Q1"), "sheet Q1 plan");
}

TEST(Excel, ValuesAreWhatTheyMean) {
  const std::string globals = biff(0x41E, packed(Short{170}) + biff_text("yyyy\\-mm\\-dd hh:mm")) + format(0) +
                              format(14) + format(10) + format(170);
  const std::string formula = packed(uint8_t{0}, uint8_t{0}, uint32_t{0}, Short{0xFFFF}, Short{0}, uint32_t{0});
  const std::string truth =
      packed(uint8_t{1}, uint8_t{0}, uint8_t{1}, uint8_t{0}, Short{0}, Short{0xFFFF}, Short{0}, uint32_t{0});
  EXPECT_EQ(read_whole(xls(globals, {{"S", biff(0x203, cell_head(0, 0, 1) + packed(45413.0)) +
                                               biff(0x203, cell_head(0, 1, 2) + packed(0.125)) +
                                               biff(0x203, cell_head(0, 2, 3) + packed(45413.5)) +
                                               biff(0x205, cell_head(0, 3) + packed(uint8_t{7}, uint8_t{1})) +
                                               biff(0x06, cell_head(1, 0) + formula) + biff(0x207, biff_text("made")) +
                                               biff(0x06, cell_head(1, 1) + truth) +
                                               // Two numbers in one record: hundredths, and half of a double.
                                               biff(0xBD, packed(Short{1}, Short{2}, Short{0}, uint32_t{1234 << 2 | 3},
                                                                 Short{0}, uint32_t{0x3FE00000}, Short{3}))}}))
                .body,
            "## S\n\n| 2024-05-01 | 12.5% | 2024-05-01 12:00 | #DIV/0! |\n| --- | --- | --- | --- |\n| made | TRUE | "
            "12.34 | 0.5 "
            "|\n");
}

TEST(Excel, SharedTextsGoOnInOtherRecords) {
  // The second text is cut within its characters, which become wide there; formats stand behind the first.
  const std::string head = packed(uint32_t{3}, uint32_t{3});
  const std::string first = packed(Short{3}, uint8_t{8}, Short{1}) + "one" + packed(uint32_t{0});
  const std::string second = packed(Short{6}, uint8_t{0}) + "har";
  const std::string rest = packed(uint8_t{1}) + wide("bor") + packed(Short{5}, uint8_t{1}) + wide("third");
  const std::string globals = biff(0xFC, head + first + second) + biff(0x3C, rest);
  std::string cells;
  for (int i = 0; i < 4; ++i) cells += biff(0xFD, cell_head(0, i) + packed(static_cast<uint32_t>(i)));
  EXPECT_EQ(read_whole(xls(globals, {{"S", cells}})).body, "## S\n\n| one | harbor | third |\n| --- | --- | --- |\n");
}

TEST(Excel, ARowHasSixteenMegabytesAndTheRestIsCounted) {
  constexpr int kCells = 300, kText = 65'000;
  const std::string text = packed(Short{kText}, uint8_t{0}) + std::string(8'000, 'x');
  std::string globals = biff(0xFC, packed(uint32_t{1}, uint32_t{1}) + text);
  for (int rest = kText - 8'000; rest > 0; rest -= 8'000) {
    globals += biff(0x3C, packed(uint8_t{0}) + std::string(static_cast<size_t>(std::min(rest, 8'000)), 'x'));
  }
  std::string cells;
  for (int i = 0; i < kCells; ++i) cells += biff(0xFD, cell_head(0, i) + packed(uint32_t{0}));
  const Document d = read_whole(xls(globals, {{"S", cells}}));
  EXPECT_LT(d.body.size(), size_t{17} << 20);
  EXPECT_EQ(d.extra["cut_cells"].as_int(), kCells - (16 << 20) / (kText + 40));
}

TEST(Excel, SheetsThatLieAtOnePlaceAreReadSoOftenOnly) {
  std::string list, nothing;
  const std::string begin = biff(0x809, packed(Short{0x600}, Short{5}, Short{0}, Short{0})), end = biff(0x0A, "");
  const std::string one = biff(0x85, packed(uint32_t{0}, Short{0}, uint8_t{1}, uint8_t{0}) + "S");
  const auto place = static_cast<uint32_t>(begin.size() + 10'000 * one.size() + end.size());
  for (int i = 0; i < 10'000; ++i) list += biff(0x85, packed(place, Short{0}, uint8_t{1}, uint8_t{0}) + "S");
  for (int i = 0; i < 3'100; ++i) nothing += biff(0x01, "");
  const auto d =
      extract(CompoundWriter().add("Workbook", begin + list + end + begin + nothing + end).bytes(), kMime, "tides.xls");
  EXPECT_EQ(d.status().code(), base::Code::exhausted);
  EXPECT_THAT(d.status().message(), HasSubstr("kMaxRecords"));
}

TEST(Excel, CommentsStandBehindTheirSheetAndHiddenSheetsAreMarked) {
  const std::string object = biff(0x5D, packed(Short{0x15}, Short{18}, Short{0x19}, Short{5}) + std::string(14, '\0'));
  const std::string text =
      biff(0x1B6, packed(Short{0}, Short{0}, uint32_t{0}, Short{0}, Short{8}, Short{0}, uint32_t{0})) +
      biff(0x3C, packed(uint8_t{0}) + "At noon?");
  const std::string note = biff(0x1C, packed(Short{0}, Short{0}, Short{0}, Short{5}) + biff_text("Ann"));
  const Document d =
      read_whole(xls("", {{"S", label(0, 0, "six") + object + text + note}, {"Costs", label(0, 0, "berth"), 1}}));
  EXPECT_EQ(d.body, "## S\n\nsix\n\n> Comment on A1 (Ann): At noon?\n\n## Costs (hidden)\n\nberth\n");
  EXPECT_EQ(place_of(d, "noon"), "cells S!A1");
  EXPECT_EQ(d.extra["hidden_sheets"].items()[0].as_string(), "Costs");
}

TEST(Excel, ChartsWithinASheetAreNotItsCells) {
  const std::string chart =
      biff(0x809, packed(Short{0x600}, Short{0x20}, Short{0}, Short{0})) + label(0, 0, "axis") + biff(0x0A, "");
  EXPECT_EQ(read_whole(xls("", {{"S", label(0, 0, "a") + chart + label(0, 1, "b")}})).body,
            "## S\n\n| a | b |\n| --- | --- |\n");
}

TEST(Excel, TextsOfExcel95HaveACodePage) {
  const std::string cell = biff(0x204, cell_head(0, 0) + packed(Short{3}) + "\xCF\xF0\xE8");
  const std::string stream = workbook_stream(biff(0x42, packed(Short{1251})), {{"S", cell}}, 0x500);
  EXPECT_EQ(read_whole(CompoundWriter().add("Book", stream).bytes()).body, "## S\n\nПри\n");
  EXPECT_EQ(read_whole(stream).body, "## S\n\nПри\n");  // as a file of its own
}

TEST(Excel, WhatIsEncryptedOrOlderIsRefusedByName) {
  EXPECT_EQ(extract(xls(biff(0x2F, std::string(54, '\0')), {{"S", ""}}), kMime, "a.xls").status().code(),
            base::Code::permission_denied);
  EXPECT_THAT(
      extract(packed(Short{0x409}, Short{6}, Short{0}, Short{0x10}, Short{0}), kMime, "a.xls").status().message(),
      HasSubstr("Excel 4"));
}

TEST(Excel, ItSaysWhatItIsOf) {
  const std::string text = "Own log";
  std::string set = packed(uint32_t{0}, uint32_t{2}, uint32_t{2}, uint32_t{24}, uint32_t{12}, uint32_t{24 + 8 + 8}) +
                    packed(uint32_t{0x1E}, uint32_t{8}) + text + std::string(1, '\0') +
                    packed(uint32_t{0x40}, uint64_t{133'590'312'000'000'000});
  const std::string summary = packed(Short{0xFFFE}, Short{0}, uint32_t{0}) + std::string(16, '\0') +
                              packed(uint32_t{1}) + std::string(16, '\0') + packed(uint32_t{48}) + set;
  const Document d = read_whole(CompoundWriter()
                                    .add("Workbook", workbook_stream("", {{"S", label(0, 0, "x")}}))
                                    .add("\005SummaryInformation", summary)
                                    .bytes());
  EXPECT_EQ(d.title, "Own log");
  EXPECT_EQ(d.created_at_us, 1714557600000000);
}

}  // namespace
}  // namespace tarn::document::compound
