#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/status_test.h"
#include "document/compound/word_writer_test.h"
#include "document/document.h"

namespace tarn::document::compound {
namespace {

using testing::HasSubstr;

constexpr char kMime[] = "application/msword";

Document read_whole(const std::string& bytes) { return take(extract(bytes, kMime, "log.doc")); }

template <typename T>
std::string change(Short code, T operand) {
  return packed(code, operand);
}
const std::string kInTable = change(0x2416, uint8_t{1}), kEndsRow = change(0x2417, uint8_t{1});

// Where the cells of a row end, and the flags of each.
std::string row_of(const std::vector<std::pair<Short, Short>>& cells) {
  std::string bytes = packed(static_cast<uint8_t>(cells.size()), Short{0});
  for (const auto& [right, flags] : cells) bytes += packed(right);
  for (const auto& [right, flags] : cells) bytes += packed(flags) + std::string(18, '\0');
  return packed(Short{0xD608}, static_cast<Short>(bytes.size() + 1)) + bytes;
}

TEST(Word, ParagraphsHaveTheStylesThatWordNames) {
  const Document d = read_whole(WordWriter()
                                    .style(0, "Normal")
                                    .style(2,
                                           "\xDC"
                                           "berschrift 2")
                                    .style(62, "Titel")
                                    .style(0xFFE, "HTML Preformatted")
                                    .line("The log", 2)
                                    .line("Winds", 1)
                                    .line("West, then calm.", 0)
                                    .line("tide --all", 3)
                                    .bytes());
  EXPECT_EQ(d.body, "# The log\n\n## Winds\n\nWest, then calm.\n\n```\ntide --all\n```\n");
  EXPECT_EQ(d.title, "The log");
}

TEST(Word, CharactersOfOneByteAreWindows1252) {
  WordWriter w;
  w.eight_bits = true;
  EXPECT_EQ(read_whole(w.line("caf\xE9 \x80").bytes()).body, "café €\n");
}

TEST(Word, MarksHiddenAndDeletedTextStandInTheFormats) {
  const Document d = read_whole(WordWriter()
                                    .add("Depth ")
                                    .add("three", change(0x0800, uint8_t{1}))
                                    .add("five", change(0x0835, uint8_t{1}))
                                    .add(" secret", change(0x083C, uint8_t{1}))
                                    .end()
                                    .bytes());
  EXPECT_EQ(d.body, "Depth **five**\n");
  EXPECT_EQ(d.extra["changes_accepted"].as_int(), 1);
  EXPECT_EQ(d.extra["hidden_characters"].as_int(), 7);
}

TEST(Word, WhatWasChangedSinceItWasSavedWholeStandsWithThePiece) {
  constexpr Short kSwitchedOn = 1 << 8;
  WordWriter w;
  w.line("abcd");
  w.pieces = {{0, 0x55 << 1 | kSwitchedOn}, {2, 0x57 << 1 | kSwitchedOn}, {4, 0}};
  EXPECT_EQ(read_whole(w.bytes()).body, "**ab**~~cd~~\n");
}

TEST(Word, AMarkThatWasDeletedJoinsTwoParagraphs) {
  const std::string deleted = change(0x0800, uint8_t{1});
  EXPECT_EQ(read_whole(WordWriter().add("One ").add("\r", deleted).add("line.").end().bytes()).body, "One line.\n");
}

TEST(Word, TablesHaveRowsAndCellsThatReachOverOthers) {
  const std::string rows = row_of({{1000, 0}, {2000, 0}, {3000, 0}}), joined = row_of({{1000, 0x60}, {3000, 0}}),
                    below = row_of({{1000, 0x20}, {2000, 0}, {3000, 0}});
  const auto cell = [](WordWriter* w, std::string_view text) { w->add(text).end('\a', 0, kInTable); };
  WordWriter w;
  w.line("Before");
  for (const char* text : {"Day", "High", "Low"}) cell(&w, text);
  w.end('\a', 0, kInTable + kEndsRow + rows);
  for (const char* text : {"Mon", "none"}) cell(&w, text);
  w.end('\a', 0, kInTable + kEndsRow + joined);
  for (const char* text : {"", "6.2", "0.4"}) cell(&w, text);
  w.end('\a', 0, kInTable + kEndsRow + below);
  w.line("After");
  EXPECT_EQ(read_whole(w.bytes()).body,
            "Before\n\n| Day | High | Low |\n| --- | --- | --- |\n| Mon | none | |\n| Mon | 6.2 | 0.4 |\n\nAfter\n");
}

TEST(Word, FieldsShowTheirResults) {
  const std::string special = change(0x0855, uint8_t{1});
  WordWriter w;
  w.add("See ").add("\x13", special).add(" HYPERLINK \"https://a.example/\" ").add("\x14", special);
  w.add("the chart").add("\x15", special).add(", page ").add("\x13", special).add(" PAGE ").add("\x14", special);
  w.add("7").add("\x15", special).end();
  EXPECT_EQ(read_whole(w.bytes()).body, "See [the chart](https://a.example/), page\n");
}

TEST(Word, NotesStandAtTheEndOfTheirSection) {
  const std::string special = change(0x0855, uint8_t{1});
  const std::string places = packed(uint32_t{3}, uint32_t{6}, Short{1}),
                    texts = packed(uint32_t{0}, uint32_t{7}, uint32_t{8});
  EXPECT_EQ(read_whole(WordWriter()
                           .style(0, "Normal")
                           .style(1, "heading 1")
                           .add("Low")
                           .add("\x02", special)
                           .end()
                           .line("X", 1)
                           .notes()
                           .add("\x02", special)
                           .add(" At 6")
                           .end()
                           .line("")
                           .table(2, places)
                           .table(3, texts)
                           .bytes())
                .body,
            "Low[1]\n\n[1] At 6\n\n# X\n");
}

TEST(Word, ATextThatReachesIntoTheOneBeforeItIsLeftOut) {
  const std::string special = change(0x0855, uint8_t{1});
  const std::string places = packed(uint32_t{1}, uint32_t{3}, uint32_t{5}, uint32_t{6}, Short{1}, Short{1}, Short{1});
  // Three notes: the first has seven characters; the next ones begin before its end.
  const std::string texts = packed(uint32_t{0}, uint32_t{7}, uint32_t{2}, uint32_t{8}, uint32_t{9});
  WordWriter w;
  w.add("a").add("\x02", special).add("b").add("\x02", special).add("c").add("\x02", special).end();
  w.notes().add("\x02", special).add(" At 6").end().line("").line("");
  EXPECT_EQ(read_whole(w.table(2, places).table(3, texts).bytes()).body, "a[1]bc\n\n[1] At 6\n");
}

TEST(Word, ChangesThatLeadToThemselvesEnd) {
  const std::string more = change(0x6646, uint32_t{0});
  WordWriter w;
  w.add("calm").end('\r', 0, more);
  // Each of some ten thousand leads to all of them.
  std::string data = packed(uint16_t{0xFFFC});
  while (data.size() + more.size() <= 0xFFFC) data += more;
  EXPECT_EQ(read_whole(CompoundWriter()
                           .add("WordDocument", w.main_stream())
                           .add("1Table", w.table_stream())
                           .add("Data", data)
                           .bytes())
                .body,
            "calm\n");
}

TEST(Word, CommentsSayWhatTheyStandOn) {
  const std::string special = change(0x0855, uint8_t{1});
  const std::string reference =
      packed(uint32_t{7}, uint32_t{9}) + std::string(20, '\0') + packed(Short{0}, Short{0}, Short{0}, uint32_t{77});
  WordWriter w;
  w.add("See it.").add("\x05", special).end().line("On").notes().line("Which one?").line("");
  w.table(4, reference)
      .table(5, packed(uint32_t{0}, uint32_t{11}, uint32_t{12}))
      .table(36, packed(Short{3}) + wide("Ann"));
  w.table(37, packed(Short{0xFFFF}, Short{1}, Short{10}, Short{0}, Short{0}, uint32_t{77}, uint32_t{0}));
  w.table(42, packed(uint32_t{4}, uint32_t{9}, Short{0}, Short{0})).table(43, packed(uint32_t{6}, uint32_t{9}));
  w.subtext = 4;
  EXPECT_EQ(read_whole(w.bytes()).body, "See it.\n\n> Comment (Ann) on \"it\": Which one?\n\nOn\n");
}

TEST(Word, ListsCountAsTheirLevelsSay) {
  // One list of one level, "%1.", from 3 on, and its use.
  std::string level = packed(uint32_t{3}, uint8_t{0}) + std::string(23, '\0') + packed(Short{2}, Short{0}, Short{'.'});
  const std::string list =
      packed(Short{1}, uint32_t{77}, uint32_t{0}) + std::string(18, '\0') + packed(uint8_t{1}, uint8_t{0});
  const std::string use =
      packed(uint32_t{1}, uint32_t{77}, uint32_t{0}, uint32_t{0}, uint32_t{0}, uint32_t{0xFFFFFFFF});
  const std::string in_list = change(0x460B, Short{1}) + change(0x260A, uint8_t{0});
  // The levels stand behind the table, which does not count them: it is written last of its kind.
  WordWriter w;
  w.add("Cast off").end('\r', 0, in_list).add("Steer").end('\r', 0, in_list);
  w.table(74, use).table(73, list).table(40, level);
  EXPECT_EQ(read_whole(w.bytes()).body, "3. Cast off\n4. Steer\n");
}

TEST(Word, WhatIsEncryptedOrNoneIsSaidSo) {
  WordWriter w;
  w.line("x");
  w.flags |= 0x100;
  EXPECT_EQ(extract(w.bytes(), kMime, "a.doc").status().code(), base::Code::permission_denied);
  EXPECT_THAT(
      extract(CompoundWriter().add("WordDocument", std::string(600, 'x')).bytes(), kMime, "a.doc").status().message(),
      HasSubstr("it is no text of Word"));
}

TEST(Word, AnyByteMayBeWrong) {
  WordWriter w;
  w.style(0, "Normal")
      .style(2, "heading 2")
      .line("Winds", 1)
      .add("a")
      .end('\a', 0, kInTable)
      .add("b")
      .end('\a', 0, kInTable);
  w.end('\a', 0, kInTable + kEndsRow + row_of({{1000, 0}, {2000, 0}}));
  const std::string main = w.main_stream(), table = w.table_stream();
  const auto read_with = [](const std::string& text, const std::string& tables) {
    const auto d = extract(CompoundWriter().add("WordDocument", text).add("1Table", tables).bytes(), kMime, "a.doc");
    EXPECT_NE(d.status().code(), base::Code::internal);
  };
  for (size_t at = 0; at < main.size(); at += at < 1700 ? 1 : 13) {
    std::string bytes = main;
    bytes[at] = static_cast<char>(bytes[at] ^ 0xFF);
    read_with(bytes, table);
  }
  for (size_t at = 0; at < table.size(); ++at) {
    std::string bytes = table;
    bytes[at] = static_cast<char>(bytes[at] ^ 0xFF);
    read_with(main, bytes);
  }
}

}  // namespace
}  // namespace tarn::document::compound
