#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "base/status_test.h"
#include "document/archive/zip_writer_test.h"
#include "document/compound/compound_writer_test.h"
#include "document/compound/word_writer_test.h"
#include "document/document.h"

namespace tarn::document {
namespace {

using base::Code;
using testing::HasSubstr;
using testing::Not;

constexpr char kMime[] = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

// A Word document of the parts that a test gives; `body` is what stands in <w:body>.
std::string docx(const std::string& body, std::map<std::string, std::string> parts = {}) {
  const std::string open = R"(<w:document xmlns:w="urn:w" xmlns:r="r" xmlns:m="m"><w:body>)";
  ZipWriter zip;
  zip.add("_rels/.rels",
          R"(<Relationships><Relationship Id="r1" Type="t/officeDocument" Target="word/document.xml"/>)"
          R"(<Relationship Id="r2" Type="t/core-properties" Target="docProps/core.xml"/></Relationships>)");
  zip.add("word/document.xml", open + body + "</w:body></w:document>");
  std::string relations = "<Relationships>" + parts["relations"];
  parts.erase("relations");
  for (const auto& [name, xml] : parts) {
    if (name.find('/') == std::string::npos) {
      relations += "<Relationship Id=\"p-" + name + "\" Type=\"t/" + name + "\" Target=\"" + name + ".xml\"/>";
      zip.add("word/" + name + ".xml", xml);
    } else {
      zip.add(name, xml);
    }
  }
  zip.add("word/_rels/document.xml.rels", relations + "</Relationships>");
  return zip.bytes();
}

std::string p(const std::string& text, const std::string& properties = "") {
  return "<w:p><w:pPr>" + properties + "</w:pPr><w:r><w:t xml:space=\"preserve\">" + text + "</w:t></w:r></w:p>";
}

Document read_whole(const std::string& bytes) {
  auto d = extract(bytes, kMime, "log.docx");
  EXPECT_TRUE(d.ok()) << d.status().to_string();
  return d.ok() ? *d : Document();
}

std::string body_of(const std::string& body, std::map<std::string, std::string> parts = {}) {
  return read_whole(docx(body, std::move(parts))).body;
}

const std::string kStyles =
    R"(<w:styles><w:style w:type="paragraph" w:default="1" w:styleId="N"><w:name w:val="Normal"/></w:style>)"
    R"(<w:style w:type="paragraph" w:styleId="Ttl"><w:name w:val="Title"/></w:style>)"
    R"(<w:style w:type="paragraph" w:styleId="H2"><w:name w:val="heading 2"/></w:style>)"
    R"(<w:style w:type="paragraph" w:styleId="Own"><w:name w:val="Harbour"/><w:basedOn w:val="H2"/></w:style>)"
    R"(<w:style w:type="character" w:styleId="Loud"><w:name w:val="Loud"/><w:rPr><w:b/></w:rPr></w:style></w:styles>)";

TEST(Docx, HeadingsComeByTheirStyles) {
  const Document d = read_whole(
      docx(p("The log", R"(<w:pStyle w:val="Ttl"/>)") + p("Wind", R"(<w:pStyle w:val="H2"/>)") + p("Light airs.") +
               p("Tide", R"(<w:pStyle w:val="Own"/>)") + p("Watch", R"(<w:outlineLvl w:val="2"/>)"),
           {{"styles", kStyles}}));
  EXPECT_EQ(d.body, "# The log\n\n## Wind\n\nLight airs.\n\n## Tide\n\n### Watch\n");
  EXPECT_EQ(d.title, "The log");
}

TEST(Docx, RunsOfOneKindAreOneMark) {
  EXPECT_EQ(
      body_of(
          R"(<w:p><w:r><w:t xml:space="preserve">The </w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>har</w:t></w:r>)"
          R"(<w:r><w:rPr><w:b w:val="true"/></w:rPr><w:t>bour</w:t></w:r><w:r><w:rPr><w:b w:val="0"/></w:rPr>)"
          R"(<w:t xml:space="preserve"> is </w:t></w:r><w:r><w:rPr><w:rStyle w:val="Loud"/></w:rPr><w:t>shut</w:t></w:r>)"
          R"(<w:r><w:tab/><w:t>now</w:t><w:noBreakHyphen/><w:t>ish</w:t></w:r></w:p>)",
          {{"styles", kStyles}}),
      "The **harbour** is **shut** now-ish\n");
}

const std::string kNumbering =
    R"(<w:numbering><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>)"
    R"(<w:lvlText w:val="%1."/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/>)"
    R"(<w:lvlText w:val="%1.%2]"/></w:lvl></w:abstractNum><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0">)"
    R"(<w:numFmt w:val="bullet"/><w:lvlText w:val="o"/></w:lvl></w:abstractNum>)"
    R"(<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>)"
    R"(<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/>)"
    R"(</w:lvlOverride></w:num></w:numbering>)";

std::string item(const std::string& text, int list, int level) {
  return p(text, "<w:numPr><w:ilvl w:val=\"" + std::to_string(level) + "\"/><w:numId w:val=\"" + std::to_string(list) +
                     "\"/></w:numPr>");
}

TEST(Docx, ListsHaveTheirNumbersAndLevels) {
  EXPECT_EQ(
      body_of(item("Cast off", 1, 0) + item("bow first", 1, 1) + item("then stern", 1, 1) + item("Set sail", 1, 0) +
                  p("Meanwhile:") + item("Steer", 1, 0) + item("buoys", 2, 0) + p("Anew:") + item("Moor", 3, 0),
              {{"numbering", kNumbering}}),
      "1. Cast off\n   - 1.a] bow first\n   - 1.b] then stern\n2. Set sail\n\nMeanwhile:\n\n3. Steer\n\n- buoys\n\n"
      "Anew:\n\n7. Moor\n");
}

TEST(Docx, EmptyItemsCountToo) {
  EXPECT_EQ(body_of(item("Cast off", 1, 0) + item("", 1, 0) + item("Set sail", 1, 0), {{"numbering", kNumbering}}),
            "1. Cast off\n3. Set sail\n");
}

TEST(Docx, AListMayBeginAnewAtADeeperLevel) {
  const std::string numbering =
      R"(<w:numbering><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl>)"
      R"(<w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%2"/></w:lvl></w:abstractNum>)"
      R"(<w:num w:numId="1"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="1"><w:startOverride w:val="5"/></w:lvlOverride></w:num></w:numbering>)";
  EXPECT_EQ(
      body_of(item("Sails", 1, 0) + item("main", 1, 1) + item("fore", 1, 1) + item("Ropes", 1, 0) + item("long", 1, 1),
              {{"numbering", numbering}}),
      "- I. Sails\n  - 1.5 main\n  - 1.6 fore\n- II. Ropes\n  - 2.5 long\n");
}

TEST(Docx, AListMayTakeItsLevelsFromAStyle) {
  const std::string numbering =
      R"(<w:numbering><w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="Legs"/></w:abstractNum>)"
      R"(<w:abstractNum w:abstractNumId="1"><w:styleLink w:val="Legs"/><w:lvl w:ilvl="0"><w:numFmt w:val="lowerLetter"/>)"
      R"(<w:lvlText w:val="%1]"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>)";
  EXPECT_EQ(body_of(item("out", 1, 0) + item("home", 1, 0), {{"numbering", numbering}}), "- a] out\n- b] home\n");
}

std::string cell(const std::string& text, const std::string& properties = "") {
  return "<w:tc><w:tcPr>" + properties + "</w:tcPr>" + p(text) + "</w:tc>";
}

TEST(Docx, TablesKeepMergedCells) {
  EXPECT_EQ(body_of("<w:tbl><w:tr>" + cell("Port") + cell("Tide", R"(<w:gridSpan w:val="2"/>)") + "</w:tr><w:tr>" +
                    cell("Brest", R"(<w:vMerge w:val="restart"/>)") + cell("high") + cell("06:10") + "</w:tr><w:tr>" +
                    cell("", "<w:vMerge/>") + cell("low") + cell("12:31") + "</w:tr></w:tbl>"),
            "| Port | Tide | |\n| --- | --- | --- |\n| Brest | high | 06:10 |\n| Brest | low | 12:31 |\n");
}

TEST(Docx, RowsMayBeginFurtherRight) {
  EXPECT_EQ(body_of("<w:tbl><w:tr>" + cell("Port") + cell("Tide") +
                    "</w:tr><w:tr><w:trPr><w:gridBefore w:val=\"1\"/></w:trPr>" + cell("06:10") + "</w:tr></w:tbl>"),
            "| Port | Tide |\n| --- | --- |\n| | 06:10 |\n");
}

TEST(Docx, LinksOfAPartAreItsOwn) {
  const std::string link = R"(<w:p><w:hyperlink r:id="h1"><w:r><w:t>here</w:t></w:r></w:hyperlink></w:p>)";
  const auto relation = [](const std::string& target) {
    return "<Relationships><Relationship Id=\"h1\" Type=\"t/hyperlink\" Target=\"" + target +
           "\" TargetMode=\"External\"/></Relationships>";
  };
  EXPECT_EQ(
      body_of(
          R"(<w:p><w:r><w:t>Low</w:t></w:r><w:r><w:footnoteReference w:id="2"/><w:commentReference w:id="4"/></w:r></w:p>)" +
              link,
          {{"footnotes", "<w:footnotes><w:footnote w:id=\"2\">" + link + "</w:footnote></w:footnotes>"},
           {"comments", "<w:comments><w:comment w:id=\"4\">" + link + "</w:comment></w:comments>"},
           {"word/_rels/footnotes.xml.rels", relation("https://note.example/")},
           {"word/_rels/comments.xml.rels", relation("https://comment.example/")},
           {"relations",
            R"(<Relationship Id="h1" Type="t/hyperlink" Target="https://main.example/" TargetMode="External"/>)"}}),
      "Low[1]\n\n> Comment: [here](https://comment.example/)\n\n[here](https://main.example/)\n\n"
      "[1] [here](https://note.example/)\n");
}

TEST(Docx, NotesStandAtTheEndOfTheirSection) {
  const std::string notes =
      R"(<w:footnotes><w:footnote w:type="separator" w:id="0"><w:p/></w:footnote><w:footnote w:id="2">)" +
      p("By the harbour master.") + "</w:footnote></w:footnotes>";
  EXPECT_EQ(body_of(R"(<w:p><w:r><w:t>The port is closed</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>)" +
                        p("Nobody sails.") + p("Later", R"(<w:outlineLvl w:val="0"/>)"),
                    {{"footnotes", notes}}),
            "The port is closed[1]\n\nNobody sails.\n\n[1] By the harbour master.\n\n# Later\n");
}

TEST(Docx, NotesOfNotesEnd) {
  std::string notes = "<w:footnotes>";
  for (int i = 1; i <= 5000; ++i) {
    notes += "<w:footnote w:id=\"" + std::to_string(i) + "\"><w:p><w:r><w:t>note " + std::to_string(i) +
             "</w:t></w:r><w:r><w:footnoteReference w:id=\"" + std::to_string(i + 1) + "\"/></w:r></w:p></w:footnote>";
  }
  const std::string body = body_of(R"(<w:p><w:r><w:t>Text</w:t></w:r><w:r><w:footnoteReference w:id="1"/></w:r></w:p>)",
                                   {{"footnotes", notes + "</w:footnotes>"}});
  EXPECT_TRUE(body.starts_with("Text[1]\n")) << body.substr(0, 100);
  for (const char* note : {"note 1", "note 10", "note 11"}) EXPECT_NE(body.find(note), std::string::npos) << note;
  EXPECT_EQ(body.find("note 12"), std::string::npos) << "deeper ones are not followed";
}

TEST(Docx, CommentsSayWhatTheyStandOn) {
  const std::string comments = R"(<w:comments><w:comment w:id="4" w:author="Ann">)" + p("Which one?") +
                               R"(</w:comment><w:comment w:id="5" w:author="Bo">)" + p("Lost mark.") +
                               "</w:comment></w:comments>";
  EXPECT_EQ(
      body_of(
          R"(<w:p><w:r><w:t xml:space="preserve">See </w:t></w:r><w:commentRangeStart w:id="4"/><w:r><w:t>the buoy</w:t></w:r>)"
          R"(<w:commentRangeEnd w:id="4"/><w:r><w:commentReference w:id="4"/></w:r></w:p>)" +
              p("End."),
          {{"comments", comments}}),
      "See the buoy\n\n> Comment (Ann) on \"the buoy\": Which one?\n\nEnd.\n\n> Comment (Bo): Lost mark.\n");
}

TEST(Docx, ChangesAreTakenAsAccepted) {
  const Document d = read_whole(docx(
      R"(<w:p><w:r><w:t xml:space="preserve">Depth </w:t></w:r><w:del><w:r><w:delText>three</w:delText></w:r></w:del>)"
      R"(<w:ins><w:r><w:t>five</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>gone</w:t></w:r></w:moveFrom></w:p>)"
      R"(<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t xml:space="preserve">One </w:t></w:r></w:p>)" +
      p("line.")));
  EXPECT_EQ(d.body, "Depth five\n\nOne line.\n");
  EXPECT_EQ(d.extra["changes_accepted"].as_int(), 2);
}

TEST(Docx, AParagraphWhoseMarkWasDeletedEndsWithItsCell) {
  const std::string open = R"(<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>high</w:t></w:r></w:p>)";
  EXPECT_EQ(body_of("<w:tbl><w:tr><w:tc>" + open + "</w:tc>" + cell("low") + "</w:tr><w:tr>" + cell("6") + cell("12") +
                    "</w:tr></w:tbl>" + open),
            "| high | low |\n| --- | --- |\n| 6 | 12 |\n\nhigh\n");
}

TEST(Docx, SignsOfFontsAreTheirCharacters) {
  EXPECT_EQ(
      body_of(
          R"(<w:p><w:r><w:sym w:font="Wingdings" w:char="F0FC"/><w:sym w:font="Symbol" w:char="F061"/><w:sym w:font="Own" w:char="E000"/>)"
          R"(<w:t> calm </w:t><mc:AlternateContent><mc:Choice Requires="w16se"><w16se:symEx w16se:char="1F600"/></mc:Choice>)"
          R"(<mc:Fallback><w:t>face</w:t></mc:Fallback></mc:AlternateContent></w:r></w:p>)"),
      "✓α calm \xF0\x9F\x98\x80\n");
}

TEST(Docx, PartsMayBeWrittenInLatin1) {
  ZipWriter zip;
  zip.add("word/document.xml",
          "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><w:document><w:body><w:p><w:r><w:t>caf\xE9 "
          "cr\xE8me</w:t></w:r></w:p></w:body></w:document>");
  EXPECT_EQ(read_whole(zip.bytes()).body, "café crème\n");
}

TEST(Docx, TextBoxesStandBehindTheirParagraphOnce) {
  const std::string box = "<w:txbxContent>" + p("Mind the swell.") + "</w:txbxContent>";
  EXPECT_EQ(body_of("<w:p><w:r><mc:AlternateContent><mc:Choice><w:drawing><wp:docPr descr=\"A chart\"/>" + box +
                    "</w:drawing></mc:Choice><mc:Fallback><w:pict>" + box +
                    "</w:pict></mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>Off the cape.</w:t></w:r></w:p>"),
            "A chart Off the cape.\n\nMind the swell.\n");
}

TEST(Docx, LinksComeFromRelationsAndFields) {
  EXPECT_EQ(
      body_of(
          R"(<w:p><w:hyperlink r:id="h1"><w:r><w:t>chart</w:t></w:r></w:hyperlink><w:r><w:t xml:space="preserve"> and </w:t></w:r>)"
          R"(<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> HYPERLINK "https://b.example/" </w:instrText></w:r>)"
          R"(<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>table</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>)",
          {{"relations",
            R"(<Relationship Id="h1" Type="t/hyperlink" Target="https://a.example/" TargetMode="External"/>)"}}),
      "[chart](https://a.example/) and [table](https://b.example/)\n");
}

TEST(Docx, HeadersAndFootersComeOnceWithoutPageNumbers) {
  const std::string field =
      R"(<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>)"
      R"(<w:r><w:t>7</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>)";
  EXPECT_EQ(
      body_of(
          p("Text.", R"(<w:sectPr><w:headerReference r:id="p-head"/><w:footerReference r:id="p-foot"/></w:sectPr>)") +
              R"(<w:sectPr><w:headerReference r:id="p-head"/></w:sectPr>)",
          {{"head", "<w:hdr>" + p("Port authority") + "</w:hdr>"},
           {"foot", "<w:ftr><w:p><w:r><w:t xml:space=\"preserve\">Secret </w:t></w:r>" + field + "</w:p></w:ftr>"}}),
      "Port authority\n\nText.\n\nSecret\n");
}

TEST(Docx, FormulasStandOnALine) {
  EXPECT_EQ(body_of("<w:p><m:oMath><m:r><m:t>v=</m:t></m:r><m:f><m:num><m:r><m:t>a+b</m:t></m:r></"
                    "m:num><m:den><m:r><m:t>t</m:t></m:r>"
                    "</m:den></m:f><m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></"
                    "m:sSup></m:oMath></w:p>"),
            "v=(a+b)/tx^2\n");
}

TEST(Docx, PropertiesBecomeFields) {
  const Document d = read_whole(
      docx(p("x"),
           {{"docProps/core.xml",
             "<c><dc:title>The log</dc:title><dc:creator>Ann</dc:creator><cp:keywords>tide; wind</cp:keywords>"
             "<dcterms:created>2024-05-01T10:00:00Z</dcterms:created><cp:lastModifiedBy>Bo</cp:lastModifiedBy></c>"}}));
  EXPECT_EQ(d.title, "The log");
  EXPECT_EQ(d.author, "Ann");
  EXPECT_EQ(d.labels, (std::vector<std::string>{"tide", "wind"}));
  EXPECT_EQ(d.created_at_us, 1714557600000000);
  EXPECT_EQ(d.extra["modified_by"].as_string(), "Bo");
}

TEST(Docx, WhatIsNoneOrEncryptedIsSaidSo) {
  const auto refused = [](const std::string& bytes) { return extract(bytes, kMime, "a.docx").status(); };
  EXPECT_THAT(refused("plain words").message(), HasSubstr("it is no Word document"));
  EXPECT_THAT(refused(ZipWriter().add("readme.txt", "x").bytes()).message(), HasSubstr("it has no text of one"));
  EXPECT_EQ(refused(compound::CompoundWriter().add("EncryptedPackage", "x").bytes()).code(), Code::permission_denied);
  EXPECT_THAT(refused(docx("<w:p>")).message(), HasSubstr("'word/document.xml' in it is no XML"));
}

TEST(Docx, ATextOfTheOldWordIsReadWhateverItIsCalled) {
  EXPECT_EQ(read_whole(compound::WordWriter().line("Calm.").bytes()).body, "Calm.\n");
}

TEST(Docx, DeepNestingIsRefusedAndEntitiesMeanNothing) {
  std::string deep;
  for (int i = 0; i < 600; ++i) deep += "<w:sdt>";
  for (int i = 0; i < 600; ++i) deep += "</w:sdt>";
  EXPECT_EQ(extract(docx(deep), kMime, "a.docx").status().code(), Code::exhausted);
  ZipWriter zip;
  zip.add(
      "word/document.xml",
      R"(<!DOCTYPE d [<!ENTITY a "boom boom"><!ENTITY f SYSTEM "file:///etc/passwd">]><w:document><w:body><w:p><w:r><w:t>calm &a;&f;</w:t></w:r></w:p></w:body></w:document>)");
  const std::string body = read_whole(zip.bytes()).body;
  EXPECT_THAT(body, HasSubstr("calm"));
  EXPECT_THAT(body, Not(HasSubstr("boom")));
  EXPECT_THAT(body, Not(HasSubstr("root:")));
}

TEST(Docx, ItIsKnownByItsFirstBytes) {
  EXPECT_EQ(detect_type("report.bin", docx(p("x")).substr(0, 4096)), kMime);
  EXPECT_NE(detect_type("pack.bin", ZipWriter().add("docs/word/notes.txt", "x").bytes()), kMime);
}

}  // namespace
}  // namespace tarn::document
