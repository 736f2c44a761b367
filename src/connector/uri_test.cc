#include "connector/uri.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace tarn::connector {
namespace {

TEST(Uri, EncodesWhatIsNotAllowedInAPath) {
  EXPECT_EQ(encode_path("/a b/c%d?e#f"), "/a%20b/c%25d%3Fe%23f");
  EXPECT_EQ(encode_path("line\nbreak\xFF"), "line%0Abreak%FF");
  EXPECT_EQ(encode_path("caf\xC3\xA9"), "caf%C3%A9");
  EXPECT_EQ(file_url("/tmp/x"), "file:///tmp/x");
}

TEST(Uri, RoundTripsAnyBytes) {
  uint64_t seed = 20261;
  SCOPED_TRACE(seed);
  base::Random random(seed);
  for (int i = 0; i < 500; ++i) {
    std::string path;
    for (uint64_t n = random.below(40); n > 0; --n) path += static_cast<char>(random.below(256));
    std::string encoded = encode_path(path);
    for (char c : encoded) EXPECT_TRUE(c > 0x20 && c < 0x7F);
    auto decoded = decode_path(encoded);
    ASSERT_TRUE(decoded.ok());
    EXPECT_EQ(*decoded, path);
  }
}

TEST(Uri, RefusesHalfAnEscape) {
  for (const char* bad : {"%", "a%", "a%4", "a%4g", "%%20", "a%g0"}) {
    EXPECT_EQ(decode_path(bad).status().code(), base::Code::invalid_argument) << bad;
  }
  EXPECT_EQ(*decode_path("%41"), "A");
}

TEST(Uri, Schemes) {
  EXPECT_EQ(scheme_of("https://x"), "https");
  EXPECT_EQ(scheme_of("git+https://x"), "git+https");
  EXPECT_EQ(scheme_of("singer:tap-x"), "singer");
  for (const char* path : {"docs", "/a:b", "./a:b", "c:\\x", "", "a b:c"}) EXPECT_EQ(scheme_of(path), "") << path;
}

TEST(Uri, DisplayNamesAreText) {
  EXPECT_EQ(display_name("a\nb"), "a b");
  EXPECT_EQ(display_name("x\xFFy"), "x\xEF\xBF\xBDy");
  EXPECT_EQ(display_name("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");  // a surrogate
  EXPECT_EQ(display_name("caf\xC3\xA9"), "caf\xC3\xA9");
}

}  // namespace
}  // namespace tarn::connector
