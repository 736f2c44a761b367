#include <gtest/gtest.h>

#include "base/random.h"
#include "text/analyzer.h"

namespace tarn::text {
namespace {

// The sentences with their outer white space as '|' between them.
std::vector<std::string> sentences(std::string_view text) {
  const auto b = sentence_boundaries(text);
  std::vector<std::string> out;
  for (size_t i = 0; i < b.size(); ++i) {
    std::string_view s = text.substr(b[i], (i + 1 < b.size() ? b[i + 1] : text.size()) - b[i]);
    const size_t from = s.find_first_not_of(" \t\r\n"), to = s.find_last_not_of(" \t\r\n");
    out.emplace_back(from == std::string_view::npos ? "" : s.substr(from, to - from + 1));
  }
  return out;
}

using List = std::vector<std::string>;

TEST(Sentences, TechnicalProse) {
  EXPECT_EQ(sentences("Use pg_dump. It works."), (List{"Use pg_dump.", "It works."}));
  EXPECT_EQ(sentences("Some systems, e.g. Linux, do. See i.e. PostgreSQL 15."),
            (List{"Some systems, e.g. Linux, do.", "See i.e. PostgreSQL 15."}));
  EXPECT_EQ(sentences("Version 1.2 fixes it. Get v1.3."), (List{"Version 1.2 fixes it.", "Get v1.3."}));
  EXPECT_EQ(sentences("See Fig. 3 and Sec. Four. Then go on."), (List{"See Fig. 3 and Sec. Four.", "Then go on."}));
  EXPECT_EQ(sentences("By J. Smith et al. in 2009. Fine."), (List{"By J. Smith et al. in 2009.", "Fine."}));
  EXPECT_EQ(sentences("Tables, views, etc. The rest follows."), (List{"Tables, views, etc.", "The rest follows."}));
  EXPECT_EQ(sentences("Run `a.b(); C. Do` first! Really?"), (List{"Run `a.b(); C. Do` first!", "Really?"}));
  EXPECT_EQ(sentences("A stray ` sign. Then more."), (List{"A stray ` sign.", "Then more."}));
}

TEST(Sentences, LinesAndBlocks) {
  EXPECT_EQ(sentences("One sentence that\nis wrapped. Another\none."),
            (List{"One sentence that\nis wrapped.", "Another\none."}));
  EXPECT_EQ(sentences("# Heading\nText here.\n\n- first item\n- second item\n"),
            (List{"# Heading", "Text here.", "- first item", "- second item"}));
  EXPECT_EQ(sentences("First paragraph\n\nSecond paragraph"), (List{"First paragraph", "Second paragraph"}));
  EXPECT_EQ(sentences("1. One. Two.\n2. Three"), (List{"1. One.", "Two.", "2. Three"}));
}

TEST(Sentences, OtherScripts) {
  EXPECT_EQ(sentences("\u6771\u4eac\u3002\u5927\u962a\u3002"), (List{"\u6771\u4eac\u3002", "\u5927\u962a\u3002"}));
}

TEST(Sentences, EmptyAndBlank) {
  EXPECT_TRUE(sentence_boundaries("").empty());
  EXPECT_EQ(sentence_boundaries(" \n \n").size(), 1u);
}

TEST(Sentences, BoundariesAscendWithinAnyText) {
  const uint64_t seed = 5;
  SCOPED_TRACE("seed " + std::to_string(seed));
  base::Random random(seed);
  const std::string_view pieces[] = {"a",   "B",  ".",  " ",    "\n",     "\n\n", "e.g. ", "`",
                                     "```", "# ", "- ", "\xff", "\u3002", "1.2",  "!",     "\r\n"};
  for (int i = 0; i < 2000; ++i) {
    std::string text;
    for (uint64_t n = random.below(60); n > 0; --n) text += pieces[random.below(std::size(pieces))];
    const auto b = sentence_boundaries(text);
    ASSERT_EQ(b.empty(), text.empty());
    for (size_t j = 0; j < b.size(); ++j) ASSERT_TRUE(j == 0 ? b[j] == 0 : b[j] > b[j - 1] && b[j] < text.size());
  }
  // Long texts go to ICU in pieces.
  std::string text;
  while (text.size() < 700000) text += "A sentence of a long text. ";
  EXPECT_NEAR(static_cast<double>(sentence_boundaries(text).size()), static_cast<double>(text.size()) / 27, 3);
}

}  // namespace
}  // namespace tarn::text
