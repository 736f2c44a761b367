// What a file says beside its text, and files that are encrypted, broken, or over a limit.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/status_test.h"
#include "document/pdf/info.h"
#include "document/pdf/layout.h"
#include "document/pdf/reading_test.h"
#include "document/pdf/writer.h"
#include "json/value.h"

namespace tarn::document {
namespace {

using base::Code;
using testing::HasSubstr;
using testing::Not;

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
  EXPECT_THAT(parts["in.pdf/in.pdf/in.pdf/in.pdf"].extra["not_read"].as_string(), HasSubstr("kMaxPartDepth"));
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
