#include "document/mail/mailbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "base/status_test.h"

namespace tarn::document::mail {
namespace {

struct Found {
  std::vector<std::string> messages;
  std::vector<uint64_t> offsets, sizes;
  std::vector<bool> too_long;
};

Found read_in_blocks(const std::string& box, size_t block, uint64_t most = 1 << 20) {
  MailboxReader reader([&](uint64_t from) { return from < box.size() ? box.substr(from, block) : std::string(); },
                       most);
  Found found;
  for (;;) {
    const auto more = reader.next();
    EXPECT_OK(more.status());
    if (!more.ok() || !*more) return found;
    found.messages.emplace_back(reader.bytes());
    found.offsets.push_back(reader.offset());
    found.sizes.push_back(reader.size_bytes());
    found.too_long.push_back(reader.too_long());
  }
}

const std::string kBox =
    "From ann Wed May  1 06:10:00 2024\nSubject: one\n\nFrom here: no message.\n\nFrom there\nno header\n\n"
    "From bo Wed May  1 07:10:00 2024\r\nSubject: two\r\n\r\nSecond.\r\n\r\n"
    "From cy Wed May  1 08:10:00 2024\nSubject: three\n\nThird.\n";

TEST(Mailbox, MessagesAreTheSameInBlocksOfAnySize) {
  const Found whole = read_in_blocks(kBox, kBox.size());
  ASSERT_EQ(whole.messages.size(), 3u);
  EXPECT_EQ(whole.messages[0], "Subject: one\n\nFrom here: no message.\n\nFrom there\nno header\n\n");
  EXPECT_EQ(whole.messages[1], "Subject: two\r\n\r\nSecond.\r\n\r\n");
  EXPECT_EQ(whole.messages[2], "Subject: three\n\nThird.\n");
  for (size_t i = 0; i < 3; ++i) EXPECT_EQ(kBox.substr(whole.offsets[i], whole.sizes[i]), whole.messages[i]);
  for (const size_t block : {1, 2, 7, 64}) EXPECT_EQ(read_in_blocks(kBox, block).messages, whole.messages) << block;
}

TEST(Mailbox, LongOnesAreCutAtTheSamePlacesInBlocksOfAnySize) {
  std::string box;
  for (size_t i = 0; i < 40; ++i) {
    box += "From a b\nTo: " + std::to_string(i) + "\n\n" + std::string(97 * i, 'x') + "\n\n";
  }
  const Found whole = read_in_blocks(box, box.size());
  ASSERT_EQ(whole.messages.size(), 40u);
  for (const size_t block : {500, 1'021, 4'096}) EXPECT_EQ(read_in_blocks(box, block).messages, whole.messages);
}

TEST(Mailbox, OfAMessageThatIsTooLongOnlyTheHeadIsThere) {
  const std::string box =
      kBox + "\nFrom dee x\nSubject: four\n\n" + std::string(300'000, 'y') + "\n\nFrom eve x\nSubject: five\n\n.\n";
  const Found found = read_in_blocks(box, 1'000, 100'000);
  ASSERT_EQ(found.messages.size(), 5u);
  EXPECT_EQ(found.too_long, (std::vector<bool>{false, false, false, true, false}));
  EXPECT_TRUE(found.messages[3].starts_with("Subject: four\n"));
  EXPECT_LE(found.messages[3].size(), kMessageHead);
  EXPECT_EQ(found.sizes[3], 15u + 300'000u + 2u);
  EXPECT_EQ(found.messages[4], "Subject: five\n\n.\n");
}

TEST(Mailbox, WhatIsNoneHasNoMessages) {
  EXPECT_TRUE(read_in_blocks("", 10).messages.empty());
  EXPECT_TRUE(read_in_blocks("From what I saw: the tide.\n", 10).messages.empty());
  const std::string late = std::string(5'000, 'x') + "\n\nFrom a b\nSubject: s\n\n.\n";
  EXPECT_EQ(read_in_blocks(late, 100).messages.size(), 1u);
}

TEST(Mailbox, WhatAMailProgramNotesOfAMessageIsNoPartOfIt) {
  EXPECT_EQ(message_of("Subject: s\nStatus: RO\nX-Mozilla-Status: 0001\n more\nTo: a\n\n>From here\nStatus: calm\n"),
            "Subject: s\nTo: a\n\nFrom here\nStatus: calm\n");
}

TEST(Mailbox, TheMessageThatOneAnswersIsAnEarlierOne) {
  Earlier earlier;
  const auto header = [](const std::string& text) {
    std::string_view rest;
    return parse_header(text, &rest);
  };
  const Header root = header("Message-ID: <1@a>\n\n"), reply = header("Message-ID: <2@a>\nIn-Reply-To: <1@a>\n\n"),
               deep = header("In-Reply-To: <gone@a>\nReferences: <1@a> <2@a> <gone@a>\n\n"),
               other = header("Message-ID: <4@a>\nIn-Reply-To: <lost@a>\n\n"),
               sibling = header("In-Reply-To: <lost@a>\n\n");
  EXPECT_FALSE(earlier.quoted_by(reply));
  earlier.add(root, {1, 1, {}});
  earlier.add(reply, {2, 1, {}});
  EXPECT_EQ(earlier.quoted_by(reply)->offset, 1u);
  EXPECT_EQ(earlier.quoted_by(deep)->offset, 2u);
  earlier.add(other, {4, 1, {}});
  EXPECT_EQ(earlier.quoted_by(sibling)->offset, 4u);
}

}  // namespace
}  // namespace tarn::document::mail
