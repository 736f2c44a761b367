#include "search/query.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace tarn::search {
namespace {

using inverted::Occur;

std::string shown(std::string_view words, Syntax syntax = Syntax::query) {
  const auto analyzer = *text::make_analyzer("english");
  const auto query = syntax == Syntax::query ? parse_query(words, *analyzer) : parse_question(words, *analyzer);
  if (!query.ok()) return std::string(base::code_name(query.status().code()));
  std::string out;
  for (size_t i = 0; i < query->lexical.clauses.size(); ++i) {
    const auto& clause = query->lexical.clauses[i];
    if (i) out += ' ';
    out += clause.occur == Occur::must ? "+" : clause.occur == Occur::must_not ? "-" : "";
    for (size_t t = 0; t < clause.terms.size(); ++t) out += (t ? "_" : "") + clause.terms[t];
    if (query->lexical.boosts[i] != 1) out += fmt::format("^{}", query->lexical.boosts[i]);
  }
  return out + " | " + query->text;
}

TEST(Query, WordsPhrasesAndSigns) {
  EXPECT_EQ(shown("blue cats"), "blue cat | blue cats");
  EXPECT_EQ(shown("cats cat CATS"), "cat^3 | cats cat CATS");
  EXPECT_EQ(shown("\"blue cats\" +dog -bird"), "blue_cat +dog -bird | blue cats dog");
  EXPECT_EQ(shown("+\"blue cats\" -\"red dogs\""), "+blue_cat -red_dog | blue cats");
  EXPECT_EQ(shown("-write-ahead log"), "-write_ahead log | log");
  EXPECT_EQ(shown("x - b + c"), "x b c | x - b + c");
  EXPECT_EQ(shown("\"open quote"), "open_quot | open quote");
}

// The clauses alone.
std::string clauses(std::string_view words, Syntax syntax = Syntax::query) {
  const std::string all = shown(words, syntax);
  return all.substr(0, all.find(" | "));
}

TEST(Query, FunctionWordsAreLeftOutWhereTwoOthersAreLeft) {
  EXPECT_EQ(clauses("how do I take a backup of the database?"), "take backup databas");
  EXPECT_EQ(clauses("the art of war"), "art war art_of_war");
  EXPECT_EQ(clauses("What's the port that you're using?"), "port use port_that_your_use");
  EXPECT_EQ(clauses("+the \"the who\" of"), "+the the_who");
}

TEST(Query, AShortQueryWithFunctionWordsIsAPhraseToo) {
  EXPECT_EQ(clauses("how to set up single sign on"), "set up singl sign set_up_singl_sign_on");
  EXPECT_EQ(clauses("single sign on"), "singl sign singl_sign_on");
  EXPECT_EQ(clauses("single sign off"), "singl sign off");
  EXPECT_EQ(clauses("which are the steps of the sign on to the host"), "step sign host");
}

TEST(Query, FunctionWordsCountBesideASingleWord) {
  EXPECT_EQ(clauses("or gate"), "or^0.3 or_gate +gate");
  EXPECT_EQ(clauses("what is a vitamin"), "what^0.3 is^0.3 a^0.3 a_vitamin +vitamin what_is_a_vitamin");
  EXPECT_EQ(clauses("to be or not to be"), "to^0.6 be^0.6 or^0.3 or_not +not not_to to_be_or_not_to_be");
  EXPECT_EQ(clauses("to be"), "to to_be be");
  EXPECT_EQ(clauses("the"), "the");
  EXPECT_EQ(clauses("the who -band"), "the the_who who -band");
  EXPECT_EQ(clauses("the pg_dump"), "the_pg_dump pg_dump pg dump")
      << "a word of several terms: none of them must be there";
}

TEST(Query, CapitalsMakeANameOfAFunctionWord) {
  EXPECT_EQ(clauses("vitamin A"), "vitamin vitamin_a a");
  EXPECT_EQ(clauses("how does the OR gate work"), "or or_gate gate work");
  EXPECT_EQ(clauses("Which IT department mends them?"), "it it_depart depart mend it_depart_mend_them");
  EXPECT_EQ(clauses("US law and WHO report"), "us us_law law who who_report report us_law_and_who_report");
  EXPECT_EQ(clauses("World War I treaties of the east"), "world war war_i i i_treati treati east");
  // Nothing is said by capitals that every word has, that begin a sentence, or of the one who asks.
  EXPECT_EQ(clauses("HOW DO I RESTORE THE DATABASE"), "restor databas restor_the_databas");
  EXPECT_EQ(clauses("A guide to backups"), "guid backup guid_to_backup");
  EXPECT_EQ(clauses("Why Is A Database Slow"), "databas slow");
  EXPECT_EQ(clauses("how do I restore a database"), "restor databas restor_a_databas");
  EXPECT_EQ(clauses("the file I deleted yesterday"), "file delet yesterday file_i_delet_yesterday");
}

TEST(Query, WordsAreFunctionWordsAsTheyAreWritten) {
  EXPECT_EQ(clauses("canned tomatoes"), "can tomato");
  EXPECT_EQ(clauses("wills probate"), "will probat");
  EXPECT_EQ(clauses("John Doe"), "john doe");
  EXPECT_EQ(clauses("willing heirs"), "will heir");
  EXPECT_EQ(clauses("A/B test of if(x)"), "a b test if x a_b if_x");
  EXPECT_EQ(clauses("rain and/or snow in on-line forecasts"), "rain snow onlin line forecast");
  EXPECT_EQ(clauses("do-"), "do");
  EXPECT_EQ(clauses("weekly to-do list"), "week todo list");
}

TEST(Query, AQuestionHasNoOperators) {
  EXPECT_EQ(clauses("What does tar -x do with --keep +files?", Syntax::question), "tar x --keep keep file");
  EXPECT_EQ(clauses("Is -40 a \"cold day\" in the \"The Who\" song?", Syntax::question), "40 cold day the who song");
  EXPECT_EQ(shown("-bird", Syntax::question), "bird | -bird");
  EXPECT_EQ(clauses("what does grep -v do with \"open quote", Syntax::question), "grep v grep_v_do_with open quot");
  EXPECT_EQ(shown("?!", Syntax::question), "invalid_argument");
  EXPECT_EQ(clauses("\"what does error E3 mean?\"", Syntax::question), "error e3 mean");
  EXPECT_EQ(clauses("How do I trap a fault in QX/pump?", Syntax::question), "trap fault qx pump qx_pump^0.3")
      << "a name weighs no second time";
}

TEST(Query, HyphensThatExcludeNothing) {
  EXPECT_EQ(clauses("wsl --shutdown"), "wsl --shutdown shutdown");
  EXPECT_EQ(clauses("git log --max-count=3"), "git log --max max maxcount count 3 --max_count_3");
  EXPECT_EQ(clauses("below -40 degrees"), "below 40 degre");
  EXPECT_EQ(clauses("x -> b"), "x b");
  EXPECT_EQ(clauses("size -= 1"), "size 1");
  EXPECT_EQ(clauses("restore \u2013time \u2014fast \u2212slow"), "restor time fast slow");
  EXPECT_EQ(clauses("x \u2014version"), "x version");
  EXPECT_EQ(clauses("log -windows -\"red dog\" -$HOME -caf\u00e9"), "log -window -red_dog -home -cafe");
}

TEST(Query, QuotesInEveryFormOfWritingMakePhrases) {
  for (const char* phrase :
       {"\"blue cats\"", "\u201cblue cats\u201d", "\u201eblue cats\u201c", "\u201eblue cats\u201d",
        "\u201dblue cats\u201d", "\u201cblue cats\"", "\u00abblue cats\u00bb", "\u00ab blue cats \u00bb",
        "\u00bbblue cats\u00ab", "\u2039blue cats\u203a", "\u2018blue cats\u2019", "\u201ablue cats\u2018",
        "\uff02blue cats\uff02", "\u300cblue cats\u300d", "\u300eblue cats\u300f"}) {
    EXPECT_EQ(clauses(phrase), "blue_cat") << phrase;
    EXPECT_EQ(clauses(std::string("+") + phrase), "+blue_cat") << phrase;
    EXPECT_EQ(clauses(std::string("dog -") + phrase), "dog -blue_cat") << phrase;
  }
  EXPECT_EQ(clauses("\u2018tis the cat\u2019s meow here"), "tis cat meow here tis_the_cat_meow_here") << "apostrophes";
  EXPECT_EQ(clauses("\u2018the cat\u2019s meow\u2019 here"), "the_cat_meow here");
  EXPECT_EQ(clauses("File \u00bb Open \u00bb Recent"), "file open recent") << "steps of a path";
  EXPECT_EQ(clauses("27\" monitor stand"), "27 monitor stand") << "inches";
  EXPECT_EQ(clauses("\"27\" monitor"), "27 monitor");
  EXPECT_EQ(clauses("\u3000blue\u3000-cats\u00a0+dog"), "blue -cat +dog") << "blanks of every kind part words";
}

TEST(Query, EdgesOfTheLanguage) {
  EXPECT_EQ(shown("+\"one\" -\"two\""), "+one -two | one");
  EXPECT_EQ(shown("word\"phrase here\"word"), "word^2 phrase_here | word phrase here word");
  EXPECT_EQ(shown("\"\" word"), "word | word");
  EXPECT_EQ(shown("--word other"), "--word word other | --word other");
  EXPECT_EQ(shown("+ + +"), "invalid_argument");
  EXPECT_EQ(shown("C++ pg_dump -u"), "c++ c pg_dump pg dump -u | C++ pg_dump");
  EXPECT_EQ(shown("+pg_dump"), "+pg_dump | pg_dump");
  EXPECT_EQ(shown("+word +word word"), "+word word | word word word");
  EXPECT_EQ(shown(std::string("a\0b", 3)), "a^0.3 a_b +b | " + std::string("a\0b", 3));
  EXPECT_EQ(shown("\xff\xfe broken"), "broken | \xff\xfe broken");
  EXPECT_EQ(shown(std::string(5000, 'x')), std::string(128, 'x') + " | " + std::string(5000, 'x'));
}

TEST(Query, RefusesWhatHasNothingToLookFor) {
  EXPECT_EQ(shown(""), "invalid_argument");
  EXPECT_EQ(shown("-bird"), "invalid_argument");
  EXPECT_EQ(shown("?! \"\" + -"), "invalid_argument");
  std::string many;
  for (size_t i = 0; i <= kMaxClauses; ++i) many += "x" + std::to_string(i) + " ";
  EXPECT_EQ(shown(many), "exhausted");
}

}  // namespace
}  // namespace tarn::search
