#include <gtest/gtest.h>

#include "base/random.h"
#include "text/analyzer.h"
#include "text/utf8.h"

namespace tarn::text {
namespace {

using namespace std::string_view_literals;

Decoded read(std::string_view bytes, std::string_view hint = {}) {
  auto d = decode(bytes, hint);
  EXPECT_TRUE(d.ok()) << d.status().to_string();
  return *d;
}

void expect(std::string_view bytes, std::string_view hint, std::string_view text, std::string_view charset,
            uint64_t replaced = 0) {
  const Decoded d = read(bytes, hint);
  EXPECT_EQ(d.text, text) << charset;
  EXPECT_EQ(d.charset, charset);
  EXPECT_EQ(d.replaced, replaced) << charset;
}

TEST(Decode, ByteOrderMarksWin) {
  expect("\xEF\xBB\xBFgr\xC3\xBC\xC3\x9F"sv, "windows-1252", "gr\u00fc\u00df", "utf-8");
  expect("\xFF\xFEg\0\xFC\0"sv, "", "g\u00fc", "utf-16le");
  expect("\xFE\xFF\0g\0\xFC"sv, "", "g\u00fc", "utf-16be");
  expect("\xFF\xFE\0\0g\0\0\0\0\xF6\x01\0"sv, "", "g\U0001F600", "utf-32le");
  expect("\0\0\xFE\xFF\0\0\0g"sv, "", "g", "utf-32be");
}

TEST(Decode, HintsThatNameACharset) {
  for (const char* label :
       {"utf-8", "UTF8", "ISO-8859-1", "latin1", "utf-16", "Shift_JIS", "koi8-r", "GB2312", "ibm437"}) {
    EXPECT_TRUE(is_charset(label)) << label;
  }
  for (const char* label : {"", " ", "nope", "utf-9", "windows-1252x"}) EXPECT_FALSE(is_charset(label)) << label;
}

TEST(Decode, Hints) {
  expect("caf\xE9 \x93q\x94"sv, "ISO-8859-1", "caf\u00e9 \u201cq\u201d", "windows-1252");
  expect("\xC4\xE5"sv, "windows-1251", "\u0414\u0435", "windows-1251");
  expect("\x93\xFA\x96\x7B"sv, "Shift_JIS", "\u65e5\u672c", "shift_jis");
  expect("\xCA\xFD\xBE\xDD"sv, "gb18030", "\u6570\u636e", "gb18030");
  expect("a\0b\0"sv, "utf-16", "ab", "utf-16le");
  expect("gr\xC3\xBC"sv, "no-such-charset", "gr\u00fc", "utf-8");
}

TEST(Decode, WithoutHints) {
  expect("", "", "", "utf-8");
  expect("plain", "", "plain", "utf-8");
  expect("\u6771\u4eac", "", "\u6771\u4eac", "utf-8");
  expect("h\0e\0l\0l\0o\0 \0w\0o\0r\0l\0d\0"sv, "", "hello world", "utf-16le");
  expect("\0h\0e\0l\0l\0o\0 \0w\0o\0r\0l\0d"sv, "", "hello world", "utf-16be");
  const Decoded latin = read(
      "Die Stra\xDF"
      "e f\xFChrt \xFC"
      "ber die Br\xFC"
      "cke, und der Fluss flie\xDFt darunter; das ist sch\xF6n.");
  EXPECT_EQ(
      latin.text,
      "Die Stra\u00dfe f\u00fchrt \u00fcber die Br\u00fccke, und der Fluss flie\u00dft darunter; das ist sch\u00f6n.");
  EXPECT_EQ(latin.replaced, 0u);
}

TEST(Decode, DamagedUtf8StaysUtf8AndCounts) {
  std::string text, want;
  for (int i = 0; i < 10; ++i) text += "gr\u00fcn \u6771 ";
  want = text + "\uFFFD!";
  text += "\xFF!";
  expect(text, "", want, "utf-8", 1);
  expect("a\xE6\x9D"sv, "utf-8", "a\uFFFD", "utf-8", 1);
}

TEST(Decode, LoneSurrogatesAndOddBytesAreReplaced) {
  expect("\xFF\xFE\x00\xD8g\0"sv, "", "\uFFFDg", "utf-16le", 1);
  expect("\xFF\xFEg\0h"sv, "", "g\uFFFD", "utf-16le", 1);
  expect("\0\0\xFE\xFF\0\x11\0\0\0\0"sv, "", "\uFFFD\uFFFD", "utf-32be", 2);
}

TEST(Decode, AnythingGivesUtf8) {
  const uint64_t seed = 99;
  SCOPED_TRACE("seed " + std::to_string(seed));
  base::Random random(seed);
  const std::string_view hints[] = {
      "", "", "", "utf-8", "utf-16", "utf-32be", "shift_jis", "gb18030", "iso-2022-jp", "big5", "koi8-r", "utf-7", "x"};
  for (int i = 0; i < 3000; ++i) {
    std::string bytes;
    for (uint64_t n = random.below(80); n > 0; --n) {
      bytes.push_back(
          static_cast<char>(random.below(3) ? random.below(256) : "\0\xFF\xFE\xEF\x1B$Aa"[random.below(8)]));
    }
    const Decoded d = read(bytes, hints[random.below(std::size(hints))]);
    for (size_t at = 0; at < d.text.size();) {
      const Utf8Char c = utf8_at(d.text, at);
      ASSERT_TRUE(c.well_formed) << testing::PrintToString(bytes) << " as " << d.charset;
      at += c.size;
    }
  }
}

TEST(Decode, LongTextsKeepEveryCharacter) {
  std::string bytes, want;
  for (int i = 0; i < 5000; ++i) {  // more than the converter's buffer, surrogate pairs over its edge
    bytes += i % 3 ? "\x82\xA0"sv : "\x94\x39\xFC\x36"sv;
    want += i % 3 ? "\u3000"sv : "\U0001F600"sv;
  }
  const Decoded d = read(bytes, "gb18030");
  size_t count = 0;
  for (size_t at = 0; at < d.text.size(); at += utf8_at(d.text, at).size) ++count;
  EXPECT_EQ(count, 5000u);
  EXPECT_EQ(d.replaced, 0u);
  EXPECT_NE(d.text.find("\U0001F600"), std::string::npos);
}

}  // namespace
}  // namespace tarn::text
