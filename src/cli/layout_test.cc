// Text for the screen: widths, wrapping, snippets, columns, the progress line; on random text with a printed seed.
#include "cli/layout.h"

#include <gtest/gtest.h>

#include <sstream>

#include "base/random.h"
#include "cli/progress.h"

namespace tarn::cli {
namespace {

std::string random_text(base::Random& random, size_t most) {
  static const std::vector<std::string> pieces = {"a", "word",     " ",    " ",        "  ", "\n",         "ä",  "日",
                                                  "́",  "\x1b[31m", "\xff", "\xe2\x82", "…",  "longerword", "\t", "🙂"};
  std::string made;
  for (uint64_t n = random.below(most); n > 0; --n) made += pieces[random.below(pieces.size())];
  return made;
}

std::string without_blanks(std::string_view text) {
  std::string made;
  for (const char c : text) {
    if (c != ' ' && c != '\n' && c != '\t') made += c;
  }
  return made;
}

TEST(Layout, PrintableLetsNoControlThrough) {
  EXPECT_EQ(printable("a\x1b[2Jb\r\n\tc"), "a\xef\xbf\xbd[2Jb\xef\xbf\xbd\n\tc");
  EXPECT_EQ(printable("\xc2\x9b"
                      "31m"),
            "\xef\xbf\xbd"
            "31m");  // the one-character form of an escape
  EXPECT_EQ(printable("\xe2\x80\xae"
                      "txt"),
            "\xef\xbf\xbd"
            "txt");  // right-to-left override
  EXPECT_EQ(printable("\xc0\x80\xed\xa0\x80\xf5"),
            "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
  EXPECT_EQ(printable("äöü 日本 🙂"), "äöü 日本 🙂");
  EXPECT_EQ(one_line("  a \n\t b  "), "a b");
}

TEST(Layout, WidthCountsCells) {
  EXPECT_EQ(width_of("abc"), 3u);
  EXPECT_EQ(width_of("日本"), 4u);
  EXPECT_EQ(width_of("e\xcc\x81"), 1u);
  EXPECT_EQ(width_of("\x1b[1mbold\x1b[0m"), 4u);
  EXPECT_EQ(cut("abcdef", 4), "abc…");
  EXPECT_EQ(cut("日本語", 4), "日…");
  EXPECT_EQ(cut("abcd", 4), "abcd");
}

TEST(Layout, WrapKeepsEveryWordAndTheWidth) {
  base::Random random(3);
  for (int round = 0; round < 500; ++round) {
    const std::string text = printable(random_text(random, 60));
    const size_t width = 10 + random.below(60);
    const std::string indent(random.below(3), ' ');
    const std::string wrapped = wrap(text, width, indent);
    EXPECT_EQ(without_blanks(wrapped), without_blanks(text)) << "seed 3 round " << round;
    std::istringstream lines(wrapped);
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(width_of(line), std::max(width, width_of(indent) + 8)) << "seed 3 round " << round << ": " << line;
      EXPECT_TRUE(line.empty() || (line.starts_with(indent) && line.back() != ' '));
    }
  }
}

TEST(Layout, SnippetShowsWhatMatched) {
  base::Random random(4);
  for (int round = 0; round < 1000; ++round) {
    std::string text = random_text(random, 200);
    std::vector<std::pair<uint32_t, uint32_t>> highlights;
    for (uint64_t n = random.below(4); n > 0; --n) {
      const auto at = static_cast<uint32_t>(text.size());
      text += "MATCH";
      highlights.emplace_back(at, at + 5);
      text += " " + random_text(random, 60);
    }
    const Snippet made = snippet(text, highlights, 40 + random.below(200));
    for (const auto& [start, end] : made.marks) {
      EXPECT_EQ(made.text.substr(start, end - start), "MATCH") << "seed 4 round " << round;
    }
    EXPECT_EQ(made.marks.empty(), highlights.empty()) << "seed 4 round " << round << ": " << made.text;
    EXPECT_EQ(printable(made.text).find('\n'), std::string::npos);
    EXPECT_EQ(made.text.find('\x1b'), std::string::npos);
  }
  // Spans that do not fit the text are passed over.
  EXPECT_TRUE(snippet("short", {{4, 2}, {3, 3}, {4, 99}}, 80).marks.empty());
}

TEST(Layout, MarkdownIsReadNotShown) {
  EXPECT_EQ(plain_markdown("See [Section 26.3](continuous-archiving.html#X), **now** and *then*."),
            "See Section 26.3, now and then.");
  EXPECT_EQ(plain_markdown("## Heading\n\n> quoted `code_here` and a\\_b \\[no link\\]"),
            "Heading quoted code_here and a_b [no link]");
  EXPECT_EQ(plain_markdown("| a | b |\n|---|:-:|\n| 1 | 2 |"), "a b 1 2");
  EXPECT_EQ(plain_markdown("![alt](x.png) 2 * 3 [not a link] (x)"), "alt 2 * 3 [not a link] (x)");
  const std::string text = "Use [the wal tool](tool.html) for `wal` files";
  const Snippet made = snippet(text, {{9, 12}, {35, 38}}, 80);
  EXPECT_EQ(made.text, "Use the wal tool for wal files");
  ASSERT_EQ(made.marks.size(), 2u);
  for (const auto& [start, end] : made.marks) EXPECT_EQ(made.text.substr(start, end - start), "wal");
}

TEST(Layout, SnippetKeepsTheWidth) {
  base::Random random(6);
  for (int round = 0; round < 1000; ++round) {
    const std::string text = random_text(random, 300);
    const size_t width = 20 + random.below(200);
    const auto begin = static_cast<int64_t>(random.below(text.size() + 1));
    const Snippet made = snippet(text, {{begin, begin + 4}}, width);
    EXPECT_LE(width_of(made.text), width) << "seed 6 round " << round << ": " << made.text;
  }
}

TEST(Layout, ColumnsFitAndAlign) {
  EXPECT_EQ(columns({{"NAME"}, {"N", true}}, {{"a", "1"}, {"日本", "1,000"}}, 80, false),
            "NAME      N\na         1\n日本  1,000\n");
  const std::string long_word(200, 'x');
  std::istringstream lines(columns({{"NAME"}, {"N", true}, {"OTHER"}}, {{long_word, "1", long_word}}, 60, false));
  for (std::string line; std::getline(lines, line);) EXPECT_LE(width_of(line), 60u) << line;
}

TEST(Layout, NumbersReadWell) {
  EXPECT_EQ(count_text(0), "0");
  EXPECT_EQ(count_text(999), "999");
  EXPECT_EQ(count_text(1000), "1,000");
  EXPECT_EQ(count_text(-1234567), "-1,234,567");
  EXPECT_EQ(count_text(1, "hit", "hits"), "1 hit");
  EXPECT_EQ(bytes_text(999), "999 B");
  EXPECT_EQ(bytes_text(12'345'678), "12.3 MB");
  EXPECT_EQ(bytes_text(999'999), "1.0 MB");
  EXPECT_EQ(duration_text(3.14), "3.1 ms");
  EXPECT_EQ(duration_text(999.97), "1.0 s");
  EXPECT_EQ(duration_text(125'000), "2 min 5 s");
  EXPECT_EQ(duration_text(7'260'000), "2 h 1 min");
}

TEST(Progress, CLI11WaitsThenShowsRateAndTimeLeft) {
  StringOutput err;
  int64_t now = 0;
  ProgressLine line(err, true, 80, [&] { return now; });
  line.update("reading", 1, 1169, "documents");
  err.flush();
  EXPECT_EQ(err.text, "") << "short work shows nothing";
  now = 2000;
  line.update("reading", 201, 1169, "documents");
  EXPECT_EQ(err.text, "\r\x1b[Kreading  201/1,169 documents  17 %  100/s  0:10 left");
  now = 2050;
  line.update("reading", 300, 1169, "documents");
  EXPECT_EQ(err.text.find("300"), std::string::npos) << "not redrawn so soon";
  line.clear();
  EXPECT_TRUE(err.text.ends_with("\r\x1b[K"));
  const size_t size = err.text.size();
  line.clear();
  EXPECT_EQ(err.text.size(), size);

  StringOutput pipe;
  ProgressLine silent(pipe, false, 80, [&] { return now; });
  now = 9000;
  silent.update("reading", 900, 1169, "documents");
  silent.clear();
  EXPECT_EQ(pipe.text, "");
}

TEST(Progress, FitsTheScreenWhateverIsSaid) {
  StringOutput err;
  int64_t now = 0;
  ProgressLine line(err, true, 30, [&] { return now; });
  now = 5000;
  line.update("a very long phase with \x1b[2J in it", 5, 0, "documents that are many");
  line.clear();
  EXPECT_EQ(err.text.find("\x1b[2J"), std::string::npos);
  EXPECT_LE(width_of(err.text.substr(4)), 33u);
}

}  // namespace
}  // namespace tarn::cli
