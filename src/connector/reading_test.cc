#include "connector/reading.h"

#include <gtest/gtest.h>

namespace tarn::connector {
namespace {

TEST(Reading, ACharsetThatNobodyKnowsIsRefused) {
  for (const char* label : {"", "utf-8", "windows-1252", "Shift_JIS", "latin1"}) {
    EXPECT_TRUE(Reader::make({.as = {}, .charset = label}).ok()) << label;
  }
  const base::Status status = Reader::make({.as = {}, .charset = "nope"}).status();
  EXPECT_EQ(status.code(), base::Code::invalid_argument);
  EXPECT_EQ(status.message(), "--charset 'nope' is no character set that is read");
  EXPECT_NE(status.hint().find("windows-1250"), std::string::npos);
}

}  // namespace
}  // namespace tarn::connector
