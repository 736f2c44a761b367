#include "answer/sentences.h"

#include <gtest/gtest.h>

#include <string>

#include "document/markdown/random_markdown.h"

namespace tarn::answer {
namespace {

std::vector<std::string> quotes(std::string_view markdown) {
  const std::vector<Piece> pieces = pieces_of(markdown);
  std::vector<std::string> out;
  for (size_t i = 0; i < pieces.size(); ++i) {
    const Span span = quotable(pieces, i);
    if (span.end > span.start) out.emplace_back(markdown.substr(span.start, span.end - span.start));
  }
  return out;
}

using Texts = std::vector<std::string>;

TEST(Pieces, SentencesItemsRowsAndCode) {
  EXPECT_EQ(quotes("# A heading that only names\n\nThe first sentence stands here. The second one stands here too.\n"),
            (Texts{"The first sentence stands here.", "The second one stands here too."}));
  EXPECT_EQ(quotes("- An item that says something whole.\n- Another item of the same list, also whole.\n"),
            (Texts{"An item that says something whole.", "Another item of the same list, also whole."}));
  EXPECT_EQ(quotes("| Name of the setting | Its default value |\n|---|---|\n| max_connections of it | one hundred |\n"),
            (Texts{"| Name of the setting | Its default value |", "| max_connections of it | one hundred |"}));
  EXPECT_EQ(quotes("```sql\nSELECT count(*) FROM docs;\n```\n"), (Texts{"```sql\nSELECT count(*) FROM docs;\n```"}));
  EXPECT_EQ(quotes("> **Note**\n>\n> Quoted prose can be quoted as well.\n"),
            (Texts{"**Note**", "Quoted prose can be quoted as well."}));
}

TEST(Pieces, AColonTakesWhatFollows) {
  EXPECT_EQ(quotes("To build it without locks, type:\n\n```\nCREATE INDEX CONCURRENTLY i ON t (c);\n```\n").front(),
            "To build it without locks, type:\n\n```\nCREATE INDEX CONCURRENTLY i ON t (c);\n```");
  EXPECT_TRUE(quotes("There are three fundamentally different ways to do it:\n").empty())
      << "a lead-in without what it leads in to";
}

TEST(Pieces, ATermIsQuotedWithItsDefinition) {
  EXPECT_EQ(quotes("- `FULL`\n\n  Selects a full vacuum, which can reclaim more space.\n"),
            (Texts{"`FULL`\n\n  Selects a full vacuum, which can reclaim more space.",
                   "`FULL`\n\n  Selects a full vacuum, which can reclaim more space."}));
}

TEST(Pieces, AReferenceTakesWhatIsBefore) {
  EXPECT_EQ(
      quotes("Indexes can be built without locking out writes. This method needs the option CONCURRENTLY.\n").back(),
      "Indexes can be built without locking out writes. This method needs the option CONCURRENTLY.");
  EXPECT_TRUE(pieces_of("This one has nothing before it, though.").front().refers_back);
  EXPECT_FALSE(pieces_of("`this` is a name of the language.").front().refers_back);
  EXPECT_FALSE(pieces_of("Thistles are plants with prickles.").front().refers_back);
}

TEST(Pieces, LittleMoreThanLinksIsNoQuote) {
  EXPECT_TRUE(quotes("[VACUUM](sql-vacuum.html), [ANALYZE](sql-analyze.html), [CLUSTER](sql-cluster.html)").empty());
  EXPECT_EQ(quotes("See [ANALYZE](sql-analyze.html) for more details about it.").size(), 1u);
  EXPECT_TRUE(quotes("Transaction Isolation Levels of the standard**").empty()) << "cut out of its emphasis";
}

TEST(Pieces, ATablesRowsKnowItsHeader) {
  const std::string table =
      "| Item | Upper limit |\n|---|---|\n| relation size | 32 TB |\n\nProse between the two.\n\n| B |\n|---|\n| c |\n";
  const std::vector<Piece> pieces = pieces_of(table);
  ASSERT_EQ(pieces.size(), 5u);
  EXPECT_EQ(table.substr(pieces[1].header.start, pieces[1].header.end - pieces[1].header.start),
            "| Item | Upper limit |");
  EXPECT_EQ(pieces[2].header.end, 0u);
  EXPECT_EQ(pieces[4].header.start, pieces[3].start);
}

TEST(Pieces, ParagraphsOfTheSameFieldsAreRecords) {
  EXPECT_EQ(quotes("name: Hedwig\nport: 7443\n\nname: Ludwig\nport: 8112\nowner: Karl\n"),
            (Texts{"name: Hedwig\nport: 7443", "name: Ludwig\nport: 8112\nowner: Karl"}));
  EXPECT_EQ(quotes("- name: Hedwig\n  port: 7443\n- name: Ludwig\n  port: 8112\n"),
            (Texts{"name: Hedwig\n  port: 7443", "name: Ludwig\n  port: 8112"}));
  EXPECT_EQ(quotes("name: Hedwig\nport: 7443\n\nowner: Karl\nsince: 2019\n"),
            (Texts{"name: Hedwig", "port: 7443", "owner: Karl", "since: 2019"}));
}

TEST(Pieces, AFieldStandsForItself) {
  EXPECT_EQ(quotes("- Port: 7443\n- User: gwadmin\n"), (Texts{"Port: 7443", "User: gwadmin"}));
  EXPECT_EQ(quotes("Port: 7443\nUser: gwadmin\nTime limit = 30 s\n"),
            (Texts{"Port: 7443", "User: gwadmin", "Time limit = 30 s"}));
  EXPECT_EQ(quotes("Quay 3  \nBrightwater  \n"), (Texts{"Quay 3", "Brightwater"})) << "hard breaks";
  EXPECT_EQ(quotes("One thing is true: the sea is\ncold and deep.\n").size(), 1U) << "a colon within prose";
}

TEST(Pieces, AHeadingThatStatesSomethingIsAQuote) {
  EXPECT_EQ(quotes("## First ferry: 05:40\n"), (Texts{"First ferry: 05:40"}));
  EXPECT_EQ(quotes("The default berth is 12\n===\n"), (Texts{"The default berth is 12"}));
  EXPECT_TRUE(quotes("## 4.1.5. Comments\n").empty()) << "a section's number states nothing";
  EXPECT_TRUE(quotes("## Chapter 7. Queries\n").empty());
}

TEST(Pieces, AQuestionIsAnsweredByWhatFollowsIt) {
  const Texts answered = quotes("**Q: Which port is it?**\n\nA: It listens on 7443.\n");
  ASSERT_FALSE(answered.empty());
  for (const std::string& quote : answered) EXPECT_EQ(quote, "**Q: Which port is it?**\n\nA: It listens on 7443.");
  EXPECT_EQ(quotes("## Who has the key?\n\nThe janitor keeps it.\n").front(),
            "Who has the key?\n\nThe janitor keeps it.");
  EXPECT_EQ(quotes("May I swim here? No. The current is strong.\n").front(),
            "May I swim here? No. The current is strong.");
  EXPECT_TRUE(quotes("- Where do I pay?\n- When is it open?\n\n## Paying\n").empty()) << "no answer, no quote";
}

TEST(Pieces, WhatLeadsInToAListTakesAllOfIt) {
  const std::string list = "To launch it:\n\n1. Unlock the trailer.\n2. Roll it in.\n3. Untie the boat.\n";
  const std::vector<Piece> pieces = pieces_of(list);
  ASSERT_EQ(pieces.size(), 4U);
  EXPECT_TRUE(pieces[1].is_step);
  EXPECT_EQ(quotes(list).front(), list.substr(0, list.size() - 1));
  EXPECT_EQ(quotes(list)[1], "Unlock the trailer.") << "a single step is no cut procedure";
  const Span whole = whole_list(pieces, 2);
  EXPECT_EQ(list.substr(whole.start, whole.end - whole.start), list.substr(0, list.size() - 1));
  const std::string nested = "1. One.\n\n   - a part of it\n\n2. Two.\n\nNo step.\n";
  const Span steps = whole_list(pieces_of(nested), 0);
  EXPECT_EQ(nested.substr(steps.start, steps.end - steps.start), "1. One.\n\n   - a part of it\n\n2. Two.");
}

TEST(Pieces, RowsWithoutOuterBarsAndRowsWithoutNames) {
  const std::string bare = "Berth | Fee\n--- | ---\nAsh | 14\nCedar | 27\n";
  EXPECT_EQ(quotes(bare), (Texts{"Berth | Fee", "Ash | 14", "Cedar | 27"}));
  EXPECT_EQ(pieces_of(bare)[2].header.end, std::string("Berth | Fee").size());
  EXPECT_EQ(pieces_of("| Ash | 14 |\n| Cedar | 27 |\n")[1].header.end, 0U) << "the first row names nothing";
}

TEST(Pieces, LongCodeComesInParts) {
  std::string code = "```\n";
  for (int i = 0; i < 60; ++i) code += "setting_" + std::to_string(i) + " = value of it\n";
  const Texts parts = quotes(code + "```\n");
  ASSERT_GT(parts.size(), 1U);
  EXPECT_NE(parts.back().find("setting_59"), std::string::npos);
  const std::vector<Piece> within = pieces_of("port = 1\n```\n\nProse.\n", true);
  ASSERT_EQ(within.size(), 2U);
  EXPECT_EQ(within[0].kind, PieceKind::code);
  EXPECT_EQ(within[1].kind, PieceKind::prose);
}

TEST(Pieces, LimitsOfLength) {
  EXPECT_EQ(quotes("33 seats."), (Texts{"33 seats."})) << "a fact is quotable however short";
  const std::string words = "So many words of " + std::string(kMaxQuoteBytes - 17, 'x');
  EXPECT_EQ(quotes(words).size(), 1u);
  EXPECT_TRUE(quotes(words + "x").empty());
  const std::string long_one = "A sentence of " + std::string(kMaxQuoteBytes - 30, 'x') + " goes here. ";
  EXPECT_EQ(quotes(long_one + "This one would make it too long together.").back(),
            "This one would make it too long together.");
}

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }
bool is_edge(std::string_view text, size_t at) {
  return at == text.size() || (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
}

// Whatever the Markdown: pieces lie within the text, ascend, do not cross, begin and end on characters without blanks;
// a quote is made of whole pieces and keeps the limits.
TEST(Pieces, KeepTheirPromisesOnRandomMarkdown) {
  for (uint64_t seed = 1; seed <= 2000; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    base::Random random(seed);
    std::string text;
    for (uint64_t line = random.below(30); line > 0; --line) text += document::random_line(&random) + "\n";
    if (random.below(3) == 0) text += "A longer sentence that is within the limits. This is \xC3\xA9t\xC3\xA9: ";
    const std::vector<Piece> pieces = pieces_of(text);
    size_t last = 0;
    for (size_t i = 0; i < pieces.size(); ++i) {
      const Piece& piece = pieces[i];
      ASSERT_LT(piece.start, piece.end);
      ASSERT_LE(last, piece.start);
      ASSERT_LE(piece.end, text.size());
      ASSERT_LE(piece.end - piece.start, kMaxQuoteBytes);
      ASSERT_TRUE(is_edge(text, piece.start) && is_edge(text, piece.end));
      ASSERT_FALSE(is_blank(text[piece.start]) || is_blank(text[piece.end - 1]));
      last = piece.end;
      const Span quote = quotable(pieces, i);
      if (quote.start == quote.end) continue;
      ASSERT_TRUE(quote.start <= piece.start && piece.end <= quote.end);
      ASSERT_TRUE(quote.end - quote.start <= kMaxListBytes);
      bool starts = false, ends = false;
      for (const Piece& other : pieces) {
        starts |= other.start == quote.start;
        ends |= other.end == quote.end;
      }
      ASSERT_TRUE(starts && ends);
    }
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace tarn::answer
