#include "connector/reading.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

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

TEST(Reading, APasswordComesFromAFileAndIsNotKept) {
  const std::string path = testing::TempDir() + "tarn_password_" + std::to_string(getpid());
  std::ofstream(path) << "harbour\r\nsecond line\n";
  const Reading reading{.as = {}, .charset = "", .password_file = path};
  std::filesystem::permissions(path, std::filesystem::perms(0640));
  const base::Status open = Reader::make(reading).status();
  EXPECT_EQ(open.code(), base::Code::permission_denied);
  EXPECT_EQ(open.message(), "--password-file '" + path + "' may be read by others (its mode is 640)");
  EXPECT_EQ(open.hint(), "chmod 600 it");
  std::filesystem::permissions(path, std::filesystem::perms(0600));
  auto reader = Reader::make(reading);
  ASSERT_TRUE(reader.ok()) << reader.status().to_string();
  EXPECT_EQ(reader->options("application/pdf").password, "harbour");
  EXPECT_EQ(reader->options("text/html").password, "");
  EXPECT_EQ(reader->way("application/pdf", "application/pdf"), ";password");
  const json::Value kept = to_json(reading);
  EXPECT_EQ(json::write(kept).find("harbour"), std::string::npos);
  EXPECT_EQ(parse_reading(kept), reading);
  std::ofstream(path) << "\xEF\xBB\xBFharbour\n";
  auto behind_a_mark = Reader::make(reading);
  ASSERT_TRUE(behind_a_mark.ok()) << behind_a_mark.status().to_string();
  EXPECT_EQ(behind_a_mark->options("application/pdf").password, "harbour");
  std::filesystem::remove(path);
  EXPECT_EQ(parse_reading(kept), reading);
  for (const std::string& wrong : {path, std::string("relative")}) {
    const base::Status status = Reader::make({.as = {}, .charset = "", .password_file = wrong}).status();
    EXPECT_EQ(status.code(), base::Code::invalid_argument);
    EXPECT_NE(status.message().find(wrong), std::string::npos);
  }
}

}  // namespace
}  // namespace tarn::connector
