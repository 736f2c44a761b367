#include <gtest/gtest.h>

#include <cmath>
#include <limits>

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

TEST(Json, TakesEverySpellingOfANumber) {
  for (const auto& [text, value] : std::vector<std::pair<const char*, double>>{
           {"1E5", 1e5},
           {"-0", 0},
           {"-0.0e-0", 0},
           {"1e-400", 0},
           {"-1e-99999", 0},
           {"1e400", std::numeric_limits<double>::max()},
           {"-1E+99999", -std::numeric_limits<double>::max()},
           {"123456789012345678901234567890", 123456789012345678901234567890.0},
           {"-99999999999999999999999999999999999999", -99999999999999999999999999999999999999.0},
           {"0.1234567890123456789012345678901234567890", 0.12345678901234568}}) {
    const auto read = parse(text);
    ASSERT_TRUE(read.ok()) << text << read.status().to_string();
    EXPECT_EQ(read->as_double(7), value) << text;
    const auto inside = parse(std::string("{\"s\":\"1e400 \\\" 01\",\"n\":[") + text + ", 1]}");
    ASSERT_TRUE(inside.ok()) << text << inside.status().to_string();
    EXPECT_EQ((*inside)["n"].items()[0].as_double(7), value) << text;
    EXPECT_EQ((*inside)["n"].items()[1].as_int(), 1);
    EXPECT_EQ((*inside)["s"].as_string(), "1e400 \" 01");
  }
  for (const char* text : {"01", "-", "+1", ".5", "5.", "1e", "1e+", "0x1", "NaN", "Infinity", "-Infinity", "1_000",
                           "--1", "1e5.5", "[1e400, 01]", "[1 2]", "123456789012345678901234567890x"}) {
    EXPECT_EQ(parse(text).status().code(), base::Code::invalid_argument) << text;
  }
  EXPECT_TRUE(std::signbit(parse("-0.0")->as_double()));
}

TEST(Json, WritesOnlyUtf8AndFiniteNumbers) {
  EXPECT_EQ(write(Value("a\xff"
                        "b\xed\xa0\x80")),
            "\"a\xef\xbf\xbd"
            "b\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
  EXPECT_EQ(write(Value(std::nan(""))), "null");
  EXPECT_EQ(write(Value(3.0)), "3.0");
  EXPECT_EQ(write(Value(-0.0)), "-0.0");
  // Without an exponent where there is room: strict readers of decimals take none.
  EXPECT_EQ(write(Value(1e11)), "100000000000.0");
  EXPECT_EQ(write(Value(1e-7)), "0.0000001");
  EXPECT_EQ(write(Value(1e17)), "1e+17");
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
