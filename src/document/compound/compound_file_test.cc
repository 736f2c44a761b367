#include "document/compound/compound_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/status_test.h"
#include "document/compound/characters.h"
#include "document/compound/compound_writer_test.h"
#include "document/document.h"

namespace tarn::document::compound {
namespace {

using testing::HasSubstr;

std::string two_streams() {
  return CompoundWriter().add("Log", "wind from the west").add("Deep/Tides", std::string(9'000, 't')).bytes();
}

TEST(CompoundFile, StreamsLieInStorages) {
  const std::string bytes = two_streams();
  CompoundFile file = take(CompoundFile::open(bytes));
  EXPECT_EQ(take(file.read(file.root(), "log")), "wind from the west");
  const CompoundFile::Entry* deep = file.find("Deep");
  ASSERT_TRUE(deep && deep->is_storage);
  EXPECT_EQ(take(file.read(*deep, "Tides")), std::string(9'000, 't'));
  EXPECT_EQ(take(file.read(*deep, "Log")), "");
  EXPECT_FALSE(file.damaged());
}

TEST(CompoundFile, WhatIsCutOffGivesWhatThereIs) {
  const std::string bytes = two_streams();
  for (size_t size = 0; size < bytes.size(); size += 61) {
    const std::string cut = bytes.substr(0, size);
    auto file = CompoundFile::open(cut);
    if (!file.ok()) continue;
    for (const char* name : {"Log", "Deep"}) {
      const CompoundFile::Entry* found = file->find(name);
      if (!found || found->is_storage) continue;
      EXPECT_LE(take(file->read(*found)).size(), 18u);
    }
  }
}

TEST(CompoundFile, AChainThatComesBackEnds) {
  std::string bytes = CompoundWriter().add("Long", std::string(6'000, 'x')).bytes();
  // The first sector of the stream is said to be behind itself.
  const uint32_t fat_sector = base::load_le<uint32_t>(bytes.data() + 76);
  bytes.replace((fat_sector + 1) * 512, 4, std::string(4, '\0'));
  CompoundFile file = take(CompoundFile::open(bytes));
  EXPECT_EQ(take(file.read(file.root(), "Long")).size(), 512u);
  EXPECT_TRUE(file.damaged());
}

TEST(CompoundFile, AnyByteMayBeWrong) {
  const std::string whole = two_streams();
  for (size_t at = 0; at < 1'024 + 512; ++at) {
    for (const char value : {'\x00', '\x7F', '\xFF'}) {
      std::string bytes = whole;
      bytes[at] = value;
      auto file = CompoundFile::open(bytes);
      if (!file.ok()) continue;
      const auto read = file->read(file->root(), "Log");
      EXPECT_TRUE(!read.ok() || read->size() <= bytes.size());
    }
  }
}

TEST(CompoundFile, WhatHoldsNothingOfOfficeIsRefusedByName) {
  EXPECT_THAT(extract(two_streams(), "application/msword", "a.doc").status().message(), HasSubstr("without a text"));
  EXPECT_EQ(
      extract(CompoundWriter().add("EncryptedPackage", "x").bytes(), "application/msword", "a.doc").status().code(),
      base::Code::permission_denied);
  EXPECT_THAT(
      extract(CompoundWriter().add("PP40", "x").bytes(), "application/vnd.ms-powerpoint", "a.ppt").status().message(),
      HasSubstr("PowerPoint 95"));
  EXPECT_THAT(extract("\xDB\xA5 and more", "application/msword", "a.doc").status().message(), HasSubstr("Word 2"));
}

TEST(CompoundFile, WhatIsSomethingElseIsReadAsThat) {
  const auto page = extract("<html><body><table><tr><td>berth</td></tr></table></body></html>",
                            "application/vnd.ms-excel", "list.xls");
  ASSERT_OK(page);
  EXPECT_THAT(page->body, HasSubstr("berth"));
  EXPECT_EQ(page->mime, "text/html");
  EXPECT_EQ(take(extract("{\\rtf1 calm sea\\par}", "application/msword", "a.doc")).body, "calm sea\n");
}

TEST(CompoundFile, TypesAreKnownByTheirStreams) {
  EXPECT_EQ(detect_type("noname", CompoundWriter().add("WordDocument", "x").bytes().substr(0, 4096)),
            "application/msword");
  EXPECT_EQ(detect_type("a.bin", CompoundWriter().add("Workbook", "x").bytes().substr(0, 4096)),
            "application/vnd.ms-excel");
  EXPECT_EQ(detect_type("a.bin", CompoundWriter().add("PowerPoint Document", "x").bytes().substr(0, 4096)),
            "application/vnd.ms-powerpoint");
  EXPECT_EQ(detect_type("a.docx", CompoundWriter().add("__properties_version1.0", "x").bytes().substr(0, 4096)),
            "application/vnd.ms-outlook");
  EXPECT_EQ(detect_type("old.msg", ""), "application/vnd.ms-outlook");
}

TEST(CompoundFile, CharactersOfCodePages) {
  EXPECT_EQ(from_code_page("\xCF\xF0\xE8", 1251), "При");
  EXPECT_EQ(from_code_page("\x93\xFA", 932), "日");
  EXPECT_EQ(from_code_page("\x80", 31), "€");
  EXPECT_EQ(from_utf16(std::string("\x3D\xD8\x00\xDE\x3D\xD8", 6)), "\xF0\x9F\x98\x80\xEF\xBF\xBD");
}

}  // namespace
}  // namespace tarn::document::compound
