#include "text/charset.h"

#include <gtest/gtest.h>

namespace tarn::text {
namespace {

using namespace std::string_view_literals;

std::string read(std::string_view bytes, std::string_view label) {
  const auto d = decode(bytes, label);
  EXPECT_TRUE(d.ok());
  return d->text + (d->replaced > 0 ? " -" + std::to_string(d->replaced) : "");
}

TEST(Charset, LabelsMeanWhatTheWebMeansByThem) {
  for (const auto& [label, charset] :
       std::initializer_list<std::pair<std::string_view, std::string_view>>{{"ISO-8859-1", "windows-1252"},
                                                                            {" latin1 ", "windows-1252"},
                                                                            {"US-ASCII", "windows-1252"},
                                                                            {"iso_8859-9", "windows-1254"},
                                                                            {"latin5", "windows-1254"},
                                                                            {"GB2312", "gb18030"},
                                                                            {"gbk", "gb18030"},
                                                                            {"chinese", "gb18030"},
                                                                            {"KS_C_5601-1987", "euc-kr"},
                                                                            {"windows-949", "euc-kr"},
                                                                            {"Big5-HKSCS", "big5"},
                                                                            {"x-sjis", "shift_jis"},
                                                                            {"Windows-31J", "shift_jis"},
                                                                            {"MS_Kanji", "shift_jis"},
                                                                            {"TIS-620", "windows-874"},
                                                                            {"iso-8859-11", "windows-874"},
                                                                            {"x-cp1251", "windows-1251"},
                                                                            {"cyrillic", "iso-8859-5"},
                                                                            {"visual", "iso-8859-8"},
                                                                            {"koi8_r", "koi8-r"},
                                                                            {"unicode", "utf-16le"},
                                                                            {"x-mac-ukrainian", "x-mac-cyrillic"},
                                                                            {"\"utf8\"", "utf-8"},
                                                                            {"No-Such", "no-such"},
                                                                            {"", ""}}) {
    EXPECT_EQ(charset_of_label(label), charset) << label;
  }
}

TEST(Charset, CharactersAreThoseOfTheWebsIndexes) {
  EXPECT_EQ(read("\xE9\x46 \x80 \xA3\xA0"sv, "gb2312"), "\u9555 \u20ac \u3000") << "beyond GB 2312: gbk, the euro sign";
  EXPECT_EQ(read("\x95\x32\x82\x36\xA6\xD9"sv, "gbk"), "\U00020000\ufe10") << "four bytes, and GB 18030-2022";
  EXPECT_EQ(read("\x8C\x63\xB6\xC7\x81\x41"sv, "ks_c_5601-1987"), "\ub620\ub610\uac02");
  EXPECT_EQ(read("\x87\x40\xFB\xFC\xB1"sv, "shift_jis"), "\u2460\u9ad9\uff71");
  EXPECT_EQ(read("\x8E\xB1\x8F\xB0\xA1\xB0\xA1"sv, "euc-jp"), "\uff71\u4e02\u4e9c");
  EXPECT_EQ(read("\xFA\x40\x88\x62\x88\xA5\x88\x40\x8C\x43"sv, "big5"),
            "\U00020547\u00ca\u0304\u00ea\u030c\u31c0\u9fa6");
  EXPECT_EQ(read("\xDB\xD5\xFC \xA1"sv, "tis-620"), "\uFFFD\u0e35\uFFFD \u0e01 -2");
  EXPECT_EQ(read("\xAA\xC1"sv, "windows-1253"), "\uFFFD\u0391 -1");
  EXPECT_EQ(read("\xAE\xBE\xC1"sv, "koi8-u"), "\u045e\u040e\u0430");
  EXPECT_EQ(read("\xA4\xAA\xBA\xE9"sv, "iso-8859-16"), "\u20ac\u0218\u0219\u00e9");
  EXPECT_EQ(read("\xF0\xFD\xFE\xDD"sv, "iso-8859-9"), "\u011f\u0131\u015f\u0130");
  EXPECT_EQ(read("\x81\x93"sv, "latin1"), "\u0081\u201c");
}

// One byte too many, too few or wrong: one U+FFFD, and what follows is read as it stands.
TEST(Charset, ABadCharacterCostsOnlyItself) {
  EXPECT_EQ(read("\xD6\xD0\xFF\xCE\xC4<b>"sv, "gb2312"), "\u4e2d\uFFFD\u6587<b> -1");
  EXPECT_EQ(read("\xD6<b>\xCE\xC4\xD6\xD0\xCE\xC4\xD6\xD0\xCE\xC4\xD6"sv, "gbk"),
            "\uFFFD<b>\u6587\u4e2d\u6587\u4e2d\u6587\uFFFD -2");
  EXPECT_EQ(read("\xA4\xA4\xA4<i>\xA4\xE5\xA4\xA4\xA4\xE5\xA4\xA4"sv, "big5"),
            "\u4e2d\uFFFD<i>\u6587\u4e2d\u6587\u4e2d -1");
  EXPECT_EQ(read("\xB0\xA1\xB0\n\xB0\xA1\xB0\xA1\xB0\xA1\xB0\xA1"sv, "euc-kr"),
            "\uac00\uFFFD\n\uac00\uac00\uac00\uac00 -1");
  EXPECT_EQ(read("\x93\xFA\x93\n\x96\x7B\x93\xFA\x96\x7B\x93\xFA"sv, "shift_jis"),
            "\u65e5\uFFFD\n\u672c\u65e5\u672c\u65e5 -1");
  EXPECT_EQ(read("\xC6\xFC\xC6\n\xCB\xDC\xC6\xFC\xCB\xDC\xC6\xFC"sv, "euc-jp"),
            "\u65e5\uFFFD\n\u672c\u65e5\u672c\u65e5 -1");
  EXPECT_EQ(
      read("\x81\x30\x81<p>\xD6\xD0\xCE\xC4\xD6\xD0\xCE\xC4\xD6\xD0\xCE\xC4\xD6\xD0\xCE\xC4\xD6\xD0"sv, "gb18030"),
      "\uFFFD"
      "0\uFFFD<p>\u4e2d\u6587\u4e2d\u6587\u4e2d\u6587\u4e2d\u6587\u4e2d -2");
}

TEST(Charset, Iso2022IsSeenByItsEscapes) {
  const std::string japanese = "\x1B$BF|K\\\x1B(B and \x1B$B$\"\x1B(B\n";
  EXPECT_EQ(read(japanese, ""), "\u65e5\u672c and \u3042\n");
  EXPECT_EQ(read(japanese, "utf-8"), "\u65e5\u672c and \u3042\n");
  EXPECT_EQ(read(japanese, "iso-2022-jp"), "\u65e5\u672c and \u3042\n");
  EXPECT_EQ(read("\x1B(J\\~\x1B(I1\x1B(B\\", "iso-2022-jp"), "\u00a5\u203e\uff71\\");
  EXPECT_EQ(read("\x1B$BF|\nplain\n\x1B$BK\\\x1B(B", "iso-2022-jp"), "\u65e5\nplain\n\u672c")
      << "a line begins in ASCII";
  EXPECT_EQ(read("\x1B$)C\n\x0E"
                 "0!\x0F.",
                 ""),
            "\n\uac00.");
  EXPECT_EQ(read("\x1B[31mred\x1B(B\x1B[m", ""), "\x1B[31mred\x1B(B\x1B[m") << "a terminal's";
}

TEST(Charset, BytesDecideAgainstALabelThatTheyDisprove) {
  EXPECT_EQ(read("caf\u00e9", "iso-8859-1"), "caf\u00e9");
  EXPECT_EQ(read("na\u00efve \u201cwords\u201d \u65e5\u672c\u8a9e", "windows-1251"),
            "na\u00efve \u201cwords\u201d \u65e5\u672c\u8a9e");
  EXPECT_EQ(read("\u65e5\u672c\u8a9e\u306e\u6587", "shift_jis"), "\u65e5\u672c\u8a9e\u306e\u6587");
  EXPECT_EQ(read("\u4e2d\u6587\u7f51\u9875", "utf-16"), "\u4e2d\u6587\u7f51\u9875");
  EXPECT_EQ(read("plain", "utf-16"), "plain");
  EXPECT_EQ(read("M\xFCller wohnt in K\xF6ln", "utf-8"), "M\u00fcller wohnt in K\u00f6ln");
  EXPECT_EQ(read("M\u00fcller und \u00c4rger in K\xF6ln", "utf-8"), "M\u00fcller und \u00c4rger in K\uFFFDln -1");
  EXPECT_EQ(read("M\u00fcller und \u00c4rger in K\xF6ln", "latin1"), "M\u00fcller und \u00c4rger in K\uFFFDln -1");
  EXPECT_EQ(read("\u65e5\u672c\u8a9e\xE6\x97", ""), "\u65e5\u672c\u8a9e\uFFFD -1") << "cut at its end";
  EXPECT_EQ(read("\u65e5\u672c\xFF\u8a9e", ""), "\u65e5\u672c\uFFFD\u8a9e -1");
  EXPECT_EQ(read("\xD0\x9F"
                 "caf\xC3",
                 "utf-8"),
            "\u041fcaf\uFFFD -1");
  // Short texts of these charsets may be UTF-8 by chance: there the label counts.
  EXPECT_EQ(read("\xC3\xB6", "windows-874"), "\u0e23\u0e16");
  EXPECT_EQ(read("\xCF\xB5", "gbk"), "\u7cfb");
}

TEST(Charset, ShortTextsWithAFewAccentsAreLatin) {
  for (const auto& [bytes, text] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
           {"Jos\xE9 Pe\xF1"
            "a"sv,
            "Jos\u00e9 Pe\u00f1"
            "a"},
           {"Fl\xFCgel: 9 m\xB2"sv, "Fl\u00fcgel: 9 m\u00b2"},
           {"\xC5ngstr\xF6m"sv, "\u00c5ngstr\u00f6m"},
           {"\xDC"sv, "\u00dc"},
           {"p\xEA"
            "che\nbl\xE9\nma\xEFs\n"sv,
            "p\u00eache\nbl\u00e9\nma\u00efs\n"},
           {"\x93quoted\x94 \x96 it\x92s"sv, "\u201cquoted\u201d \u2013 it\u2019s"},
           {"\xA9 2024 Caf\xE9"sv, "\u00a9 2024 Caf\u00e9"},
           {"\x80 5"sv, "\u20ac 5"},
           {"caf\xE9"sv, "caf\u00e9"}}) {
    EXPECT_EQ(read(bytes, ""), text);
  }
  EXPECT_EQ(read("\xCF\xF0\xE8\xE2\xE5\xF2, \xEA\xE0\xEA \xE4\xE5\xEB\xE0? \xDD\xF2\xEE \xF1\xEE\xE2\xF1\xE5\xEC "
                 "\xEA\xEE\xF0\xEE\xF2\xEA\xE8\xE9 \xF2\xE5\xEA\xF1\xF2 \xEE \xEF\xEE\xE3\xEE\xE4\xE5."sv,
                 ""),
            "\u041f\u0440\u0438\u0432\u0435\u0442, \u043a\u0430\u043a \u0434\u0435\u043b\u0430? \u042d\u0442\u043e "
            "\u0441\u043e\u0432\u0441\u0435\u043c \u043a\u043e\u0440\u043e\u0442\u043a\u0438\u0439 "
            "\u0442\u0435\u043a\u0441\u0442 \u043e \u043f\u043e\u0433\u043e\u0434\u0435.");
}

}  // namespace
}  // namespace tarn::text
