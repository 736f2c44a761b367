#include "answer/codes.h"

#include <gtest/gtest.h>

namespace tarn::answer {
namespace {

using Codes = std::vector<std::string>;

TEST(Codes, AreNamesWithDigits) {
  EXPECT_EQ(codes_in("What does ERR_9999 mean, and CVE-2024-3017?"), (Codes{"ERR_9999", "CVE-2024-3017"}));
  EXPECT_EQ(codes_in("Which fonts came with release 3.5.9 (or v2.0)?"), (Codes{"3.5.9", "v2.0"}));
  EXPECT_EQ(codes_in("Is it open at 7pm on the 5th of May 2024, for 12kW or 3.5 mm?"), Codes{});
  EXPECT_EQ(codes_in("Was 0x80070005 fixed in 3f2a9c1, with a 2N3904 of 3x4 mm?"),
            (Codes{"0x80070005", "3f2a9c1", "2N3904"}));
  EXPECT_EQ(codes_in("Wie heißt Tür7ä?"), Codes{});
}

TEST(Codes, OneIsNotAnother) {
  EXPECT_TRUE(holds_code("Error err 9999: the lid is open", "ERR_9999"));
  EXPECT_FALSE(holds_code("CVE-2024-3017 lets anyone in", "CVE-2023-3017"));
  EXPECT_TRUE(holds_code("Release v3.5.9 brings fonts.", "3.5.9"));
  EXPECT_TRUE(holds_code("Release 2.0.", "v2.0"));
  EXPECT_FALSE(holds_code("Release 13.5.9 and 3.5.90", "3.5.9"));
  EXPECT_FALSE(holds_code("Error 0x80070005 means access denied.", "0x80070006"));
}

TEST(Codes, ANumberedThingIsNoOtherOne) {
  const auto only = [](std::string_view question) {
    const std::vector<Numbered> found = numbered_in(question);
    return found.size() == 1 ? found[0] : Numbered{};
  };
  EXPECT_EQ(only("How long does the battery of the Vortex 9 last?"), (Numbered{"Vortex", "9"}));
  EXPECT_EQ(only("Which colour has room 12?"), (Numbered{"room", "12"}));
  EXPECT_EQ(only("What does error 10061 mean?"), (Numbered{"error", "10061"}));
  EXPECT_EQ(only("How much vitamin D is in it?"), (Numbered{"vitamin", "D"}));
  EXPECT_EQ(only("What does Python 3.12 bring?"), (Numbered{"Python", "3.12"}));
  for (const char* none :
       {"What opens on June 3?", "What should I do in 5 days?", "Do 3 people fit in?", "Is A a vowel?"}) {
    EXPECT_TRUE(numbered_in(none).empty()) << none;
  }

  const Numbered vortex{"Vortex", "9"};
  EXPECT_TRUE(has_another("The battery of the Vortex 7 lasts eight hours.", vortex));
  EXPECT_FALSE(has_another("The Vortex 7 lasts eight hours, the 9 ten.", vortex));
  EXPECT_FALSE(has_another("The battery lasts eight hours.", vortex));
  EXPECT_FALSE(has_another("Vortex 7 to 12 have one battery.", vortex));
  EXPECT_FALSE(has_another("Vortex 7–12 have one battery.", vortex));
  EXPECT_TRUE(has_another("Plan A costs 5 euros. Plan B costs 9 euros.", {"plan", "C"}));
  EXPECT_FALSE(has_another("Plan A and B cost 5 euros.", {"plan", "B"}));
  EXPECT_TRUE(has_another("Python 3.11 brings groups.", {"Python", "3.12"}));
  EXPECT_FALSE(has_another("Python 3 brings bytes.", {"Python", "3.12"}));
}

}  // namespace
}  // namespace tarn::answer
