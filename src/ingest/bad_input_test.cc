// Bad input through a whole pull, with the real extraction: each bad item is its own reject or its own row, and
// everything else goes on.
#include <gtest/gtest.h>

#include "ingest/scratch_lake_test.h"

namespace tarn::ingest {
namespace {

class BadInput : public testing::Test {
 protected:
  void SetUp() override { lake.environment.extract = document::read; }
  void TearDown() override { lake.expect_clean(); }
  // A row or a reject: nothing is passed over in silence.
  void expect_accounted(const std::string& name) {
    EXPECT_NE(lake.rows().contains(lake.uri(name)), lake.rejects().contains(lake.uri(name))) << name;
  }
  ScratchLake lake;
};

TEST_F(BadInput, EverythingAtOnce) {  // D2
  std::string deep_list, deep_html = "<html><body>";
  for (int i = 0; i < 200; ++i) {
    deep_list += std::string(static_cast<size_t>(i) * 2, ' ') + "- level " + std::to_string(i) + "\n";
    deep_html += "<ul><li>level " + std::to_string(i);
  }
  std::string line;
  while (line.size() < (size_t{50} << 20)) line += "fifty megabytes of one line without an end ";
  lake.folder.write("good.md", "# Good\n\nA page that must come through.\n");
  lake.folder.write("broken.md", "# Broken \xFF\xFE bytes \xC3\n\nand text after them\n");
  lake.folder.write("line.txt", line);
  lake.folder.write("list.md", deep_list);
  lake.folder.write("deep.html", deep_html);
  lake.folder.write("empty.md", "");
  lake.folder.write("empty.html", "");
  lake.folder.write("new\nline.md", "# Newline in the name\n");
  lake.folder.write("broken\xFFname.md", "# Broken name\n");
  lake.folder.write("noise.md", std::string("\x00\x01\x02\xFF\x80\x00", 6));
  lake.folder.link(".", "loop");
  lake.folder.link("two.md", "one.md");
  lake.folder.link("one.md", "two.md");
  lake.folder.link("nothing", "dangling.md");
  std::filesystem::create_directories(lake.folder.at("directory.md"));

  PullReport report = lake.pull();
  auto rows = lake.rows();
  EXPECT_EQ(rows[lake.uri("good.md")].title, "Good");
  EXPECT_NE(rows[lake.uri("broken.md")].body.find("and text after them"), std::string::npos);
  EXPECT_TRUE(rows[lake.uri("line.txt")].body == line);
  EXPECT_NE(rows[lake.uri("list.md")].body.find("level 199"), std::string::npos);
  EXPECT_NE(rows[lake.uri("deep.html")].body.find("level 199"), std::string::npos);
  EXPECT_EQ(rows[lake.uri("empty.md")].body, "");
  EXPECT_EQ(rows[lake.uri("new\nline.md")].title, "Newline in the name");
  EXPECT_EQ(rows[lake.uri("broken\xFFname.md")].title, "Broken name");
  for (const char* name : {"good.md", "broken.md", "line.txt", "list.md", "deep.html", "empty.md", "empty.html",
                           "new\nline.md", "broken\xFFname.md", "noise.md", "one.md", "two.md", "dangling.md"}) {
    expect_accounted(name);
  }
  EXPECT_TRUE(lake.rejects().contains(lake.uri("loop/")));
  for (const auto& [item, reason] : lake.rejects()) EXPECT_FALSE(reason.empty()) << item;

  EXPECT_EQ(lake.pull().commits, 0U) << said(report);
}

TEST_F(BadInput, AFileLargerThanTheLimit) {
  lake.folder.write("good.md", "# Good\n");
  lake.folder.write("huge.txt", "x");
  std::filesystem::resize_file(lake.folder.at("huge.txt"), (uint64_t{64} << 20) + 1);  // sparse
  PullReport report = lake.pull();
  EXPECT_EQ(report.added, 1u);
  EXPECT_NE(lake.rejects()[lake.uri("huge.txt")].find("max_item_bytes"), std::string::npos);
}

}  // namespace
}  // namespace tarn::ingest
