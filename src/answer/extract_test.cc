// What is quoted of the passages that were found, and what they say as evidence: by word, so that each rule shows by
// itself.
#include "answer/extract.h"

#include <gtest/gtest.h>

#include "answer/answer_lake_test.h"
#include "answer/question.h"

namespace tarn::answer {
namespace {

using search::TestLake;
using search::TestRows;

class Extract : public testing::Test {
 protected:
  void put(const TestRows& rows) { ASSERT_TRUE(lake_.put(rows).ok()); }
  // One page, titled "Page", with this body.
  void put(const std::string& body) { put(TestRows{{"page", {"Page", "u/page", body}}}); }

  Extraction extracted(const std::string& question) {
    const auto targets = *targets_of(lake_);
    const auto found = search::search({question, search::Mode::lexical, kPassagesRead, 0, "", false, false, true},
                                      targets, lake_.environment(), {});
    EXPECT_TRUE(found.ok()) << found.status().to_string();
    const search::Environment environment = lake_.environment();
    const auto read = read_question(question, targets, environment, {});
    EXPECT_TRUE(read.ok()) << read.status().to_string();
    const auto extraction = extract(*read, found->hits, *environment.analyzer, environment.encoder, {});
    EXPECT_TRUE(extraction.ok()) << extraction.status().to_string();
    for (const Quote& quote : extraction->quotes) {
      const search::Hit& hit = found->hits[quote.hit];
      EXPECT_EQ(hit.passage.text.substr(quote.start - hit.passage.start, quote.end - quote.start), quote.text);
    }
    return *extraction;
  }
  std::vector<std::string> quotes(const std::string& question) {
    std::vector<std::string> texts;
    for (const Quote& quote : extracted(question).quotes) texts.push_back(quote.text);
    return texts;
  }

  TestLake lake_{nullptr};
};

using Texts = std::vector<std::string>;

TEST_F(Extract, ASentenceThatRefersBackTakesTheOneBefore) {
  put("Nothing else is said here. An index can be built while others write. This needs the option CONCURRENTLY.\n");
  EXPECT_EQ(quotes("which option is needed?"),
            (Texts{"An index can be built while others write. This needs the option CONCURRENTLY."}));
}

TEST_F(Extract, AColonTakesWhatFollows) {
  put("The cache may grow old. To rebuild the cache, type:\n\n```\ntern cache --rebuild\n```\n\nIt lies in memory.\n");
  EXPECT_EQ(quotes("how do I rebuild the cache?"),
            (Texts{"To rebuild the cache, type:\n\n```\ntern cache --rebuild\n```"}));
}

TEST_F(Extract, ATermTakesItsDefinition) {
  put("- `FULL`\n\n  Rewrites the whole table.\n\n- `FREEZE`\n\n  Marks every row as old.\n");
  EXPECT_EQ(quotes("what does FREEZE do?"), (Texts{"`FREEZE`\n\n  Marks every row as old."}));
}

TEST_F(Extract, AQuestionForADefinitionPrefersWhatDefines) {
  put("The tarn tarn tarn lies high above the valley floor.\n\nA tarn is a small lake in the mountains.\n");
  EXPECT_EQ(quotes("what is a tarn?").front(), "A tarn is a small lake in the mountains.");
}

TEST_F(Extract, NoConditionAndNoOtherThingIsADefinition) {
  const std::string said = "Boats go up in a double sluice.\n\n",
                    defined = "A double sluice (a staircase lock) is a pair.\n";
  const auto first = [&](const std::string& body) {
    put(body);
    return quotes("what is a double sluice?").front();
  };
  EXPECT_TRUE(first(said + "When a double sluice is opened, boats wait.\n").starts_with("Boats"));
  EXPECT_TRUE(first(said + "The double sluice keys are kept at the inn.\n").starts_with("Boats"));
  EXPECT_TRUE(first(said + defined).starts_with("A double sluice (a staircase lock) is"));
}

TEST_F(Extract, WordsSpokenToWhoeverAnswersAreNotLookedFor) {
  put("The ferry leaves at noon.\n\nPlease tell the crew what you know, and think of the others.\n");
  const Extraction spoken = extracted("please tell me, do you know when the ferry leaves?");
  EXPECT_TRUE(spoken.quotes.front().text.starts_with("The ferry leaves at noon."));
  EXPECT_EQ(spoken.quotes.size(), 1U);
  EXPECT_EQ(extracted("hello, I wonder when the ferry leaves").evidence.missing, 0);
  EXPECT_GT(extracted("when does the ferry sink?").evidence.missing, 0);
  EXPECT_EQ(quotes("what do you know?").size(), 1U) << "where there is no other word they are";
}

TEST_F(Extract, AShortQuoteTakesTheNextSentenceOfItsParagraphAlong) {
  put("The fee is due in January. Students pay half of it.\n\nThe harbour is closed at night.\n");
  EXPECT_EQ(quotes("when is the fee due?"), (Texts{"The fee is due in January. Students pay half of it."}));
}

TEST_F(Extract, ARepetitionIsQuotedOnce) {
  const std::string body = "The spare key of the boathouse hangs in the office.\n";
  put(TestRows{{"one", {"Keys", "u/one", body}}, {"two", {"Keys", "u/two", body}}});
  EXPECT_EQ(quotes("where is the spare key of the boathouse?").size(), 1U);
}

TEST_F(Extract, ARowOfATableIsReadUnderItsHeader) {
  put("| service | port |\n|---|---|\n| metrics of it | 9100 today |\n| answers of it | 8276 today |\n");
  EXPECT_EQ(quotes("which port do metrics have?"), (Texts{"| metrics of it | 9100 today |"}));
}

TEST_F(Extract, ASignIsNoOperatorInAQuestion) {
  put("The -v option inverts the match. The -i option ignores case.\n");
  EXPECT_TRUE(quotes("what does the -v option do?").front().starts_with("The -v option inverts the match."));
}

TEST_F(Extract, AShortFactIsQuotedAndNoLongerNeighbour) {
  put("It has 33 seats.\n\nThe bus is washed by the pupils of the ninth class each Friday.\n");
  EXPECT_EQ(quotes("how many seats has the bus?"), (Texts{"It has 33 seats."}));
  put("- Port: 7443\n- User: gwadmin\n- Certificates are renewed by a job that runs every month\n");
  EXPECT_EQ(quotes("which port is used?"), (Texts{"Port: 7443"}));
}

TEST_F(Extract, ARowIsGivenWithoutItsNeighbours) {
  put("| berth | fee |\n|---|---|\n| Ash | 14 |\n| Cedar | 27 |\n| Dogwood by the old pier | 38 |\n");
  EXPECT_EQ(quotes("what is the fee of the berth Cedar?"), (Texts{"| Cedar | 27 |"}));
}

TEST_F(Extract, AFactInAHeadingIsQuotedAndALabelIsNot) {
  put("# Ferry\n\n## First ferry: 05:40\n\nIt carries bicycles.\n\n## Last ferry: 23:15\n\nNone are carried.\n");
  EXPECT_EQ(quotes("when does the first ferry leave?").front().find("First ferry: 05:40"), 0U);
  put("# Ferry\n\n**Ferry**\n\nThe ferry is blue.\n");
  EXPECT_EQ(quotes("what is the ferry?"), (Texts{"The ferry is blue."}));
}

TEST_F(Extract, AQuestionOfTheTextIsQuotedWithItsAnswer) {
  put("**Q: How often is the gateway backed up?**\n\nA: Every night at two.\n\n**Q: Who pays?**\n\nA: The club.\n");
  const Texts texts = quotes("how often is the gateway backed up?");
  ASSERT_FALSE(texts.empty());
  EXPECT_NE(texts.front().find("Every night at two."), std::string::npos) << texts.front();
}

TEST_F(Extract, HowIsAnsweredWithAllSteps) {
  put("# Bottle\n\n1. Close the valve of the bottle.\n2. Wait until it is cold.\n3. Change the bottle.\n");
  EXPECT_EQ(quotes("how do I change the bottle?"),
            (Texts{"1. Close the valve of the bottle.\n2. Wait until it is cold.\n3. Change the bottle."}));
}

// Of the passage that has most of the question, under its title.
TEST_F(Extract, EvidenceIsWhatTheBestPassageHasAndLacks) {
  put(TestRows{{"fees", {"Fees", "u/fees", "The yearly sum is due in January.\n"}},
               {"key", {"Key", "u/key", "The spare key hangs in the office.\n"}}});
  const Evidence whole = extracted("when are the yearly fees due?").evidence;
  EXPECT_EQ(whole.missing, 0);
  EXPECT_NEAR(whole.found, 3, 1e-9) << "three words of one weight";
  const Evidence part = extracted("when are the yearly fees of the harbour due?").evidence;
  EXPECT_GT(part.missing, 0);
  EXPECT_LT(part.confidence, whole.confidence);
  EXPECT_EQ(whole.nearest, 0) << "there is no encoder";
  EXPECT_TRUE(is_relevant(whole));
}

// A word that each of two notes has is no function word yet.
TEST_F(Extract, AWordWeighsInALakeOfTwoNotesAboutWhatItWeighsInALargeOne) {
  put(TestRows{{"a", {"Key", "u/a", "The spare key hangs here.\n"}}, {"b", {"Key", "u/b", "Another key.\n"}}});
  const Question question = *read_question("spare key harbour", *targets_of(lake_), lake_.environment(), {});
  EXPECT_GT(question.weights.at("key"), 0.6 * question.weights.at("harbour"));
  EXPECT_GT(question.weights.at("spare"), question.weights.at("key"));
  const Match match_of_spare = match(question, {"spare"});
  EXPECT_EQ(match_of_spare.missing, question.weights.at("harbour"));
  EXPECT_NEAR(match_of_spare.found, question.weights.at("spare") / question.weights.at("harbour"), 1e-9);
}

}  // namespace
}  // namespace tarn::answer
