#include "text/analyzer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

#include "base/random.h"
#include "text/analyzer_ways.h"
#include "text/stemmer.h"
#include "text/utf8.h"

namespace tarn::text {
namespace {

std::shared_ptr<const Analyzer> analyzer(std::string_view name) {
  auto made = make_analyzer(name);
  EXPECT_TRUE(made.ok()) << made.status().to_string();
  return *made;
}

// "term@position[start,end)" for each token, separated by spaces.
std::string spans(Way way, const Analyzer& a, std::string_view text) {
  std::string out;
  analyze_by(way, a, text, [&](const Token& t) {
    if (!out.empty()) out += ' ';
    out += std::string(t.term) + "@" + std::to_string(t.position) + "[" + std::to_string(t.start) + "," +
           std::to_string(t.end) + ")";
  });
  return out;
}

// "term@position" for each token.
std::string terms(const Analyzer& a, std::string_view text) {
  std::string out;
  a.analyze(text, [&](const Token& t) {
    if (!out.empty()) out += ' ';
    out += std::string(t.term) + "@" + std::to_string(t.position);
  });
  return out;
}

TEST(Analyzer, TechnicalWords) {
  const auto en = analyzer("english");
  const std::pair<const char*, const char*> cases[] = {
      {"The quick-witted foxes ran.", "the@0 quick@1 quickwit@1 wit@2 fox@3 ran@4"},
      {"pg_dump's", "pg_dump@0 pg@0 dump@0"},
      {"max_connections = 100", "max_connections@0 max@0 connect@0 100@1"},
      {"foo.bar()", "foo.bar@0 foo@0 bar@0"},
      {"std::string", "std@0 string@1"},
      {"joe@example.com", "joe@0 example.com@1 exampl@1 com@1"},
      {"C++, C# and g++", "c++@0 c@0 c#@1 c@1 and@2 g++@3 g@3"},
      {"C++17", "c++@0 c@0 17@1"},
      {"issue#12 a+++b", "issu@0 12@1 a@2 b@3"},
      {"utf-8 UTF8", "utf@0 utf8@0 8@1 utf8@2"},
      {"b-tree e\u2010mail", "b@0 btree@0 tree@1 e@2 email@2 mail@3"},
      {"x86-64", "x86@0 x8664@0 64@1"},
      {"--with-openssl", "--with@0 with@0 withopenssl@0 openssl@1"},
      {"version 15.2 of 192.168.0.1", "version@0 15.2@1 of@2 192.168.0.1@3 192.168@3 192.168.0@3"},
      {"1,000,000 rows", "1000000@0 row@1"},
      {"1,2", "1,2@0 1@0 2@0"},
      {"U.S.A. e.g. this", "usa@0 eg@1 this@2"},
      {"The user's users' O'Reilly don't", "the@0 user@1 user@2 oreilli@3 reilli@3 dont@4"},
      {"user\u2019s", "user@0"},
      {"_private __ __init__", "_private@0 privat@0 __init__@1 init@1"},
      {"log4js tables", "log4js@0 tabl@1"},
      {"a- b -c", "a@0 b@1 c@2"},
      {"caf\u00e9 na\u00efve \u00d8rsted", "cafe@0 naiv@1 orst@2 oerst@2"},
      {"\uFF35\uFF34\uFF26\uFF0D\uFF18 \uFB01le", "utf@0 8@1 file@2"},
      {"", ""},
      {" .,;'\"-_ ", ""},
  };
  for (const auto& [text, want] : cases) EXPECT_EQ(terms(*en, text), want) << text;
}

// Whether a word that is typed is found in a text: by one of its terms that is no opening.
bool meets(const Analyzer& a, std::string_view typed, std::string_view text) {
  std::vector<std::string> there;
  a.analyze(text, [&](const Token& t) { there.emplace_back(t.term); });
  bool met = false;
  a.analyze(typed, [&](const Token& t) {
    met = met || (t.form != Form::opening && std::find(there.begin(), there.end(), t.term) != there.end());
  });
  return met;
}

TEST(Analyzer, OtherSpellingsMeet) {
  const auto en = analyzer("english");
  const std::pair<const char*, const char*> both_ways[] = {
      {"1.2.3", "v1.2.3"},
      {"email", "e-mail"},
      {"utf8", "UTF-8"},
      {"OBrien", "O'Brien"},
      {"OBrien", "O\u2019Brien"},
      {"M\u00fcller", "Mueller"},
      {"M\u00fcller", "Muller"},
      {"\u00c5ngstrom", "aangstrom"},
      {"\u0152uvre", "oeuvre"},
      {"Stra\u00dfe", "STRASSE"},
      {"\u0130stanbul", "istanbul"},
      {"Diyarbak\u0131r", "Diyarbakir"},
      {"\uff34\uff41\uff52\uff4e\uff14\uff12", "tarn42"},
      {"CO2", "CO\u2082"},
      {"H2O", "H\u2082O"},
      {"m2", "m\u00b2"},
      {"AT&T", "at&amp;t"},
      {"2024-05-17", "20240517"},
      {"2024-05-17", "2024.05.17"},
      {"2024-05-17", "17.05.2024"},
  };
  for (const auto& [a, b] : both_ways) {
    EXPECT_TRUE(meets(*en, a, b)) << a << " finds " << b;
    EXPECT_TRUE(meets(*en, b, a)) << b << " finds " << a;
  }
  const std::pair<const char*, const char*> one_way[] = {
      {"192.168", "host 192.168.0.1:8080"},
      {"10.0.0.7", "10.0.0.7:8080"},
      {"1.2", "v1.2.3"},
      {"3.11", "python3.11"},
      {"1.2.3", "release_1.2.3"},
      {"1.2.3", "1.2.3rc1"},
      {"net", "a .NET program"},
      {".NET", "ASP.NET"},
      {"oreal", "L'Or\u00e9al"},
      {"eau", "l'eau"},
      {"artagnan", "d\u2019Artagnan"},
      {"t", "AT&T"},
      {"important", "a_2020-07-13_important.pdf"},
  };
  for (const auto& [typed, text] : one_way) EXPECT_TRUE(meets(*en, typed, text)) << typed << " finds " << text;
  const std::pair<const char*, const char*> apart[] = {
      {"192.168.0.1", "192.168.0.2"}, {"4.5.6", "5 of 6"}, {"v4.5.6", "5 of 6, v4"}, {"3.14", "3"},
      {"192.16", "192.168.0.1"},      {"2.3", "v1.2.3"},   {"AT&T", "R&D"},          {"11", "2011"},
  };
  for (const auto& [typed, text] : apart) EXPECT_FALSE(meets(*en, typed, text)) << typed << " finds " << text;
}

TEST(Analyzer, TimesAndSigns) {
  const auto en = analyzer("english");
  const std::pair<const char*, const char*> cases[] = {
      {"2024-05-17T10:20:30Z", "2024@0 20240517@0 05@1 17@2 10@3 20@4 30z@5 30@5"},
      {"20240517T102030Z", "20240517@0 102030z@1"},
      {"10T20", "10t20@0"},
      {"a-b-17T10", "a@0 ab17t10@0 b@1 17t10@2"},
      {".NET, .env (.git) xa.yb", ".net@0 net@0 .env@1 env@1 .git@2 git@2 xa.yb@3 xa@3 yb@3"},
      {"foo().bar a..b", "foo@0 bar@1 a@2 b@3"},
      {"so--so --force ---x a -v (--all)", "so@0 so@1 --force@2 forc@2 x@3 a@4 v@5 --all@6 all@6"},
      {"AT&T and R&amp;D, a=1&b=2, Johnson&Son",
       "at@0 at&t@0 t@1 and@2 r@3 r&d@3 amp@4 d@5 a@6 1@7 b@8 2@9 johnson@10 son@11"},
      {"CO\u2082 of H\u2082O", "co@0 co2@0 2@1 of@2 h@3 h2o@3 2@4 o@5"},
      {"v1.2.3", "v1.2.3@0 1.2.3@0 1.2@0 v1@0 2@0 3@0"},
      {"python3.11", "python3.11@0 3.11@0 python3@0 11@0"},
      {"F# \u0130 stra\u00dfe", "f#@0 f@0 i@1 strass@2"},
  };
  for (const auto& [text, want] : cases) EXPECT_EQ(terms(*en, text), want) << text;
}

TEST(Analyzer, EmojiAreWords) {
  const auto en = analyzer("english");
  const std::string melon = "\U0001F349", thumb = "\U0001F44D", dark = "\U0001F3FF";
  EXPECT_EQ(terms(*en, "a " + melon + " now"), "a@0 " + melon + "@1 now@2");
  EXPECT_EQ(terms(*en, melon + melon), melon + "@0 " + melon + "@1");
  EXPECT_EQ(spans(Way::fast, *en, "x" + melon), "x@0[0,1) " + melon + "@1[1,5)");
  EXPECT_EQ(terms(*en, thumb + dark), thumb + dark + "@0 " + thumb + "@0") << "with any skin";
  EXPECT_TRUE(meets(*en, thumb, thumb + dark) && meets(*en, thumb + dark, thumb));
  const std::string pilot = "\U0001F469\u200D\u2708\uFE0F", bare = "\U0001F469\u200D\u2708";
  EXPECT_EQ(terms(*en, pilot), bare + "@0");
  EXPECT_TRUE(meets(*en, "\u2764", "\u2764\uFE0F")) << "drawn as a picture or as text";
  const std::string germany = "\U0001F1E9\U0001F1EA", france = "\U0001F1EB\U0001F1F7";
  EXPECT_EQ(terms(*en, germany + france), germany + "@0 " + france + "@1");
  EXPECT_TRUE(meets(*en, "1\uFE0F\u20E3", "press 1\uFE0F\u20E3"));
  EXPECT_TRUE(meets(*en, "#\uFE0F\u20E3", "press #\uFE0F\u20E3"));
  EXPECT_EQ(terms(*en, "Tarn\u2122 \u00a9 a \u2192 b \u2022 c"), "tarn@0 a@1 b@2 c@3") << "signs are none";
}

TEST(Analyzer, KoreanWordsAreFoundByTheirNoun) {
  const auto en = analyzer("english");
  const std::pair<const char*, const char*> pairs[] = {
      {"데이터베이스", "데이터베이스를"},
      {"데이터베이스를", "데이터베이스"},
      {"데이터베이스를", "데이터베이스가"},
      {"서버", "서버에서"},
      {"서버에서", "서버로부터"},
      {"로그", "로그를"},
      {"값", "값을"},
      {"백업", "백업합니다"},
      {"백업하는", "백업했습니다"},
      {"API", "API를"},
      {"api에서", "API"},
      {"2024", "2024년에"},
      {"2024년", "2024년에는"},
      {"사용자", "사용자들에게"},
      {"PostgreSQL", "PostgreSQL에서"},
      {"\u1109\u1165\u1107\u1165", "서버는"},
  };
  for (const auto& [typed, text] : pairs) EXPECT_TRUE(meets(*en, typed, text)) << typed << " finds " << text;
  const std::pair<const char*, const char*> apart[] = {{"가을", "가족"},     {"사과", "사자"},
                                                       {"서버", "서비스"},   {"데이터베이스", "데이터"},
                                                       {"에서", "서버에서"}, {"회의", "회사"}};
  for (const auto& [typed, text] : apart) EXPECT_FALSE(meets(*en, typed, text)) << typed << " finds " << text;
  EXPECT_EQ(spans(Way::fast, *en, "API를 서버에서"),
            "api@0[0,3) 를@1[3,6) 서버에서@2[7,19) 서버@2[7,13) 서버에@2[7,16)");
}

TEST(Analyzer, SpansAreBytesOfTheInput) {
  const auto en = analyzer("english");
  EXPECT_EQ(spans(Way::fast, *en, "see pg_dump"), "see@0[0,3) pg_dump@1[4,11) pg@1[4,6) dump@1[7,11)");
  EXPECT_EQ(spans(Way::fast, *en, "C++ utf-8"), "c++@0[0,3) c@0[0,1) utf@1[4,7) utf8@1[4,9) 8@2[8,9)");
  EXPECT_EQ(spans(Way::fast, *en, "\u00fcber_uns"), "uber_uns@0[0,9) uber@0[0,9) un@0[0,9)");
  EXPECT_EQ(spans(Way::fast, *en, "x \u6771\u4eac\u306b"), "x@0[0,1) \u6771\u4eac@1[2,8) \u306b@2[8,11)");
}

TEST(Analyzer, SpansStayInsideWhereFoldingAddsBytes) {
  EXPECT_EQ(spans(Way::fast, *analyzer("turkish"), "IIs.I"),
            "\u0131\u0131s.\u0131@0[0,5) \u0131\u0131s@0[0,5) \u0131@0[0,5)");
}

TEST(Analyzer, Languages) {
  EXPECT_EQ(terms(*analyzer("standard"), "Running users' Caf\u00e9 \u0130"), "running@0 users@1 caf\u00e9@2 i\u0307@3");
  EXPECT_EQ(terms(*analyzer("french"), "l'homme Qu\u2019elles aujourd'hui"), "homm@0 elle@1 aujourd'hui@2");
  EXPECT_EQ(terms(*analyzer("german"), "H\u00e4user STRASSE Stra\u00dfe"), "haus@0 strass@1 strass@2");
  EXPECT_EQ(terms(*analyzer("turkish"), "ISI \u0130zmir"), terms(*analyzer("turkish"), "\u0131s\u0131 izmir"));
  EXPECT_EQ(terms(*analyzer("russian"), "\u041a\u043d\u0438\u0433\u0438"), "\u043a\u043d\u0438\u0433@0");
  // Thai and Japanese have no spaces: ICU's dictionaries part the words.
  EXPECT_EQ(terms(*analyzer("english"), "\u0e20\u0e32\u0e29\u0e32\u0e44\u0e17\u0e22"),
            "\u0e20\u0e32\u0e29\u0e32@0 \u0e44\u0e17\u0e22@1");
  EXPECT_EQ(terms(*analyzer("english"), "\u304c\u30ac"), "\u304c@0 \u30ac@1") << "a kana is not parted from its mark";
  for (const std::string& name : Stemmer::algorithms()) {
    EXPECT_NE(terms(*analyzer(name), "Words and w\u00f6rds"), "") << name;
  }
}

TEST(Analyzer, UnknownNamesAreRefusedWithTheChoice) {
  const auto made = make_analyzer("klingon");
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.status().code(), base::Code::invalid_argument);
  EXPECT_NE(made.status().hint().find("english"), std::string::npos);
}

TEST(Analyzer, IdentityNamesWhatDecidesTheTerms) {
  EXPECT_TRUE(analyzer("english")->identity().starts_with("english/2 icu-"));
  EXPECT_NE(analyzer("english")->identity(), analyzer("standard")->identity());
}

TEST(Analyzer, BytesThatAreNotUtf8SeparateWords) {
  const auto en = analyzer("english");
  EXPECT_EQ(terms(*en,
                  "foo\xFF"
                  "bar"),
            "foo@0 bar@1");
  EXPECT_EQ(terms(*en,
                  "foo\xE6\x9D"
                  "bar\xC3"),
            "foo@0 bar@1");
  EXPECT_EQ(terms(*en, std::string_view("a\0b", 3)), "a@0 b@1");
}

TEST(Analyzer, LongWordsAreCutOnACharactersEdge) {
  const auto en = analyzer("standard");
  size_t longest = 0, count = 0;
  const auto sink = [&](const Token& t) {
    longest = std::max(longest, t.term.size());
    ++count;
    for (size_t at = 0; at < t.term.size();) {
      const Utf8Char c = utf8_at(t.term, at);
      EXPECT_TRUE(c.well_formed);
      at += c.size;
    }
  };
  en->analyze(std::string(1000, 'a') + " x" + std::string(500, '_'), sink);
  std::string umlauts = "x";
  for (int i = 0; i < 300; ++i) umlauts += "\u00e4";
  en->analyze(umlauts, sink);
  EXPECT_EQ(longest, kMaxTermBytes);
  EXPECT_GE(count, 3u);
}

// Random ASCII that is rich in what the rules look at.
std::string random_ascii(base::Random& random) {
  static constexpr std::string_view kPieces[] = {
      "a", "B",    "Tables", "running", "s",  "'",  "'s", "_",  "__",   ".",    ",",     ";",
      ":", "-",    "--",     "+",       "++", "#",  "1",  "12", "000",  "2024", "17T10", "20240517T1020",
      "&", "amp;", "v",      "z",       " ",  "  ", "\n", "\t", "\r\n", "\"",   "(",     ")",
      "/", "@",    "\x7f",   "\x01"};
  std::string out;
  const uint64_t n = random.below(60);
  for (uint64_t i = 0; i < n; ++i) {
    if (random.below(8) == 0) {
      out.push_back(static_cast<char>(random.below(128)));
    } else {
      out += kPieces[random.below(std::size(kPieces))];
    }
  }
  return out;
}

TEST(Analyzer, AsciiWayAgreesWithIcu) {
  const uint64_t seed = 20261122;
  SCOPED_TRACE("seed " + std::to_string(seed));
  base::Random random(seed);
  const std::shared_ptr<const Analyzer> all[] = {analyzer("english"), analyzer("standard"), analyzer("french")};
  for (int i = 0; i < 6000; ++i) {
    const std::string text = random_ascii(random);
    const Analyzer& a = *all[random.below(3)];
    ASSERT_EQ(spans(Way::fast, a, text), spans(Way::icu, a, text)) << "text: " << testing::PrintToString(text);
  }
}

TEST(Analyzer, MixedTextAgreesWithIcuAlone) {
  const uint64_t seed = 7;
  SCOPED_TRACE("seed " + std::to_string(seed));
  base::Random random(seed);
  static constexpr std::string_view kOther[] = {"\u00e9",
                                                "\u2014",
                                                "\u2019s",
                                                "\u2010",
                                                "\u6771\u4eac\u3002",
                                                "\u0301",
                                                "\u00ad",
                                                "\u200d",
                                                "\u05d0\"\u05d1",
                                                "\u0e20\u0e32\u0e29\u0e32",
                                                "\xff",
                                                "\U0001F600",
                                                "\U0001F44D\U0001F3FD",
                                                "\ufe0f\u20e3",
                                                "\u2082",
                                                "\uc11c\ubc84\uc5d0\uc11c",
                                                "\u00fc",
                                                "\u30c6\u30b9\u30c8",
                                                "\uFF11",
                                                "\u00b2"};
  const auto en = analyzer("english");
  for (int i = 0; i < 3000; ++i) {
    std::string text;
    for (uint64_t n = random.below(12); n > 0; --n) {
      text += random_ascii(random);
      if (random.below(2)) text += kOther[random.below(std::size(kOther))];
      if (random.below(6) == 0) text.append(random.below(200), 'x');
    }
    ASSERT_EQ(spans(Way::fast, *en, text), spans(Way::icu, *en, text)) << "text: " << testing::PrintToString(text);
  }
}

TEST(Analyzer, VeryLongLinesTakeBoundedStretches) {
  const auto en = analyzer("english");
  std::string chinese;
  for (int i = 0; i < 60000; ++i) chinese += i % 20 == 19 ? "\u3002" : "\u4e2d\u6587";
  std::string ascii(300000, 'a');
  for (size_t i = 0; i < ascii.size(); i += 7) ascii[i] = '(';
  uint32_t last = 0;
  uint64_t count = 0;
  en->analyze(chinese + ascii + "\u00e9", [&](const Token& t) {
    ASSERT_LE(t.start, t.end);
    ASSERT_GE(t.start, last);
    last = t.start;
    ++count;
  });
  EXPECT_GT(count, 57000u + 42000u);
}

TEST(Analyzer, ThreadsShareOne) {
  const auto en = analyzer("english");
  const std::string text = "Databases, caf\u00e9s and pg_dump's options \u6771\u4eac";
  const std::string want = terms(*en, text);
  std::vector<std::thread> threads;
  std::vector<std::string> got(4);
  for (size_t i = 0; i < got.size(); ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < 50; ++n) got[i] = terms(*en, text);
    });
  }
  for (auto& t : threads) t.join();
  for (const auto& g : got) EXPECT_EQ(g, want);
}

TEST(Stemmer, CacheGivesWhatSnowballGives) {
  Stemmer cached("english");
  base::Random random(3);
  const std::string endings[] = {"", "s", "ing", "ed", "ational", "iveness", "ly", "ies", "'s"};
  for (int i = 0; i < 20000; ++i) {
    std::string word;
    for (uint64_t n = 1 + random.below(random.below(20) == 0 ? 40 : 3); n > 0; --n) {
      word.push_back(static_cast<char>('a' + random.below(26)));
    }
    word += endings[random.below(std::size(endings))];
    const std::string first(cached.stem(word));
    ASSERT_EQ(first, cached.stem(word));
    if (i % 50 == 0) {
      ASSERT_EQ(first, Stemmer("english").stem(word));
    }
  }
}

std::string data(const char* path) {
  const char* root = std::getenv("TARN_DATA");
  if (root == nullptr) return {};
  std::ifstream in(std::string(root) + "/" + path);
  std::stringstream all;
  all << in.rdbuf();
  return all.str();
}

TEST(Stemmer, SnowballsOwnVocabularies) {
  int languages = 0;
  for (const std::string& name : Stemmer::algorithms()) {
    std::istringstream words(data(("stemmer-snowball/" + name + "/voc.txt").c_str()));
    std::istringstream stems(data(("stemmer-snowball/" + name + "/output.txt").c_str()));
    Stemmer stemmer(name);
    std::string word, want;
    int wrong = 0, all = 0;
    while (std::getline(words, word) && std::getline(stems, want)) {
      ++all;
      wrong += stemmer.stem(word) != want;
    }
    languages += all > 0;
    // The vocabularies are newer than libstemmer 2.2: these languages' rules have hardly changed since, others' have
    // (Dutch anew).
    const bool same = name == "english" || name == "porter" || name == "italian" || name == "spanish" ||
                      name == "russian" || name == "portuguese" || name == "finnish" || name == "danish";
    EXPECT_LE(wrong, same ? all / 100 : all / 2) << name << ": " << wrong << " of " << all;
  }
  if (languages == 0) GTEST_SKIP() << "TARN_DATA is not set";
}

// Lines like "÷ 0061 × 002E × 0062 ÷ # …" of the Unicode test files → text and boundaries.
bool parse_break_line(std::string line, std::string* text, std::vector<size_t>* breaks) {
  line = line.substr(0, line.find('#'));
  std::istringstream in(line);
  std::string item;
  text->clear();
  breaks->clear();
  while (in >> item) {
    if (item == "\u00f7") {
      breaks->push_back(text->size());
    } else if (item != "\u00d7") {
      const auto c = static_cast<char32_t>(std::stoul(item, nullptr, 16));
      append_utf8(c, text);
    }
  }
  return !text->empty();
}

}  // namespace

// In icu_test.cc
bool break_line(const std::string& line, std::string* text, std::vector<size_t>* breaks) {
  return parse_break_line(line, text, breaks);
}
std::string test_data(const char* path) { return data(path); }

}  // namespace tarn::text
