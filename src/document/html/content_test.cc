// What of a page is text, and what is left out of it. The kinds are those that readers of pages are reported to lose.
#include <gtest/gtest.h>

#include <string>

#include "document/document.h"

namespace tarn::document {
namespace {

const std::string kLong =
    "The pump starts at six and stops when the upper basin is full, which takes two hours in spring and four in a dry "
    "summer. ";
const std::string kText = "<p>" + kLong + kLong + kLong + "</p>";

Document page(const std::string& html, bool whole_page = false) {
  ExtractOptions options;
  options.whole_page = whole_page;
  auto d = extract(html, "text/html", "page.html", options);
  EXPECT_TRUE(d.ok()) << d.status().to_string();
  return d.ok() ? std::move(*d) : Document();
}
std::string body(const std::string& html) { return page(html).body; }
bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST(HtmlContent, ASectionStaysWhateverItIsCalled) {
  for (const char* name : {"Comments", "Sharing", "Cookies", "Menu", "Related", "Navigation", "Social", "Footer",
                           "Sidebar", "Newsletter", "Popup", "Toolbar"}) {
    for (const std::string& open : {"<div id=" + std::string(name) + ">", "<section class=" + std::string(name) + ">",
                                    "<div class='sect1 " + std::string(name) + "' id=a-" + name + ">"}) {
      const std::string html = "<body>" + kText + open + "<h2>" + name + "</h2><p>It is called walnut.</p></" +
                               open.substr(1, open.find(' ') - 1) + ">" + kText;
      EXPECT_TRUE(has(body(html), "## " + std::string(name) + "\n\nIt is called walnut.")) << html;
      EXPECT_TRUE(has(body("<main>" + html + "</main>"), "It is called walnut."));
      EXPECT_TRUE(has(body("<article>" + html + "</article>"), "It is called walnut."));
    }
  }
}

TEST(HtmlContent, AListOfLinksUnderItsOwnHeadingStays) {
  const std::string links = "<ul><li><a href=a>First</a><li><a href=b>Second</a><li><a href=c>Third</a></ul>";
  EXPECT_TRUE(has(body(kText + "<div id=related-links><h2>Related links</h2>" + links + "</div>"), "First"));
  EXPECT_TRUE(has(body("<main>" + kText + "<div class=related>" + links + "</div></main>"), "First"));
  EXPECT_TRUE(has(body("<article>" + kText + "<nav>" + links + "</nav></article>"), "First"));
}

TEST(HtmlContent, APartThatIsNamedAfterTheHeadingAboveItStays) {
  const std::string dishes = "<ul><li><a href=/s>Fish soup</a><li><a href=/t>Lamb stew</a></ul></div>";
  EXPECT_TRUE(has(body(kText + "<h2>Menu</h2>\n<div class=menu-content>" + dishes), "- [Fish soup](/s)"));
  EXPECT_FALSE(has(body(kText + "<h2>Prices</h2><div class=menu-content>" + dishes), "Fish soup"));
  EXPECT_FALSE(has(body(kText + "<h2>Menu</h2><p>Today.</p><div class=menu-content>" + dishes), "Fish soup"));
}

TEST(HtmlContent, TextThatAScriptWouldShowIsText) {
  for (const char* attributes : {"hidden", "hidden=until-found", "style='display:none'", "style='visibility: hidden'",
                                 "aria-hidden=true", "style='opacity:0'", "role=tabpanel hidden", "class=hidden",
                                 "role=dialog", "class='modal fade' tabindex=-1", "aria-hidden=true role=dialog"}) {
    EXPECT_TRUE(has(body(kText + "<div " + attributes + "><p>The valve is called tamarin.</p></div>"), "tamarin"))
        << attributes;
    EXPECT_TRUE(
        has(body("<div " + std::string(attributes) + "><h1>Valves</h1><p>Tamarin.</p></div>"), "# Valves\n\nTamarin."))
        << attributes;
  }
  EXPECT_EQ(body("<main><p>a</p></main><dialog><p>b</p></dialog>"), "a\n\nb\n");
  EXPECT_EQ(body("<details><summary><h2>Question</h2></summary><p>Answer</p></details>"), "## Question\n\nAnswer\n");
  EXPECT_EQ(body("<div><template shadowrootmode=open><p>In the shadow</p></template></div><p>x"),
            "In the shadow\n\nx\n");
  EXPECT_EQ(body("<div id=app></div><template><p>Only this</p></template>"), "Only this\n");
  EXPECT_EQ(body("<p>x</p><template><p>{{name}}</p></template>"), "x\n");
}

TEST(HtmlContent, HeadingsThatAreButtonsOrLinks) {
  EXPECT_EQ(body("<h3><button aria-expanded=false>Delivery</button></h3><div hidden>Two days.</div>"),
            "### Delivery\n\nTwo days.\n");
  EXPECT_EQ(body("<button class=accordion>Delivery</button><div class=panel><p>Two days.</p></div>"),
            "Delivery\n\nTwo days.\n");
  EXPECT_EQ(body("<h2><a href='#x'>Linked</a></h2><p>x"), "## Linked\n\nx\n");
  EXPECT_EQ(body("<h2><div>Part</div><div>Two</div></h2><p>x"), "## Part Two\n\nx\n");
  EXPECT_EQ(body("<h2>One<br>two</h2><p>x"), "## One two\n\nx\n");
  EXPECT_EQ(body("<div role=heading aria-level=3>Level</div><p>x"), "### Level\n\nx\n");
}

TEST(HtmlContent, TitleStandfirstAndCaptionBelongToThePage) {
  EXPECT_EQ(body("<header><h1>Tram stays</h1><p>A vote was enough.</p></header><article><p>Text.</p></article>"),
            "# Tram stays\n\nA vote was enough.\n\nText.\n");
  EXPECT_EQ(body("<div><header><h2>Tram stays</h2><p>A vote.</p></header></div><article><p>Text.</p></article>"),
            "## Tram stays\n\nA vote.\n\nText.\n");
  EXPECT_EQ(body("<hgroup><h1>A</h1><p>B</p></hgroup><main><p>Text.</p></main>"), "# A\n\nB\n\nText.\n");
  EXPECT_EQ(body("<article><header><h1>A</h1></header><p>T.</p><footer><p>Note 1: see B.</p></footer></article>"),
            "# A\n\nT.\n\nNote 1: see B.\n");
  EXPECT_EQ(body("<figure><img src=a.png alt='A pump'><figcaption>A pump</figcaption></figure>"), "A pump\n");
  EXPECT_EQ(body("<article><p>T.</p><aside><p>By the way.</p></aside></article>"), "T.\n\nBy the way.\n");
}

TEST(HtmlContent, SeveralArticlesAndPartsAreAllKept) {
  EXPECT_EQ(body("<article><h2>A</h2>" + kText + "</article><article><h2>B</h2><p>Short.</p></article>"),
            "## A\n\n" + kLong + kLong + kLong.substr(0, kLong.size() - 1) + "\n\n## B\n\nShort.\n");
  EXPECT_TRUE(
      has(body("<section><h2>Overview</h2><p>Short.</p></section><section>" + kText + kText + "</section>"), "Short."));
  EXPECT_TRUE(has(body("<main>" + kText + "</main><div><h2>After</h2><p>Short.</p></div>"), "## After\n\nShort."));
}

TEST(HtmlContent, WhatFramesAPageIsLeftOutAndCounted) {
  const std::string html =
      "<header><a href=/>Site</a></header><nav><ul><li><a href=a>Home</a><li><a "
      "href=b>Products</a></ul></nav><div class=sidebar><a href=x>One</a> <a href=y>Two</a></div><h1>T</h1><p>Text "
      "that stays here.</p><div role=search><input><button>Go</button></div><aside><a href=o>Other</a></aside>"
      "<footer>Copyright</footer><script>s()</script><style>p{}</style>";
  const Document d = page(html);
  EXPECT_EQ(d.body, "# T\n\nText that stays here.\n");
  const json::Value& left_out = d.extra["left_out"];
  EXPECT_EQ(left_out["bytes"].as_int(), 38);
  EXPECT_EQ(json::write(left_out["why"]), R"({"navigation":14,"header":4,"footer":9,"aside":5,"links":6})");
  // All of it, where that is asked for.
  const Document whole = page(html, true);
  for (const char* part : {"Home", "Products", "Other", "Copyright", "One", "Site"}) EXPECT_TRUE(has(whole.body, part));
  EXPECT_FALSE(whole.extra.contains("left_out"));
  EXPECT_FALSE(has(whole.body, "s()"));
  EXPECT_FALSE(page("<h1>T</h1>" + kText).extra.contains("left_out"));
}

TEST(HtmlContent, ALandmarkWithRunningTextIsText) {
  EXPECT_TRUE(has(body("<p>x</p><footer>" + kText + "</footer>"), "upper basin"));
  EXPECT_TRUE(has(body("<p>x</p><nav>" + kText + "</nav>"), "upper basin"));
  EXPECT_TRUE(has(body("<header>" + kText + "</header><p>x</p>"), "upper basin"));
  EXPECT_TRUE(has(body("<p>x</p><aside><p>By the way.</p></aside>"), "By the way."));
  EXPECT_TRUE(has(body("<p>x</p><nav><pre>ls -l</pre></nav>"), "ls -l"));
}

TEST(HtmlContent, APageThatIsNavigationKeepsIt) {
  EXPECT_EQ(body("<h1>Map</h1><nav><ul><li><a href=a>First</a><li><a href=b>Second</a></ul></nav>"),
            "# Map\n\n- [First](a)\n- [Second](b)\n");
  EXPECT_EQ(body("<div class=toc><dl><dt><a href=a>First</a><dt><a href=b>Second</a></dl></div>"),
            "- [First](a)\n\n- [Second](b)\n");
}

TEST(HtmlContent, ATableOfContentsGoesWhereItRepeatsTheHeadings) {
  const std::string toc = "<div class=toc><ul><li><a href='#one'>One</a><li><a href='p.html#two'>Two</a></ul></div>";
  EXPECT_EQ(body(toc + "<h2 id=one>One</h2><p>First text.</p><h2><a name=two></a>Two</h2><p>Second text."),
            "## One\n\nFirst text.\n\n## Two\n\nSecond text.\n");
  EXPECT_TRUE(has(body(toc + "<h2>Preface</h2><p>Some text that is here."), "[Two](p.html#two)"));
}

TEST(HtmlContent, AFooterWithAHeadingAndTextIsText) {
  EXPECT_TRUE(has(body("<p>x</p><footer><h2>Contact</h2><p>Write to the keeper.</p></footer>"), "the keeper"));
}

TEST(HtmlContent, APageThatCallsItselfAnArticleLosesItsListsOfOthers) {
  const std::string head = "<head><meta property=og:type content=article></head>";
  const std::string links = "<div><a href=a>one</a><a href=b>two</a><a href=c>three</a></div>";
  EXPECT_FALSE(has(body(head + kText + links), "three"));
  EXPECT_TRUE(has(body(kText + links), "three"));
  // Not what is said among its paragraphs, and never prose within it.
  const std::string list = "<ul><li><a href=a>one</a><li><a href=b>two</a></ul>";
  EXPECT_TRUE(has(body(head + "<article>" + kText + "<h2>Further reading</h2>" + list + "</article>"), "two"));
  EXPECT_TRUE(has(body(head + "<article>" + kText + "<div class=comments><p>" + kLong + kLong +
                       "It is called walnut.</p></div></article>"),
                  "walnut"));
  EXPECT_TRUE(has(body(head + "<main>" + kText + "</main><div role=dialog><p>Tamarin.</p></div>"), "Tamarin"));
  const std::string microdata = "<div itemscope itemtype='https://schema.org/NewsArticle'>" + kText + "</div>";
  EXPECT_FALSE(has(body(microdata + links), "three"));
  const std::string ld = "<script type='application/ld+json'>{\"@type\":\"BlogPosting\"}</script>";
  EXPECT_FALSE(has(body(ld + kText + links), "three"));
}

TEST(HtmlContent, BesideAnArticleStaysWhatAnAuthorWrites) {
  const std::string article =
      "<head><meta property=og:type content=article></head><article><h1>Q</h1>" + kText + "</article>";
  EXPECT_TRUE(
      has(body(article + "<section class=comments><h2>3 answers</h2><p>Try it.</p><pre>walnut --now</pre></section>"),
          "walnut --now"));
  EXPECT_TRUE(has(body(article + "<div role=tabpanel hidden>walnut</div>"), "walnut"));
  EXPECT_TRUE(has(body(article + "<details><summary>More</summary>walnut</details>"), "walnut"));
  EXPECT_TRUE(has(body(article + "<figure><img src=a.jpg><figcaption>The walnut</figcaption></figure>"), "The walnut"));
  EXPECT_TRUE(has(body(article + "<div class=footnotes><ol><li id=fn1>See walnut.</li></ol></div>"), "See walnut"));
  EXPECT_FALSE(has(body(article + "<div><p>Walnuts are cheap today.</p></div>"), "Walnuts"));
}

TEST(HtmlContent, ASectionOfLinksIsItsHeadingsWhateverItsClass) {
  for (const char* name : {"Comments", "Cookies", "Menu", "Related", "Footer", "Newsletter"}) {
    const std::string section = "<section class='" + std::string(name) + "'><h2>" + name +
                                "</h2><p>Begin with <a href=h>the hash sign of walnut</a>.</p></section>";
    EXPECT_TRUE(has(body(kText + section + kText), "walnut")) << name;
  }
  EXPECT_FALSE(has(body(kText + "<div class=related><a href=a>walnut</a> <a href=b>pear</a></div>" + kText), "walnut"));
}

TEST(HtmlContent, NotesInAFooterAreText) {
  const std::string text = "<p>At the pier<sup><a href='#fn1'>1</a></sup>.</p>";
  EXPECT_TRUE(has(body(text + "<footer class=footnotes><ol><li id=fn1>See walnut.</li></ol></footer>"), "See walnut"));
  EXPECT_TRUE(
      has(body(text + "<div class='footer footnotes'><ol><li id=fn1>See walnut. <a href='#a'>back to the text</a>"
                      "</li></ol></div>"),
          "See walnut"));
}

TEST(HtmlContent, ABlockThatWantsNumbersIsNoGutter) {
  EXPECT_TRUE(has(body("<p>Ports:</p><pre class='line-numbers language-text'><code>8080\n8443</code></pre>"), "8443"));
  EXPECT_TRUE(has(body("<p>Port:</p><pre class=linenums><code>4711</code></pre>"), "4711"));
}

TEST(HtmlContent, WordsInASentenceStayWhateverTheirClass) {
  EXPECT_EQ(body("<p>Select <b class=menu>File</b>, the <span class=widget>dial</span>, <a class=nav href=u>u1</a> and "
                 "<code class=comment># it</code>.</p>"),
            "Select **File**, the dial, [u1](u) and `# it`.\n");
  EXPECT_EQ(
      body("<pre><span class=comment># said</span>\n<span class=c1>-- so</span>\nx <span class=nav>y</span></pre>"),
      "```\n# said\n-- so\nx y\n```\n");
}

TEST(HtmlContent, NoscriptIsTextWhereItSaysMore) {
  EXPECT_FALSE(has(body(kText + "<noscript>Please enable scripts.</noscript>"), "enable"));
  EXPECT_TRUE(has(body("<p>x</p><noscript>" + kText + "</noscript>"), "upper basin"));
  EXPECT_TRUE(has(body("<div id=app></div><noscript><p>Only this.</p></noscript>"), "Only this."));
}

TEST(HtmlContent, NothingTakenIsAReason) {
  for (const auto& [html, why] :
       {std::pair("<html><body><div id=root></div><script src=app.js></script></body></html>", "made by scripts"),
        std::pair("<frameset cols=50%,50%><frame src=a.html><frame src=b.html></frameset>", "in frames"),
        std::pair("<html><body><img src=a.png></body></html>", "it has none")}) {
    auto d = extract(html, "text/html", "p.html");
    ASSERT_FALSE(d.ok()) << html;
    EXPECT_EQ(d.status().code(), base::Code::invalid_argument);
    EXPECT_TRUE(has(d.status().message(), "no text was taken from the page")) << d.status().to_string();
    EXPECT_TRUE(has(d.status().message(), why)) << d.status().to_string();
  }
  auto empty = extract(" \n", "text/html", "p.html");
  ASSERT_TRUE(empty.ok()) << "an empty file is an empty document";
  EXPECT_EQ(empty->body, "");
}

}  // namespace
}  // namespace tarn::document
