#include "connector/confluence/bookmark.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "connector/forgotten.h"

namespace tarn::connector::confluence {
namespace {

Bookmark some() {
  const base::Hash128 rest = *base::Hash128::from_hex("99aa06d3014798d86001c324468d497f");
  return {{{"100004", {Kind::page, 3, rest, "ENG", "", {"ENG:Contacts", "!OPS:Shifts"}}},
           {"100009", {Kind::post, 1, rest, "PUB"}},
           {"100012", {Kind::comment, 2, rest, "ENG", "100004"}},
           {"att100014", {Kind::attachment, 1, rest, "ENG", "100004"}}},
          1767600000000000};
}

TEST(ConfluenceBookmark, RoundTrip) {
  EXPECT_EQ(parse_bookmark(*json::parse(json::write(to_json(some())))), some());
  EXPECT_EQ(parse_bookmark(to_json({})), Bookmark());
  EXPECT_EQ(parse_bookmark(*json::parse(R"({"format": 1, "items": []})")), Bookmark())
      << "from before rights were read";
}

TEST(ConfluenceBookmark, WhatIsNotUnderstoodIsNone) {
  for (
      const char* text :
      {"null", "7", R"({"format": 2, "items": []})",
       R"({"format": 1, "items": [["pages/viewpage.action?pageId=1", "p", 1, "no hash", "ENG"]]})",
       R"({"format": 1, "items": [["pages/viewpage.action?pageId=1", "x", 1, "99aa06d3014798d86001c324468d497f", ""]]})",
       R"({"format": 1, "items": [["pages/viewpage.action?pageId=1", "c", 1, "99aa06d3014798d86001c324468d497f", ""]]})",
       R"({"format": 1, "items": [["elsewhere", "p", 1, "99aa06d3014798d86001c324468d497f", "ENG"]]})",
       R"({"format": 1, "items": [["pages/viewpage.action?pageId=1", "p"]]})"}) {
    EXPECT_TRUE(parse_bookmark(*json::parse(text)).items.empty()) << text;
  }
}

TEST(ConfluenceBookmark, WhatIsForgottenGoes) {
  json::Value written = to_json(some());
  EXPECT_TRUE(take_out({{}, {"https://wiki.example/wiki/" + path_of("100004", Kind::page, {})}}, &written));
  Bookmark left = some();
  left.items.erase("100004");
  EXPECT_EQ(parse_bookmark(written), left);
}

TEST(ConfluenceBookmark, TheExampleOfItsFormatIsRead) {
  std::ifstream file(std::string(TARN_SOURCE_DIR) + "/doc/format/confluence-bookmark.md");
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  const size_t begin = text.find("```json\n") + 8;
  const auto value = json::parse(text.substr(begin, text.find("\n```", begin) - begin));
  ASSERT_TRUE(value.ok());
  EXPECT_EQ(parse_bookmark(*value), some());
  EXPECT_EQ(json::write(to_json(some())), json::write(*value));
}

}  // namespace
}  // namespace tarn::connector::confluence
