#include "text/unicode.h"

#include <gtest/gtest.h>

#include "text/utf8.h"

namespace tarn::text {
namespace {

std::string plain(std::string_view text) {
  std::string out;
  append_lower_without_marks(text, &out);
  return out;
}

TEST(Unicode, Classes) {
  for (char32_t c : {U' ', U'\t', U'\u00a0', U'\u2003', U'\u3000'}) EXPECT_TRUE(is_white_space(c)) << +c;
  for (char32_t c : {U'a', U'\u200b', U'\0'}) EXPECT_FALSE(is_white_space(c)) << +c;
  for (char32_t c : {U'!', U'-', U'\u2014', U'\u3002', U'\u00bf'}) EXPECT_TRUE(is_punctuation(c)) << +c;
  for (char32_t c : {U'$', U'+', U'\u20ac', U'a'}) EXPECT_FALSE(is_punctuation(c)) << +c;
  for (char32_t c : {U'\x01', U'\u200b', U'\ufeff', U'\ue000'}) EXPECT_TRUE(is_control_or_format(c)) << +c;
  for (char32_t c : {U'a', U' ', U'\u0378'}) EXPECT_FALSE(is_control_or_format(c)) << +c;
  EXPECT_TRUE(is_nonspacing_mark(U'\u0301'));
  EXPECT_FALSE(is_nonspacing_mark(U'\u0903'));  // Mc
}

TEST(Unicode, LowerWithoutMarks) {
  EXPECT_EQ(plain("Crème BRÛLÉE, 3 €"), "creme brulee, 3 €");
  EXPECT_EQ(plain("ΟΔΟΣ Ἄλφα"), "οδοσ αλφα");  // no final sigma: each character by itself
  EXPECT_EQ(plain("İstanbul ẞ"), "istanbul ß");
  EXPECT_EQ(plain("が ﬁ \ud55c"), "か ﬁ \u1112\u1161\u11ab");  // canonical, not compatibility; Hangul into jamo
  EXPECT_EQ(plain("a\xff\xc3z"), "a\uFFFD\uFFFDz");
  EXPECT_EQ(plain(""), "");
}

// A run longer than the working piece is cut where nothing joins: the same as its parts.
TEST(Unicode, LongRunsAreCutWithoutASeam) {
  std::string text, expected;
  for (int i = 0; i < 400000; ++i) text += "É̂ж", expected += "eж";
  EXPECT_EQ(plain(text), expected);
  std::string marks = "e";
  for (int i = 0; i < 2000000; ++i) marks += "\u0301";
  EXPECT_EQ(plain(marks), "e");
}

}  // namespace
}  // namespace tarn::text
