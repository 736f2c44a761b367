#include <gtest/gtest.h>

#include <cmath>

#include "json/value.h"

namespace tarn::json {
namespace {

TEST(Json, ReadsAndWritesTheSame) {
  for (const char* text : {"null", "true", "-9223372036854775808", "0.1", "1e+300", "\"a\\n\\u0001\\\"\"", "[]", "{}",
                           "{\"b\":1,\"a\":[1,2.0,{\"x\":null}]}", "\"\xc3\xa4\xf0\x9f\x98\x80\""}) {
    const auto value = parse(text);
    ASSERT_TRUE(value.ok()) << value.status().to_string();
    EXPECT_EQ(write(*value), text);
    EXPECT_EQ(*parse(write_pretty(*value)), *value);
  }
}

TEST(Json, RefusesWhatIsNotJson) {
  for (const char* text : {"", "{", "[1,]", "{\"a\":1,\"a\":2}", "nul", "1 2", "\"\xff\"", "\"\\ud800\""}) {
    EXPECT_EQ(parse(text).status().code(), base::Code::invalid_argument) << text;
  }
  std::string many = "{";
  for (int i = 0; i < 40; ++i) many += "\"k" + std::to_string(i) + "\":1,";
  EXPECT_TRUE(parse(many + "\"z\":1}").ok());
  EXPECT_FALSE(parse(many + "\"k39\":1}").ok());
  EXPECT_EQ(parse(std::string(300, '[') + std::string(300, ']')).status().code(), base::Code::exhausted);
  EXPECT_EQ(parse("[1,2,3]", 3).status().code(), base::Code::exhausted);
}

TEST(Json, WritesOnlyUtf8AndFiniteNumbers) {
  EXPECT_EQ(write(Value("a\xff"
                        "b\xed\xa0\x80")),
            "\"a\xef\xbf\xbd"
            "b\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
  EXPECT_EQ(write(Value(std::nan(""))), "null");
  EXPECT_EQ(write(Value(3.0)), "3.0");
}

TEST(Json, LooksUpWithoutFailing) {
  const Value value = *parse("{\"a\":{\"b\":[1]},\"n\":2.0}");
  EXPECT_EQ(value["a"]["b"].items().size(), 1u);
  EXPECT_TRUE(value["x"]["y"].is_null());
  EXPECT_EQ(value["n"].as_int(), 2);
  EXPECT_EQ(value["a"].string_or("none"), "none");
}

}  // namespace
}  // namespace tarn::json
