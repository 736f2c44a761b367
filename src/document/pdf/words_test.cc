// Glyphs → words, and what they say.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "document/pdf/reading_test.h"
#include "json/value.h"

namespace tarn::document {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Pdf, WordsAreOneWhateverPiecesTheyAreDrawnIn) {
  // Kerned, word by word without blanks, and out of order.
  EXPECT_EQ(one_page("BT /F1 12 Tf 72 700 Td [(Har) 20 (bour) -300 (mas) -10 (ter)] TJ ET\n" +
                     text_at(150, 650, "second", 12) + text_at(72, 650, "The first,", 12)),
            "Harbour master\n\nThe first, second\n");
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

}  // namespace
}  // namespace tarn::document
