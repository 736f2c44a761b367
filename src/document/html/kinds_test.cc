// Small things in pages that are easily read wrong: marks, formulas, code, lists; and XHTML.
#include <gtest/gtest.h>

#include <string>

#include "document/document.h"

namespace tarn::document {
namespace {

std::string body(const std::string& html, const std::string& name = "page.html") {
  auto d = extract(html, "text/html", name);
  return d.ok() ? d->body : "! " + d.status().to_string();
}

TEST(HtmlKinds, MarksOfPermalinks) {
  for (const char* mark :
       {"<a class=headerlink href=#x title=Permalink>¶</a>", "<a href=#x class=anchor>§</a>",
        "<a class=header-anchor href=#x>#</a>", "<a class=hash-link href=#x aria-label='Direct link'>\u200B</a>",
        "<a class='anchor' aria-hidden=true href=#x><svg><path/></svg></a>", "<a class=headerlink href=#x>\uF0C1</a>",
        "<a class=anchor href=page.html#x>🔗</a>", "<a class='anchor' aria-hidden=true href=#x>link</a>",
        "<a class=header-anchor href=#x>Permalink to “Names”</a>", "<a href=#x>#</a>"}) {
    EXPECT_EQ(body(std::string("<h2 id=x>Names ") + mark + "</h2><p>t"), "## Names\n\nt\n") << mark;
    EXPECT_EQ(body(std::string("<h2 id=x>") + mark + "Names</h2><p>t"), "## Names\n\nt\n") << mark;
  }
  EXPECT_EQ(body("<h2>C# and § 5 of #42</h2><p>t"), "## C# and § 5 of #42\n\nt\n");
  EXPECT_EQ(body("<h2><a class=anchor href=#x>C#</a></h2><p>t"), "## C\\#\n\nt\n");
  EXPECT_EQ(body("<h2>See <a href=#n>the notes</a></h2><p>t"), "## See the notes\n\nt\n");
  EXPECT_EQ(
      body("<h2><span class=mw-headline>History</span><span class=mw-editsection>[<a href=e>edit</a>]</span></h2><p>t"),
      "## History\n\nt\n");
  EXPECT_EQ(body("<dl><dt>open()<a class=headerlink href=#x>¶</a><dd>Opens.</dl>"), "- open()\n\n  Opens.\n");
}

TEST(HtmlKinds, FootnotesPowersAndOrdinals) {
  EXPECT_EQ(body("<p>the harbour<sup>1</sup>, a tower<sup>2,3</sup>. End.<sup>4</sup> word<sup>a</sup>"),
            "the harbour[1], a tower[2,3]. End.[4] word[a]\n");
  EXPECT_EQ(body("<p>the harbour<sup><a href=#fn1>1</a></sup> and pier<a href=#fn2><sup>2</sup></a>"),
            "the harbour[1] and pier[2](#fn2)\n");
  EXPECT_EQ(body("<h2>Title<sup><a href=#fn1>1</a></sup></h2>"), "## Title[1]\n");
  EXPECT_EQ(body("<p>30 km<sup>2</sup>, 9 m s<sup>-1</sup>, 2<sup>10</sup>, x<sup>2</sup>, the 1<sup>st</sup>, "
                 "XXI<sup>e</sup>, "
                 "Tarn<sup>TM</sup>, H<sub>2</sub>O"),
            "30 km^2, 9 m s^-1, 2^10, x^2, the 1st, XXIe, Tarn™, H2O\n");
}

TEST(HtmlKinds, RaisedThatIsNoFootnote) {
  EXPECT_EQ(body("<p>E=mc<sup>2</sup>, the n<sup>o</sup> 4, 1<sup>o</sup>, $<sup>99</sup>, Ca<sup>2+</sup>"),
            "E=mc^2, the no 4, 1o, $99, Ca2+\n");
}

TEST(HtmlKinds, RubyKeepsItsWords) {
  EXPECT_EQ(body("<p><ruby>漢<rt>かん</rt>字<rt>じ</rt></ruby>を読む"), "漢字(かんじ)を読む\n");
  EXPECT_EQ(body("<p><ruby>図書館<rp>(</rp><rt>としょかん</rt><rp>)</rp></ruby>"), "図書館(としょかん)\n");
  EXPECT_EQ(body("<p><ruby><rb>東</rb><rb>京</rb><rt>とう</rt><rt>きょう</rt></ruby>"), "東京(とうきょう)\n");
  EXPECT_EQ(body("<p><ruby>字<rt></rt></ruby>"), "字\n");
}

TEST(HtmlKinds, AFormulaStandsOnce) {
  const std::string math =
      "<math><semantics><mrow><mi>E</mi><mo>=</mo><mi>m</mi><msup><mi>c</mi><mn>2</mn></msup></mrow>";
  EXPECT_EQ(body("<p>So <span class=katex><span class=katex-mathml>" + math +
                 "<annotation encoding='application/x-tex'>E = mc^2</annotation></semantics></math></span><span "
                 "class=katex-html aria-hidden=true>E=mc2</span></span> holds."),
            "So E = mc^2 holds.\n");
  EXPECT_EQ(body("<p>" + math + "</semantics></math>"), "E=mc^2\n");
  EXPECT_EQ(body("<p><math><mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mi>c</mi></mfrac></math>"), "(a+b)/c\n");
  EXPECT_EQ(body("<p><math><msub><mi>x</mi><mn>1</mn></msub><mo>+</mo><msqrt><mi>y</mi></msqrt></math>"), "x_1+√(y)\n");
  EXPECT_EQ(
      body("<p><span><span style='display:none'><math alttext='{\\displaystyle a+b}'><mi>a</mi></math></span><img "
           "aria-hidden=true src=f.svg alt='{\\displaystyle a+b}'></span> x"),
      "a+b x\n");
  EXPECT_EQ(body("<p>Let <script type='math/tex'>x^2</script> be."), "Let x^2 be.\n");
}

TEST(HtmlKinds, CheckBoxes) {
  EXPECT_EQ(body("<ul><li><input type=checkbox checked disabled> write<li><input type=checkbox> sign</ul>"),
            "- [x] write\n- [ ] sign\n");
  EXPECT_EQ(body("<ul><li><label><input type=checkbox checked>write</label></li></ul>"), "- [x] write\n");
  EXPECT_EQ(body("<ul><li><p><input type=checkbox> write</p></li></ul>"), "- [ ] write\n");
  EXPECT_EQ(body("<ul><li><span role=checkbox aria-checked=true></span>write</li></ul>"), "- [x] write\n");
  EXPECT_EQ(body("<ul class=to-do-list><li><div class='checkbox checkbox-on'></div> <span>write</span></li></ul>"),
            "- [x] write\n");
  EXPECT_EQ(body("<ul><li><input type=checkbox checked><p>write</p><p>twice</p></li></ul>"),
            "- [x] write\n\n  twice\n");
  EXPECT_EQ(body("<input type=checkbox id=menu-toggle><p>x"), "x\n");
  EXPECT_EQ(body("<p><input type=checkbox checked> done</p>"), "[x] done\n");
  EXPECT_EQ(body("<div><label><input type=checkbox>open</label></div>"), "[ ] open\n");
  EXPECT_EQ(body("<ul><li><b>A</b> <input type=checkbox checked> tail</li></ul>"), "- **A** [x] tail\n");
}

TEST(HtmlKinds, RowsOfNamesAboveEachOtherNameEachColumn) {
  const std::string names = "<tr><th rowspan=2>Service<th colspan=2>Port</tr><tr><th>TCP<th>UDP</tr>",
                    row = "<tr><td>billing<td>7443<td>9001</tr>",
                    table = "| Service | Port TCP | Port UDP |\n| --- | --- | --- |\n| billing | 7443 | 9001 |\n";
  EXPECT_EQ(body("<table><thead>" + names + "</thead><tbody>" + row + "</table>"), table);
  EXPECT_EQ(body("<table>" + names + row + "</table>"), table);
  // A name of one column, and rows that are all names, are rows.
  EXPECT_EQ(body("<table><tr><th>Ports<tr><td>1</table>"), "| Ports |\n| --- |\n| 1 |\n");
  EXPECT_EQ(body("<table><tr><th>a<th>b<tr><th>c<th>d</table>"), "| a | b |\n| --- | --- |\n| c | d |\n");
}

TEST(HtmlKinds, ATableByItsRolesIsATable) {
  EXPECT_EQ(body("<div role=table><div role=rowgroup><div role=row><span role=columnheader>City</span><span "
                 "role=columnheader>People</span></div></div><div role=row><span role=rowheader>Ulm</span><span "
                 "role=cell>126000</span></div></div>"),
            "| City | People |\n| --- | --- |\n| Ulm | 126000 |\n");
}

TEST(HtmlKinds, BaseDecidesWhatLinksMean) {
  const std::string base = "<base target=_top><base href='https://d.example.org/v2/x.html'>";
  EXPECT_EQ(
      body(base +
           "<p><a href=guide/a.html>a</a> <a href=../b>b</a> <a href=/c>c</a> <a href='?q'>q</a> <a "
           "href='#f'>f</a> <a href='//example.org/p'>e</a> <a href='mailto:m@n'>m</a> <img alt='a chart' src=i.png>"),
      "[a](https://d.example.org/v2/guide/a.html) [b](https://d.example.org/b) [c](https://d.example.org/c) "
      "[q](https://d.example.org/v2/x.html?q) [f](https://d.example.org/v2/x.html#f) [e](https://example.org/p) "
      "[m](mailto:m@n) ![a chart](https://d.example.org/v2/i.png)\n");
  EXPECT_EQ(body("<base href=/docs/><p><a href=a.html>a</a>"), "[a](/docs/a.html)\n");
  EXPECT_EQ(body("<base target=_blank><p><a href=a.html>a</a>"), "[a](a.html)\n");
}

TEST(HtmlKinds, GuttersOfLineNumbers) {
  const std::string want = "```\nlet a\nlet b\n```\n";
  EXPECT_EQ(body("<table class=highlighttable><tr><td class=linenos><div class=linenodiv><pre>1\n2</pre></div><td "
                 "class=code><div><pre>let a\nlet b</pre></div></table>"),
            want);
  EXPECT_EQ(body("<table><tr><td><pre>1\n2\n</pre><td><pre>let a\nlet b</pre></table>"), want);
  EXPECT_EQ(body("<pre><span class=linenos>1</span>let a\n<span class=linenos>2</span>let b</pre>"), want);
  EXPECT_EQ(
      body("<pre><span style='user-select:none'>1</span>let a\n<span style='user-select: none'>2</span>let b</pre>"),
      want);
  EXPECT_EQ(body("<pre><code><table class=hljs-ln><tr><td class=hljs-ln-numbers>1<td class=hljs-ln-code>let a<tr><td "
                 "class=hljs-ln-numbers>2<td class=hljs-ln-code>let b</table></code></pre>"),
            want);
  EXPECT_EQ(body("<table class=highlight><tr><td class=blob-num data-line-number=1><td class=blob-code>let a<tr><td "
                 "class=blob-num data-line-number=2><td class=blob-code>let b</table>"),
            want);
  EXPECT_EQ(body("<div class=highlight><button class=copy>Copy</button><pre>let a\nlet b</pre></div>"), want);
  // Numbers that are what is said.
  EXPECT_EQ(body("<pre>1\n2</pre>"), "```\n1\n2\n```\n");
  EXPECT_EQ(body("<table><tr><th>No.<th>Item<tr><td class=lineno>12<td>Pump</table>"),
            "| No. | Item |\n| --- | --- |\n| 12 | Pump |\n");
}

TEST(HtmlKinds, LinesOfCode) {
  EXPECT_EQ(body("<div class=fragment><div class=line><span class=lineno> 1</span> int a;</div><div class=line><span "
                 "class=lineno> 2</span> int b;</div></div>"),
            "```\n int a;\n int b;\n```\n");
  EXPECT_EQ(body("<pre><code><span class=line>a</span><span class=line>b</span></code></pre>"), "```\na\nb\n```\n");
  EXPECT_EQ(body("<pre><code><span class=line>a</span>\n<span class=line>b</span></code></pre>"), "```\na\nb\n```\n");
  EXPECT_EQ(body("<pre><div>a</div><div></div><div>b</div></pre>"), "```\na\n\nb\n```\n");
  EXPECT_EQ(body("<pre>a<br>b</pre>"), "```\na\nb\n```\n");
  EXPECT_EQ(body("<code style='display:block;white-space:pre'>a\n  b</code>"), "```\na\n  b\n```\n");
}

TEST(HtmlKinds, ListsRightInLists) {
  EXPECT_EQ(body("<ul><li>a</li><ul><li>b</li><li>c</li></ul><li>d</li></ul>"), "- a\n  - b\n  - c\n- d\n");
  EXPECT_EQ(body("<ol><li>a</li><ul><li>b</li></ul><li>c</li></ol>"), "1. a\n   - b\n2. c\n");
  EXPECT_EQ(body("<ul><ul><li>a</li></ul></ul>"), "- a\n");
}

TEST(HtmlKinds, Drawings) {
  EXPECT_EQ(body("<p>x</p><svg><title>Flow</title><style>.a{}</style><g><text>Start</text><text>Stop</text></g></svg>"),
            "x\n\nStart Stop\n");
  EXPECT_EQ(body("<p>Close <svg><title>icon</title><path d=M0/></svg>it"), "Close it\n");
  EXPECT_EQ(body("<p>x <img src=img/pump-2.png alt=pump-2.png><img src=p.png alt='The pump'>"),
            "x ![The pump](p.png)\n");
}

TEST(HtmlKinds, XhtmlMayCloseAnyElementAtOnce) {
  const std::string open = "<?xml version=\"1.0\"?><html xmlns=\"http://www.w3.org/1999/xhtml\">";
  const std::string rest = "<body><h1>One</h1><p>The lamp <i/>was <a id=\"a\"/>dark.</p></body></html>";
  const std::string want = "# One\n\nThe lamp was dark.\n";
  EXPECT_EQ(body(open + "<head><title/></head>" + rest), want);
  EXPECT_EQ(body(open + "<head><script src=\"a.js\"/><style/></head>" + rest), want);
  EXPECT_EQ(body("<html><head><title/></head>" + rest, "one.xhtml"), want);
  EXPECT_EQ(body("<html xmlns=\"http://www.w3.org/1999/xhtml\"><head><title/></head>" + rest), want);
  EXPECT_EQ(
      body(open + "<body><div class=\"clear\"/><textarea rows=\"1\"/><iframe src=\"x\"/><h1>One</h1><p>The lamp was "
                  "dark.</p></body></html>"),
      want);
  EXPECT_EQ(body("<h:html xmlns:h=\"http://www.w3.org/1999/xhtml\"><h:head><h:title/></h:head><h:body><h:h1>One</h:h1>"
                 "<h:p>The lamp was dark.</h:p></h:body></h:html>",
                 "p.xhtml"),
            want);
  EXPECT_EQ(body(open + "<body><p><![CDATA[a < b & c]]><br></br>d&#160;e</p><script>//<![CDATA[\nif (a<b) "
                        "{}//]]></script></body></html>"),
            "a < b & c  \nd e\n");
  auto d = extract(open + "<head><title/></head>" + rest, "text/html", "ch1.xhtml");
  ASSERT_TRUE(d.ok());
  EXPECT_EQ(d->title, "One");
}

TEST(HtmlKinds, XhtmlThatIsNotWellFormedIsReadAllTheSame) {
  const std::string open = "<?xml version='1.0'?><html><head><title/><script src='a'/></head><body>";
  EXPECT_EQ(body(open + "<p>a & b<br>c <b>d</p></body></html>"), "a & b  \nc **d**\n");
  EXPECT_EQ(body(open + "<script>if (a<b) document.write('<p>')</script><p class=x>d</p>"), "d\n");
  // HTML that only says that it is XHTML stays HTML.
  EXPECT_EQ(body("<html xmlns='http://www.w3.org/1999/xhtml'><body><p>a<br>b<p>c"), "a  \nb\n\nc\n");
}

}  // namespace
}  // namespace tarn::document
