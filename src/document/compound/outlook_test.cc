#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "base/status_test.h"
#include "document/compound/compressed_rtf.h"
#include "document/compound/outlook_writer_test.h"
#include "document/document.h"

namespace tarn::document::compound {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr char kMime[] = "application/vnd.ms-outlook";

std::vector<Document> read_all(const std::string& bytes) {
  std::vector<Document> all;
  EXPECT_TRUE(read(bytes, kMime, "a.msg", {}, [&](Document d) {
                all.push_back(std::move(d));
                return base::ok();
              }).ok());
  return all;
}

TEST(Outlook, AMessageHasTheRowOfMail) {
  const auto all = read_all(MsgWriter()
                                .text(0x0037, "Berth 12")
                                .text(0x0042, "Ann Tide")
                                .text(0x5D02, "ann@sea.example")
                                .text(0x1000, "Is it free?\r\n")
                                .text(0x1035, "<1@sea.example>")
                                .text(0x1042, "<0@sea.example>")
                                .time(0x0039, 133'590'312'000'000'000)
                                .properties("__recip_version1.0_#00000000/", 8, MsgWriter::entry(0x0C15, 3, 1))
                                .text(0x3001, "Bo", "__recip_version1.0_#00000000/")
                                .text(0x39FE, "bo@sea.example", "__recip_version1.0_#00000000/")
                                .properties("__recip_version1.0_#00000001/", 8, MsgWriter::entry(0x0C15, 3, 2))
                                .text(0x39FE, "cy@sea.example", "__recip_version1.0_#00000001/")
                                .written());
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].title, "Berth 12");
  EXPECT_EQ(all[0].author, "Ann Tide <ann@sea.example>");
  EXPECT_EQ(all[0].mime, kMime);
  EXPECT_EQ(all[0].body, "Is it free?\n");
  EXPECT_EQ(all[0].created_at_us, 1714557600000000);
  EXPECT_EQ(all[0].extra["to"].as_string(), "Bo <bo@sea.example>");
  EXPECT_EQ(all[0].extra["cc"].as_string(), "cy@sea.example");
  EXPECT_EQ(all[0].extra["message_id"].as_string(), "1@sea.example");
  EXPECT_EQ(all[0].extra["thread"].as_string(), "0@sea.example");
}

TEST(Outlook, FieldsOfTheInternetComeFirstAndTextsHaveACodePage) {
  const auto all =
      read_all(MsgWriter()
                   .number(0x3FFD, 1251)
                   .narrow(0x0037, "\xCF\xF0\xE8")
                   .narrow(0x1000, "\xCF\xF0\xE8")
                   .text(0x007D, "From: Bo <bo@sea.example>\r\nContent-Type: text/plain\r\nMessage-ID: <7@b>\r\n\r\n")
                   .text(0x0042, "Someone else")
                   .written());
  EXPECT_EQ(all[0].title, "При");
  EXPECT_EQ(all[0].body, "При\n");
  EXPECT_EQ(all[0].author, "Bo <bo@sea.example>");
  EXPECT_EQ(all[0].extra["message_id"].as_string(), "7@b");
}

TEST(Outlook, AttachmentsAndAttachedMessagesAreParts) {
  const std::string file = "__attach_version1.0_#00000000/", message = "__attach_version1.0_#00000001/";
  const std::string inner = message + "__substg1.0_3701000D/";
  const auto all = read_all(MsgWriter()
                                .text(0x0037, "Two")
                                .text(0x1000, "see below")
                                .properties(file, 8)
                                .text(0x3707, "tides.md", file)
                                .bytes(0x3701, "# Tides\n\nHigh at six.\n", file)
                                .properties(message, 8)
                                .properties(inner, 24)
                                .text(0x0037, "Earlier", inner)
                                .text(0x1000, "older words", inner)
                                .written());
  std::vector<std::string> parts;
  for (const Document& d : all) parts.push_back(d.part);
  EXPECT_THAT(parts, ElementsAre("", "tides.md", "Earlier"));
  EXPECT_THAT(all[1].body, HasSubstr("High at six."));
  EXPECT_EQ(all[2].body, "older words\n");
}

// Packed without references: each group of eight characters has its byte of flags.
std::string packed_rtf(const std::string& text) {
  std::string bytes;
  for (size_t at = 0; at < text.size(); at += 8) bytes += '\0' + text.substr(at, 8);
  return packed(static_cast<uint32_t>(bytes.size() + 12), static_cast<uint32_t>(text.size()), uint32_t{0x75465A4C},
                uint32_t{0}) +
         bytes;
}

TEST(Outlook, ABodyThatIsPackedRtfIsRead) {
  const std::string html =
      "{\\rtf1\\ansi\\fromhtml1 {\\*\\htmltag <p>}{\\*\\htmltag <b>}\\htmlrtf {\\b\\htmlrtf0 calm\\htmlrtf }\\htmlrtf0 "
      "{\\*\\htmltag </b>} sea{\\*\\htmltag </p>}}";
  EXPECT_EQ(read_all(MsgWriter().text(0x0037, "R").bytes(0x1009, packed_rtf(html)).written())[0].body,
            "**calm** sea\n");
  EXPECT_EQ(
      read_all(MsgWriter().text(0x0037, "R").bytes(0x1009, packed_rtf("{\\rtf1 plain sea\\par}")).written())[0].body,
      "plain sea\n");
}

TEST(Outlook, PackedRtfRefersBackAndToWhatIsKnown) {
  // "{\rtf1" is what every text begins with: a reference of six characters to place 0; then a letter, and five of it.
  const std::string body = packed(uint8_t{0b101}, uint8_t{0x00}, uint8_t{0x04}, 'x', uint8_t{0x0D}, uint8_t{0x53});
  const size_t before = 207;
  const uint16_t back = static_cast<uint16_t>((before + 6) << 4 | 3);
  std::string bytes = packed(uint8_t{0b101}, uint8_t{0x00}, uint8_t{0x04}, 'x', static_cast<uint8_t>(back >> 8),
                             static_cast<uint8_t>(back));
  EXPECT_EQ(unpacked_rtf(packed(uint32_t{100}, uint32_t{12}, uint32_t{0x75465A4C}, uint32_t{0}) + bytes),
            "{\\rtf1xxxxxx");
  EXPECT_EQ(unpacked_rtf(packed(uint32_t{0}, uint32_t{4}, uint32_t{0x414C454D}, uint32_t{0}) + "calm"), "calm");
  EXPECT_EQ(unpacked_rtf("short"), "");
  EXPECT_EQ(
      unpacked_rtf(packed(uint32_t{100}, uint32_t{0xFFFFFFFF}, uint32_t{0x75465A4C}, uint32_t{0}) + body).substr(0, 6),
      "{\\rtf1");
}

}  // namespace
}  // namespace tarn::document::compound
