#include "connector/forgotten.h"

#include <gtest/gtest.h>

namespace tarn::connector {
namespace {

std::string without(const ForgottenItem& item, std::string_view text, bool changes = true) {
  json::Value bookmark = *json::parse(text);
  EXPECT_EQ(take_out(item, &bookmark), changes) << text;
  return json::write(bookmark);
}

TEST(Forgotten, WhatNamesTheItemGoesAndNothingElse) {
  const ForgottenItem item{{"7f"}, {"file:///srv/docs/a.md", "https://wiki/x?id=7f0"}};
  // A folder's list has paths below the folder.
  EXPECT_EQ(without(item, R"({"files":[["a.md",1,"hash"],["b/a2.md",1,"hash"]]})"),
            R"({"files":[["b/a2.md",1,"hash"]]})");
  EXPECT_EQ(without(item, R"({"seen":{"https://wiki/x?id=7f0":"v1","https://wiki/x?id=8":"v1"}})"),
            R"({"seen":{"https://wiki/x?id=8":"v1"}})");
  EXPECT_EQ(without(item, R"({"last":"7f","next":"80"})"), R"({"next":"80"})");
  EXPECT_EQ(without(item, R"(["7f","80",["81",["7f"]]])"), R"(["80",["81"]])");
  const std::string other = R"({"files":[["xa.md",1],["md",1]],"n":7,"e":""})";
  EXPECT_EQ(without(item, other, false), other);
}

}  // namespace
}  // namespace tarn::connector
