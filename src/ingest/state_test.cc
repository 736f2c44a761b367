#include "ingest/state.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace tarn::ingest {
namespace {

std::vector<std::string> examples() {
  std::ifstream file(TARN_SOURCE_DIR "/doc/format/pull-bookmark.md");
  std::string text((std::istreambuf_iterator<char>(file)), {});
  std::vector<std::string> out;
  for (size_t at = text.find("```json\n"); at != std::string::npos; at = text.find("```json\n", at)) {
    at += 8;
    out.push_back(text.substr(at, text.find("\n```", at) - at));
  }
  return out;
}

// As the target completes it.
std::string with_origin(json::Value bookmark) {
  bookmark.set("source", "file:///srv/docs");
  bookmark.set("pulled_at", "2026-11-22T10:00:00Z");
  return json::write(bookmark);
}

TEST(PullBookmark, WorkedExamplesOfTheFormat) {
  auto texts = examples();
  ASSERT_EQ(texts.size(), 2u);
  auto whole = parse_bookmark(*json::parse(texts[0]));
  ASSERT_TRUE(whole.state);
  EXPECT_FALSE(whole.under_way);
  EXPECT_EQ(whole.state->readers, (Readers{{"html", 3}, {"markdown", 3}, {"text", 4}}));
  ASSERT_EQ(whole.state->rejects.size(), 1u);
  EXPECT_EQ(whole.state->rejects[0].item, "file:///srv/docs/logo.png");
  EXPECT_EQ(whole.state->connector["device"].as_int(), 66306);
  EXPECT_EQ(with_origin(to_json(*whole.state)), texts[0]);

  auto step = parse_bookmark(*json::parse(texts[1]));
  EXPECT_FALSE(step.state);
  EXPECT_TRUE(step.under_way);
  EXPECT_EQ(step.began_at, 7);
  EXPECT_EQ(step.options["charset"], json::Value("koi8-r"));
  EXPECT_EQ(with_origin(step_to_json(7, step.options)), texts[1]);
  EXPECT_FALSE(parse_bookmark(*json::parse(json::write(step_to_json(std::nullopt, {})))).began_at);
}

TEST(PullBookmark, SharesItsTableWithOthers) {
  State state;
  state.readers = {{"text", 1}};
  state.options = *json::parse(R"({"as":["markdown:*.qmd"],"charset":"windows-1252","whole_page":true})");
  state.others = {{"aa", "file:///srv", 3, 2, "/srv/docs /srv"}, {"bb", "", 9, 9, ""}};
  state.moved_at = 4;
  using Kind = connector::Reject::Kind;
  state.rejects = {{"a", "", "why", Kind::failure}, {"b", "", "why", Kind::skipped}, {"c", "", "why", Kind::noted}};
  const auto read = parse_bookmark(*json::parse(json::write(to_json(state)))).state;
  ASSERT_TRUE(read);
  EXPECT_EQ(read->readers, state.readers);
  EXPECT_EQ(read->options, state.options);
  EXPECT_EQ(read->others, state.others);
  EXPECT_EQ(read->moved_at, 4);
  EXPECT_EQ(read->rejects, state.rejects);
}

TEST(PullBookmark, OneVersionForAllReadersIsFromBeforeEachHadItsOwn) {
  const auto read = parse_bookmark(*json::parse(R"({"format":1,"extractor":2,"rejects":[],"connector":{}})")).state;
  ASSERT_TRUE(read);
  EXPECT_EQ(read->readers, (Readers{{"html", 2}, {"markdown", 2}, {"text", 2}}));
}

TEST(PullBookmark, WhatIsNotUnderstoodIsNoState) {
  for (const char* text : {"null", "7", "{}", "[]", R"({"format":2,"extractor":1})", R"({"format":"1"})"}) {
    auto bookmark = parse_bookmark(*json::parse(text));
    EXPECT_FALSE(bookmark.state) << text;
    EXPECT_FALSE(bookmark.under_way) << text;
  }
  auto odd = parse_bookmark(*json::parse(R"({"format":1,"extractor":"x","rejects":[1,["a"],["a","b","c"]]})"));
  ASSERT_TRUE(odd.state);
  EXPECT_EQ(odd.state->rejects.size(), 1u);
}

}  // namespace
}  // namespace tarn::ingest
