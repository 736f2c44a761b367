#include "text/difference.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace tarn::text {
namespace {

std::string side(const std::vector<DifferencePart>& parts, char op) {
  std::string text;
  for (const DifferencePart& part : parts) text += part.op == '=' || part.op == op ? part.text : std::string();
  return text;
}

// Words of the shorter edit script, by the obvious table.
size_t least_edits(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::vector<std::vector<size_t>> common(a.size() + 1, std::vector<size_t>(b.size() + 1, 0));
  for (size_t i = 0; i < a.size(); ++i) {
    for (size_t j = 0; j < b.size(); ++j) {
      common[i + 1][j + 1] = a[i] == b[j] ? common[i][j] + 1 : std::max(common[i][j + 1], common[i + 1][j]);
    }
  }
  return a.size() + b.size() - 2 * common[a.size()][b.size()];
}

TEST(Difference, AllPartsGiveBothTextsBackAndNoMoreThanNeeded) {
  base::Random random(5);
  for (int round = 0; round < 500; ++round) {
    std::vector<std::string> words[2];
    std::string texts[2];
    for (int s = 0; s < 2; ++s) {
      for (uint64_t n = random.below(30); n > 0; --n) {
        words[s].push_back(std::string(1, static_cast<char>('a' + random.below(4))) + " ");
        texts[s] += words[s].back();
      }
    }
    const auto parts = all_parts(texts[0], texts[1]);
    EXPECT_EQ(side(parts, '-'), texts[0]) << "seed 5 round " << round;
    EXPECT_EQ(side(parts, '+'), texts[1]) << "seed 5 round " << round;
    size_t edits = 0;
    for (const DifferencePart& part : parts) edits += part.op == '=' ? 0 : part.text.size() / 2;
    EXPECT_EQ(edits, least_edits(words[0], words[1]))
        << "seed 5 round " << round << ": " << texts[0] << "|" << texts[1];
  }
}

TEST(Difference, ShowsTheWordsThatChangedAndWhere) {
  const std::string before = "# Title\n\nThe server listens on port 8080 by default.\n\nUnchanged.\n";
  const std::string after = "# Title\n\nThe server listens on port 8276 by default.\n\nUnchanged.\n";
  const auto passages = difference(before, after, 20);
  ASSERT_EQ(passages.size(), 1U);
  EXPECT_EQ(passages[0].line_before, 3U);
  EXPECT_EQ(passages[0].line_after, 3U);
  EXPECT_EQ(passages[0].parts,
            (std::vector<DifferencePart>{
                {'=', "server listens on port "}, {'-', "8080 "}, {'+', "8276 "}, {'=', "by default.\n\nUnchanged."}}));
  EXPECT_TRUE(difference(before, before).empty());
  EXPECT_TRUE(difference("", "").empty());
}

TEST(Difference, FarChangesArePassagesOfTheirOwn) {
  std::string before, after;
  for (int i = 0; i < 100; ++i) {
    before += "line " + std::to_string(i) + "\n";
    after += (i == 10 ? "other " : i == 90 ? "" : "line ") + std::to_string(i) + "\n";
  }
  const auto passages = difference(before, after, 20);
  ASSERT_EQ(passages.size(), 2U);
  EXPECT_EQ(passages[0].line_after, 8U);
  EXPECT_LT(passages[1].parts.front().text.size(), 30U);
}

TEST(Difference, WholeTextsThatHaveNothingInCommonAreBounded) {
  std::string before, after;
  for (int i = 0; i < 5000; ++i) {
    before += "a" + std::to_string(i) + "\n";
    after += "b" + std::to_string(i) + "\n";
  }
  const auto parts = all_parts(before, after);
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].text, before);
  EXPECT_EQ(parts[1].text, after);
}

}  // namespace
}  // namespace tarn::text
