#include "answer/codes.h"

#include <gtest/gtest.h>

namespace tarn::answer {
namespace {

using Codes = std::vector<std::string>;

TEST(Codes, AreNamesWithDigits) {
  EXPECT_EQ(codes_in("What does ERR_9999 mean, and CVE-2024-3017?"), (Codes{"ERR_9999", "CVE-2024-3017"}));
  EXPECT_EQ(codes_in("Which fonts came with release 3.5.9 (or v2.0)?"), (Codes{"3.5.9", "v2.0"}));
  EXPECT_EQ(codes_in("Is it open at 7pm on the 5th of May 2024, for 12kW or 3.5 mm?"), Codes{});
  EXPECT_EQ(codes_in("Wie heißt Tür7ä?"), Codes{});
}

TEST(Codes, OneIsNotAnother) {
  EXPECT_TRUE(holds_code("Error err 9999: the lid is open", "ERR_9999"));
  EXPECT_FALSE(holds_code("CVE-2024-3017 lets anyone in", "CVE-2023-3017"));
  EXPECT_TRUE(holds_code("Release v3.5.9 brings fonts.", "3.5.9"));
  EXPECT_TRUE(holds_code("Release 2.0.", "v2.0"));
  EXPECT_FALSE(holds_code("Release 13.5.9 and 3.5.90", "3.5.9"));
}

}  // namespace
}  // namespace tarn::answer
