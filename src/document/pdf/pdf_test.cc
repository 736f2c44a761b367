#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/status_test.h"
#include "document/document.h"
#include "document/pdf/info.h"
#include "document/pdf/layout.h"
#include "document/pdf/pdf_writer_test.h"
#include "document/pdf/writer.h"
#include "json/value.h"

namespace tarn::document {
namespace {

using base::Code;
using testing::HasSubstr;
using testing::Not;

Document read_whole(const std::string& bytes, const ExtractOptions& options = {}) {
  auto d = extract(bytes, "application/pdf", "harbour.pdf", options);
  EXPECT_TRUE(d.ok()) << d.status().to_string();
  return d.ok() ? *d : Document();
}

std::string body_of(PdfWriter& pdf) { return read_whole(pdf.bytes()).body; }

std::string one_page(std::string_view content, std::string_view keys = "") {
  PdfWriter pdf;
  pdf.page(content, keys);
  return body_of(pdf);
}

// The page of the first place of `words`.
std::string page_of(const Document& d, std::string_view words) {
  const size_t at = d.body.find(words);
  if (at == std::string::npos) return "not there";
  const auto anchor = anchor_at(d.anchors, at, d.body);
  return anchor ? anchor->kind + " " + anchor->value : "none";
}

TEST(Pdf, LinesBecomeParagraphs) {
  EXPECT_EQ(one_page(lines_at(72, 750,
                              {"The tide turns twice a day in the harbour, and each boat",
                               "waits for it at its own mooring till noon."}) +
                     lines_at(72, 710, {"A second paragraph stands below a wider gap and is one", "of its own."})),
            "The tide turns twice a day in the harbour, and each boat waits for it at its own mooring till noon.\n\n"
            "A second paragraph stands below a wider gap and is one of its own.\n");
}

TEST(Pdf, WordsAreOneWhateverPiecesTheyAreDrawnIn) {
  // Kerned, word by word without blanks, and out of order.
  EXPECT_EQ(one_page("BT /F1 12 Tf 72 700 Td [(Har) 20 (bour) -300 (mas) -10 (ter)] TJ ET\n" +
                     text_at(150, 650, "second", 12) + text_at(72, 650, "The first,", 12)),
            "Harbour master\n\nThe first, second\n");
}

TEST(Pdf, EachPageHasItsAnchor) {
  PdfWriter pdf;
  pdf.page(lines_at(72, 750, {"The pilot boards at the outer buoy and stays on the", "bridge until the vessel is"}));
  pdf.page("");
  pdf.page(text_at(72, 750, "The third page begins here."));
  const Document d = read_whole(pdf.bytes());
  ASSERT_EQ(d.anchors.size(), 3u);
  EXPECT_EQ(page_of(d, "The pilot"), "page 1");
  EXPECT_EQ(page_of(d, "The third"), "page 3");
  EXPECT_EQ(d.extra["pages"].as_int(), 3);
}

TEST(Pdf, AParagraphGoesOnOverThePage) {
  PdfWriter pdf;
  pdf.page(lines_at(
      72, 90,
      {"Vessels that draw more than nine metres wait at the buoy until", "the pilot has come aboard, and then pro-"}));
  pdf.page(lines_at(72, 780, {"ceed to the quay that the harbour master named.", "There they lie."}));
  const Document d = read_whole(pdf.bytes());
  EXPECT_THAT(d.body, HasSubstr("and then proceed to the quay"));
  EXPECT_EQ(page_of(d, "Vessels"), "page 1");
  EXPECT_EQ(page_of(d, "quay"), "page 2");
}

TEST(Pdf, HyphensOfLinesGoThoseOfWordsStay) {
  const std::string body =
      one_page(lines_at(72, 750,
                        {"A well-known pilot said that the har-", "bour was closed, and that the well-",
                         "known rule held for every sea-", "going vessel of the line, as the sea-going", "tug did."}));
  EXPECT_THAT(body, HasSubstr("the harbour was closed"));
  EXPECT_THAT(body, HasSubstr("the well-known rule"));
  EXPECT_THAT(body, HasSubstr("every sea-going vessel"));
}

std::vector<std::string> column_lines(const std::string& word) {
  std::vector<std::string> lines;
  for (int i = 0; i < 8; ++i) lines.push_back(word + " line " + std::to_string(i) + " goes on with more words");
  return lines;
}

TEST(Pdf, ColumnsAreReadOneAfterAnother) {
  // Drawn line by line across both columns, with a title above and a note below them.
  std::string content = text_at(150, 780, "A title that stands over both columns", 18);
  const auto left = column_lines("Left"), right = column_lines("Right");
  for (size_t i = 0; i < left.size(); ++i) {
    const double y = 740 - 12.0 * static_cast<double>(i);
    content += text_at(72, y, left[i]) + text_at(310, y, right[i]);
  }
  content += text_at(
      72, 600, "A note below goes from the left side of the page all the way to its right side, over both of them.");
  const std::string body = one_page(content);
  size_t at = 0;
  for (const std::string_view next :
       {"# A title", "Left line 0", "Left line 7", "Right line 0", "Right line 7", "A note below"}) {
    const size_t found = body.find(next, at);
    ASSERT_NE(found, std::string::npos) << next << " is missing or comes too early in\n" << body;
    at = found;
  }
}

TEST(Pdf, TurnedPagesAndTextAreUpright) {
  for (const std::string rotation : {"90", "180", "270"}) {
    // What is drawn upright on a turned page is read from its own top.
    const std::string matrix = rotation == "90"    ? "0 1 -1 0 500 100"
                               : rotation == "180" ? "-1 0 0 -1 500 700"
                                                   : "0 -1 1 0 100 700";
    const std::string body = one_page(
        "q " + matrix + " cm\n" +
            lines_at(0, 0, {"The first line of the turned page stands above", "the second one, and both are whole."}) +
            "Q",
        "/Rotate " + rotation);
    EXPECT_EQ(body, "The first line of the turned page stands above the second one, and both are whole.\n") << rotation;
  }
  for (const std::string rotation : {"0", "90", "180", "270"}) {
    // The seen page begins at 100, 50 and is 400 wide and 300 high before it is turned; words stand in all its corners.
    const std::string text = one_page(text_at(110, 340, "north west") + text_at(400, 340, "north east") +
                                          text_at(110, 60, "south west") + text_at(400, 60, "south east"),
                                      "/MediaBox [50 20 600 900] /CropBox [100 50 500 350] /Rotate " + rotation);
    for (const char* corner : {"north west", "north east", "south west", "south east"}) {
      EXPECT_THAT(text, HasSubstr(corner)) << rotation;
    }
  }
  const std::string body = one_page(lines_at(72, 750, {"Upright text comes first in the body."}) +
                                    "q 0 1 -1 0 400 300 cm\n" + text_at(0, 0, "Depth in metres") + "Q");
  EXPECT_EQ(body, "Upright text comes first in the body.\n\nDepth in metres\n");
}

TEST(Pdf, RunningHeadsAndPageNumbersGo) {
  PdfWriter pdf;
  for (int p = 1; p <= 6; ++p) {
    pdf.page(text_at(72, 810, "Rules of the harbour, edition 4") + text_at(290, 30, std::to_string(p)) +
             lines_at(72, 700,
                      {"Page text " + std::string(1, static_cast<char>('a' + p)) + " is here and ends.",
                       "The year is 1998."}));
  }
  const Document d = read_whole(pdf.bytes());
  const size_t head = d.body.find("Rules of the harbour");
  ASSERT_NE(head, std::string::npos);
  EXPECT_EQ(d.body.find("Rules of the harbour", head + 1), std::string::npos) << d.body;
  EXPECT_THAT(d.body, Not(HasSubstr("\n\n3\n")));
  EXPECT_THAT(d.body, HasSubstr("1998"));
  EXPECT_EQ(json::write(d.extra["running_heads"]), R"(["Rules of the harbour, edition 4"])");
}

// A page with a font F4 whose capitals are letters of Hebrew, from alef on, and a to j Arabic digits; z is a vowel.
std::string hebrew_page(const std::string& content) {
  PdfWriter pdf;
  const int map = pdf.add_stream(
      "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def 1 begincodespacerange <00> <ff> "
      "endcodespacerange 4 beginbfrange <20> <40> <0020> <41> <5a> <05d0> <61> <6a> <0660> <7a> <7a> <05b8> endbfrange "
      "endcmap end end");
  const int font =
      pdf.add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode " + std::to_string(map) + " 0 R >>");
  pdf.page(content, "/Resources << /Font << /F1 3 0 R /F4 " + std::to_string(font) + " 0 R >> >>");
  return body_of(pdf);
}

TEST(Pdf, AFootnotesMarkIsAWordOfItsOwn) {
  const std::string body =
      one_page(text_at(72, 700, "The sluice is shut") + text_at(154.1, 704, "3", 6) +
               text_at(162, 700, "at night, as is that of") + text_at(72, 690, "the dock.") + text_at(72, 104, "3", 5) +
               text_at(75, 100, "From ten on.", 8) + text_at(72, 404, "14", 6) + text_at(79, 400, "C dates the hull."));
  EXPECT_THAT(body, HasSubstr("is shut 3 at night"));
  EXPECT_THAT(body, HasSubstr("14C dates"));
  EXPECT_THAT(body, HasSubstr("3 From ten"));
}

TEST(Pdf, AnAccentDrawnOverALetterIsItsOwn) {
  const std::string accents =
      "[(Le quai d'Or) -111 (\\264) 444 (e) -300 (fran) -84 (\\270) 417 (cais, No) -111 (\\250) 444 (e) (l.)] TJ";
  EXPECT_EQ(one_page("BT /F1 10 Tf 72 700 Td " + accents + " ET\n"), "Le quai d'Or\u00E9 fran\u00E7ais, No\u00EBl.\n");
  EXPECT_EQ(one_page("BT /F1 10 Tf 72 700 Td (The \\264sign\\264 alone) Tj ET\n"), "The \u00B4sign\u00B4 alone\n");
}

TEST(Pdf, JapaneseIsReadThoughItsFontIsNotInTheFile) {
  PdfWriter pdf;
  const int descriptor = pdf.add(
      "<< /Type /FontDescriptor /FontName /Ryumin-Light /Flags 6 /FontBBox [0 -136 1000 864] /ItalicAngle 0 /Ascent "
      "723 "
      "/Descent -241 /CapHeight 709 /StemV 69 >>");
  const int cid = pdf.add(
      "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Ryumin-Light /DW 1000 /CIDSystemInfo << /Registry (Adobe) "
      "/Ordering (Japan1) /Supplement 2 >> /FontDescriptor " +
      std::to_string(descriptor) + " 0 R >>");
  const int font =
      pdf.add("<< /Type /Font /Subtype /Type0 /BaseFont /Ryumin-Light-H /Encoding /UniJIS-UCS2-H /DescendantFonts [" +
              std::to_string(cid) + " 0 R] >>");
  // A glyph in each object: "港" and "町".
  pdf.page("BT /F4 10 Tf 72 700 Td <6E2F> Tj ET BT /F4 10 Tf 82 700 Td <753A> Tj ET",
           "/Resources << /Font << /F4 " + std::to_string(font) + " 0 R >> >>");
  EXPECT_EQ(body_of(pdf), "港町\n");
}

TEST(Pdf, TextFromRightToLeftIsReadSo) {
  EXPECT_EQ(hebrew_page(text_at(300, 700, "FED CBA", 10, "F4")), "אבג דהו\n");
  std::string letter_by_letter;
  double x = 340;
  const std::vector<std::pair<std::string, double>> letters = {{"A", 6.67}, {"B", 6.67}, {"C", 7.22}, {"", 3},
                                                               {"D", 7.22}, {"E", 6.67}, {"F", 6.11}};
  for (const auto& [letter, width] : letters) letter_by_letter += text_at(x -= width, 700, letter, 10, "F4");
  EXPECT_EQ(hebrew_page(letter_by_letter), "אבג דהו\n");
  EXPECT_EQ(hebrew_page(text_at(300, 700, "IHG 1948 FED :CBA", 10, "F4")), "אבג: דהו 1948 זחט\n");
  EXPECT_EQ(hebrew_page(text_at(300, 700, "c.b dc CBA", 10, "F4")), "אבג \u0663\u0662 \u0662.\u0661\n");
  // A vowel that is drawn before its letter, and lower.
  EXPECT_EQ(hebrew_page(text_at(309, 697, "z", 10, "F4") + text_at(300, 700, "CBA", 10, "F4")), "אב\u05B8ג\n");
  // Latin words within keep their order, and so do such words in a Latin line.
  EXPECT_EQ(hebrew_page(text_at(200, 700, "IHG FED", 10, "F4") + text_at(252, 700, "Port Bell", 10) +
                        text_at(300, 700, "CBA", 10, "F4")),
            "אבג Port Bell דהו זחט\n");
  EXPECT_EQ(hebrew_page(text_at(72, 700, "The harbour", 10) + text_at(132, 700, "FED 7 CBA", 10, "F4") +
                        text_at(190, 700, "lies north.", 10)),
            "The harbour אבג 7 דהו lies north.\n");
}

// A page of each of the notes, which differ in what `edge_lines` gives for it; the text below is the same.
std::string notes(int count, const std::function<std::string(int)>& edge_lines) {
  PdfWriter pdf;
  for (int p = 1; p <= count; ++p) pdf.page(edge_lines(p) + text_at(72, 500, "The keeper of the light signs for it."));
  return read_whole(pdf.bytes()).body;
}

TEST(Pdf, LinesAtTheEdgeWhoseNumbersVaryStay) {
  const std::vector<std::string> tons = {"118.20", "9,310.00", "44.95", "702.10", "12.00"};
  const std::vector<std::string> notes_of = {"2041", "2077", "2101", "2155", "2160"};
  const std::string body = notes(5, [&](int p) {
    const auto at = static_cast<size_t>(p - 1);
    return text_at(72, 810, "Freight note " + std::to_string(p) + "/2031", 13, "F2") +
           text_at(72, 790, "Note no. " + notes_of[at]) + text_at(72, 775, "Berth " + std::to_string(p)) +
           text_at(72, 60, "Landed: " + tons[at] + " tons") + text_at(72, 45, "2031-04-0" + std::to_string(p));
  });
  for (int p = 1; p <= 5; ++p) {
    const auto at = static_cast<size_t>(p - 1);
    for (const std::string& line : {"Freight note " + std::to_string(p) + "/2031", "no. " + notes_of[at],
                                    "Berth " + std::to_string(p), tons[at], "2031-04-0" + std::to_string(p)}) {
      EXPECT_THAT(body, HasSubstr(line));
    }
  }
}

TEST(Pdf, NumbersOfPagesGoHoweverTheyAreWritten) {
  static constexpr const char* kRoman[] = {"i", "ii", "iii", "iv", "v", "vi"};
  const std::vector<std::function<std::string(int)>> ways = {
      [](int p) { return std::to_string(p + 6); },
      [](int p) { return "- " + std::to_string(p) + " -"; },
      [](int p) { return "Page " + std::to_string(p) + " of 6"; },
      [](int p) { return "Seite " + std::to_string(p); },
      [](int p) { return std::to_string(p) + "/6"; },
      [](int p) { return std::string(kRoman[p - 1]); },
      [](int p) { return "Page " + std::string(kRoman[p - 1]); }};
  for (const auto& way : ways) {
    const std::string body = notes(6, [&](int p) { return text_at(280, 30, way(p)); });
    for (int p = 1; p <= 6; ++p) EXPECT_THAT(body, Not(HasSubstr("\n" + way(p) + "\n"))) << body;
  }
  const std::string dates = notes(6, [](int p) { return text_at(280, 30, std::to_string(p) + "/12"); });
  EXPECT_THAT(dates, HasSubstr("\n5/12\n"));
}

TEST(Pdf, AHeadWithThePagesNumberApartStaysOnce) {
  const std::string body = notes(6, [](int p) {
    return text_at(72, 810, "Tides and lights") + text_at(500, 810, std::to_string(p)) +
           text_at(72, 790, "Lantern " + std::to_string(p));
  });
  EXPECT_THAT(body, HasSubstr("Tides and lights 1"));
  EXPECT_THAT(body, Not(HasSubstr("Tides and lights 2")));
  EXPECT_THAT(body, HasSubstr("Lantern 5"));  // a number within the line is its own
}

TEST(Pdf, ALineOfTheTextIsNoRunningHeadThoughItComesBack) {
  const std::string body = notes(4, [](int p) {
    return lines_at(
        72, 790,
        {"On watch " + std::string(static_cast<size_t>(p), 'x') + " the bell was rung by the", "mate of the ship."});
  });
  size_t ends = 0;
  for (size_t at = body.find("mate of"); at != std::string::npos; at = body.find("mate of", at + 1)) ++ends;
  EXPECT_EQ(ends, 4u) << body;
}

TEST(Pdf, ATitleThatComesBackHereAndThereIsNoRunningHead) {
  const std::string body = notes(11, [](int p) {
    return text_at(72, 810, "Lights of the coast") + (p % 5 == 1 ? text_at(72, 785, "Remarks", 10, "F2") : "");
  });
  size_t titles = 0, heads = 0;
  for (size_t at = body.find("Remarks"); at != std::string::npos; at = body.find("Remarks", at + 1)) ++titles;
  for (size_t at = body.find("Lights of"); at != std::string::npos; at = body.find("Lights of", at + 1)) ++heads;
  EXPECT_EQ(titles, 3u) << body;
  EXPECT_EQ(heads, 1u) << body;
}

TEST(Pdf, ATitleThatComesBackIsNoRunningHead) {
  const std::string body = notes(4, [](int) { return text_at(72, 790, "The channel", 18); });
  size_t titles = 0;
  for (size_t at = body.find("The channel"); at != std::string::npos; at = body.find("The channel", at + 1)) ++titles;
  EXPECT_EQ(titles, 4u) << body;
}

TEST(Pdf, HeadingsBySizeAndWeight) {
  const std::string body = one_page(
      text_at(72, 780, "Mooring", 20) +
      lines_at(72, 750, {"Boats moor at the quay by day, and outside of it during", "the night when it is calm."}) +
      text_at(72, 715, "At night", 14) +
      lines_at(72, 695, {"They show a light that can be seen from all sides of", "the basin."}) +
      text_at(72, 665, "Lights", 10, "F2") +
      lines_at(72, 650, {"A white one is enough for boats of less than seven", "metres."}));
  EXPECT_THAT(body, HasSubstr("# Mooring\n\nBoats moor"));
  EXPECT_THAT(body, HasSubstr("\n\n## At night\n\nThey show"));
  EXPECT_THAT(body, HasSubstr("\n\n### Lights\n\nA white one"));
}

TEST(Pdf, TheOutlineSaysWhatIsAHeading) {
  PdfWriter pdf;
  const int page = pdf.page(lines_at(72, 780, {"2.1 Dues"}) +
                            lines_at(72, 755, {"Dues are paid before the vessel leaves the harbour, in", "coin."}));
  const int outline = pdf.add(""), chapter = pdf.add(""), dues = pdf.add("");
  const auto ref = [](int n) { return std::to_string(n) + " 0 R"; };
  pdf.set(outline, "<< /Type /Outlines /First " + ref(chapter) + " /Last " + ref(chapter) + " /Count 1 >>");
  // Its last entry leads back to the first one.
  pdf.set(chapter, "<< /Title (Money) /Parent " + ref(outline) + " /First " + ref(dues) + " /Last " + ref(dues) +
                       " /Next " + ref(chapter) + " >>");
  pdf.set(dues, "<< /Title (Dues) /Parent " + ref(chapter) + " /Dest [" + ref(page) + " /XYZ 72 790 0] >>");
  pdf.catalog("/Outlines " + ref(outline));
  EXPECT_EQ(body_of(pdf), "## 2.1 Dues\n\nDues are paid before the vessel leaves the harbour, in coin.\n");
}

TEST(Pdf, ListsAreLists) {
  EXPECT_EQ(
      one_page(lines_at(72, 750, {"Bring with you:"}) +
               lines_at(72, 730, {"\x95 a rope of twenty metres that has been seen by the", "\x95 a lamp"}) +
               lines_at(90, 700, {"\x95 with oil"}) + lines_at(72, 660, {"1. Call the harbour master.", "2. Wait."})),
      "Bring with you:\n\n- a rope of twenty metres that has been seen by the\n- a lamp\n  - with oil\n\n1. Call the "
      "harbour master.\n2. Wait.\n");
}

TEST(Pdf, RuledTables) {
  std::string content = lines_at(72, 780, {"Depths at the quays:"});
  for (const double y : {760.0, 740.0, 720.0, 700.0}) content += rule(72, y, 372, y);
  for (const double x : {72.0, 172.0, 272.0, 372.0}) content += rule(x, 700, x, x == 272.0 ? 740 : 760);
  content += text_at(80, 746, "Quay") + text_at(180, 746, "Depth at low and high tide") + text_at(80, 726, "North") +
             text_at(180, 726, "4.5") + text_at(280, 726, "7.2") + text_at(80, 706, "South") +
             text_at(180, 706, "3.0") + text_at(280, 706, "5.9");
  EXPECT_EQ(one_page(content),
            "Depths at the quays:\n\n| Quay | Depth at low and high tide | |\n| --- | --- | --- |\n| North | 4.5 | 7.2 "
            "|\n| South | 3.0 | 5.9 |\n");
}

TEST(Pdf, TextOffThePageIsTold) {
  PdfWriter pdf;
  pdf.page(text_at(72, 500, "On the page."));
  pdf.page(text_at(72, 700, "Above it.") + text_at(72, 500, "On the second page."),
           "/MediaBox [0 0 842 595] /Rotate 90");
  const Document d = read_whole(pdf.bytes());
  EXPECT_THAT(d.body, Not(HasSubstr("Above")));
  EXPECT_EQ(json::write(d.extra["clipped_pages"]), "[2]");
  PdfWriter off;
  off.page(text_at(72, 700, "Above it."), "/MediaBox [0 0 842 595]");
  EXPECT_THAT(extract(off.bytes(), "application/pdf", "n.pdf").status().to_string(), HasSubstr("lies off the page"));
}

TEST(Pdf, LettersSetApartAreAWordInATable) {
  std::string content = lines_at(72, 780, {"Dues of the year:"});
  for (const double y : {760.0, 740.0, 720.0, 700.0}) content += rule(72, y, 372, y);
  for (const double x : {72.0, 222.0, 372.0}) content += rule(x, 700, x, 760);
  content += text_at(80, 746, "North quay") + text_at(230, 746, "40") + text_at(80, 726, "South quay") +
             text_at(230, 726, "2") + text_at(230, 706, "42");
  double x = 80;
  for (const char* letter : {"T", "O", "T", "A", "L", "S"}) content += text_at(std::exchange(x, x + 11), 706, letter);
  EXPECT_EQ(one_page(content),
            "Dues of the year:\n\n| North quay | 40 |\n| --- | --- |\n| South quay | 2 |\n| TOTALS | 42 |\n");
}

TEST(Pdf, LettersSetApartAreNoWordWithoutEnd) {
  pdf::Page page;
  page.width = 595, page.height = 842;
  page.frames.resize(1);
  for (int i = 0; i < 10'000; ++i) {
    pdf::Word word;
    word.text = "a", word.size = 10, word.y = 400;
    word.x0 = static_cast<float>(i) * 10, word.x1 = word.x0 + 6;
    page.frames[0].words.push_back(std::move(word));
  }
  const std::vector<pdf::Item> items = pdf::lay_out(page);
  ASSERT_EQ(items.size(), 1u);
  const std::string a(pdf::kMaxWordBytes, 'a');
  EXPECT_TRUE(items[0].line.text.words == a + " " + a + " " + std::string(10'000 - 2 * a.size(), 'a'));
}

TEST(Pdf, ALineThatBeginsWithALeaderIsNoItem) {
  EXPECT_EQ(one_page(lines_at(72, 750, {". . . . . . . 12"})), "… 12\n");
}

TEST(Pdf, AlignedTables) {
  std::string content = lines_at(72, 780, {"What was landed in the first week of the month, in tons:"});
  const std::vector<std::vector<std::string>> rows = {
      {"Vessel", "Cod", "Herring"}, {"Aurora", "12", "40"}, {"Brise", "7", "55"}, {"Cormorant", "19", "3"}};
  double y = 750;
  for (const auto& row : rows) {
    for (size_t c = 0; c < row.size(); ++c) content += text_at(72 + 120 * static_cast<double>(c), y, row[c]);
    y -= 14;
  }
  EXPECT_THAT(one_page(content), HasSubstr("| Vessel | Cod | Herring |\n| --- | --- | --- |\n| Aurora | 12 | 40 |\n| "
                                           "Brise | 7 | 55 |\n| Cormorant | 19 | 3 |\n"));
}

TEST(Pdf, CodeKeepsItsLines) {
  const std::string body = one_page(
      lines_at(72, 760, {"Type this at the prompt and wait for the answer of the", "machine:"}) +
      lines_at(72, 730, {"for boat in harbour:"}, 10, 12, "F3") + lines_at(84, 718, {"moor(boat)"}, 10, 12, "F3"));
  EXPECT_THAT(body, HasSubstr("```\nfor boat in harbour:\n  moor(boat)\n```"));
}

TEST(Pdf, LinksNotesAndFormsAreKept) {
  PdfWriter pdf;
  const int link = pdf.add(
      "<< /Type /Annot /Subtype /Link /Rect [100 745 160 765] /A << /S /URI /URI (https://example.org/tides) >> >>");
  const int note =
      pdf.add("<< /Type /Annot /Subtype /Text /Rect [300 700 320 720] /T (Ida) /Contents (Check the year.) >>");
  const int field =
      pdf.add("<< /Type /Annot /Subtype /Widget /FT /Tx /T (vessel) /V (Aurora) /Rect [140 695 300 712] >>");
  const int list = pdf.add(
      "<< /Type /Annot /Subtype /Widget /FT /Ch /T (cargo) /Opt [(Cod) (Herring)] /V (Cod) /Rect [140 600 300 640] >>");
  const auto ref = [](int n) { return std::to_string(n) + " 0 R "; };
  pdf.page(text_at(72, 750, "See") + text_at(102, 750, "the tides") + text_at(72, 700, "Your vessel:"),
           "/Annots [" + ref(link) + ref(note) + ref(field) + ref(list) + "]");
  pdf.catalog("/AcroForm << /Fields [" + ref(field) + ref(list) + "] >>");
  const Document d = read_whole(pdf.bytes());
  EXPECT_THAT(d.body, HasSubstr("See [the tides](https://example.org/tides)"));
  EXPECT_THAT(d.body, HasSubstr("Your vessel: Aurora"));
  EXPECT_THAT(d.body, HasSubstr("> Note (Ida): Check the year."));
  EXPECT_THAT(d.body, HasSubstr("Herring"));
  EXPECT_EQ(d.extra["form"]["vessel"].as_string(), "Aurora");
  EXPECT_EQ(d.extra["form"]["cargo"].as_string(), "Cod");
}

TEST(Pdf, ButtonsOfFormsHaveTheirState) {
  PdfWriter pdf;
  const auto ref = [](int n) { return std::to_string(n) + " 0 R "; };
  const int drawn = pdf.add_stream("", "/Type /XObject /Subtype /Form /BBox [0 0 10 10]");
  const auto box = [&](const std::string& keys, const std::string& on, const std::string& state, int y) {
    return pdf.add("<< /Type /Annot /Subtype /Widget " + keys + " /AS /" + state + " /AP << /N << /" + on + " " +
                   ref(drawn) + "/Off " + ref(drawn) + ">> >> /Rect [200 " + std::to_string(y) + " 212 " +
                   std::to_string(y + 12) + "] >>");
  };
  const int ticked = box("/FT /Btn /T (insured) /V /Yes", "Yes", "Yes", 695);
  const int empty = box("/FT /Btn /T (fragile) /V /Off", "Yes", "Off", 665);
  const int group = pdf.add("");
  const int north = box("/Parent " + ref(group), "north", "Off", 635),
            south = box("/Parent " + ref(group), "south", "south", 605);
  pdf.set(group, "<< /FT /Btn /Ff 32768 /T (quay) /V /south /Kids [" + ref(north) + ref(south) + "] >>");
  pdf.page(
      text_at(72, 698, "Insured") + text_at(72, 668, "Fragile") + text_at(72, 638, "North") + text_at(72, 608, "South"),
      "/Annots [" + ref(ticked) + ref(empty) + ref(north) + ref(south) + "]");
  pdf.catalog("/AcroForm << /Fields [" + ref(ticked) + ref(empty) + ref(group) + "] >>");
  const Document d = read_whole(pdf.bytes());
  EXPECT_EQ(json::write(d.extra["form"]), R"({"insured":"Yes","fragile":"Off","quay":"south"})");
  EXPECT_THAT(d.body, HasSubstr("Insured"));
}

TEST(Pdf, OfLinksThatCoverEachOtherTheLastOneCounts) {
  PdfWriter pdf;
  std::string annotations;
  const auto link = [&](const std::string& box, const std::string& path) {
    annotations += std::to_string(pdf.add("<< /Type /Annot /Subtype /Link /Rect [" + box +
                                          "] /A << /S /URI /URI (https://example.org/" + path + ") >> >>")) +
                   " 0 R ";
  };
  link("60 600 300 765", "a");
  link("70 745 160 765", "b");
  link("60 690 100 715", "c");
  link("60 680 300 720", "d");
  pdf.page(text_at(72, 750, "Ebb") + text_at(72, 700, "Flood"), "/Annots [" + annotations + "]");
  EXPECT_EQ(body_of(pdf), "[Ebb](https://example.org/b)\n\n[Flood](https://example.org/d)\n");
}

TEST(Pdf, WhatAnAnnotationSaysOffThePageIsNotSeen) {
  PdfWriter pdf;
  const auto ref = [](int n) { return std::to_string(n) + " 0 R "; };
  const int off = pdf.add("<< /Type /Annot /Subtype /FreeText /Rect [5000 5000 5100 5020] /Contents (Far off.) >>");
  const std::string far = std::string(38, '9') + ".5";
  const int nowhere = pdf.add("<< /Type /Annot /Subtype /FreeText /Rect [-" + far + " 1 " + far + " " + far +
                              "] /Contents (Nowhere.) >>");
  const int on = pdf.add("<< /Type /Annot /Subtype /FreeText /Rect [72 600 300 620] /Contents (On the page.) >>");
  pdf.page(text_at(72, 700, "Text."), "/Annots [" + ref(off) + ref(nowhere) + ref(on) + "]");
  EXPECT_EQ(body_of(pdf), "Text.\n\nOn the page.\n");
}

TEST(Pdf, ValuesOfFieldsHaveALimitTogether) {
  PdfWriter pdf;
  const int value = pdf.add("(" + std::string(150'000, 'v') + ")");
  std::string fields;
  for (const std::string name : {"first", "second", "third"}) {
    fields += std::to_string(pdf.add("<< /Type /Annot /Subtype /Widget /FT /Tx /T (" + name + ") /V " +
                                     std::to_string(value) + " 0 R /Rect [9000 9000 9010 9010] >>")) +
              " 0 R ";
  }
  pdf.page(text_at(72, 700, "Fill it in."), "/Annots [" + fields + "]");
  pdf.catalog("/AcroForm << /Fields [" + fields + "] >>");
  const Document d = read_whole(pdf.bytes());
  EXPECT_EQ(d.extra["form"].members().size(), 2u);
  EXPECT_EQ(json::write(d.extra["cut_pages"]), "[1]");
  EXPECT_EQ(d.body, "Fill it in.\n");
}

TEST(Pdf, TooManyDrawingsAreTold) {
  std::string content = text_at(72, 700, "Text.");
  for (int i = 0; i < pdf::kMaxPageObjects; ++i) content += "0 0 m 1 1 l S\n";
  PdfWriter pdf;
  pdf.page(content);
  pdf.page("");
  EXPECT_EQ(json::write(read_whole(pdf.bytes()).extra["cut_pages"]), "[1]");
}

TEST(Pdf, ABodyOverTheLimitIsRefused) {
  std::vector<pdf::FilePage> pages(1);
  for (int i = 0; i < 9; ++i) {
    pdf::Item item;
    item.line.text.words = std::string(16 << 20, 'a');
    item.line.y = static_cast<float>(i) * 50, item.line.size = 10;
    pages[0].items.push_back(std::move(item));
  }
  const auto refused = pdf::write(pages);
  EXPECT_EQ(refused.status().code(), Code::exhausted);
  EXPECT_THAT(refused.status().to_string(), HasSubstr("kMaxBodyBytes"));
}

TEST(Pdf, ALinkInAnotherEncodingIsUtf8) {
  PdfWriter pdf;
  const int link = pdf.add(
      "<< /Type /Annot /Subtype /Link /Rect [70 745 160 765] /A << /S /URI /URI (mailto:h\\370st a@example.org) >> >>");
  pdf.page(text_at(72, 750, "Ida"), "/Annots [" + std::to_string(link) + " 0 R]");
  EXPECT_EQ(body_of(pdf), "[Ida](mailto:h%F8st%20a@example.org)\n");
}

TEST(Pdf, WhatItSaysOfItself) {
  PdfWriter pdf;
  pdf.page(text_at(72, 750, "Some text."));
  pdf.info(
      "/Title (Tides of the north) /Author (Ida Holm) /CreationDate (D:20240501123000+02'00') /Keywords (tides; north) "
      "/Producer (by hand)");
  pdf.catalog("/PageLabels << /Nums [0 << /S /r /St 4 >>] >>");
  const Document d = read_whole(pdf.bytes());
  EXPECT_EQ(d.title, "Tides of the north");
  EXPECT_EQ(d.author, "Ida Holm");
  EXPECT_EQ(d.labels, (std::vector<std::string>{"tides", "north"}));
  EXPECT_EQ(d.created_at_us, 1714559400000000);
  EXPECT_EQ(d.extra["page_labels"]["1"].as_string(), "iv");
  EXPECT_EQ(d.mime, "application/pdf");

  PdfWriter other;
  other.page(text_at(72, 750, "Low water", 24) + text_at(72, 700, "Some text."));
  other.info("/Title (Microsoft Word - tides.doc)");
  const auto packet = [](const std::string& creator) {
    return "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta><dc:creator><rdf:Seq><rdf:li>" + creator +
           "</rdf:li></rdf:Seq></dc:creator></x:xmpmeta>";
  };
  other.add_stream(packet("Ole &amp; Co"), "/Type /Metadata /Subtype /XML");
  other.add_stream(packet("A camera"), "/Type /XObject /Subtype /Image /Width 1 /Height 1");
  const Document by_packet = read_whole(other.bytes());
  EXPECT_EQ(by_packet.title, "Low water");
  EXPECT_EQ(by_packet.author, "Ole & Co");
}

TEST(Pdf, WhatItSaysOfItselfIsOnOneLine) {
  PdfWriter pdf;
  pdf.page(text_at(72, 750, "Some text."));
  pdf.info("/Title (Tides of\\nthe north) /Author (Ida\\r\\nHolm) /Subject (High\\tand low)");
  const Document d = read_whole(pdf.bytes());
  EXPECT_EQ(d.title, "Tides of the north");
  EXPECT_EQ(d.author, "Ida Holm");
  EXPECT_EQ(d.extra["subject"].as_string(), "High and low");
}

TEST(Pdf, TimesOfPdf) {
  EXPECT_EQ(pdf::pdf_time("D:19700101000001Z"), 1000000);
  EXPECT_EQ(pdf::pdf_time("D:1970"), 0);
  EXPECT_EQ(pdf::pdf_time("D:19700101010000+01'00"), 0);
  EXPECT_EQ(pdf::pdf_time("1970-01-01T00:00:02Z"), 2000000);
  EXPECT_EQ(pdf::pdf_time("D:yesterday"), std::nullopt);
}

TEST(Pdf, AttachmentsAreParts) {
  PdfWriter pdf;
  pdf.page(text_at(72, 750, "The letter."));
  PdfWriter inner;
  inner.page(text_at(72, 750, "The enclosure."));
  const auto attach = [&](const std::string& name, const std::string& bytes) {
    const int stream = pdf.add_stream(bytes, "/Type /EmbeddedFile");
    return "(" + name + ") << /Type /Filespec /F (" + name + ") /UF (" + name + ") /EF << /F " +
           std::to_string(stream) + " 0 R >> >> ";
  };
  pdf.catalog("/Names << /EmbeddedFiles << /Names [" + attach("a.md", "# Tides\n\nLow.\n") +
              attach("b.bin", std::string("\x01\x02\x00\x03", 4)) + attach("c.pdf", inner.bytes()) + "] >> >>");
  std::map<std::string, Document> parts;
  ASSERT_OK(read(pdf.bytes(), "application/pdf", "letter.pdf", {}, [&](Document d) {
    parts[d.part] = d;
    return base::ok();
  }));
  ASSERT_EQ(parts.size(), 4u);
  EXPECT_EQ(parts["a.md"].title, "Tides");
  EXPECT_EQ(parts["a.md"].mime, "text/markdown");
  EXPECT_EQ(parts["c.pdf"].body, "The enclosure.\n");
  EXPECT_EQ(parts["b.bin"].body, "");
  EXPECT_EQ(parts["b.bin"].extra["not_read"].as_string(), "its type is not read");
}

TEST(Pdf, WhoTakesADocumentMayReadAnother) {
  PdfWriter outer, inner;
  outer.page(text_at(72, 750, "The letter."));
  inner.page(text_at(72, 750, "The enclosure."));
  std::string body;
  ASSERT_OK(read(outer.bytes(), "application/pdf", "letter.pdf", {}, [&](const Document& d) {
    body += d.body + read_whole(inner.bytes()).body;
    return base::ok();
  }));
  EXPECT_EQ(body, "The letter.\nThe enclosure.\n");
}

TEST(Pdf, AttachmentsLieOnlySoDeep) {
  std::string bytes;
  for (int depth = 0; depth < 6; ++depth) {
    PdfWriter pdf;
    pdf.page(text_at(72, 750, "Letter " + std::to_string(depth)));
    if (!bytes.empty()) {
      const int stream = pdf.add_stream(bytes, "/Type /EmbeddedFile");
      pdf.catalog(
          "/Names << /EmbeddedFiles << /Names [(in.pdf) << /Type /Filespec /F (in.pdf) /UF (in.pdf) /EF << /F " +
          std::to_string(stream) + " 0 R >> >>] >> >>");
    }
    bytes = pdf.bytes();
  }
  std::map<std::string, Document> parts;
  ASSERT_OK(read(bytes, "application/pdf", "letter.pdf", {}, [&](Document d) {
    parts[d.part] = d;
    return base::ok();
  }));
  EXPECT_EQ(parts.size(), 5u);
  EXPECT_EQ(parts["in.pdf/in.pdf/in.pdf"].body, "Letter 2\n");
  EXPECT_THAT(parts["in.pdf/in.pdf/in.pdf/in.pdf"].extra["not_read"].as_string(), HasSubstr("kMaxAttachmentDepth"));
}

TEST(Pdf, PicturesOfTextAreTold) {
  PdfWriter pdf;
  const int picture =
      pdf.add_stream(std::string(1, '\x80'),
                     "/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray");
  const std::string scan = "q 595 0 0 842 0 0 cm /Im Do Q";
  const int stream = pdf.add_stream(scan);
  const std::string page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents " + std::to_string(stream) +
                           " 0 R /Resources << /XObject << /Im " + std::to_string(picture) + " 0 R >> >> >>";
  const int scanned = pdf.add(page), other = pdf.page(text_at(72, 700, "This page has text of its own."));
  const auto tree = [&](const std::string& kids, int count) {
    pdf.set(2, "<< /Type /Pages /Count " + std::to_string(count) + " /Kids [" + kids + "] >>");
  };
  tree(std::to_string(scanned) + " 0 R " + std::to_string(other) + " 0 R", 2);
  EXPECT_EQ(json::write(read_whole(pdf.bytes()).extra["scanned_pages"]), "[1]");
  tree(std::to_string(scanned) + " 0 R", 1);
  const auto refused = extract(pdf.bytes(), "application/pdf", "scan.pdf");
  EXPECT_EQ(refused.status().code(), Code::invalid_argument);
  EXPECT_THAT(refused.status().to_string(), HasSubstr("scanned"));
}

TEST(Pdf, ThePasswordOpensAnEncryptedFile) {
  // Encrypted with "low tide" (RC4, 40 bits): "BT /F1 10 Tf 72 700 Td (Opened.) Tj ET" as the sixth object.
  PdfWriter pdf;
  pdf.page(
      "\x0A\xD4\x4A\x40\xA5\x67\xA9\x06\x07\x21\x27\x0F\xC0\xBE\x6D\x9B\xD4\x0B\x0C\xE2\x46\xE3\x58\xA0\xC4"
      "\x03\x78\x22\x60\xF2\x79\xED\x02\x2F\x4A\xBD\xF1\x74");
  const int encrypt = pdf.add(
      "<< /Filter /Standard /V 1 /R 2 /P -4 /O <B6BFF52BA5AC5C1CE42AB8A8373E4F1FCFFB5F8191D22A45245616EB5714422C> "
      "/U <A5B835C855195D09E124AC3A02AA4C78BC2C5250C1114B0B657DE54A2D82758A> >>");
  ExtractOptions options;
  options.password = "low tide";
  EXPECT_EQ(read_whole(pdf.bytes("/Encrypt " + std::to_string(encrypt) + " 0 R /ID [<00> <00>]"), options).body,
            "Opened.\n");
}

TEST(Pdf, APasswordThatIsNotNeededHarmsNot) {
  // The same, encrypted with the empty password.
  PdfWriter pdf;
  pdf.page(
      "\x7A\x3D\xA5\x44\x7B\x62\x11\x4B\x11\x7A\x72\x52\x99"
      "\x4F\x0F\x9A\x6F\x6E\xDE\x8D\x81\xA9\x19\x6A\x55\xC1"
      "\xA2\x5E\x2F\x8A\x83\x4A\x57\x59\x67\x42\x71\x75");
  const int encrypt = pdf.add(
      "<< /Filter /Standard /V 1 /R 2 /P -4 /O <90C635DEE6F6AADF21E6458804D558B35F03721E824973E5F90EB04F5E85D939> "
      "/U <80617929F9E5B8C6EDD3D1959B6C333B94C76A14FC79F99DF6144C052736C5FA> >>");
  ExtractOptions options;
  options.password = "low tide";
  EXPECT_EQ(read_whole(pdf.bytes("/Encrypt " + std::to_string(encrypt) + " 0 R /ID [<00> <00>]"), options).body,
            "Opened.\n");
}

// Its keys are none that any password gives.
TEST(Pdf, EncryptedFilesAreRefusedByName) {
  PdfWriter pdf;
  pdf.page(text_at(72, 700, "secret"));
  const int encrypt = pdf.add("<< /Filter /Standard /V 1 /R 2 /P -4 /O <" + std::string(64, 'A') + "> /U <" +
                              std::string(64, 'B') + "> >>");
  const std::string bytes = pdf.bytes("/Encrypt " + std::to_string(encrypt) + " 0 R /ID [<00> <00>]");
  const auto refused = extract(bytes, "application/pdf", "n.pdf");
  EXPECT_EQ(refused.status().code(), Code::permission_denied);
  EXPECT_THAT(refused.status().to_string(), HasSubstr("password"));
  ExtractOptions wrong_key;
  wrong_key.password = "wrong";
  const auto wrong = extract(bytes, "application/pdf", "n.pdf", wrong_key);
  EXPECT_THAT(wrong.status().to_string(), HasSubstr("does not open it"));
  PdfWriter foreign;
  foreign.page("");
  const int other = foreign.add("<< /Filter /Strange /V 9 >>");
  EXPECT_EQ(
      extract(foreign.bytes("/Encrypt " + std::to_string(other) + " 0 R"), "application/pdf", "n.pdf").status().code(),
      Code::unsupported);
}

TEST(Pdf, BrokenFilesAreRefusedOrReadAsFarAsTheyGo) {
  PdfWriter pdf;
  for (int p = 0; p < 3; ++p) pdf.page(lines_at(72, 700, {"Some text stands on this page of the file."}));
  const std::string whole = pdf.bytes();
  size_t read_anyway = 0;
  for (size_t size = 0; size < whole.size(); size += 13) {
    const auto d = extract(whole.substr(0, size), "application/pdf", "cut.pdf");
    if (d.ok()) {
      ++read_anyway;
    } else {
      EXPECT_FALSE(d.status().message().empty());
    }
  }
  EXPECT_GT(read_anyway, 0u);  // PDFium finds objects without their table
  for (size_t at = 0; at < whole.size(); at += 7) {
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x15);
    (void)extract(flipped, "application/pdf", "flipped.pdf");
  }
  EXPECT_EQ(extract("%PDF-1.7\nno more than that", "application/pdf", "n.pdf").status().code(), Code::invalid_argument);
  EXPECT_EQ(extract("", "application/pdf", "n.pdf").status().code(), Code::invalid_argument);
}

TEST(Pdf, TreesAndTablesThatBiteTheirTailEnd) {
  PdfWriter pdf;
  pdf.page(text_at(72, 700, "Never reached."));
  pdf.set(2, "<< /Type /Pages /Count 5 /Kids [2 0 R 2 0 R] /Parent 2 0 R >>");
  EXPECT_FALSE(extract(pdf.bytes(), "application/pdf", "n.pdf").ok());
  PdfWriter good;
  good.page(text_at(72, 700, "Reached."));
  std::string bytes = good.bytes();
  const size_t table = bytes.rfind("xref\n0");
  bytes = good.bytes("/Prev " + std::to_string(table));
  EXPECT_EQ(read_whole(bytes).body, "Reached.\n");
}

TEST(Pdf, AbsurdSizesAreNoAllocations) {
  PdfWriter pdf;
  pdf.page(text_at(72, 700, "Small."), "/MediaBox [0 0 1e30 1e30] /UserUnit 1e9");
  (void)extract(pdf.bytes(), "application/pdf", "n.pdf");
  PdfWriter lying;
  lying.page(text_at(72, 700, "Small."));
  lying.set(2, "<< /Type /Pages /Count 2000000000 /Kids [7 0 R] >>");
  EXPECT_EQ(read_whole(lying.bytes()).body, "Small.\n");
  const std::string body = one_page(text_at(72, 700, "Far", 1e6) + text_at(1e7, 700, "off") +
                                    "BT /F1 10 Tf 3e38 0 0 3e38 72 650 Tm (Vast) Tj ET\n" + text_at(72, 600, "Near."));
  EXPECT_THAT(body, HasSubstr("Near."));
  EXPECT_THAT(body, Not(HasSubstr("off")));
}

TEST(Pdf, PagesBeyondTheStatedCountAreRead) {
  PdfWriter pdf;
  const int first = pdf.page(text_at(72, 700, "First.")), second = pdf.page(text_at(72, 700, "Second."));
  const int third = pdf.page(text_at(72, 700, "Third."));
  const int branch = pdf.add("<< /Type /Pages /Parent 2 0 R /Count 1 /Kids [" + std::to_string(second) + " 0 R " +
                             std::to_string(third) + " 0 R] >>");
  pdf.set(2,
          "<< /Type /Pages /Count 2 /Kids [" + std::to_string(first) + " 0 R " + std::to_string(branch) + " 0 R] >>");
  const Document d = read_whole(pdf.bytes());
  EXPECT_EQ(d.body, "First.\n\nSecond.\n\nThird.\n");
  EXPECT_EQ(d.extra["pages"].as_int(), 3);
}

TEST(Pdf, AFormThatDrawsItselfIsReadOnce) {
  PdfWriter pdf;
  const std::string content = text_at(72, 600, "Drawn by a form.") + "/X Do ";
  const int form = pdf.add("");
  pdf.set(form,
          "<< /Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources << /Font << /F1 3 0 R >> /XObject << /X " +
              std::to_string(form) + " 0 R >> >> /Length " + std::to_string(content.size()) + " >>\nstream\n" +
              content + "\nendstream");
  pdf.page(text_at(72, 700, "Text.") + "/X Do",
           "/Resources << /Font << /F1 3 0 R >> /XObject << /X " + std::to_string(form) + " 0 R >> >>");
  EXPECT_EQ(body_of(pdf), "Text.\n\nDrawn by a form.\n");
}

TEST(Pdf, AnEmptyFileIsCalledSo) {
  EXPECT_THAT(extract("", "application/pdf", "n.pdf").status().to_string(), HasSubstr("it is empty"));
}

TEST(Pdf, PagesThatCannotBeReadAreTold) {
  PdfWriter pdf;
  std::string kids;
  for (int i = 0; i < 1'001; ++i) kids += "3 0 R ";
  pdf.set(2, "<< /Type /Pages /Count 1001 /Kids [" + kids + "] >>");
  const auto refused = extract(pdf.bytes(), "application/pdf", "n.pdf");
  EXPECT_THAT(refused.status().to_string(), HasSubstr("its 1001 pages cannot be read"));
}

TEST(Pdf, TheTypeIsWhatTheBytesSay) {
  EXPECT_EQ(detect_type("letter.txt", "%PDF-1.4\n"), "application/pdf");
  EXPECT_EQ(detect_type("letter", "\r\n%PDF-1.4\n"), "application/pdf");
  EXPECT_EQ(detect_type("about.txt", "A file begins with %PDF-1.4"), "text/plain");
  const auto lie = extract("<html><body>Not found", "application/pdf", "report.pdf");
  EXPECT_EQ(lie.status().code(), Code::invalid_argument);
}

}  // namespace
}  // namespace tarn::document
