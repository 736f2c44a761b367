#include "document/language.h"

#include <gtest/gtest.h>

#include "document/document.h"

namespace tarn::document {
namespace {

struct Sample {
  const char* language;
  const char* text;
};

constexpr Sample kSamples[] = {
    {"en", "The harbour master answers on channel twelve, and the pilot boat leaves an hour before high water."},
    {"de", "Der Hafenmeister antwortet auf Kanal zwölf, und das Lotsenboot fährt eine Stunde vor Hochwasser ab."},
    {"fr", "Le capitaine du port répond sur le canal douze, et le bateau-pilote part une heure avant la marée haute."},
    {"es", "El capitán del puerto responde en el canal doce, y la lancha sale una hora antes de la marea alta."},
    {"it", "Il comandante del porto risponde sul canale dodici, e la barca parte un'ora prima dell'alta marea."},
    {"pt", "O capitão do porto responde no canal doze, e a lancha não sai antes de uma hora da maré alta."},
    {"nl",
     "De havenmeester antwoordt altijd op kanaal twaalf. De loodsboot vertrekt een uur voordat het water op zijn "
     "hoogst "
     "staat, en het touw ligt in het blauwe hok naast de sluis."},
    {"pl", "Kapitan portu odpowiada na kanale dwunastym, a łódź pilotowa odpływa godzinę przed przypływem."},
    {"ru",
     "Капитан порта отвечает на двенадцатом канале, а лоцманский катер выходит за час до прилива. "
     "Верёвки лежат на складе, а ключ от него всегда у Анны, которая живёт рядом с причалом."},
    {"tr", "Liman başkanı on ikinci kanaldan yanıt verir ve kılavuz botu suların yükselmesinden bir saat önce kalkar."},
    {"ja", "港長は第十二チャンネルで応答し、水先船は満潮の一時間前に出港します。係留索は倉庫にあります。"},
    {"zh", "港务长在第十二频道回答，引航船在涨潮前一小时离港。缆绳放在仓库里，钥匙由安娜保管。"},
    {"he", "מנהל הנמל עונה בערוץ שתים עשרה, וסירת הנווט יוצאת שעה לפני הגאות. החבלים מונחים במחסן."},
    {"el", "Ο λιμενάρχης απαντά στο κανάλι δώδεκα και η πλοηγίδα φεύγει μία ώρα πριν από την πλημμυρίδα."},
};

TEST(Language, OfAFewSentences) {
  for (const Sample& sample : kSamples) EXPECT_EQ(language_of(sample.text), sample.language) << sample.text;
}

TEST(Language, IsNotSaidWhereItIsNotSure) {
  EXPECT_EQ(language_of(""), "");
  EXPECT_EQ(language_of("Hafen\n"), "") << "too short";
  EXPECT_EQ(language_of("7443 7444 0x7f 127.0.0.1 :: 12.5 98.25 1e9 4096 8192 16384 65536 131072 262144 524288 99"),
            "");
  EXPECT_EQ(language_of(std::string("```\n") + kSamples[1].text + "\n```\n"), "") << "code is no language";
  std::string mixed;
  for (int i = 0; i < 4; ++i) {
    mixed += std::string(kSamples[1].text) + "\n\n" + kSamples[2].text + "\n\n" + kSamples[7].text + "\n\n";
  }
  EXPECT_EQ(language_of(mixed), "") << "a third of each";
  EXPECT_EQ(language_of(std::string(200, '\xC3')), "");
}

TEST(Language, OfTheProseBetweenCode) {
  EXPECT_EQ(
      language_of("```\nthe of and to in is that for it was on are as with\n```\n\n" + std::string(kSamples[1].text)),
      "de");
}

// A character that ends behind the last byte looked at is left out, wherever that is.
TEST(Language, LongTextsAreCutBetweenCharacters) {
  for (size_t shift = 0; shift < 4; ++shift) {
    const std::string dots(kLanguageBytes - 150 + shift, '.');
    EXPECT_EQ(language_of(dots + "\n\n" + kSamples[8].text), "ru") << shift;
  }
}

TEST(Language, WhatASourceSaysWins) {
  const std::string text = kSamples[1].text;
  EXPECT_EQ(extract(text, "text/plain", "n.txt")->lang, "de");
  EXPECT_EQ(extract(text, "text/markdown", "n.md")->lang, "de");
  EXPECT_EQ(extract("---\nlang: nds\n---\n" + text, "text/markdown", "n.md")->lang, "nds");
  EXPECT_EQ(extract("<html lang=gsw><p>" + text, "text/html", "n.html")->lang, "gsw");
  EXPECT_EQ(extract("<html><p>" + text, "text/html", "n.html")->lang, "de");
}

}  // namespace
}  // namespace tarn::document
