// What a question asks for: its kind, and whether it is two.
#include "answer/question.h"

#include <gtest/gtest.h>

namespace tarn::answer {
namespace {

using Questions = std::vector<std::string>;

TEST(QuestionsIn, TwoQuestionsInOne) {
  EXPECT_EQ(questions_in("What is the port, and who is the harbour master?"),
            (Questions{"What is the port", "who is the harbour master?"}));
  EXPECT_EQ(questions_in("When does the ferry leave? And what does a ticket cost?"),
            (Questions{"When does the ferry leave?", "what does a ticket cost?"}));
  EXPECT_EQ(questions_in("Which port does the gateway use and who may change it?"),
            (Questions{"Which port does the gateway use", "who may change the port does the gateway use?"}));
  EXPECT_EQ(questions_in("where is the key; by when must I bring back the boat"),
            (Questions{"where is the key", "by when must I bring back the boat"}));
}

TEST(QuestionsIn, OneQuestionStaysWhole) {
  for (const char* one :
       {"When and where does the club meet?", "What is the difference between what is planned and what is done?",
        "Who made it, and when?", "What are the name and the address of the club?", "How do I pull and push a branch?",
        "salt and vinegar", ""}) {
    EXPECT_EQ(questions_in(one), (Questions{one}));
  }
}

TEST(AskedKind, SaysWhatAnAnswerMustHave) {
  const struct {
    const char* question;
    const char* with;
    const char* without;
  } cases[] = {
      {"How much does the pump cost?", "It is sold for 90 euros.", "It is free of frost."},
      {"What is the fee of the berth?", "fee: 27", "The berth is narrow."},
      {"What does a card cost?", "It is free for pupils.", "Come to the desk."},
      {"How many seats has it?", "It has thirty seats.", "It has seats."},
      {"Who drives the bus?", "The bus is driven by Anna.", "The bus leaves from the church."},
      {"What colour is the bus?", "The bus is green.", "The bus has seats."},
      {"When does it close?", "It closes at noon.", "It closes."},
      {"How often is the filter changed?", "It is changed every spring.", "It is changed."},
      {"How heavy is the pump?", "Weight: 4.6 kg", "It has 3 taps."},
      {"How loud is it?", "The noise is 35 dB.", "It weighs 35 kg."},
      {"How long is the loan?", "Books may be kept for four weeks.", "Books may be kept."},
      {"What is the phone number of the service?", "Call 0800 555 017.", "Call the service."},
  };
  for (const auto& c : cases) {
    const Kind kind = asked_kind(c.question);
    EXPECT_NE(kind, Kind::any) << c.question;
    EXPECT_TRUE(has_kind(kind, c.with)) << c.question << " " << c.with;
    EXPECT_FALSE(has_kind(kind, c.without)) << c.question << " " << c.without;
  }
  for (const char* open :
       {"Why is it closed?", "Where is the key?", "Is it open?", "How do I start it?", "What is TOAST?"}) {
    EXPECT_EQ(asked_kind(open), Kind::any) << open;
  }
  EXPECT_TRUE(has_kind(Kind::any, ""));
}

}  // namespace
}  // namespace tarn::answer
