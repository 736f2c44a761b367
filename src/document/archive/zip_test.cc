#include "document/archive/zip.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/status_test.h"
#include "document/archive/zip_writer_test.h"

namespace tarn::document {
namespace {

using base::Code;
using testing::HasSubstr;

std::string read_all(Zip& zip, const std::string& name) {
  const ZipMember* member = zip.find(name);
  if (!member) return "not there";
  auto bytes = zip.read(*member, 1'000'000);
  return bytes.ok() ? *bytes : bytes.status().message();
}

TEST(Zip, MembersAreStoredOrDeflated) {
  const std::string bytes =
      ZipWriter().add("tides.txt", std::string(5'000, 'x')).add("Dir/buoy.txt", "red", {.deflate = false}).bytes();
  Zip zip = take(Zip::open(bytes));
  ASSERT_EQ(zip.members().size(), 2u);
  EXPECT_EQ(read_all(zip, "tides.txt"), std::string(5'000, 'x'));
  EXPECT_EQ(read_all(zip, "dir/BUOY.txt"), "red");
  EXPECT_EQ(zip.find("Dir"), nullptr);
}

TEST(Zip, BytesBeforeItAreNotItsOwn) {
  const std::string bytes = std::string("#!/bin/sh\nexit 1\n") + ZipWriter().add("a", "anchor").bytes();
  Zip zip = take(Zip::open(bytes));
  EXPECT_EQ(read_all(zip, "a"), "anchor");
}

TEST(Zip, NamesOfDosAreDecoded) {
  const std::string bytes = ZipWriter().add("caf\x82.txt", "x").bytes();
  const Zip zip = take(Zip::open(bytes));
  EXPECT_EQ(zip.members()[0].name, "caf\xC3\xA9.txt");
}

TEST(Zip, LinksFoldersAndDevicesAreKnown) {
  const std::string bytes = ZipWriter()
                                .add("link", "/etc/passwd", {.deflate = false, .mode = 0120777})
                                .add("tty", "", {.deflate = false, .mode = 0020666})
                                .add("folder/", "", {.deflate = false})
                                .bytes();
  const Zip zip = take(Zip::open(bytes));
  EXPECT_TRUE(zip.members()[0].is_link);
  EXPECT_TRUE(zip.members()[1].is_special);
  EXPECT_TRUE(zip.members()[2].is_folder);
}

TEST(Zip, WhatCannotBeReadIsNamed) {
  std::string bytes = ZipWriter()
                          .add("locked.txt", "x", {.flags = 1})
                          .add("odd.txt", "x", {.deflate = false, .method = 12})
                          .add("good.txt", "fair wind")
                          .bytes();
  Zip zip = take(Zip::open(bytes));
  EXPECT_THAT(read_all(zip, "locked.txt"), HasSubstr("'locked.txt' in it is encrypted"));
  EXPECT_THAT(read_all(zip, "odd.txt"), HasSubstr("(method 12)"));
  EXPECT_EQ(read_all(zip, "good.txt"), "fair wind");
}

TEST(Zip, DamageIsFoundByTheChecksum) {
  std::string bytes = ZipWriter().add("log", "all is well", {.deflate = false}).bytes();
  bytes[bytes.find("all is")] = 'A';
  Zip zip = take(Zip::open(bytes));
  EXPECT_THAT(read_all(zip, "log"), HasSubstr("its checksum differs"));
}

TEST(Zip, EveryCutAndEveryFlippedByteIsAnErrorOrTheSame) {
  const std::string whole = ZipWriter().add("a.txt", "the tide turns").add("b.txt", "at noon").bytes();
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(Zip::open(std::string_view(whole).substr(0, size)).ok()) << size;
  }
  for (size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x21);
    auto zip = Zip::open(damaged);
    if (!zip.ok()) continue;
    for (const ZipMember& m : zip->members()) {
      const auto bytes = zip->read(m, 1'000);
      if (!bytes.ok()) continue;
      EXPECT_TRUE(*bytes == "the tide turns" || *bytes == "at noon" || bytes->empty()) << at;
    }
  }
}

// "a.txt", deflated with its sizes behind it, and "b.txt", stored.
std::string streamed() {
  const std::string packed = ZipWriter::deflated("PK\x03\x04 is how a member begins");
  const std::string header("PK\x03\x04\x14\0\x08\0\x08\0\0\0\0\0", 14);
  const std::string whole = ZipWriter().add("b.txt", "at noon", {.deflate = false}).bytes();
  return header + std::string(12, '\0') + std::string("\x05\0\0\0", 4) + "a.txt" + packed +
         std::string("PK\x07\x08", 4) + std::string(12, 'x') + whole;
}

TEST(Zip, WithoutADirectoryMembersAreFoundByTheirOwnHeaders) {
  const std::string bytes = streamed();
  const std::string cut = bytes.substr(0, bytes.find("PK\x01\x02"));
  EXPECT_FALSE(Zip::open(cut).ok());
  Zip zip = Zip::recovered(cut);
  ASSERT_EQ(zip.members().size(), 2u);
  EXPECT_EQ(read_all(zip, "a.txt"), "PK\x03\x04 is how a member begins");
  EXPECT_EQ(read_all(zip, "b.txt"), "at noon");
  Zip shorter = Zip::recovered(std::string_view(cut).substr(0, cut.size() - 2));
  EXPECT_EQ(read_all(shorter, "a.txt"), "PK\x03\x04 is how a member begins");
  EXPECT_THAT(read_all(shorter, "b.txt"), HasSubstr("cut off"));
  EXPECT_TRUE(Zip::recovered("no zip at all").members().empty());
}

TEST(Zip, EveryCutIsRecoveredAsFarAsItGoes) {
  const std::string whole = streamed();
  for (size_t size = 0; size < whole.size(); ++size) {
    Zip zip = Zip::recovered(std::string_view(whole).substr(0, size));
    for (const ZipMember& m : zip.members()) {
      const auto bytes = zip.read(m, 1'000);
      if (!bytes.ok() || m.name != "b.txt") continue;
      EXPECT_EQ(*bytes, "at noon") << size;
    }
  }
}

TEST(Zip, AMemberIsNotReadBeyondItsLimit) {
  const std::string bytes = ZipWriter().add("zeros", std::string(2'000'000, '\0')).bytes();
  Zip zip = take(Zip::open(bytes));
  EXPECT_EQ(zip.read(*zip.find("zeros"), 1'000'000).status().code(), Code::exhausted);
}

}  // namespace
}  // namespace tarn::document
