// The labels of the WHATWG Encoding Standard, section 4.2, with '-' for '_'; behind each charset's come a few that
// others write. GBK is read as GB 18030, its superset. The standard refuses "replacement" charsets (ISO-2022-KR, HZ …),
// since scripts of a page could hide in them: nothing is run here, so that they are read.
#include <array>

#include "base/ascii.h"
#include "text/charset.h"

namespace tarn::text {
namespace {

struct Charset {
  std::string_view name, labels;  // labels between blanks
};
constexpr Charset kCharsets[] = {
    {"utf-8",
     " unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8 utf8mb4 utf-8-sig utf-8-bom cp65001 "},
    {"ibm866", " 866 cp866 csibm866 ibm866 "},
    {"iso-8859-2", " csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso-8859-2:1987 l2 latin2 latin-2 "},
    {"iso-8859-3", " csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 iso-8859-3:1988 l3 latin3 latin-3 "},
    {"iso-8859-4", " csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 iso-8859-4:1988 l4 latin4 latin-4 "},
    {"iso-8859-5", " csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 iso88595 iso-8859-5:1988 "},
    {"iso-8859-6",
     " arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6 iso-8859-6-e iso-8859-6-i "
     "iso-ir-127 "
     "iso8859-6 iso88596 iso-8859-6:1987 "},
    {"iso-8859-7",
     " csisolatingreek ecma-118 elot-928 greek greek8 iso-8859-7 iso-ir-126 iso8859-7 iso88597 iso-8859-7:1987 "
     "sun-eu-greek "},
    {"iso-8859-8",
     " csiso88598e csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-ir-138 iso8859-8 iso88598 iso-8859-8:1988 "
     "visual "
     "csiso88598i iso-8859-8-i logical "},
    {"iso-8859-10", " csisolatin6 iso-8859-10 iso-ir-157 iso8859-10 iso885910 l6 latin6 latin-6 "},
    {"iso-8859-13", " iso-8859-13 iso8859-13 iso885913 "},
    {"iso-8859-14", " iso-8859-14 iso8859-14 iso885914 "},
    {"iso-8859-15", " csisolatin9 iso-8859-15 iso8859-15 iso885915 l9 latin9 latin-9 "},
    {"iso-8859-16", " iso-8859-16 "},
    {"koi8-r", " cskoi8r koi koi8 koi8-r "},
    {"koi8-u", " koi8-ru koi8-u "},
    {"macintosh", " csmacintosh mac macintosh x-mac-roman macroman mac-roman "},
    {"windows-874", " dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 tis620 windows-874 cp874 "},
    {"windows-1250", " cp1250 windows-1250 x-cp1250 win1250 win-1250 "},
    {"windows-1251", " cp1251 windows-1251 x-cp1251 win1251 win-1251 "},
    {"windows-1252",
     " ansi-x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso-8859-1:1987 "
     "l1 "
     "latin1 us-ascii windows-1252 x-cp1252 latin-1 ansi win1252 win-1252 x-ansi "},
    {"windows-1253", " cp1253 windows-1253 x-cp1253 "},
    {"windows-1254",
     " cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso-8859-9:1989 l5 latin5 latin-5 windows-1254 "
     "x-cp1254 "},
    {"windows-1255", " cp1255 windows-1255 x-cp1255 "},
    {"windows-1256", " cp1256 windows-1256 x-cp1256 "},
    {"windows-1257", " cp1257 windows-1257 x-cp1257 "},
    {"windows-1258", " cp1258 windows-1258 x-cp1258 "},
    {"x-mac-cyrillic", " x-mac-cyrillic x-mac-ukrainian "},
    {"gb18030",
     " chinese csgb2312 csiso58gb231280 gb2312 gb-2312 gb-2312-80 gbk iso-ir-58 x-gbk gb18030 euc-cn cp936 ms936 "
     "windows-936 "},
    {"hz-gb-2312", " hz-gb-2312 hz "},
    {"big5", " big5 big5-hkscs cn-big5 csbig5 x-x-big5 big5hkscs cp950 ms950 windows-950 "},
    {"euc-jp", " cseucpkdfmtjapanese euc-jp x-euc-jp eucjp ujis "},
    {"iso-2022-jp", " csiso2022jp iso-2022-jp iso-2022-jp-1 jis "},
    {"shift_jis", " csshiftjis ms-kanji shift-jis sjis windows-31j x-sjis shiftjis cp932 ms932 windows-932 "},
    {"euc-kr",
     " cseuckr csksc56011987 euc-kr iso-ir-149 korean ks-c-5601-1987 ks-c-5601-1989 ksc5601 ksc-5601 windows-949 euckr "
     "cp949 ms949 uhc "},
    {"iso-2022-kr", " csiso2022kr iso-2022-kr "},
    {"iso-2022-cn", " iso-2022-cn iso-2022-cn-ext "},
    {"utf-16be", " unicodefffe utf-16be utf16be "},
    {"utf-16le", " csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le utf16 utf16le "},
    {"utf-32le", " utf-32 utf-32le utf32 utf32le ucs-4 "},
    {"utf-32be", " utf-32be utf32be "},
    {"x-user-defined", " x-user-defined "},
};

}  // namespace

std::string charset_of_label(std::string_view label) {
  std::string name;
  for (const char c : label) {
    if (static_cast<unsigned char>(c) <= ' ' || c == '"' || c == '\'') continue;
    name.push_back(c == '_' ? '-' : base::lower(c));
  }
  if (name.empty()) return name;
  const std::string wanted = ' ' + name + ' ';
  for (const Charset& charset : kCharsets) {
    if (charset.labels.find(wanted) != std::string_view::npos) return std::string(charset.name);
  }
  return name;
}

}  // namespace tarn::text
