#include "text/icu.h"

#include <gtest/gtest.h>

#include <sstream>

#include "text/utf8.h"
#include "text/words.h"

namespace tarn::text {

bool break_line(const std::string& line, std::string* text, std::vector<size_t>* breaks);
std::string test_data(const char* path);

namespace {

TEST(Icu, WordBreakTest) {
  std::istringstream in(test_data("unicode-breaks/WordBreakTest.txt"));
  std::string line, text;
  std::vector<size_t> want;
  int all = 0, other = 0;
  while (std::getline(in, line)) {
    if (!break_line(line, &text, &want)) continue;
    std::vector<icu::Segment> segments;
    icu::word_segments(text, &segments);
    std::vector<size_t> got = {0};
    for (const auto& s : segments) got.push_back(s.end);
    ++all;
    // ICU tailors UAX #29: a colon parts words, and dictionaries part kana; nothing else may differ.
    if (got != want) {
      ++other;
      EXPECT_TRUE(line.find("003A") != std::string::npos || line.find("30") != std::string::npos ||
                  line.find("31") != std::string::npos)
          << line;
    }
  }
  if (all == 0) GTEST_SKIP() << "TARN_DATA is not set";
  EXPECT_GT(all, 1800);
  EXPECT_LT(other, all / 10);
}

TEST(Icu, SentenceBreakTest) {
  std::istringstream in(test_data("unicode-breaks/SentenceBreakTest.txt"));
  std::string line, text;
  std::vector<size_t> want;
  int all = 0;
  while (std::getline(in, line)) {
    if (!break_line(line, &text, &want)) continue;
    std::vector<size_t> got = {0};
    icu::sentence_breaks(text, &got);
    got.push_back(text.size());
    ++all;
    EXPECT_EQ(got, want) << line;
  }
  if (all == 0) GTEST_SKIP() << "TARN_DATA is not set";
}

TEST(Icu, FoldingIsIdempotentOverNormalizationTest) {
  std::istringstream in(test_data("unicode-breaks/resources/NormalizationTest.txt"));
  std::string line;
  int all = 0;
  while (std::getline(in, line)) {
    if (line.empty() || line[0] == '#' || line[0] == '@') continue;
    if (line.find("0345") != std::string::npos) continue;  // iota subscript: a known exception of NFKC_Casefold
    std::istringstream fields(line);
    std::string columns[5];
    for (auto& column : columns) {
      std::string field, code;
      std::getline(fields, field, ';');
      std::istringstream codes(field);
      while (codes >> code) append_utf8(static_cast<char32_t>(std::stoul(code, nullptr, 16)), &column);
    }
    ++all;
    // All five columns have one NFKC form, hence one NFKC_Casefold form.
    std::string first, other, again;
    icu::nfkc_casefold(columns[0], &first);
    for (int i = 1; i < 5; ++i) {
      icu::nfkc_casefold(columns[i], &other);
      ASSERT_EQ(first, other) << line;
    }
    icu::nfkc_casefold(first, &again);
    ASSERT_EQ(first, again) << line;
  }
  if (all == 0) GTEST_SKIP() << "TARN_DATA is not set";
}

TEST(Icu, CombiningAccentsAreFolded) {
  std::string out;
  icu::fold_latin_accents("e\u0301 \u0142 \u0915\u0301 \u1ec7", &out);
  EXPECT_EQ(out, "e l \u0915\u0301 e");
}

TEST(Words, AsciiWordsAreIcusOnEveryShortString) {
  // All strings of up to five characters over one of each class: nothing is left to chance.
  constexpr std::string_view kAlphabet = "aB1_.',;:- \"";
  std::string text;
  const auto compare = [&] {
    std::vector<std::pair<uint32_t, uint32_t>> fast, slow;
    ascii_words(text, 0, text.size(), [&](const Word& w) { fast.emplace_back(w.start, w.end); });
    std::vector<Word> words;
    icu_words(text, 0, text.size(), &words);
    for (const Word& w : words) slow.emplace_back(w.start, w.end);
    ASSERT_EQ(fast, slow) << testing::PrintToString(text);
  };
  const std::function<void(int)> grow = [&](int left) {
    compare();
    if (left == 0 || testing::Test::HasFatalFailure()) return;
    for (const char c : kAlphabet) {
      text.push_back(c);
      grow(left - 1);
      text.pop_back();
    }
  };
  grow(4);
}

}  // namespace
}  // namespace tarn::text
