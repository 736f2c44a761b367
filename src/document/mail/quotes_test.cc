#include "document/mail/quotes.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tarn::document::mail {
namespace {

const std::string kFirst =
    "The buoy off the pier drags its chain since the storm of last week.\nWe saw it a cable east of where it lay.\n\n"
    "The harbour master wants it moved before the regatta, and the boat of the pilots is in the yard until June, so "
    "that nobody can lift it.\n\nAnn\n";

std::string as_quote(const std::string& text, const std::string& mark = "> ") {
  std::string out = mark;
  for (size_t i = 0; i < text.size(); ++i) {
    out += text[i];
    if (text[i] == '\n' && i + 1 < text.size()) out += mark;
  }
  return out;
}

std::string folded(std::string text, const std::string& other = kFirst) {
  fold_quotes(&text, Words(other), "1@a.example");
  return text;
}

TEST(Quotes, WhatTheOtherMessageSaysIsOneLine) {
  EXPECT_EQ(folded("Ask the yard.\n\nAnn wrote:\n" + as_quote(kFirst)),
            "Ask the yard.\n\nAnn wrote:\n> … (message 1@a.example)\n");
}

TEST(Quotes, LinesMayBeBrokenOtherwiseAndLieDeeper) {
  std::string flat = kFirst.substr(0, kFirst.find("\n\nThe harbour")) + " " + kFirst.substr(kFirst.find("The harbour"));
  for (char& c : flat) c = c == '\n' ? ' ' : c;
  EXPECT_EQ(folded("Yes.\n\n>> " + flat + "\n"), "Yes.\n\n> … (message 1@a.example)\n");
}

TEST(Quotes, WhatStandsNowhereElseStays) {
  const std::string answer = "Yes.\n\n" + as_quote(kFirst) + "> The lamp is out too, since Sunday.\n";
  EXPECT_NE(folded(answer).find("> The lamp is out too, since Sunday.\n"), std::string::npos);
  const std::string stranger = "Yes.\n\n" + as_quote(kFirst);
  EXPECT_EQ(folded(stranger, "Another text that has none of those words in a row."), stranger);
  const std::string other_order = "Yes.\n\n> " + std::string("lay it where of east cable a it saw We. ") +
                                  "June until yard the in is pilots the of boat the and regatta the before moved it "
                                  "wants master harbour The, week last of storm the since chain its drags pier the off "
                                  "buoy The, and some more words so that it is long enough to be folded by its size.\n";
  EXPECT_EQ(folded(other_order), other_order);
}

TEST(Quotes, AShortOneStaysWithItsAnswer) {
  const std::string inline_answer = "> We saw it a cable east of where it lay.\n\nSo did we.\n";
  EXPECT_EQ(folded(inline_answer), inline_answer);
}

TEST(Quotes, TheMessageBelowOutlooksBlockIsAQuote) {
  const std::string block = "**From:** Ann\n**Sent:** Monday\n**To:** Bo\n**Subject:** Buoy\n\n";
  EXPECT_EQ(folded("Ask the yard.\n\n" + block + kFirst), "Ask the yard.\n\n" + block + "… (message 1@a.example)\n");
  EXPECT_EQ(folded("Ask the yard.\n\n-----Original Message-----\nFrom: Ann\n\n" + kFirst),
            "Ask the yard.\n\n-----Original Message-----\nFrom: Ann\n\n… (message 1@a.example)\n");
  const std::string own = "From: here it is ours.\n\n" + kFirst;
  EXPECT_EQ(folded(own), own);
}

TEST(Quotes, OwnWordsComeFirst) {
  std::string text = "On Monday Ann wrote:\n\n" + as_quote(kFirst) + "\nAsk the yard.\n";
  own_words_first(&text);
  EXPECT_EQ(text, "Ask the yard.\n\nOn Monday Ann wrote:\n\n" + as_quote(kFirst));
  for (std::string stays : {"> short\n\nYes.\n" + std::string(), as_quote(kFirst) + "\nYes.\n> And more.\nNo.\n",
                            as_quote(kFirst), "Yes.\n\n" + as_quote(kFirst)}) {
    const std::string before = stays;
    own_words_first(&stays);
    EXPECT_EQ(stays, before);
  }
}

TEST(Quotes, AThreadKeepsEveryWordOnce) {
  // Each answer quotes all before it.
  std::vector<std::string> said, bodies;
  for (int i = 0; i < 8; ++i) {
    std::string own;
    for (int w = 0; w < 60; ++w) own += "word" + std::to_string(i * 1'000 + w) + (w % 12 == 11 ? "\n" : " ");
    said.push_back(own);
    bodies.push_back(i == 0 ? own : own + "\nSomeone wrote:\n" + as_quote(bodies.back()));
  }
  std::string all;
  for (size_t i = 0; i < bodies.size(); ++i) {
    std::string body = bodies[i];
    if (i > 0) fold_quotes(&body, Words(bodies[i - 1]), std::to_string(i - 1) + "@a");
    all += body;
  }
  for (int i = 0; i < 8; ++i) {
    for (int w = 0; w < 60; ++w) {
      const std::string word = "word" + std::to_string(i * 1'000 + w) + (w % 12 == 11 ? "\n" : " ");
      const size_t at = all.find(word);
      ASSERT_NE(at, std::string::npos) << word;
      EXPECT_EQ(all.find(word, at + 1), std::string::npos) << word;
    }
  }
}

}  // namespace
}  // namespace tarn::document::mail
