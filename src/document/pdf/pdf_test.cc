// Lines → paragraphs, headings, lists and tables.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "document/pdf/layout.h"
#include "document/pdf/reading_test.h"

namespace tarn::document {
namespace {

using testing::HasSubstr;

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

}  // namespace
}  // namespace tarn::document
