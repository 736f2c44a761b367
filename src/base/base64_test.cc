#include "base/base64.h"

#include <gtest/gtest.h>

namespace tarn::base {
namespace {

TEST(Base64, AGroupThatIsNotWholeIsPadded) {
  EXPECT_EQ(to_base64(""), "");
  EXPECT_EQ(to_base64("f"), "Zg==");
  EXPECT_EQ(to_base64("fo"), "Zm8=");
  EXPECT_EQ(to_base64("foo"), "Zm9v");
  EXPECT_EQ(to_base64("\xFB\xFF\xBFx"), "+/+/eA==");
}

}  // namespace
}  // namespace tarn::base
