#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "document/extracted_test.h"

namespace tarn::document {
namespace {

using testing::HasSubstr;

TEST(Json, NamesStandBesideValues) {
  const Document d = doc(R"J({"name": "tarn",
  "server": {"port": 8080, "tags": ["a", "b"], "tls": {"on": true}},
  "empty": {}, "none": null, "text": ""
})J",
                         "conf.json");
  EXPECT_EQ(d.body,
            "name: tarn\n\nserver.port: 8080\nserver.tags: a, b\n\nserver.tls.on: true\n\n"
            "empty: {}\nnone: null\ntext: \"\"\n");
  EXPECT_EQ(d.title, "tarn");
  EXPECT_EQ(place_of(d, "server.port"), "line 2");
  EXPECT_EQ(place_of(d, "none"), "line 3");
}

TEST(Json, ObjectsOfAListAreRecords) {
  EXPECT_EQ(doc("[{\"a\": 1, \"b\": \"x\"},\n{\"a\": 2}]", "a.json").body, "a: 1\nb: x\n\na: 2\n");
  EXPECT_EQ(doc(R"J({"ships": [{"name": "Ann"}, {"name": "Bo"}]})J", "a.json").body,
            "ships[0].name: Ann\n\nships[1].name: Bo\n");
}

TEST(Json, CommentsAndLinesOfTextStay) {
  const Document d =
      doc("{ // which door\n \"door\": \"north\", /* both\n ways */ \"note\": \"one\\ntwo\", }", "a.jsonc");
  EXPECT_EQ(d.body, "which door\ndoor: north\nboth ways\nnote:\n\n```\none\ntwo\n```\n");
  EXPECT_EQ(place_of(d, "two\n"), "line 3");
}

TEST(Json, CharactersAreWhatEscapesMean) {
  EXPECT_EQ(doc(R"J(["\u00c5sa \ud83d\ude00 \"q\" \\ \/ \ud800"])J", "a.json").body,
            "Åsa 😀 \"q\" \\ / \xEF\xBF\xBD\n");
}

TEST(Json, AFaultTellsItsLineAndTheTextStays) {
  const Document d = doc("{\"a\": 1,\n \"b\" 2}\n", "a.json");
  EXPECT_EQ(d.extra["problem"].as_string(), "line 2: a name is not followed by ':'");
  EXPECT_EQ(d.body, "```json\n{\"a\": 1,\n \"b\" 2}\n```\n");
  EXPECT_EQ(place_of(d, "\"b\""), "line 2");
  EXPECT_EQ(doc("{\"a\": tru}", "a.json").extra["problem"].as_string(), "line 1: 'tru' is no value");
  EXPECT_THAT(doc(std::string(5000, '['), "a.json").extra["problem"].as_string(), HasSubstr("kMaxTreeDepth"));
}

TEST(Json, LongNumbersAndWordsAreToldNotShown) {
  std::string numbers = "[0";
  for (int i = 1; i < 5000; ++i) numbers += "," + std::to_string(i);
  const Document d = doc("{\"v\": " + numbers + "], \"data\": \"" + std::string(9000, 'A') + "\"}", "a.json");
  EXPECT_THAT(d.body, HasSubstr(" 99, … (5000 values)\n"));
  EXPECT_THAT(d.body, HasSubstr("… (9000 characters without a blank)"));
  EXPECT_LT(d.body.size(), 1000u);
}

TEST(JsonLines, ARecordIsAParagraphAndAFaultIsKept) {
  const Document d = doc("{\"t\": 1, \"what\": \"moored\"}\n\n{\"t\": 2}\nhalf {\n", "a.ndjson");
  EXPECT_EQ(d.body, "t: 1\nwhat: moored\n\nt: 2\n\nhalf {\n");
  EXPECT_EQ(place_of(d, "what"), "line 1");
  EXPECT_EQ(place_of(d, "t: 2"), "line 3");
  EXPECT_EQ(place_of(d, "half"), "line 4");
  EXPECT_EQ(json::write(d.extra["problems"]), R"J(["line 4: 'half' is no value"])J");
  EXPECT_EQ(d.extra["records"].as_int(), 3);
}

}  // namespace
}  // namespace tarn::document
