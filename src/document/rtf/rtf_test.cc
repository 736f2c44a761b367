#include "document/rtf/rtf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/status_test.h"
#include "document/document.h"

namespace tarn::document::rtf {
namespace {

constexpr char kMime[] = "application/rtf";

Document read_whole(const std::string& text) {
  return take(extract("{\\rtf1\\ansi\\ansicpg1252 " + text + "}", kMime, "log.rtf"));
}
std::string body_of(const std::string& text) { return read_whole(text).body; }

TEST(Rtf, CharactersComeByCodePageFontAndNumber) {
  EXPECT_EQ(
      body_of("{\\fonttbl{\\f0 Arial;}{\\f1\\fcharset204 Arial Cyr;}{\\f2\\fcharset2 Symbol;}}"
              "caf\\'e9 \\f1\\'cf\\'f0\\'e8 \\f2 a\\f0  \\u8364? \\u-10179?\\u-8704? \\{brace\\}\\~\\emdash x\\par"),
      "café При α € \xF0\x9F\x98\x80 {brace} —x\n");
}

TEST(Rtf, WhatStandsForANumberIsLeftOut) {
  EXPECT_EQ(body_of("\\uc2 a\\u8364\\'80\\'80b \\uc0 \\u8364 c\\par"), "a€b €c\n");
  EXPECT_EQ(body_of("{\\upr{old}{\\*\\ud new}} form\\par"), "new form\n");
}

TEST(Rtf, HeadingsComeByStyleAndOutlineLevel) {
  const Document d = read_whole(
      "{\\stylesheet{\\s0 Normal;}{\\s1\\outlinelevel0 Kop 1;}{\\s2 heading 2;}{\\s3\\sbasedon2 Own;}{\\s4 Title;}}"
      "\\pard\\s4 The log\\par\\pard\\s1 Winds\\par\\pard\\s3 West\\par\\pard\\outlinelevel2 Deep\\par\\pard\\plain "
      "text\\par");
  EXPECT_EQ(d.body, "# The log\n\n# Winds\n\n## West\n\n### Deep\n\ntext\n");
  EXPECT_EQ(d.title, "The log");
}

TEST(Rtf, MarksHiddenAndDeletedText) {
  const Document d = read_whole("Depth {\\deleted three}{\\b five}{\\v secret} fathoms {\\i calm}\\par");
  EXPECT_EQ(d.body, "Depth **five** fathoms *calm*\n");
  EXPECT_EQ(d.extra["changes_accepted"].as_int(), 1);
  EXPECT_EQ(d.extra["hidden_characters"].as_int(), 6);
}

TEST(Rtf, ListsHaveTheLabelsThatStandInThem) {
  EXPECT_EQ(
      body_of(
          "\\pard\\ls1{\\listtext\\'b7\\tab}Rope\\par\\pard\\ls1\\ilvl1{\\listtext o\\tab}Long\\par"
          "\\pard{\\pntext 3.\\tab}Cast off\\par{\\pntext 4.\\tab}Steer\\par\\pard\\ls2{\\listtext 1.2\\tab}Deep\\par"),
      "- Rope\n  - Long\n\n3. Cast off\n4. Steer\n\n- 1.2 Deep\n");
}

TEST(Rtf, TablesHaveRowsAndMergedCells) {
  EXPECT_EQ(body_of("Before\\par\\trowd\\cellx1000\\cellx2000\\intbl Day\\cell High\\cell\\row"
                    "\\trowd\\cellx2000\\intbl none today\\cell\\row"
                    "\\trowd\\clmgf\\cellx1000\\clmrg\\cellx2000\\intbl both\\cell\\cell\\row\\pard After\\par"),
            "Before\n\n| Day | High |\n| --- | --- |\n| none today | |\n| both | |\n\nAfter\n");
}

TEST(Rtf, ATableWithinACellStandsBetweenWhatIsBeforeAndBehindIt) {
  const std::string body = body_of(
      "\\trowd\\cellx1000\\cellx2000\\pard\\intbl left\\cell right\\cell\\row"
      "\\pard\\intbl out\\par\\pard\\intbl\\itap2 a\\nestcell b\\nestcell"
      "{\\*\\nesttableprops\\trowd\\cellx500\\cellx900\\nestrow}{\\nonesttables\\par}\\pard\\intbl\\cell "
      "deep\\cell\\row\\pard end\\par");
  // A table that holds another is there for its layout, as in a page: its cells stand below each other.
  EXPECT_EQ(body, "left\n\nright\n\nout\n\na\n\nb\n\ndeep\n\nend\n");
}

TEST(Rtf, FieldsShowTheirResults) {
  EXPECT_EQ(body_of("See {\\field{\\*\\fldinst HYPERLINK \"https://a.example/\"}{\\fldrslt the chart}}, page "
                    "{\\field{\\*\\fldinst PAGE}{\\fldrslt 7}}.\\par"),
            "See [the chart](https://a.example/), page .\n");
}

TEST(Rtf, NotesCommentsBoxesAndHeaders) {
  EXPECT_EQ(
      body_of("{\\header Port authority\\par}{\\headerl Port authority\\par}{\\footer Secret\\par}"
              "Low{\\footnote \\chftn  At six}{\\*\\atnauthor Ann}\\chatn{\\*\\annotation Which one?} tide\\par"
              "{\\shp{\\*\\shpinst{\\sp{\\sn x}{\\sv 1}}{\\shptxt Mind the swell.\\par}}{\\shprslt twice}}On\\par"),
      "Port authority\n\nLow[1] tide\n\n> Comment (Ann): Which one?\n\nOn\n\nMind the swell.\n\n[1] At "
      "six\n\nSecret\n");
}

TEST(Rtf, WhatIsNoTextIsLeftOut) {
  const Document d = read_whole(
      "{\\info{\\title The log}{\\author Ann}{\\creatim\\yr2024\\mo5\\dy1\\hr10\\min0}{\\keywords tide; wind}}"
      "{\\colortbl;\\red0;}{\\*\\generator Writer;}{\\pict 89504e47}\\bin5 {{{{{calm{\\*\\unknown words}\\par");
  EXPECT_EQ(d.body, "calm\n");
  EXPECT_EQ(d.title, "The log");
  EXPECT_EQ(d.author, "Ann");
  EXPECT_EQ(d.created_at_us, 1714557600000000);
  EXPECT_EQ(d.labels.size(), 2u);
}

TEST(Rtf, DeepGroupsAreRefusedAndCutOnesRead) {
  EXPECT_EQ(extract("{\\rtf1 " + std::string(20'000, '{'), kMime, "a.rtf").status().code(), base::Code::exhausted);
  EXPECT_EQ(take(extract("{\\rtf1 half a {\\b line", kMime, "a.rtf")).body, "half a **line**\n");
  EXPECT_EQ(extract("plain words", kMime, "a.rtf").status().code(), base::Code::invalid_argument);
  EXPECT_EQ(detect_type("letter.doc", "{\\rtf1\\ansi x}"), kMime);
}

}  // namespace
}  // namespace tarn::document::rtf
