#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/status_test.h"
#include "document/compound/power_point_writer_test.h"
#include "document/document.h"

namespace tarn::document::compound {
namespace {

constexpr char kMime[] = "application/vnd.ms-powerpoint";

Document read_whole(const std::string& bytes) { return take(extract(bytes, kMime, "talk.ppt")); }

// The levels of a text's paragraphs.
std::string levels(const std::vector<std::pair<uint32_t, Short>>& runs) {
  std::string bytes;
  for (const auto& [count, level] : runs) bytes += packed(count, level, uint32_t{0});
  return atom(0x0FA1, bytes);
}

TEST(PowerPoint, SlidesHaveTitlesListsAndNotes) {
  const std::string reference = atom(0x0F9E, packed(uint32_t{0})), second = atom(0x0F9E, packed(uint32_t{1}));
  const Document d =
      read_whole(ppt({{slide(shape(second) + shape(reference)),
                       slide_text(0, "The harbour") + slide_text(1, "Berths\rTwelve") + levels({{7, 0}, {7, 1}}),
                       shape(slide_text(2, "Say it slowly."))},
                      {slide(shape(slide_text(4, "Own words"))), "", ""}}));
  EXPECT_EQ(d.body,
            "## The harbour\n\n- Berths\n  - Twelve\n\n> **Notes**\n>\n> Say it slowly.\n\n## Slide 2\n\nOwn words\n");
  EXPECT_EQ(d.title, "The harbour");
  const auto anchor = anchor_at(d.anchors, d.body.find("Own"), d.body);
  ASSERT_TRUE(anchor);
  EXPECT_EQ(anchor->kind + anchor->value, "slide2");
  EXPECT_EQ(d.extra["slides"].as_int(), 2);
}

TEST(PowerPoint, ATextOfTheListIsShownByOneShape) {
  const std::string reference = atom(0x0F9E, packed(uint32_t{0}));
  EXPECT_EQ(
      read_whole(ppt({{slide(shape(reference + reference) + shape(reference)), slide_text(4, "Berths"), ""}})).body,
      "## Slide 1\n\nBerths\n");
}

TEST(PowerPoint, MoreRecordsThanAFileMayHaveAreSaidSo) {
  std::string many;
  for (int i = 0; i < 1'100; ++i) many += atom(0x0001, "");
  std::vector<PptSlide> slides = {{slide("", many), "", ""}};
  slides.resize(6'900);  // each looks at all of them three times
  const auto d = extract(ppt(slides), kMime, "talk.ppt");
  EXPECT_EQ(d.status().code(), base::Code::exhausted);
  EXPECT_THAT(d.status().message(), testing::HasSubstr("kMaxRecords"));
}

TEST(PowerPoint, AParagraphMayHaveABulletOrNone) {
  const std::string formats = atom(0x0FA1, packed(uint32_t{2}, Short{0}, uint32_t{1}, Short{1}) +
                                               packed(uint32_t{2}, Short{0}, uint32_t{1}, Short{0}));
  EXPECT_EQ(read_whole(ppt({{slide(shape(slide_text(4, "a\rb") + formats)), "", ""}})).body,
            "## Slide 1\n\n- a\n\nb\n");
}

TEST(PowerPoint, TablesAreGroupsOfShapes) {
  const auto cell = [](const char* text, int32_t left, int32_t top) {
    return shape(slide_text(4, text), atom(0xF00F, packed(left, top, left + 100, top + 50)));
  };
  const std::string says = holder(0xF004, atom(0xF122, packed(Short{0x039F}, uint32_t{1}), 1));
  EXPECT_EQ(read_whole(ppt({{slide(holder(0xF003, says + cell("6.2", 0, 50) + cell("Day", 100, 0) + cell("High", 0, 0) +
                                                      cell("Mon", 100, 50))),
                             "", ""}}))
                .body,
            "## Slide 1\n\n| High | Day |\n| --- | --- |\n| 6.2 | Mon |\n");
}

TEST(PowerPoint, HiddenSlidesAndCommentsAreMarked) {
  const std::string info = atom(0x03F9, packed(uint32_t{0}, uint32_t{0}, Short{0}, Short{4}, uint32_t{0}));
  const std::string comment =
      atom(0x138B, holder(0x2EE0, atom(0x0FBA, wide("Ann"), 0) + atom(0x0FBA, wide("Which one?"), 1)));
  const Document d =
      read_whole(ppt({{slide(shape(slide_text(0, "Costs")), info + holder(0x1388, holder(0x138A, comment))), "", ""}}));
  EXPECT_EQ(d.body, "## Costs (hidden)\n\n> Comment (Ann): Which one?\n");
  EXPECT_EQ(d.extra["hidden_slides"].items().size(), 1u);
}

TEST(PowerPoint, NumbersOfSlidesAreLeftOutAndFootersComeOnce) {
  const auto placed = [](uint8_t kind) {
    return holder(0xF011, atom(0x0BC3, packed(uint32_t{0}, kind, uint8_t{0}, Short{0})));
  };
  const std::string shapes = shape(slide_text(4, "3"), placed(8)) + shape(slide_text(4, "Port authority"), placed(9));
  EXPECT_EQ(read_whole(ppt({{slide(shapes), "", ""}, {slide(shapes), "", ""}})).body,
            "## Slide 1\n\nPort authority\n\n## Slide 2\n");
}

TEST(PowerPoint, WhatIsEncryptedOrDamagedIsSaidSo) {
  EXPECT_EQ(extract(ppt({}, 0xF3D1C4DF), kMime, "a.ppt").status().code(), base::Code::permission_denied);
  EXPECT_EQ(extract(CompoundWriter().add("PowerPoint Document", "x").bytes(), kMime, "a.ppt").status().code(),
            base::Code::invalid_argument);
}

}  // namespace
}  // namespace tarn::document::compound
