#include "answer/surroundings.h"

#include <gtest/gtest.h>

namespace tarn::answer {
namespace {

Span span_of(std::string_view body, std::string_view part) {
  const size_t at = body.find(part);
  EXPECT_NE(at, std::string_view::npos) << part;
  return {at, at + part.size()};
}
std::string text_of(std::string_view body, Span span) {
  return std::string(body.substr(span.start, span.end - span.start));
}

TEST(Surroundings, ARowHasTheNamesOfItsColumns) {
  const std::string body = "Fees.\n\n| berth | fee in EUR |\n|---|---|\n| Ash | 14 |\n| Cedar | 27 |\n\n| x |\n";
  EXPECT_EQ(text_of(body, columns_of(body, span_of(body, "| Cedar | 27 |"))), "| berth | fee in EUR |");
  EXPECT_EQ(columns_of(body, span_of(body, "| x |")).end, 0U) << "another table, without names";
  EXPECT_EQ(columns_of("| a | b |\n", {0, 9}).end, 0U);
  EXPECT_EQ(row_text("| berth | fee in EUR |", "| Cedar | **27** |"), "berth: Cedar, fee in EUR: 27");
  EXPECT_EQ(row_text("a | b", "1 \\| 2 |  | 3"), "a: 1 | 2, 3")
      << "an empty cell says nothing, one too many has no name";
}

TEST(Surroundings, SomeStepsBecomeAll) {
  const std::string body = "# Boat\n\n1. Unlock it.\n2. Roll it in.\n3. Push it off.\n\nThe end.\n";
  const Steps two = steps_around(body, {0, 40}, span_of(body, "Unlock it.\n2. Roll it in."));
  EXPECT_EQ(text_of(body, two.span), "1. Unlock it.\n2. Roll it in.\n3. Push it off.");
  EXPECT_TRUE(two.is_list && !two.cut_before && !two.cut_after);
  const Steps one = steps_around(body, {0, body.size()}, span_of(body, "Roll it in."));
  EXPECT_EQ(text_of(body, one.span), "Roll it in.");
  EXPECT_FALSE(one.is_list);
  EXPECT_EQ(list_text("1. Unlock **it**.\n2. Roll\n   it in."), "1. Unlock it.\n2. Roll it in.");
}

TEST(Surroundings, ALongListSaysWhereItIsCut) {
  std::string body;
  for (int i = 1; i <= 60; ++i) {
    body += std::to_string(i) + ". Do the thing that is number " + std::to_string(i) + ".\n";
  }
  const Span some{body.find("20. ") + 4, body.find("\n22. ")};
  const Steps steps = steps_around(body, {0, body.size()}, some);
  EXPECT_EQ(steps.span.start, some.start);
  EXPECT_TRUE(steps.cut_before && steps.cut_after);
}

}  // namespace
}  // namespace tarn::answer
