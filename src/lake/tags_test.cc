// Tags: their names, their file, and the states in which a crash or a bit flip may leave it.
#include "lake/tags.h"

#include <fstream>
#include <sstream>

#include "lake/lake_fixture_test.h"
#include "store/fault_store.h"

namespace tarn::lake {
namespace {

using base::Code;

const Tag kExample{"release-1",
                   1'795'341'600'000'000,
                   {{"main/docs", {"1c9e5a1e-0000-4000-8000-000000000001", base::Version(12)}},
                    {"tarn/rejects", {"1c9e5a1e-0000-4000-8000-000000000002", base::Version(0)}}}};

TEST(TagName, IsNeverAVersionOrATime) {
  for (const char* name : {"a", "v1.0", "release-2026", "Z_9"}) EXPECT_TRUE(is_tag_name(name)) << name;
  for (const char* name : {"", "1", "12", "2026-11-22", "-a", ".a", "_a", "a/b", "a b", "a\n", "../a", "ä"}) {
    EXPECT_FALSE(is_tag_name(name)) << name;
  }
  EXPECT_TRUE(is_tag_name(std::string(kMaxTagName, 'a')));
  EXPECT_EQ(check_tag_name(std::string(kMaxTagName + 1, 'a')).code(), Code::invalid_argument);
}

TEST(TagFile, TheDocumentedExampleIsWhatIsWrittenAndRead) {
  std::ifstream file(std::string(TARN_SOURCE_DIR) + "/doc/format/tag.md");
  std::stringstream all;
  all << file.rdbuf();
  const std::string text = all.str();
  const size_t at = text.find("    {\"format\"");
  ASSERT_NE(at, std::string::npos);
  const std::string line = text.substr(at + 4, text.find('\n', at) - at - 3);
  EXPECT_EQ(line, tag_text(kExample));
  const Tag read = take(parse_tag(line, "release-1"));
  EXPECT_EQ(read.created_at_us, kExample.created_at_us);
  EXPECT_EQ(read.tables, kExample.tables);
}

TEST(TagFile, EveryCutAndEveryFlippedBitIsFound) {
  const std::string text = tag_text(kExample);
  for (size_t cut = 0; cut < text.size(); ++cut) EXPECT_FALSE(parse_tag(text.substr(0, cut), "release-1").ok()) << cut;
  for (size_t bit = 0; bit < text.size() * 8; ++bit) {
    std::string damaged = text;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(parse_tag(damaged, "release-1").ok()) << bit;
  }
  EXPECT_EQ(parse_tag(text, "release-2").status().code(), Code::corruption) << "under another name";
}

class TagStore : public EveryStoreTest {};

TEST_P(TagStore, KeepsListsAndGivesUp) {
  EXPECT_TRUE(take(list_tags(*store_)).empty());
  ASSERT_OK(put_tag(*store_, kExample));
  EXPECT_EQ(put_tag(*store_, kExample).code(), Code::already_exists);
  Tag other = kExample;
  other.name = "a";
  ASSERT_OK(put_tag(*store_, other));
  const auto tags = take(list_tags(*store_));
  ASSERT_EQ(tags.size(), 2U);
  EXPECT_EQ(tags[0].name, "a");
  EXPECT_EQ(tags[1].tables, kExample.tables);
  ASSERT_OK(delete_tag(*store_, "a"));
  EXPECT_EQ(delete_tag(*store_, "a").code(), Code::not_found);
  EXPECT_EQ(read_tag(*store_, "a").status().code(), Code::not_found);
  EXPECT_EQ(read_tag(*store_, "../x").status().code(), Code::not_found);
  other.name = "../x";
  EXPECT_EQ(put_tag(*store_, other).code(), Code::invalid_argument);
}

TEST_P(TagStore, APowerCutLeavesNoTagOrAWholeOne) {
  const store::ScratchDirectory root, scratch;
  store::RecordingStore recording(root.path());
  ASSERT_OK(put_tag(recording, kExample));
  recording.mark("put");
  size_t there = 0;
  const auto visited = store::for_each_power_cut(recording.recording(), store::all_variants(5, 2), scratch.path(),
                                                 [&](const store::PowerCut& cut) {
                                                   const auto store = take(store::open_local(cut.directory));
                                                   const auto tags = take(list_tags(*store));
                                                   if (!cut.marks.empty()) {
                                                     EXPECT_EQ(tags.size(), 1U) << cut.describe();
                                                   }
                                                   there += tags.size();
                                                   for (const Tag& tag : tags) {
                                                     EXPECT_EQ(tag.tables, kExample.tables) << cut.describe();
                                                   }
                                                 });
  EXPECT_GT(take(visited), 5U);
  EXPECT_GT(there, 0U);
}

INSTANTIATE_TEST_SUITE_P(Stores, TagStore, every_store(), store_name);

}  // namespace
}  // namespace tarn::lake
