// The link's file; what a link does is tested where it is searched (workspace/versions_test.cc).
#include "lake/link.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "lake/lake_fixture_test.h"

namespace tarn::lake {
namespace {

std::string documented(size_t which) {
  std::ifstream file(std::string(TARN_SOURCE_DIR) + "/doc/format/link.md");
  std::stringstream all;
  all << file.rdbuf();
  const std::string text = all.str();
  size_t at = 0;
  for (size_t i = 0; i <= which; ++i) at = text.find("    {\"format\"", at + 1);
  return at == std::string::npos ? "" : text.substr(at + 4, text.find('\n', at) - at - 3);
}

TEST(LinkInfo, TheDocumentedExamplesAreWhatIsWrittenAndRead) {
  for (const bool outside : {false, true}) {
    const LinkInfo example{"/data/tickets", "delta", "number", "", "", "description", outside};
    const std::string line = documented(outside ? 1 : 0);
    EXPECT_EQ(line, link_text(example));
    const LinkInfo read = take(parse_link(line, "x"));
    EXPECT_EQ(read.target, example.target);
    EXPECT_EQ(read.text, example.text);
    EXPECT_EQ(read.outside, outside);
  }
}

TEST(LinkInfo, EveryCutAndEveryFlippedBitIsFound) {
  for (const bool outside : {false, true}) {
    const std::string text = link_text({"/data/tickets", "delta", "number", "", "", "description", outside});
    for (size_t cut = 0; cut < text.size(); ++cut) EXPECT_FALSE(parse_link(text.substr(0, cut), "x").ok()) << cut;
    for (size_t bit = 0; bit < text.size() * 8; ++bit) {
      std::string damaged = text;
      damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
      EXPECT_FALSE(parse_link(damaged, "x").ok()) << bit;
    }
  }
}

class LinkedColumns : public LakeTest {};

TEST_F(LinkedColumns, OneThatIsGoneIsNamed) {
  const store::ScratchDirectory elsewhere;
  const std::string path = elsewhere.path() + "/a.parquet";
  ASSERT_OK(connection_.write_parquet("SELECT 1 AS id, 'words' AS note", path));
  LinkInfo info;
  info.target = elsewhere.path();
  info.text = "note";
  ASSERT_OK(create_link(environment_, "main/l", info));
  EXPECT_EQ(rows(*take(open_reader(environment_, "main/l"))).size(), 1U);
  std::filesystem::remove(path);
  ASSERT_OK(connection_.write_parquet("SELECT 1 AS id, 'words' AS other", elsewhere.path() + "/b.parquet"));
  const auto lost = take(open_reader(environment_, "main/l"))->snapshot();
  EXPECT_NE(lost.status().message().find("'note'"), std::string::npos) << lost.status().to_string();
  EXPECT_NE(lost.status().hint().find("tarn link"), std::string::npos);
}

}  // namespace
}  // namespace tarn::lake
