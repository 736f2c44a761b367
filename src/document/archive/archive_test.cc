#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zstd.h>

#include <algorithm>
#include <map>
#include <string>

#include "base/status_test.h"
#include "document/archive/tar.h"
#include "document/archive/unpack.h"
#include "document/archive/zip_writer_test.h"
#include "document/document.h"

namespace tarn::document {
namespace {

using base::Code;
using testing::HasSubstr;

// A tar archive of ustar, member by member.
class TarWriter {
 public:
  TarWriter& add(const std::string& name, const std::string& bytes, char type = '0', const std::string& target = "") {
    std::string h(kTarBlock, '\0');
    h.replace(0, name.size(), name);
    h.replace(100, 7, "0000644");
    char size[13];
    std::snprintf(size, sizeof size, "%011zo", bytes.size());
    h.replace(124, 11, size);
    h[156] = type;
    h.replace(157, target.size(), target);
    h.replace(257, 8, std::string("ustar\00000", 8));
    h.replace(148, 8, 8, ' ');
    unsigned sum = 0;
    for (const char c : h) sum += static_cast<unsigned char>(c);
    std::snprintf(size, sizeof size, "%06o", sum);
    h.replace(148, 6, size);
    h[154] = '\0';
    out_ += h + bytes + std::string((kTarBlock - bytes.size() % kTarBlock) % kTarBlock, '\0');
    return *this;
  }
  std::string bytes() const { return out_ + std::string(2 * kTarBlock, '\0'); }
  std::string without_end() const { return out_; }

 private:
  std::string out_;
};

// Body, or why it was not read, of each part.
std::map<std::string, std::string> parts_of(const std::string& bytes, const std::string& name,
                                            base::Status* status = nullptr) {
  std::map<std::string, std::string> found;
  const auto done = read(bytes, detect_type(name, bytes.substr(0, 4096)), name, {}, [&](Document d) {
    found[d.part] = d.extra.contains("not_read") ? "not read: " + std::string(d.extra["not_read"].as_string()) : d.body;
    return base::ok();
  });
  if (status) {
    *status = done;
  } else {
    EXPECT_TRUE(done.ok()) << done.to_string();
  }
  return found;
}

using Parts = std::map<std::string, std::string>;

TEST(Archive, AZipListsItsMembersAndReadsEach) {
  const std::string bytes = ZipWriter()
                                .add("log/", "", {.deflate = false})
                                .add("log/may.md", "# May\n\nCalm.\n")
                                .add("../etc/tide.txt", "High at noon.\n")
                                .add("film.mp4", "\x89\1\r\n\x1a\n\0\0\0")
                                .add("__MACOSX/._may.md", "x")
                                .bytes();
  EXPECT_EQ(parts_of(bytes, "pack.zip"), (Parts{{"", "- log/may.md\n- ../etc/tide.txt\n- film.mp4\n"},
                                                {"log/may.md", "# May\n\nCalm.\n"},
                                                {"../etc/tide.txt", "High at noon.\n"},
                                                {"film.mp4", "not read: its type is not read"}}));
}

TEST(Archive, AMemberThatFailsIsNamedAndOthersStay) {
  std::string bytes = ZipWriter()
                          .add("a.txt", "the first one", {.deflate = false})
                          .add("locked.txt", "secret", {.flags = 1})
                          .add("z.txt", "the last one", {.deflate = false})
                          .bytes();
  bytes[bytes.find("the first")] = 'T';
  const Parts parts = parts_of(bytes, "pack.zip");
  EXPECT_THAT(parts.at("a.txt"), HasSubstr("its checksum differs"));
  EXPECT_THAT(parts.at("locked.txt"), HasSubstr("is encrypted"));
  EXPECT_EQ(parts.at("z.txt"), "the last one");
}

TEST(Archive, ATarMayBeCompressedAndItsLinksAreNotFollowed) {
  const std::string tar = TarWriter()
                              .add("./notes/a.txt", "calm")
                              .add("notes/passwd", "", '2', "/etc/passwd")
                              .add("dev/tty", "", '3')
                              .add("notes/", "", '5')
                              .bytes();
  const Parts wanted = {
      {"",
       "- notes/a.txt\n- notes/passwd (a link or device, not followed)\n- dev/tty (a link or device, not followed)\n"},
      {"notes/a.txt", "calm"}};
  std::string zstd(ZSTD_compressBound(tar.size()), '\0');
  zstd.resize(ZSTD_compress(zstd.data(), zstd.size(), tar.data(), tar.size(), 3));
  EXPECT_EQ(parts_of(tar, "a.tar"), wanted);
  EXPECT_EQ(parts_of(ZipWriter::deflated(tar, 31), "a.tar.gz"), wanted);
  EXPECT_EQ(parts_of(ZipWriter::deflated(tar, 31), "a.tgz"), wanted);
  EXPECT_EQ(parts_of(zstd, "a.tar.zst"), wanted);
}

TEST(Archive, LongNamesOfGnuAndPaxAreRead) {
  const std::string deep = std::string(120, 'd') + "/note.txt";
  EXPECT_EQ(parts_of(TarWriter().add("@LongLink", deep + '\0', 'L').add("short", "one").bytes(), "a.tar").at(deep),
            "one");
  std::string record = " path=" + deep + "\n";
  record = std::to_string(record.size() + 3) + record;
  EXPECT_EQ(parts_of(TarWriter().add("pax", record, 'x').add("short.txt", "two").bytes(), "a.tar").at(deep), "two");
}

TEST(Archive, ArchivesInArchivesAreReadToADepth) {
  std::string inner = ZipWriter().add("tide.txt", "high").bytes();
  for (int i = 0; i < 4; ++i) inner = ZipWriter().add("in.zip", inner).bytes();
  const Parts parts = parts_of(inner, "pack.zip");
  EXPECT_EQ(parts.at("in.zip"), "- in.zip\n");
  EXPECT_EQ(parts.at("in.zip/in.zip/in.zip/in.zip"), "not read: it lies deeper than kMaxPartDepth (3)");
  EXPECT_EQ(parts.count("in.zip/in.zip/in.zip/in.zip/tide.txt"), 0u);
}

TEST(Archive, OneCompressedFileIsReadAsWhatItHolds) {
  const Parts parts =
      parts_of(ZipWriter::deflated("# Wind\n\nNone.\n", 31) + ZipWriter::deflated("More.\n", 31), "log.md.gz");
  EXPECT_EQ(parts, (Parts{{"", "# Wind\n\nNone.\nMore.\n"}}));
  auto d = extract(ZipWriter::deflated("# Wind\n", 31), "application/gzip", "log.md.gz");
  ASSERT_OK(d.status());
  EXPECT_EQ(d->mime, "text/markdown");
}

TEST(Archive, OneCompressedFileOfATypeThatIsNotReadIsPassedOver) {
  for (const char* name : {"a.bin.gz", "crawl.warc.gz", "film.mp4.zst"}) EXPECT_EQ(detect_type(name, "x"), "") << name;
  for (const char* name : {"a.tar.gz", "a.md.gz", "app.log.1.gz", "a.tgz", "README.gz", "a.docx.zst"}) {
    EXPECT_EQ(detect_type(name, "x"), "application/zip") << name;
  }
  EXPECT_THAT(extract("no archive", "application/gzip", "blah.gz").status().message(), HasSubstr("it is no archive"));
}

TEST(Archive, ABombIsRefusedAndItsNeighbourIsRead) {
  const std::string zeros(size_t{40} << 20, '0');
  EXPECT_THAT(parts_of(ZipWriter().add("bomb.txt", zeros).add("note.txt", "calm").bytes(), "a.zip"),
              testing::AllOf(testing::Contains(testing::Pair("bomb.txt", HasSubstr("kMaxRatio"))),
                             testing::Contains(testing::Pair("note.txt", "calm"))));
  base::Status status;
  parts_of(ZipWriter::deflated(zeros, 31), "bomb.txt.gz", &status);
  EXPECT_EQ(status.code(), Code::exhausted);
}

TEST(Archive, OneBudgetHoldsForArchivesInArchives) {
  const std::string inner = ZipWriter().add("zeros.txt", std::string(size_t{7} << 20, '0')).bytes();
  ZipWriter outer;
  for (int i = 0; i < 6; ++i) outer.add(std::to_string(i) + ".zip", inner);
  const Parts parts = parts_of(outer.bytes(), "pack.zip");
  EXPECT_EQ(parts.at("3.zip/zeros.txt").size(), size_t{7} << 20);
  EXPECT_THAT(parts.at("5.zip/zeros.txt"), HasSubstr("kMaxRatio"));
}

TEST(Archive, WhatWasRefusedCostsTimeAndNoRatio) {
  Budget budget(1'000);
  EXPECT_FALSE(budget.take(2 * kRatioFrom).ok());
  budget.refuse(2 * kRatioFrom);
  EXPECT_OK(budget.take(kRatioFrom / 2));
  for (uint64_t taken = 3 * kRatioFrom; taken < kMaxUnpackedBytes; taken += kRatioFrom) {
    (void)budget.take(kRatioFrom);
    budget.refuse(kRatioFrom);
  }
  EXPECT_THAT(budget.take(kRatioFrom).message(), HasSubstr("kMaxUnpackedBytes"));
}

TEST(Archive, ATarThatStopsHalfwayTellsOfTheRest) {
  // Its second member is an archive that spends the budget.
  const std::string bomb = ZipWriter().add("zeros.txt", std::string(size_t{31} << 20, '0')).bytes();
  const std::string tar = TarWriter()
                              .add("a.txt", "calm")
                              .add("b.zip", bomb)
                              .add("filling.bin", std::string(size_t{4} << 20, '\0'))
                              .add("c.txt", "late")
                              .bytes();
  const Parts parts = parts_of(ZipWriter::deflated(tar, 31), "a.tar.gz");
  EXPECT_EQ(parts.at("a.txt"), "calm");
  EXPECT_THAT(parts.at("… (more members)"), HasSubstr("kMaxRatio"));
}

TEST(Archive, OneCompressedFileObeysTheLimitOfItsReader) {
  std::string text;
  for (uint64_t n = 1; text.size() <= kMaxDocumentBytes; n = n * 6'364'136'223'846'793'005u + 1) {
    text += std::to_string(n) + std::string(900, '.');
  }
  base::Status status;
  parts_of(ZipWriter::deflated(text, 31), "log.txt.gz", &status);
  EXPECT_THAT(status.message(), HasSubstr("the limit max_bytes of the reader 'text'"));
}

TEST(Archive, AZipThatWasCutKeepsTheMembersThatCameBefore) {
  std::string bytes = ZipWriter().add("a.txt", "whole").add("b.txt", "cut off", {.deflate = false}).bytes();
  bytes.resize(bytes.find("cut off") + 3);
  const Parts parts = parts_of(bytes, "a.zip");
  EXPECT_EQ(parts.at(""), "- a.txt\n- b.txt\n");
  EXPECT_EQ(parts.at("a.txt"), "whole");
  EXPECT_THAT(parts.at("b.txt"), HasSubstr("cut off"));
  const auto d = take(extract(bytes, "application/zip", "a.zip"));
  EXPECT_THAT(std::string(d.extra["damaged"].as_string()), HasSubstr("its directory is missing"));
}

TEST(Archive, ThousandsOfOneNameAreNumbered) {
  ZipWriter zip;
  for (size_t i = 0; i < kMaxParts - 1; ++i) zip.add("a.txt", "x", {.deflate = false});
  const Parts parts = parts_of(zip.bytes(), "many.zip");
  EXPECT_EQ(parts.size(), kMaxParts);
  EXPECT_EQ(parts.count("a.txt (" + std::to_string(kMaxParts - 1) + ")"), 1u);
}

TEST(Archive, WhatIsCutOffKeepsWhatCameBefore) {
  const std::string tar = TarWriter().add("a.txt", "whole").add("b.txt", std::string(2'000, 'b')).without_end();
  const Parts parts = parts_of(tar.substr(0, 2'048), "a.tar");
  EXPECT_EQ(parts.at("a.txt"), "whole");
  auto d = extract(tar.substr(0, 2'048), "application/x-tar", "a.tar");
  EXPECT_THAT(std::string(d->extra["damaged"].as_string()), HasSubstr("cut off"));
  base::Status status;
  parts_of("PK\x03\x04 and nothing", "a.zip", &status);
  EXPECT_EQ(status.code(), Code::invalid_argument);
}

TEST(Archive, MorePartsThanTheLimitAreCutAndSaidSo) {
  ZipWriter zip;
  for (size_t i = 0; i < kMaxParts + 5; ++i) zip.add(std::to_string(i) + ".txt", "x", {.deflate = false});
  const Parts parts = parts_of(zip.bytes(), "many.zip");
  EXPECT_EQ(parts.size(), kMaxParts + 1);
  EXPECT_THAT(parts.at("… (more parts)"), HasSubstr("kMaxParts"));
}

TEST(Archive, EveryFlippedByteOfATarIsAnErrorOrAnArchive) {
  const std::string whole = TarWriter().add("a.txt", "calm").add("long", "b.txt\0", 'L').add("b", "windy").bytes();
  for (size_t at = 0; at < whole.size(); at += 3) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x95);
    base::Status status;
    parts_of(damaged, "a.tar", &status);
    EXPECT_NE(status.code(), Code::internal) << at;
  }
}

}  // namespace
}  // namespace tarn::document
