// HTML → Markdown, element by element, and pages that are broken or hostile.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "base/random.h"
#include "document/document.h"
#include "document/markdown/block_scanner.h"

namespace tarn::document {
namespace {

std::string markdown(std::string_view html) {
  auto d = extract(html, "text/html", "page.html");
  return d.ok() ? d->body : "! " + d.status().to_string();
}

TEST(Html, HeadingsAndParagraphs) {
  EXPECT_EQ(markdown("<h1>A&nbsp;title</h1><p>One\n  two &amp; three.<p>Next<br>line"),
            "# A title\n\nOne two & three.\n\nNext  \nline\n");
  EXPECT_EQ(markdown("<h2>20.1.1.\xC2\xA0Names <a class=headerlink href=#x>\xC2\xB6</a></h2>x"),
            "## 20.1.1. Names\n\nx\n");
  EXPECT_EQ(markdown("<h3><a href=x>Linked</a> <code>c</code></h3>"), "### Linked `c`\n");
  EXPECT_EQ(markdown("<h2></h2><p> </p><p>x</p>"), "x\n");
}

TEST(Html, Marks) {
  EXPECT_EQ(markdown("<p>a <b>bold</b>, <em>em</em>, <code>co`de</code>, <del>x</del>"),
            "a **bold**, *em*, ``co`de``, ~~x~~\n");
  EXPECT_EQ(markdown("<p>a<b> spaced </b>b"), "a **spaced** b\n");
  EXPECT_EQ(markdown("<p><b></b><i> </i>x"), "x\n");
  EXPECT_EQ(markdown("<b><p>one</p><p>two</p></b>"), "**one**\n\n**two**\n");
  EXPECT_EQ(markdown("<p><code>a</code><code>b</code> <em><code>c</code></em>"), "`ab` `c`\n");
  EXPECT_EQ(markdown("<p><b>Note:</b>text"), "Note:text\n") << "CommonMark would not close the mark there";
}

TEST(Html, OnlyMarkupIsEscaped) {
  EXPECT_EQ(markdown("<p>max_connections * 2 &lt; 5 and a*b"), "max_connections * 2 < 5 and a\\*b\n");
  EXPECT_EQ(markdown("<p>use &lt;name&gt; and __init__"), "use \\<name> and \\_\\_init\\_\\_\n");
  EXPECT_EQ(markdown("<p># no heading<p>- no item<p>1. no item<p>&gt; no quote<p>--- "),
            "\\# no heading\n\n\\- no item\n\n1\\. no item\n\n\\> no quote\n\n\\---\n");
  EXPECT_EQ(markdown("<p>&amp;lt; [x](y) C:\\dir \\* `"), "\\&lt; [x]\\(y) C:\\dir \\\\* `\n");
}

TEST(Html, LinksAndImages) {
  EXPECT_EQ(markdown("<p>x<a href='#f'>[4]</a> <a href=u>a]b</a>"), "x[[4]](#f) [a\\]b](u)\n");
  EXPECT_EQ(markdown("<p><a href='b.html#x'>b</a> <a href='javascript:x()'>c</a> <a name=d>d</a> <a href=e></a>"),
            "[b](b.html#x) c d\n");
  EXPECT_EQ(markdown("<p><a href='a b(c)'>t</a> <a href='http://x/'>http://x/</a>"), "[t](<a b(c)>) http://x/\n");
  EXPECT_EQ(markdown("<p><img src=a.png alt='An image'><img src=b.png><img src='data:x' alt=Inline>"),
            "![An image](a.png)Inline\n");
  EXPECT_EQ(markdown("<a href=x><p>one</p><p>two</p></a>"), "[one](x)\n\n[two](x)\n");
}

TEST(Html, Powers) {
  EXPECT_EQ(markdown("<p>2<sup>31</sup>-1, n<sup>2</sup>, the 1<sup>st</sup> word<sup>1</sup>, H<sub>2</sub>O"),
            "2^31-1, n^2, the 1st word[1], H2O\n");
}

TEST(Html, Lists) {
  EXPECT_EQ(markdown("<p>x</p><ul><li>a<li>b<ul><li>c</ul><li>d</ul>"), "x\n\n- a\n- b\n  - c\n- d\n");
  EXPECT_EQ(markdown("<ol start=3><li>a<li value=7>b<li>c</ol>"), "3. a\n7. b\n8. c\n");
  EXPECT_EQ(markdown("<ul><li><p>a</p><p>b</p></li><li>c</li></ul>"), "- a\n\n  b\n\n- c\n");
  EXPECT_EQ(markdown("<dl><dt><code>-a</code><dd><p>First.</p><p>More.</p><dt>B<dd>Second.</dl>"),
            "- `-a`\n\n  First.\n\n  More.\n\n- B\n\n  Second.\n");
  EXPECT_EQ(markdown("<ul><li>a<pre>x\ny</pre></ul>"), "- a\n\n  ```\n  x\n  y\n  ```\n");
}

TEST(Html, Code) {
  EXPECT_EQ(markdown("<pre><code class='language-sql'>SELECT 1;\n  -- <b>x</b>\n</code></pre>"),
            "```sql\nSELECT 1;\n  -- x\n```\n");
  EXPECT_EQ(markdown("<div class='highlight-python3 notranslate'><div class=highlight><pre>a\n</pre></div></div>"),
            "```python3\na\n```\n");
  EXPECT_EQ(markdown("<pre>a\n```\nb</pre>"), "````\na\n```\nb\n````\n");
  EXPECT_EQ(markdown("<pre>\n\n  # no heading\n\n</pre><pre></pre>"), "```\n  # no heading\n```\n");
}

TEST(Html, Tables) {
  EXPECT_EQ(markdown("<table><caption>Cap</caption><tr><th>A<th>B<tr><td>a|b<br>c<td><code>x|y</code></table>"),
            "**Cap**\n\n| A | B |\n| --- | --- |\n| a\\|b c | `x\\|y` |\n");
  EXPECT_EQ(
      markdown("<table><thead><tr><td>A<td>B<tbody><tr><td colspan=2>wide<tr><td rowspan=2>t<td>1<tr><td>2</table>"),
      "| A | B |\n| --- | --- |\n| wide | |\n| t | 1 |\n| t | 2 |\n");
  EXPECT_EQ(markdown("<table><tr><th>H<tr><td><p>f(x)</p><p>Does it.</p></table>"),
            "| H |\n| --- |\n| f(x) \xE2\x80\x94 Does it. |\n");
  EXPECT_EQ(markdown("<table><tr><td><h2>Layout</h2><p>text</p></td></tr></table>"), "## Layout\n\ntext\n");
  EXPECT_EQ(markdown("<table><tr><th>A<th>B<tr><td>x<td><table><tr><td>in<td>ner</table></table>"),
            "| A | B |\n| --- | --- |\n| x | in \xE2\x80\x94 ner |\n");
}

TEST(Html, QuotesAndNotes) {
  EXPECT_EQ(markdown("<blockquote><p>a</p><p>b</p></blockquote>"), "> a\n>\n> b\n");
  EXPECT_EQ(markdown("<div class=note><h3 class=title>Note</h3><p>Mind this.</p></div>"),
            "> **Note**\n>\n> Mind this.\n");
  EXPECT_EQ(markdown("<details><summary>More</summary>hidden text</details>"), "**More**\n\nhidden text\n");
}

TEST(Html, AHugeTableKeepsItsRows) {
  std::string html = "<table><tr><th>id<th>name";
  for (int i = 0; i < 20'000; ++i) html += "<tr><td>" + std::to_string(i) + "<td>row";
  const std::string body = markdown(html + "</table>");
  EXPECT_EQ(std::count(body.begin(), body.end(), '\n'), 20'002);
  EXPECT_NE(body.find("\n| 19999 | row |\n"), std::string::npos);
  // Spans that claim more than is there cost nothing.
  EXPECT_LT(markdown("<table><tr><th colspan=65000 rowspan=65000>a<th>b<tr><td>c</table>").size(), 3000u);
}

TEST(Html, FieldsOfThePage) {
  auto d = extract(
      "<html lang=en-GB><head><title> A  page </title><meta name=description content='What it is'><meta name=Author "
      "content='A. Uthor'>"
      "<meta name=keywords content='one, two'><meta property='article:published_time' "
      "content='2024-05-01T10:00:00+02:00'>"
      "<meta property=article:modified_time content=2024-06-01><link rel=canonical "
      "href='https://x/y'></head><body><p>x",
      "text/html", "f.html");
  ASSERT_TRUE(d.ok());
  EXPECT_EQ(d->title, "A page");
  EXPECT_EQ(d->lang, "en-GB");
  EXPECT_EQ(d->author, "A. Uthor");
  EXPECT_EQ(d->labels, (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(d->created_at_us, 1714550400000000);
  EXPECT_EQ(d->updated_at_us, 1717200000000000);
  EXPECT_EQ(d->extra["description"].as_string(), "What it is");
  EXPECT_EQ(d->extra["canonical"].as_string(), "https://x/y");
  EXPECT_EQ(d->extra["meta"]["keywords"].as_string(), "one, two");
  EXPECT_EQ(extract("<h1>Only <b>this</b></h1>", "text/html", "f.html")->title, "Only this");
  EXPECT_EQ(extract("<p>x", "text/html", "dir/file.html")->title, "file");
}

TEST(Html, Charsets) {
  EXPECT_EQ(markdown("<meta charset=windows-1252><p>caf\xE9"), "caf\xC3\xA9\n");
  EXPECT_EQ(markdown("<meta http-equiv=Content-Type content='text/html; charset=iso-8859-1'><p>caf\xE9"),
            "caf\xC3\xA9\n");
  EXPECT_EQ(markdown("\xEF\xBB\xBF<meta charset=latin1><p>caf\xC3\xA9"), "caf\xC3\xA9\n");
  auto d = extract("<meta charset=utf-8><p>bad \xFF here", "text/html", "f");
  ASSERT_TRUE(d.ok());
  EXPECT_EQ(d->body, "bad \xEF\xBF\xBD here\n");
  EXPECT_EQ(d->extra["replaced_characters"].as_int(), 1);
}

TEST(Html, TwoHundredLevelsAreFlattened) {
  for (const char* tag : {"ul><li", "blockquote", "div", "b", "ol><li", "dl><dd", "table><tr><td", "section", "span"}) {
    std::string html, closing;
    for (int i = 0; i < 200; ++i) html += std::string("<") + tag + ">w" + std::to_string(i) + " ";
    const std::string body = markdown(html);
    for (int i = 0; i < 200; i += 9) EXPECT_NE(body.find("w" + std::to_string(i)), std::string::npos) << tag << i;
    int deepest = 0;
    for (const Block& b : scan_blocks(body)) deepest = std::max(deepest, b.depth);
    EXPECT_LE(deepest, kMaxNesting) << tag;
  }
}

TEST(Html, EndlessNestingIsALimit) {
  std::string html;
  for (int i = 0; i < 100'000; ++i) html += "<div>";
  auto d = extract(html, "text/html", "f");
  ASSERT_FALSE(d.ok());
  EXPECT_EQ(d.status().code(), base::Code::exhausted);
  EXPECT_NE(d.status().message().find("kMaxOpenElements"), std::string::npos);
}

// The body of any page reads as Markdown with no more headings than the page had.
TEST(Html, RandomTagSoup) {
  static constexpr const char* kBits[] = {"<p>",
                                          "</p>",
                                          "<b>",
                                          "</b>",
                                          "<i>",
                                          "</i>",
                                          "<code>",
                                          "</code>",
                                          "<a href=u>",
                                          "</a>",
                                          "<ul>",
                                          "</ul>",
                                          "<ol>",
                                          "<li>",
                                          "</li>",
                                          "<table>",
                                          "</table>",
                                          "<tr>",
                                          "<td>",
                                          "<th>",
                                          "<h2>",
                                          "</h2>",
                                          "<pre>",
                                          "</pre>",
                                          "<blockquote>",
                                          "</blockquote>",
                                          "<dl>",
                                          "<dt>",
                                          "<dd>",
                                          "</dl>",
                                          "<br>",
                                          "<img alt=x src=y>",
                                          "text ",
                                          "# ",
                                          "- ",
                                          "1. ",
                                          "*",
                                          "_",
                                          "`",
                                          "|",
                                          "\\",
                                          "<",
                                          "&lt;",
                                          "&amp;",
                                          "[",
                                          "](",
                                          "\n",
                                          "<div class=note>",
                                          "</div>",
                                          "<summary>",
                                          "<details>",
                                          "<svg><p>",
                                          "<math>",
                                          "<template>",
                                          "</",
                                          "<!--",
                                          "-->",
                                          "\xC3\xA9",
                                          "\xFF"};
  const uint64_t seed = 11;
  base::Random random(seed);
  for (int round = 0; round < 4000; ++round) {
    std::string html;
    size_t headings = 0;
    for (uint64_t n = random.below(40); n > 0; --n) {
      const std::string bit = kBits[random.below(std::size(kBits))];
      headings += bit == "<h2>";
      html += bit;
    }
    auto d = extract(html, "text/html", "f");
    if (!d.ok()) continue;  // mostly bytes that are no text
    size_t found = 0;
    for (const Block& b : scan_blocks(d->body)) found += b.kind == BlockKind::heading;
    EXPECT_LE(found, headings) << "seed " << seed << " round " << round << "\n" << html << "\n--\n" << d->body;
    EXPECT_EQ(d->body.find("\n\n\n"), std::string::npos) << html << "\n--\n" << d->body;
    EXPECT_TRUE(d->body.empty() || d->body.back() == '\n') << html;
  }
}

}  // namespace
}  // namespace tarn::document
