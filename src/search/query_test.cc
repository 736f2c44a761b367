#include "search/query.h"

#include <gtest/gtest.h>

namespace tarn::search {
namespace {

using inverted::Occur;

std::string shown(std::string_view words) {
  const auto analyzer = *text::make_analyzer("english");
  const auto query = parse_query(words, *analyzer);
  if (!query.ok()) return std::string(base::code_name(query.status().code()));
  std::string out;
  for (size_t i = 0; i < query->lexical.clauses.size(); ++i) {
    const auto& clause = query->lexical.clauses[i];
    if (i) out += ' ';
    out += clause.occur == Occur::must ? "+" : clause.occur == Occur::must_not ? "-" : "";
    for (size_t t = 0; t < clause.terms.size(); ++t) out += (t ? "_" : "") + clause.terms[t];
    if (query->lexical.boosts[i] != 1) out += "^" + std::to_string(static_cast<int>(query->lexical.boosts[i]));
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

TEST(Query, FunctionWordsAreLeftOutBesideOthers) {
  EXPECT_EQ(shown("how do I take a backup of the database?"),
            "take backup databas | how do I take a backup of the database?");
  EXPECT_EQ(shown("to be or not to be"), "not | to be or not to be");
  EXPECT_EQ(shown("to be"), "to be | to be");
  EXPECT_EQ(shown("the who -band"), "the who -band | the who");
  EXPECT_EQ(shown("+the \"the who\" of"), "+the the_who | the the who of");
}

TEST(Query, EdgesOfTheLanguage) {
  EXPECT_EQ(shown("+\"one\" -\"two\""), "+one -two | one");
  EXPECT_EQ(shown("word\"phrase here\"word"), "word^2 phrase_here | word phrase here word");
  EXPECT_EQ(shown("\"\" word"), "word | word");
  EXPECT_EQ(shown("--word other"), "-word other | other");
  EXPECT_EQ(shown("+ + +"), "invalid_argument");
  EXPECT_EQ(shown("C++ pg_dump -u"), "c++ c pg_dump pg dump -u | C++ pg_dump");
  EXPECT_EQ(shown("+pg_dump"), "+pg_dump | pg_dump");
  EXPECT_EQ(shown("+word +word word"), "+word word | word word word");
  EXPECT_EQ(shown(std::string("a\0b", 3)), "b | " + std::string("a\0b", 3));
  EXPECT_EQ(shown("\xff\xfe broken"), "broken | \xff\xfe broken");
  EXPECT_EQ(shown(std::string(5000, 'x')), std::string(128, 'x') + " | " + std::string(5000, 'x'));
}

// "tar -xvf" cannot be asked for where a hyphen, a plus or a quotation mark is an operator.
TEST(Query, AQuestionIsASentenceWithoutOperators) {
  const auto analyzer = *text::make_analyzer("english");
  const auto asked = [&](std::string_view question) {
    const ParsedQuery query = *parse_question(question, *analyzer);
    std::string out;
    for (const auto& clause : query.lexical.clauses) {
      EXPECT_EQ(clause.occur, Occur::should);
      out += (out.empty() ? "" : " ") + clause.terms[0];
      EXPECT_EQ(clause.terms.size(), 1U);
    }
    EXPECT_FALSE(query.has_must || query.has_must_not);
    EXPECT_EQ(query.text, question);
    return out;
  };
  EXPECT_EQ(asked("what does grep -v do?"), "grep v");
  EXPECT_EQ(asked("tar -xvf --strip=1"), "tar xvf strip 1");
  EXPECT_EQ(asked("is -40 \"cold enough\" for +5 pumps?"), "40 cold enough 5 pump");
  EXPECT_EQ(asked("\"open quote"), "open quot");
  EXPECT_EQ(parse_question("?! -", *analyzer).status().code(), base::Code::invalid_argument);
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
