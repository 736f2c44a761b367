#include "connector/folder/ignore.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace tarn::connector::folder {
namespace {

bool matches(const std::string& pattern, const std::string& path, bool is_directory = false) {
  auto p = Pattern::parse(pattern);
  EXPECT_TRUE(p.ok());
  return p->matches(path, is_directory);
}

TEST(Pattern, AsGitReadsThem) {  // each line was compared with `git check-ignore`
  EXPECT_TRUE(matches("*.md", "a.md"));
  EXPECT_TRUE(matches("*.md", "x/y/a.md"));
  EXPECT_FALSE(matches("*.md", "a.mdx"));
  EXPECT_TRUE(matches("/a.md", "a.md"));
  EXPECT_FALSE(matches("/a.md", "x/a.md"));
  EXPECT_TRUE(matches("x/*.md", "x/a.md"));
  EXPECT_FALSE(matches("x/*.md", "x/y/a.md"));
  EXPECT_FALSE(matches("x/*.md", "z/x/a.md"));
  EXPECT_TRUE(matches("**/a.md", "a.md"));
  EXPECT_TRUE(matches("**/a.md", "x/y/a.md"));
  EXPECT_TRUE(matches("x/**/a.md", "x/a.md"));
  EXPECT_TRUE(matches("x/**/a.md", "x/y/z/a.md"));
  EXPECT_FALSE(matches("x/**/a.md", "xa.md"));
  EXPECT_TRUE(matches("x/**", "x/y/z"));
  EXPECT_FALSE(matches("x/**", "x", true));
  EXPECT_TRUE(matches("build/", "build", true));
  EXPECT_TRUE(matches("build/", "x/build", true));
  EXPECT_FALSE(matches("build/", "build", false));
  EXPECT_TRUE(matches("a?c", "abc"));
  EXPECT_FALSE(matches("x/a?c", "x/a/c"));
  EXPECT_TRUE(matches("[a-c]x", "bx"));
  EXPECT_FALSE(matches("[!a-c]x", "bx"));
  EXPECT_TRUE(matches("[[:digit:]]x", "7x"));
  EXPECT_TRUE(matches("[]]x", "]x"));
  EXPECT_FALSE(matches("[ax", "[ax"));
  EXPECT_TRUE(matches("\\[ax", "[ax"));
  EXPECT_TRUE(matches("\\*", "*"));
  EXPECT_FALSE(matches("\\*", "a"));
  EXPECT_TRUE(matches("a**b", "axxb"));
  EXPECT_FALSE(matches("x/a**b", "x/a/b"));
  EXPECT_TRUE(matches("*", "x/y"));
}

TEST(Pattern, TakesCharactersNotBytes) {
  EXPECT_TRUE(matches("?.md", "\xC3\xA9.md"));
  const auto decides = [](const std::string& pattern, const std::string& path) {
    return PatternList::parse_lines({pattern})->decide(path, false).value_or(false);
  };
  EXPECT_TRUE(decides("?.md", "e\xCC\x81.md")) << "one character in the composed form";
  EXPECT_FALSE(matches("??.md", "\xC3\xA9.md"));
  EXPECT_TRUE(matches("[\xC3\xA4-\xC3\xBC]x", "\xC3\xB6x"));
  EXPECT_TRUE(matches("[e\xCC\x81]x", "\xC3\xA9x"));
  EXPECT_FALSE(matches("[!\xC3\xA9]x", "\xC3\xA9x"));
  EXPECT_TRUE(matches("[!a]x", "\xC3\xA9x"));
  EXPECT_FALSE(matches("[!a]x", "/x"));
  EXPECT_TRUE(decides("*\xED\x95\x9C*", "\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB.md")) << "Hangul";
  EXPECT_TRUE(matches("\xC3\xA9.md", "\xC3\xA9.md"));
  EXPECT_FALSE(matches("e.md", "\xC3\xA9.md"));
  EXPECT_TRUE(matches("b?\xFF", "bx\xFF")) << "bytes that are not text";
  EXPECT_TRUE(matches("?[\xFE-\xFF]", "\xFF\xFF"));
  EXPECT_FALSE(matches("?", "\xFF\xFF"));
}

TEST(PatternList, LastMatchDecides) {
  auto list = PatternList::parse_file("# comment\n*.md\n!keep.md\n\\#real\n\\!bang\nspace \nquoted\\ \r\n\n/\n!\n");
  ASSERT_TRUE(list.ok());
  EXPECT_EQ(list->decide("a.md", false), true);
  EXPECT_EQ(list->decide("x/keep.md", false), false);
  EXPECT_EQ(list->decide("a.txt", false), std::nullopt);
  EXPECT_EQ(list->decide("#real", false), true);
  EXPECT_EQ(list->decide("!bang", false), true);
  EXPECT_EQ(list->decide("space", false), true);
  EXPECT_EQ(list->decide("quoted ", false), true);
  EXPECT_EQ(list->decide("# comment", false), std::nullopt);
}

TEST(PatternList, LimitsAreNamed) {
  auto longest = PatternList::parse_file("ok\n" + std::string(kMaxPatternBytes + 1, 'a'));
  EXPECT_NE(longest.status().message().find("kMaxPatternBytes"), std::string::npos);
  EXPECT_NE(longest.status().message().find("line 2"), std::string::npos);
  std::string many;
  for (size_t i = 0; i <= kMaxPatterns; ++i) many += "a\n";
  EXPECT_NE(PatternList::parse_file(many).status().message().find("kMaxPatterns"), std::string::npos);
}

TEST(PatternList, HostilePatternsEndSoon) {
  std::string stars;
  for (int i = 0; i < 1000; ++i) stars += "*a";
  EXPECT_FALSE(matches(stars, std::string(4000, 'a') + "b"));
  std::string dirs;
  for (int i = 0; i < 1000; ++i) dirs += "**/";
  std::string deep;
  for (int i = 0; i < 1000; ++i) deep += "a/";
  EXPECT_FALSE(matches(dirs + "x", deep + "y"));
}

// The reference: by components and by trying everything.
bool slow_name(std::string_view p, std::string_view s) {
  if (p.empty()) return s.empty();
  if (p[0] == '*') return slow_name(p.substr(1), s) || (!s.empty() && slow_name(p, s.substr(1)));
  if (s.empty()) return false;
  return (p[0] == '?' || p[0] == s[0]) && slow_name(p.substr(1), s.substr(1));
}

bool slow_path(const std::vector<std::string>& p, size_t i, const std::vector<std::string>& s, size_t k) {
  if (i == p.size()) return k == s.size();
  if (p[i] == "**") {
    if (i + 1 == p.size()) return k < s.size();
    for (size_t n = k; n <= s.size(); ++n) {
      if (slow_path(p, i + 1, s, n)) return true;
    }
    return false;
  }
  return k < s.size() && slow_name(p[i], s[k]) && slow_path(p, i + 1, s, k + 1);
}

TEST(Pattern, AgreesWithTheReference) {
  uint64_t seed = 77001;
  SCOPED_TRACE(seed);
  base::Random random(seed);
  static constexpr std::string_view kPieces[] = {"a", "b", "ab", "*", "?", "**", "a*", "*b", "a*b"};
  int matched = 0;
  for (int i = 0; i < 40000; ++i) {
    std::vector<std::string> p(2 + random.below(3)), s(1 + random.below(4));
    for (auto& piece : p) piece = kPieces[random.below(9)];
    for (auto& piece : s) {
      for (uint64_t n = 1 + random.below(3); n > 0; --n) piece += random.below(2) ? 'a' : 'b';
    }
    std::string pattern, path;
    for (auto& piece : p) pattern += (pattern.empty() ? "" : "/") + piece;
    for (auto& piece : s) path += (path.empty() ? "" : "/") + piece;
    bool want = slow_path(p, 0, s, 0);
    matched += want;
    ASSERT_EQ(matches(pattern, path), want) << pattern << " against " << path;
  }
  EXPECT_GT(matched, 1000);
}

}  // namespace
}  // namespace tarn::connector::folder
