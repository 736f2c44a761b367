#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "document/document.h"
#include "document/markdown/block_scanner.h"
#include "document/markdown/random_markdown.h"

namespace tarn::document {
namespace {

bool blank(std::string_view s) { return s.find_first_not_of(" \t\n\r\f\v") == std::string_view::npos; }
bool continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// What the header promises of every body.
void expect_contract(const std::string& body, const std::vector<Passage>& passages) {
  uint64_t at = 0;
  for (const Passage& p : passages) {
    ASSERT_LE(at, p.start);
    ASSERT_LT(p.start, p.end);
    ASSERT_LE(p.end, body.size());
    ASSERT_LE(p.end - p.start, kPassageBytes);
    ASSERT_TRUE(blank(std::string_view(body).substr(at, p.start - at))) << "lost text before " << p.start;
    ASSERT_FALSE(p.start < body.size() && continuation(body[p.start])) << "a character is cut at " << p.start;
    ASSERT_FALSE(p.end < body.size() && continuation(body[p.end])) << "a character is cut at " << p.end;
    ASSERT_LE(p.context_start, p.context_end);
    ASSERT_LE(p.context_end, p.start);
    ASSERT_LE(p.end - p.start + p.context_end - p.context_start, kPassageBytes);
    const auto holds = [&](const Passage& q) { return q.start <= p.context_start && p.context_end <= q.end; };
    ASSERT_TRUE(p.context_end == 0 || std::any_of(passages.begin(), passages.end(), holds));
    at = p.end;
  }
  ASSERT_TRUE(blank(std::string_view(body).substr(at))) << "lost text at the end";
}

std::string text_of(const std::string& body, const Passage& p) { return body.substr(p.start, p.end - p.start); }

std::string context_of(const std::string& body, const Passage& p) {
  return body.substr(p.context_start, p.context_end - p.context_start);
}

std::string sentence(base::Random* random) {
  static constexpr const char* kWords[] = {"lake",    "table",   "commit",       "the",    "of",
                                           "version", "answers", "\xC3\xBCnder", "`code`", "row"};
  std::string out = "Each";
  for (uint64_t n = 3 + random->below(15); n > 0; --n) {
    out += std::string(" ") + kWords[random->below(std::size(kWords))];
  }
  return out + ". ";
}

TEST(Passages, KeepTheirContractOnRandomMarkdown) {
  const uint64_t seed = 99;
  base::Random random(seed);
  for (int round = 0; round < 1500; ++round) {
    std::string body = random_markdown(&random, random.below(60));
    if (round % 3 == 0) {
      for (uint64_t n = random.below(80); n > 0; --n) body += sentence(&random);
    }
    const std::vector<Passage> passages = split_passages(body);
    expect_contract(body, passages);
    if (HasFatalFailure()) FAIL() << "seed " << seed << " round " << round << "\n" << body;
  }
}

TEST(Passages, RestartAtHeadingsWithTheirPath) {
  const std::string body =
      "Before.\n\n# A `x`\n\nIn a.\n\n## B\nIn b.\n\n### C [link](u)\n\n## D\n\nIn d.\n\nE\n=\nIn e.\n";
  std::vector<std::pair<std::vector<std::string>, std::string>> got;
  for (const Passage& p : split_passages(body)) got.emplace_back(p.heading, text_of(body, p));
  const std::vector<std::pair<std::vector<std::string>, std::string>> want = {
      {{}, "Before."},
      {{"A x"}, "# A `x`\n\nIn a."},
      {{"A x", "B"}, "## B\nIn b."},
      {{"A x", "B", "C link"}, "### C [link](u)"},
      {{"A x", "D"}, "## D\n\nIn d."},
      {{"E"}, "E\n=\nIn e."}};
  EXPECT_EQ(got, want);
}

TEST(Passages, BlankBodiesHaveNone) {
  EXPECT_TRUE(split_passages("").empty());
  EXPECT_TRUE(split_passages(" \n\t\n\n").empty());
}

TEST(Passages, CodeAndTablesAreCutBetweenLines) {
  std::string body = "# T\n\n```sql\n# not a heading\n";
  for (int i = 0; i < 200; ++i) body += "SELECT column_" + std::to_string(i) + " FROM somewhere; -- a comment\n";
  body += "```\n\n| name | value |\n| --- | --- |\n";
  for (int i = 0; i < 200; ++i) body += "| row " + std::to_string(i) + " | with some words in it |\n";
  const std::vector<Passage> passages = split_passages(body);
  expect_contract(body, passages);
  ASSERT_GT(passages.size(), 15u);
  for (const Passage& p : passages) {
    EXPECT_EQ(p.heading, std::vector<std::string>{"T"});
    EXPECT_TRUE(p.start == 0 || body[p.start - 1] == '\n') << text_of(body, p).substr(0, 60);
    EXPECT_EQ(body[p.end], '\n');
  }
}

TEST(Passages, RowsAreReadUnderTheirColumnsNames) {
  std::string body = "# Boats\n\nAll of them:\n\n| Boat | Berth |\n| --- | --- |\n";
  for (int i = 0; i < 100; ++i) body += "| boat " + std::to_string(i) + " | the " + std::to_string(i) + "th berth |\n";
  body += "\nWhat follows is no row.\n\n| Crew |\n| --- |\n";
  for (int i = 0; i < 100; ++i) body += "| sailor " + std::to_string(i) + " with a long name |\n";
  const std::vector<Passage> passages = split_passages(body);
  expect_contract(body, passages);
  ASSERT_GT(passages.size(), 4u);
  for (const Passage& p : passages) {
    const std::string text = text_of(body, p);
    const bool boats = text.starts_with("| boat"), crew = text.starts_with("| sailor");
    EXPECT_EQ(context_of(body, p), boats ? "| Boat | Berth |" : crew ? "| Crew |" : "") << text.substr(0, 30);
  }
}

TEST(Passages, CodeIsReadUnderItsFence) {
  std::string body = "1. Run\n\n   ~~~~ sh\n   ```\n";
  for (int i = 0; i < 100; ++i) body += "   echo line number " + std::to_string(i) + "\n";
  body += "   ~~~~\n\nAnd then:\n\n    indented\n";
  const std::vector<Passage> passages = split_passages(body);
  expect_contract(body, passages);
  ASSERT_GT(passages.size(), 2u);
  for (size_t i = 1; i < passages.size(); ++i) {
    EXPECT_EQ(context_of(body, passages[i]), "   ~~~~ sh");
    EXPECT_TRUE(opens_code(context_of(body, passages[i])));
  }
  EXPECT_FALSE(opens_code("| ```x | y |"));
  EXPECT_FALSE(opens_code("`a` | `b`"));
}

TEST(Passages, ManyColumnsAreNamedAsFarAsThereIsRoom) {
  std::string names = "|", rule = "|", row = "|";
  for (int i = 0; i < 200; ++i) {
    names += " column " + std::to_string(i) + " |";
    rule += "---|";
    row += " " + std::to_string(i) + " |";
  }
  const std::string body = names + "\n" + rule + "\n" + row + "\n" + row + "\n";
  const std::vector<Passage> passages = split_passages(body);
  expect_contract(body, passages);
  const std::string context = context_of(body, passages.back());
  EXPECT_TRUE(context.starts_with("| column 0 |") && context.ends_with(" |")) << context;
}

TEST(Passages, HtmlHeadingsMakeSections) {
  const std::string body =
      "<h1 align=\"center\">Jay</h1>\n\nIntro.\n\n<h2>Set <i>up</i></h2>\n<p>How "
      "to.</p>\n\nMore.\n\n<h2>\n\nUse\n\n</h2>\n\n> "
      "<h3>quoted</h3>\n\nLast.\n";
  std::vector<std::pair<std::vector<std::string>, std::string>> got;
  for (const Passage& p : split_passages(body)) got.emplace_back(p.heading, text_of(body, p));
  const std::vector<std::pair<std::vector<std::string>, std::string>> want = {
      {{"Jay"}, "<h1 align=\"center\">Jay</h1>\n\nIntro."},
      {{"Jay", "Set up"}, "<h2>Set <i>up</i></h2>\n<p>How to.</p>\n\nMore."},
      {{"Jay", "Use"}, "<h2>\n\nUse\n\n</h2>\n\n> <h3>quoted</h3>\n\nLast."}};
  EXPECT_EQ(got, want);
}

TEST(Passages, RowsOfHtmlAndOfPlainTextHaveColumnsToo) {
  std::string html = "<table>\n<tr><th>Boat</th><th>Berth</th></tr>\n", tabs = "Boat\tBerth\n",
              psql = " boat | berth \n------+-------\n";
  for (int i = 0; i < 100; ++i) {
    const std::string n = std::to_string(i);
    html += "<tr>\n  <td>boat " + n + "</td>\n  <td>" + n + "th</td>\n</tr>\n";
    tabs += "boat " + n + "\tthe " + n + "th\n";
    psql += " boat " + n + " | " + n + "th \n";
  }
  for (const auto& [body, names] : {std::pair(html + "</table>\n", "<tr><th>Boat</th><th>Berth</th></tr>"),
                                    {tabs, "Boat\tBerth"},
                                    {psql, " boat | berth"}}) {
    const std::vector<Passage> passages = split_passages(body);
    expect_contract(body, passages);
    ASSERT_GT(passages.size(), 1u);
    for (size_t i = 1; i < passages.size(); ++i) {
      EXPECT_EQ(context_of(body, passages[i]), names);
      const std::string text = text_of(body, passages[i]);
      EXPECT_TRUE(text.starts_with("<tr>") || text.starts_with("boat") || text.starts_with(" boat"))
          << text.substr(0, 40);
    }
  }
}

TEST(Passages, ProseIsCutBehindSentences) {
  base::Random random(3);
  std::string body;
  for (int i = 0; i < 300; ++i) body += sentence(&random);
  const std::vector<Passage> passages = split_passages(body);
  expect_contract(body, passages);
  for (const Passage& p : passages) EXPECT_EQ(body[p.end - 1], '.') << text_of(body, p);
}

TEST(Passages, LeadInsStayWithWhatTheyLeadTo) {
  const std::string filler(600, 'x');
  const std::string body = filler + "\n\nThese are the steps to take:\n\n- one\n- two " + filler + "\n";
  const std::vector<Passage> passages = split_passages(body);
  ASSERT_EQ(passages.size(), 2u);
  EXPECT_EQ(text_of(body, passages[0]).substr(0, 10), "xxxxxxxxxx");
  EXPECT_NE(text_of(body, passages[1]).find("- two"), std::string::npos);
}

// An edit of a section's words leaves the passages of all other sections as they were: text and path.
TEST(Passages, AnEditChangesItsSectionOnly) {
  const uint64_t seed = 4242;
  base::Random random(seed);
  for (int round = 0; round < 300; ++round) {
    std::vector<std::string> sections;
    for (uint64_t n = 2 + random.below(6); n > 0; --n) {
      std::string section =
          std::string(1 + random.below(3), '#') + " Section " + std::to_string(sections.size()) + "\n\n";
      for (uint64_t blocks = random.below(6); blocks > 0; --blocks) {
        switch (random.below(4)) {
          case 0:
            section += "- item " + sentence(&random) + "\n- item " + sentence(&random) + "\n\n";
            break;
          case 1:
            section += "```\n# code " + sentence(&random) + "\n```\n\n";
            break;
          case 2:
            section += "| a | b |\n| --- | --- |\n| " + sentence(&random) + " | x |\n\n";
            break;
          default:
            for (uint64_t s = 1 + random.below(25); s > 0; --s) section += sentence(&random);
            section += "\n\n";
        }
      }
      sections.push_back(section);
    }
    const auto passages_by_section = [](const std::vector<std::string>& parts) {
      std::string body;
      std::vector<uint64_t> starts;
      for (const std::string& part : parts) {
        starts.push_back(body.size());
        body += part;
      }
      std::vector<std::vector<std::pair<std::vector<std::string>, std::string>>> out(parts.size());
      for (const Passage& p : split_passages(body)) {
        const size_t section =
            static_cast<size_t>(std::upper_bound(starts.begin(), starts.end(), p.start) - starts.begin()) - 1;
        out[section].emplace_back(p.heading, text_of(body, p));
      }
      return out;
    };
    const auto before = passages_by_section(sections);
    const size_t edited = random.below(sections.size());
    for (uint64_t n = 1 + random.below(30); n > 0; --n) sections[edited] += sentence(&random);
    sections[edited] += "\n\n";
    const auto after = passages_by_section(sections);
    for (size_t i = 0; i < sections.size(); ++i) {
      if (i == edited) {
        EXPECT_NE(after[i], before[i]);
      } else {
        ASSERT_EQ(after[i], before[i]) << "seed " << seed << " round " << round << " section " << i;
      }
    }
  }
}

// Growth, not time: passages of n bytes of one line are n / about kPassageBytes, and every byte is looked at a bounded
// number of times.
TEST(Passages, OneHugeLine) {
  for (const char* piece : {"word ", "x", "\xC3\xA9", "# ", "|", "`", "[", "- "}) {
    std::string body;
    while (body.size() < (size_t{2} << 20)) body += piece;
    const std::vector<Passage> passages = split_passages(body);
    expect_contract(body, passages);
    EXPECT_GE(passages.size(), body.size() / kPassageBytes - 1) << piece;
    EXPECT_LE(passages.size(), body.size() / (kPassageBytes / 3) + 1) << piece;
  }
}

TEST(Passages, AHugeHeadingIsNotRepeatedWhole) {
  const std::string body = "# " + std::string(100'000, 'h') + "\n\ntext\n";
  for (const Passage& p : split_passages(body)) {
    ASSERT_EQ(p.heading.size(), 1u);
    EXPECT_LE(p.heading[0].size(), 500u);
  }
}

TEST(PlainText, KeepsWordsAndDropsMarks) {
  EXPECT_EQ(plain_text("# A *b* **c** `d_e` [f](http://g) ![h](i)"), "A b c d_e f h");
  EXPECT_EQ(plain_text("- one\n- two\n\n> three\n"), "one\ntwo\nthree");
  EXPECT_EQ(plain_text("| a | b |\n|---|---|\n| c \\| d | e |\n"), "a b\nc | d e");
  EXPECT_EQ(plain_text("| c \\| d | e |\n| f | g |"), "c | d e\nf g") << "rows without their header";
  EXPECT_EQ(plain_text("```sql\nSELECT *\n```\n"), "SELECT *");
  EXPECT_EQ(plain_text("<div>\nin <b>html</b>\n</div>\n"), "in html");
  EXPECT_EQ(plain_text("<table><tr><th>Key</th><th>M&amp;M</th></tr><tr><td>a</td><td>b</td></tr></table>"),
            "Key M&M\na b");
  EXPECT_EQ(plain_text("one<br>two"), "one\ntwo");
  EXPECT_EQ(plain_text("a &amp; b &lt;c&gt;"), "a & b <c>");
  EXPECT_EQ(plain_text("~~gone~~ \\*kept\\*"), "gone *kept*");
  EXPECT_EQ(plain_text(""), "");
}

TEST(PlainText, LongTextsLoseNothing) {
  std::string body;
  for (int i = 0; i < 5000; ++i) body += "word" + std::to_string(i) + (i % 50 == 49 ? "\n\n" : " ");
  const std::string text = plain_text(body);
  for (int i = 0; i < 5000; i += 7) ASSERT_NE(text.find("word" + std::to_string(i)), std::string::npos) << i;
  const std::string one_word(100'000, 'x');
  std::string joined = plain_text(one_word);
  joined.erase(std::remove(joined.begin(), joined.end(), '\n'), joined.end());
  EXPECT_EQ(joined, one_word);
}

}  // namespace
}  // namespace tarn::document
