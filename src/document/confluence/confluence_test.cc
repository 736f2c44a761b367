#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/status_test.h"
#include "document/confluence/storage.h"
#include "document/document.h"

namespace tarn::document {
namespace {

using testing::HasSubstr;
using testing::Not;

Document page(std::string_view storage, json::Value more = json::Value::object()) {
  more.set("storage", std::string(storage));
  more.set("base", "https://wiki.example.com/wiki");
  more.set("space", "ENG");
  more.set("id", "4711");
  return take(extract(json::write(more), "application/vnd.atlassian.confluence+json", "page"));
}

std::string macro(std::string_view name, std::string_view inner) {
  return "<ac:structured-macro ac:name=\"" + std::string(name) + "\">" + std::string(inner) + "</ac:structured-macro>";
}

TEST(Confluence, TextKeepsItsEntitiesAndMarks) {
  EXPECT_EQ(page("<h1>Pumps &amp; valves</h1><p>Hall&nbsp;7: 5 &lt; 6, <strong>caf&eacute;</strong></p><p />").body,
            "# Pumps & valves\n\nHall 7: 5 < 6, **café**\n");
}

TEST(Confluence, CodeKeepsItsLanguageAndItsBlanks) {
  const Document d =
      page(macro("code",
                 "<ac:parameter ac:name=\"title\">Copy</ac:parameter>"
                 "<ac:parameter ac:name=\"language\">Bash</ac:parameter>"
                 "<ac:plain-text-body><![CDATA[if a < b && c; then\n  x]] y\n\n  z ]]></ac:plain-text-body>"));
  EXPECT_THAT(d.body, HasSubstr("**Copy**"));
  EXPECT_THAT(d.body, HasSubstr("```bash\nif a < b && c; then\n  x]] y\n\n  z\n```"));
}

TEST(Confluence, NotesArePanelsWithTheirNames) {
  EXPECT_EQ(page(macro("info", "<ac:rich-text-body><p>Stop the pulls.</p></ac:rich-text-body>")).body,
            "> **Info**\n>\n> Stop the pulls.\n");
  EXPECT_THAT(page(macro("panel",
                         "<ac:parameter ac:name=\"title\">Rule</ac:parameter><ac:rich-text-body><p>One.</p>"
                         "</ac:rich-text-body>"))
                  .body,
              HasSubstr("> **Rule**"));
}

TEST(Confluence, MacrosThatAreNotKnownKeepTheirText) {
  const Document d = page(macro("some-vendor",
                                "<ac:parameter ac:name=\"colour\">red</ac:parameter>"
                                "<ac:rich-text-body><p>Words of a vendor.</p></ac:rich-text-body>") +
                          macro("toc", "<ac:parameter ac:name=\"maxLevel\">3</ac:parameter>"));
  EXPECT_EQ(d.body, "Words of a vendor.\n");
}

TEST(Confluence, LinksHaveTheirTitlesAndAddresses) {
  EXPECT_EQ(page("<p>See <ac:link><ri:page ri:content-title=\"R&amp;D plan\" /></ac:link>, "
                 "<ac:link ac:anchor=\"night\"><ri:page ri:space-key=\"OPS\" ri:content-title=\"Shifts\" />"
                 "<ac:plain-text-link-body><![CDATA[the <shifts>]]></ac:plain-text-link-body></ac:link>, "
                 "<ac:link><ri:attachment ri:filename=\"plan 1.pdf\" /></ac:link></p>")
                .body,
            "See [R&D plan](https://wiki.example.com/wiki/display/ENG/R%26D+plan), "
            "[the \\<shifts>](https://wiki.example.com/wiki/display/OPS/Shifts#night), "
            "[plan 1.pdf](https://wiki.example.com/wiki/download/attachments/4711/plan+1.pdf)\n");
}

TEST(Confluence, PeopleHaveNamesWhereTheyAreKnown) {
  const json::Value users = json::Value::object({{"users", json::Value::object({{"a1", "Ada"}})}});
  EXPECT_EQ(page("<p>Ask <ac:link><ri:user ri:account-id=\"a1\" /></ac:link> or "
                 "<ac:link><ri:user ri:account-id=\"b2\" /></ac:link></p>",
                 users)
                .body,
            "Ask @Ada or @b2\n");
}

TEST(Confluence, TasksSayWhatIsDone) {
  EXPECT_EQ(page("<ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-status>complete</ac:task-status>"
                 "<ac:task-body>Stop</ac:task-body></ac:task><ac:task><ac:task-status>incomplete</ac:task-status>"
                 "<ac:task-body>Copy</ac:task-body></ac:task></ac:task-list>")
                .body,
            "- [x] Stop\n- [ ] Copy\n");
}

TEST(Confluence, CellsThatSpanRowsAreRepeated) {
  EXPECT_THAT(
      page("<table><tbody><tr><th>What</th><th>When</th></tr><tr><td rowspan=\"2\">Lake</td><td>nightly</td></tr>"
           "<tr><td>before an upgrade</td></tr></tbody></table>")
          .body,
      HasSubstr("| Lake | nightly |\n| Lake | before an upgrade |"));
}

TEST(Confluence, WhatIsIncludedStandsThere) {
  const std::string there =
      macro("excerpt", "<ac:rich-text-body><p>Call 4711 &amp; wait.</p></ac:rich-text-body>") + "<p>The rest.</p>";
  const json::Value more = json::Value::object({{"included", json::Value::object({{"ENG:Contacts", there}})}});
  const std::string asked =
      "<ac:parameter ac:name=\"\"><ac:link><ri:page ri:content-title=\"Contacts\" /></ac:link></ac:parameter>";
  EXPECT_EQ(page(macro("excerpt-include", asked), more).body, "Call 4711 & wait.\n");
  EXPECT_EQ(page(macro("include", asked), more).body, "Call 4711 & wait.\n\nThe rest.\n");
  EXPECT_EQ(page(macro("include", asked)).body, "[Contacts](https://wiki.example.com/wiki/display/ENG/Contacts)\n");
}

TEST(Confluence, APageThatIncludesItselfEnds) {
  const std::string self = "<p>Again.</p>" + macro("include",
                                                   "<ac:parameter ac:name=\"\"><ac:link><ri:page "
                                                   "ri:content-title=\"Loop\" /></ac:link></ac:parameter>");
  const json::Value more = json::Value::object({{"included", json::Value::object({{"ENG:Loop", self}})}});
  EXPECT_THAT(page(self, more).body, HasSubstr("Again.\n\nAgain."));
}

TEST(Confluence, InlineThingsStayInTheirLine) {
  EXPECT_EQ(page("<p>Due <time datetime=\"2026-02-01\" />, " +
                 macro("status", "<ac:parameter ac:name=\"title\">IN PROGRESS</ac:parameter>") + ", " +
                 macro("jira", "<ac:parameter ac:name=\"key\">OPS-7</ac:parameter>") +
                 " <ac:inline-comment-marker ac:ref=\"x\">marked</ac:inline-comment-marker> "
                 "<ac:emoticon ac:name=\"tick\" ac:emoji-fallback=\"✅\" /></p>")
                .body,
            "Due 2026-02-01, IN PROGRESS, OPS-7 marked ✅\n");
}

TEST(Confluence, PicturesAndDiagramsHaveTheirNames) {
  EXPECT_EQ(page("<p><ac:image ac:alt=\"the hall\"><ri:attachment ri:filename=\"hall.png\" /></ac:image></p>" +
                 macro("drawio", "<ac:parameter ac:name=\"diagramName\">flow of data</ac:parameter>"))
                .body,
            "![the hall](https://wiki.example.com/wiki/download/attachments/4711/hall.png)\n\n"
            "[diagram: flow of data]\n");
}

TEST(Confluence, WhatIsNoXmlIsReadAsItStands) {
  const Document d = page("<p>Open <strong>and never</p><p>closed");
  EXPECT_TRUE(d.extra["malformed"].as_bool());
  EXPECT_THAT(d.body, HasSubstr("never"));
  EXPECT_THAT(d.body, HasSubstr("closed"));
}

TEST(Confluence, DeepNestingKeepsItsWords) {
  std::string deep;
  for (int i = 0; i < 5000; ++i) deep += "<ac:layout>";
  deep += "at the bottom";
  for (int i = 0; i < 5000; ++i) deep += "</ac:layout>";
  EXPECT_THAT(page(deep).body, HasSubstr("at the bottom"));
}

TEST(Confluence, OtherJsonIsRefused) {
  EXPECT_FALSE(extract("[1]", "application/vnd.atlassian.confluence+json", "x").ok());
  EXPECT_FALSE(extract("{\"storage\": 7}", "application/vnd.atlassian.confluence+json", "x").ok());
}

}  // namespace
}  // namespace tarn::document
