// Presentations, OpenDocument and books.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/status_test.h"
#include "document/archive/zip_writer_test.h"
#include "document/document.h"

namespace tarn::document {
namespace {

using base::Code;
using testing::HasSubstr;

Document read_whole(const std::string& bytes, const std::string& name) {
  auto d = extract(bytes, detect_type(name, bytes.substr(0, 4096)), name);
  EXPECT_TRUE(d.ok()) << d.status().to_string();
  return d.ok() ? *d : Document();
}

std::string place_of(const Document& d, std::string_view words) {
  const auto anchor = anchor_at(d.anchors, d.body.find(words), d.body);
  return anchor ? anchor->kind + " " + anchor->value : "none";
}

std::string shape(const std::string& type, const std::string& paragraphs) {
  return "<p:sp><p:nvSpPr><p:cNvPr/><p:cNvSpPr/><p:nvPr>" + (type.empty() ? "" : "<p:ph type=\"" + type + "\"/>") +
         "</p:nvPr></p:nvSpPr><p:txBody>" + paragraphs + "</p:txBody></p:sp>";
}
std::string line(const std::string& text, const std::string& properties = "") {
  return "<a:p>" + properties + "<a:r><a:t>" + text + "</a:t></a:r></a:p>";
}

TEST(Pptx, SlidesHaveTitlesListsTablesAndNotes) {
  ZipWriter zip;
  zip.add(
      "_rels/.rels",
      R"(<Relationships><Relationship Id="r" Type="t/officeDocument" Target="ppt/presentation.xml"/></Relationships>)");
  zip.add(
      "ppt/presentation.xml",
      R"(<p:presentation><p:sldIdLst><p:sldId id="256" r:id="b"/><p:sldId id="257" r:id="a"/></p:sldIdLst></p:presentation>)");
  zip.add(
      "ppt/_rels/presentation.xml.rels",
      R"(<Relationships><Relationship Id="a" Type="t/slide" Target="slides/slide1.xml"/><Relationship Id="b" Type="t/slide" Target="slides/slide2.xml"/></Relationships>)");
  zip.add("ppt/slides/slide2.xml",
          "<p:sld><p:cSld><p:spTree>" + shape("body", line("First") + line("deeper", R"(<a:pPr lvl="1"/>)")) +
              shape("title", line("The harbour")) + shape("sldNum", line("1")) + "</p:spTree></p:cSld></p:sld>");
  zip.add(
      "ppt/slides/slide1.xml",
      R"(<p:sld show="0"><p:cSld><p:spTree><p:graphicFrame><a:graphic><a:graphicData><a:tbl><a:tr><a:tc gridSpan="2"><a:txBody>)" +
          line("Tides") + "</a:txBody></a:tc><a:tc hMerge=\"1\"/></a:tr><a:tr><a:tc><a:txBody>" + line("06:10") +
          "</a:txBody></a:tc><a:tc><a:txBody>" + line("high") +
          "</a:txBody></a:tc></a:tr></a:tbl></a:graphicData></a:graphic></p:graphicFrame></p:spTree></p:cSld></p:sld>");
  zip.add(
      "ppt/slides/_rels/slide1.xml.rels",
      R"(<Relationships><Relationship Id="n" Type="t/notesSlide" Target="../notesSlides/n1.xml"/></Relationships>)");
  zip.add("ppt/notesSlides/n1.xml",
          "<p:notes><p:cSld><p:spTree>" + shape("body", line("Speak slowly.")) + "</p:spTree></p:cSld></p:notes>");
  const Document d = read_whole(zip.bytes(), "talk.pptx");
  EXPECT_EQ(
      d.body,
      "## The harbour\n\n- First\n  - deeper\n\n## Slide 2 (hidden)\n\n| Tides | |\n| --- | --- |\n| 06:10 | high |\n\n"
      "> **Notes**\n>\n> Speak slowly.\n");
  EXPECT_EQ(d.title, "The harbour");
  EXPECT_EQ(place_of(d, "deeper"), "slide 1");
  EXPECT_EQ(place_of(d, "06:10"), "slide 2");
  EXPECT_EQ(d.extra["hidden_slides"].items().size(), 1u);
}

std::string odf(const std::string& kind, const std::string& body, const std::string& styles = "",
                const std::string& meta = "") {
  ZipWriter zip;
  zip.add("mimetype", "application/vnd.oasis.opendocument." + kind, {.deflate = false});
  zip.add("content.xml", "<office:document-content><office:automatic-styles>" + styles +
                             "</office:automatic-styles><office:body>" + body +
                             "</office:body></office:document-content>");
  if (!meta.empty()) zip.add("meta.xml", "<m><office:meta>" + meta + "</office:meta></m>");
  return zip.bytes();
}

TEST(Odf, ATextHasHeadingsListsTablesNotesAndComments) {
  const Document d = read_whole(
      odf("text",
          R"(<office:text><text:tracked-changes><text:changed-region><text:deletion><text:p>gone</text:p></text:deletion></text:changed-region></text:tracked-changes>)"
          R"(<text:h text:outline-level="2">Wind</text:h><text:p>Light<text:s text:c="2"/><text:span text:style-name="T1">airs</text:span>)"
          R"(<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Force one.</text:p></text:note-body></text:note>)"
          R"(<office:annotation><dc:creator>Ann</dc:creator><dc:date>2024</dc:date><text:p>Sure?</text:p></office:annotation></text:p>)"
          R"(<text:list text:style-name="L1"><text:list-item><text:p>one</text:p><text:list><text:list-item><text:p>in it</text:p></text:list-item></text:list></text:list-item>)"
          R"(<text:list-item><text:p>two</text:p></text:list-item></text:list>)"
          R"(<table:table><table:table-row><table:table-cell table:number-columns-spanned="2"><text:p>Tides</text:p></table:table-cell><table:covered-table-cell/></table:table-row>)"
          R"(<table:table-row><table:table-cell><text:p>06:10</text:p></table:table-cell><table:table-cell><text:p><text:a xlink:href="https://a.example/">high</text:a></text:p></table:table-cell></table:table-row></table:table></office:text>)",
          R"(<style:style style:name="T1"><style:text-properties fo:font-weight="bold"/></style:style>)"
          R"(<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="1"/></text:list-style>)",
          "<dc:title>The "
          "log</dc:title><meta:initial-creator>Bo</meta:initial-creator><meta:creation-date>2024-05-01T10:00:00.5</"
          "meta:creation-date>"),
      "log.odt");
  EXPECT_EQ(d.body,
            "## Wind\n\nLight **airs**[1]\n\n> Comment (Ann): Sure?\n\n1. one\n   - in it\n2. two\n\n| Tides | |\n| "
            "--- | --- |\n"
            "| 06:10 | [high](https://a.example/) |\n\n[1] Force one.\n");
  EXPECT_EQ(d.title, "The log");
  EXPECT_EQ(d.author, "Bo");
  EXPECT_TRUE(d.created_at_us.has_value());
  EXPECT_EQ(d.mime, "application/vnd.oasis.opendocument.text");
}

TEST(Odf, ListsGoOnFromOthersAndBeginWhereTheySay) {
  const std::string two =
      R"(<text:list-item><text:p>one</text:p></text:list-item><text:list-item><text:p/></text:list-item>)";
  const std::string last = R"(<text:list-item><text:p>last</text:p></text:list-item></text:list>)";
  EXPECT_EQ(
      read_whole(
          odf("text",
              R"(<office:text><text:list xml:id="a" text:style-name="L1">)" + two +
                  "</text:list><text:p>Between</text:p>" +
                  R"(<text:list text:style-name="L1" text:continue-numbering="true">)" + last + "<text:p>and</text:p>" +
                  R"(<text:list text:style-name="L1" text:continue-list="a">)" + last + "<text:p>then</text:p>" +
                  R"(<text:list text:style-name="L1"><text:list-item text:start-value="9"><text:p>nine</text:p></text:list-item>)" +
                  last + "</office:text>",
              R"(<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="1" text:start-value="3"/></text:list-style>)"),
          "log.odt")
          .body,
      "3. one\n\nBetween\n\n5. last\n\nand\n\n5. last\n\nthen\n\n9. nine\n10. last\n");
}

TEST(Odf, TimesThatAreNoneStay) {
  const auto cell = [](const std::string& time) {
    return R"(<table:table-cell office:value-type="time" office:time-value=")" + time + "\"/>";
  };
  EXPECT_EQ(read_whole(odf("spreadsheet", R"(<office:spreadsheet><table:table table:name="S"><table:table-row>)" +
                                              cell("PT06H10M00S") + cell("PT06H10M07.5S") + cell("PT99999999999H0M0S") +
                                              cell("noon") + "</table:table-row></table:table></office:spreadsheet>"),
                       "a.ods")
                .body,
            "## S\n\n| 06:10 | 06:10:07 | PT99999999999H0M0S | noon |\n| --- | --- | --- | --- |\n");
}

TEST(Odf, ParagraphsOfATitleAreParted) {
  EXPECT_EQ(
      read_whole(
          odf("presentation",
              R"(<office:presentation><draw:page><draw:frame presentation:class="title"><draw:text-box><text:p>The<text:s/>old</text:p>)"
              R"(<text:p>harbour</text:p></draw:text-box></draw:frame></draw:page></office:presentation>)"),
          "talk.odp")
          .title,
      "The old harbour");
}

TEST(Odf, SheetsHaveValuesAndAddresses) {
  const Document d = read_whole(
      odf("spreadsheet",
          R"(<office:spreadsheet><table:table table:name="Tides"><table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>)"
          R"(<table:table-row><table:table-cell office:value-type="string"><text:p>Day</text:p></table:table-cell><table:table-cell/><table:table-cell office:value-type="string"><text:p>Share</text:p></table:table-cell></table:table-row>)"
          R"(<table:table-row><table:table-cell office:value-type="date" office:date-value="2024-05-01T06:10:00"><text:p>1 May</text:p></table:table-cell><table:table-cell/>)"
          R"(<table:table-cell office:value-type="percentage" office:value="0.5"><office:annotation><dc:creator>Ann</dc:creator><text:p>half</text:p></office:annotation><text:p>50%</text:p></table:table-cell></table:table-row></table:table>)"
          R"(<table:table table:name="Old" table:style-name="ta2"><table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="float" office:value="7"><text:p>7.00</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet>)",
          R"(<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>)"),
      "tides.ods");
  EXPECT_EQ(d.body,
            "## Tides\n\n| Day | Share |\n| --- | --- |\n| 2024-05-01 06:10:00 | 50% |\n\n> Comment on C5 (Ann): "
            "half\n\n## Old (hidden)\n\n| 7 |\n| --- |\n| 7 |\n");
  EXPECT_EQ(place_of(d, "50%"), "cells Tides!A5:C5");
  EXPECT_EQ(place_of(d, "half"), "cells Tides!C5");
}

TEST(Odf, PagesOfAPresentationAreSlides) {
  const Document d = read_whole(
      odf("presentation",
          R"(<office:presentation><draw:page><draw:frame presentation:class="title"><draw:text-box><text:p>The harbour</text:p></draw:text-box></draw:frame>)"
          R"(<draw:frame><draw:text-box><text:list><text:list-item><text:p>mind the swell</text:p></text:list-item></text:list></draw:text-box></draw:frame>)"
          R"(<presentation:notes><draw:frame><draw:text-box><text:p>Speak slowly.</text:p></draw:text-box></draw:frame></presentation:notes></draw:page></office:presentation>)"),
      "talk.odp");
  EXPECT_EQ(d.body, "## The harbour\n\n- mind the swell\n\n> **Notes**\n>\n> Speak slowly.\n");
  EXPECT_EQ(place_of(d, "swell"), "slide 1");
}

TEST(Odf, AnEncryptedOneIsRefused) {
  ZipWriter zip;
  zip.add("mimetype", "application/vnd.oasis.opendocument.text", {.deflate = false});
  zip.add("META-INF/manifest.xml", "<m:manifest><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>");
  zip.add("content.xml", "\x01\x02");
  EXPECT_EQ(extract(zip.bytes(), "application/vnd.oasis.opendocument.text", "a.odt").status().code(),
            Code::permission_denied);
}

std::string book(const std::string& more_of_container = "") {
  ZipWriter zip;
  zip.add("mimetype", "application/epub+zip", {.deflate = false});
  zip.add("META-INF/container.xml",
          R"(<container><rootfiles><rootfile full-path="OEBPS/a.opf"/></rootfiles></container>)");
  if (!more_of_container.empty()) zip.add("META-INF/encryption.xml", more_of_container);
  zip.add(
      "OEBPS/a.opf",
      R"(<package><metadata><dc:title>The sea</dc:title><dc:creator>Ann</dc:creator><dc:creator>Bo</dc:creator><dc:language>en</dc:language></metadata>)"
      R"(<manifest><item id="n" href="nav.xhtml" properties="nav"/><item id="b" href="text/b%20two.xhtml"/><item id="a" href="text/a.xhtml"/><item id="x" href="gone.xhtml"/></manifest>)"
      R"(<spine><itemref idref="n"/><itemref idref="a"/><itemref idref="x"/><itemref idref="b"/></spine></package>)");
  zip.add("OEBPS/nav.xhtml", "<html><body><nav>Contents</nav></body></html>");
  zip.add("OEBPS/text/b two.xhtml", "<html><body><h1>Two</h1><p>The tide.</p></body></html>");
  zip.add(
      "OEBPS/text/a.xhtml",
      "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><head><title/></head><body><h1>One</h1><p>The "
      "<em>wind</em>.</p></body></html>");
  return zip.bytes();
}

TEST(Epub, TheSpineIsReadInItsOrder) {
  const Document d = read_whole(book(), "sea.epub");
  EXPECT_EQ(d.body, "# One\n\nThe *wind*.\n\n# Two\n\nThe tide.\n");
  EXPECT_EQ(d.title, "The sea");
  EXPECT_EQ(d.author, "Ann, Bo");
  EXPECT_EQ(d.lang, "en");
  EXPECT_EQ(d.extra["damaged_parts"].items()[0].as_string(), "OEBPS/gone.xhtml");
}

TEST(Epub, AnEncryptedTextIsRefused) {
  const auto refused = extract(book(R"(<encryption><CipherReference URI="OEBPS/text/a.xhtml"/></encryption>)"),
                               "application/epub+zip", "sea.epub");
  EXPECT_EQ(refused.status().code(), Code::permission_denied);
}

}  // namespace
}  // namespace tarn::document
