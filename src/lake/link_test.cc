// The link's file; what a link does is tested where it is searched (workspace/versions_test.cc).
#include "lake/link.h"

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

}  // namespace
}  // namespace tarn::lake
