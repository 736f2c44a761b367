#include "search/highlight.h"

#include <gtest/gtest.h>

namespace tarn::search {
namespace {

// The marked pieces of a text, with | between them.
std::string marked(std::string_view query, std::string_view text) {
  const auto analyzer = *text::make_analyzer("english");
  const auto parsed = parse_query(query, *analyzer);
  EXPECT_TRUE(parsed.ok()) << query;
  std::string out;
  for (const auto& [start, end] : highlights(text, parsed->marks, *analyzer)) {
    out += (out.empty() ? "" : "|") + std::string(text.substr(start, end - start));
  }
  return out;
}

constexpr std::string_view kLetter =
    "The hand of the clock stopped in the hour of rest. Rest of all hours, the clock of the hand: a hand, an hour.";

TEST(Highlight, APhraseIsMarkedWhereItStands) {
  EXPECT_EQ(marked("\"hour of rest\"", kLetter), "hour|of|rest");
  EXPECT_EQ(marked("\u201chand of the clock\u201d", kLetter), "hand|of|the|clock");
  EXPECT_EQ(marked("\"hour of rest\" hand", kLetter), "hand|hour|of|rest|hand|hand");
  EXPECT_EQ(marked("+\"clock of\"", kLetter), "clock|of");
  EXPECT_EQ(marked("\"rest hour\"", kLetter), "");
  EXPECT_EQ(marked("hand -\"hour of rest\"", kLetter), "hand|hand|hand");
}

TEST(Highlight, FunctionWordsThatWereNotLookedForAreNotMarked) {
  EXPECT_EQ(marked("the hour of rest", kLetter), "hour|rest|Rest|hours|hour");
  EXPECT_EQ(marked("a hand", kLetter), "hand|hand|a|hand") << "with the word beside it only";
  EXPECT_EQ(marked("IT desk", "it is at the desk; the IT desk, IT"), "desk|IT|desk|IT");
  EXPECT_EQ(marked("the of", "The hand of the clock"), "The|of|the") << "they are all that was asked for";
}

TEST(Highlight, SpansAreWholeCharactersOfTheText) {
  EXPECT_EQ(marked("cafes", "Le Caf\u00e9, caf\u00e9s"), "Caf\u00e9|caf\u00e9s");
  EXPECT_EQ(marked("Mueller", "Frau M\u00fcller"), "M\u00fcller");
  EXPECT_EQ(marked("서버", "서버에서 로그를"), "서버");
  EXPECT_EQ(marked("192.168", "of 192.168.0.1:80"), "192.168");
  EXPECT_EQ(marked("1.2.3", "tag v1.2.3."), "1.2.3");
  EXPECT_EQ(marked("\U0001F44D", "so \U0001F44D\U0001F3FD it is"), "\U0001F44D\U0001F3FD");
  EXPECT_EQ(marked("--force", "push --force, by force"), "--force|force");
  EXPECT_EQ(marked("dump", "run pg_dump"), "dump");
  EXPECT_EQ(marked("\u6771\u4eac", "\u6771\u4eac\u306b\u884c\u304f"), "\u6771\u4eac");
}

}  // namespace
}  // namespace tarn::search
