#include "connector/folder/bookmark.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "base/random.h"

namespace tarn::connector::folder {
namespace {

bool equal(const Bookmark& a, const Bookmark& b) {
  return a.device == b.device &&
         std::equal(a.entries.begin(), a.entries.end(), b.entries.begin(), b.entries.end(),
                    [](const Entry& x, const Entry& y) {
                      return x.path == y.path && x.size_bytes == y.size_bytes && x.mtime_ns == y.mtime_ns &&
                             x.ctime_ns == y.ctime_ns && x.inode == y.inode && x.settled == y.settled &&
                             x.state == y.state && x.hash == y.hash && x.messages == y.messages && x.way == y.way;
                    }) &&
         a.reading == b.reading;
}

Bookmark random_bookmark(base::Random& random) {
  Bookmark out;
  out.device = random.next();
  if (random.below(2) == 0) out.reading = {{"markdown:*.qmd"}, "koi8-r", random.below(2) == 0};
  std::vector<std::string> paths;
  for (uint64_t n = random.below(20); n > 0; --n) {
    std::string path;
    for (uint64_t k = 1 + random.below(10); k > 0; --k) path += static_cast<char>(1 + random.below(255));
    paths.push_back(path);
  }
  std::sort(paths.begin(), paths.end());
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
  for (const auto& path : paths) {
    Entry e;
    e.path = path;
    e.size_bytes = random.next() >> 20;
    e.mtime_ns = static_cast<int64_t>(random.next() >> 1);
    e.ctime_ns = -static_cast<int64_t>(random.below(1000));
    e.inode = random.next();
    e.settled = random.below(2) == 0;
    e.state = static_cast<State>(random.below(4));
    if (e.state == State::read) e.hash = {random.next(), random.next()};
    if (e.state == State::mailbox) e.messages = random.below(1'000'000);
    const bool has_way = e.state == State::read || e.state == State::mailbox;
    if (has_way && random.below(3) == 0) e.way = ";as=text/html;charset=koi8-r";
    out.entries.push_back(e);
  }
  return out;
}

TEST(FolderBookmark, RoundTrip) {
  uint64_t seed = 4242;
  SCOPED_TRACE(seed);
  base::Random random(seed);
  for (int i = 0; i < 300; ++i) {
    Bookmark bookmark = random_bookmark(random);
    auto parsed = json::parse(json::write(to_json(bookmark)));
    ASSERT_TRUE(parsed.ok());
    EXPECT_TRUE(equal(parse_bookmark(*parsed), bookmark));
  }
}

TEST(FolderBookmark, WorkedExampleOfTheFormat) {
  std::ifstream file(TARN_SOURCE_DIR "/doc/format/folder-bookmark.md");
  std::string text((std::istreambuf_iterator<char>(file)), {});
  size_t begin = text.find("```json\n") + 8, end = text.find("\n```", begin);
  ASSERT_LT(end, text.size());
  auto value = json::parse(text.substr(begin, end - begin));
  ASSERT_TRUE(value.ok());
  Bookmark b = parse_bookmark(*value);
  ASSERT_EQ(b.entries.size(), 3u);
  EXPECT_EQ(b.device, 66306u);
  EXPECT_EQ(b.entries[0].path, "docs/a\nb.md");
  EXPECT_EQ(b.entries[0].size_bytes, 12u);
  EXPECT_EQ(b.entries[0].mtime_ns, 1'600'000'000'000'000'001);
  EXPECT_EQ(b.entries[0].inode, 9007199254740993u);
  EXPECT_TRUE(b.entries[0].settled);
  EXPECT_EQ(b.entries[1].state, State::unsupported);
  EXPECT_FALSE(b.entries[2].settled);
  EXPECT_EQ(b.entries[2].hash, base::hash128(""));  // of an empty file
  EXPECT_EQ(json::write(to_json(b)), text.substr(begin, end - begin));
  EXPECT_EQ(b.find("logo.png"), &b.entries[1]);
  EXPECT_EQ(b.find("none"), nullptr);
}

TEST(FolderBookmark, DamageGivesAnEmptyOneNeverACrash) {
  for (const char* bad :
       {"null", "[]", "{}", R"({"format":2,"files":[]})", R"({"format":1,"files":[[]]})",
        R"({"format":1,"files":[["a",1,2,3,4,true]]})", R"({"format":1,"files":[["a",1,2,3,4,true,"zz"]]})",
        R"({"format":1,"files":[["",1,2,3,4,true,"unsupported"]]})",
        R"({"format":1,"files":[["a%0",1,2,3,4,true,"unsupported"]]})",
        R"({"format":1,"files":[["a%00b",1,2,3,4,true,"unsupported"]]})",
        R"({"format":1,"files":[["a","1",2,3,4,true,"unsupported"]]})",
        R"({"format":1,"files":[["b",1,2,3,4,true,"unsupported"],["a",1,2,3,4,true,"unsupported"]]})",
        R"({"format":1,"files":[["a",1,2,3,4,true,"unsupported"],["a",1,2,3,4,true,"unsupported"]]})"}) {
    auto value = json::parse(bad);
    ASSERT_TRUE(value.ok()) << bad;
    EXPECT_TRUE(parse_bookmark(*value).entries.empty()) << bad;
  }
}

}  // namespace
}  // namespace tarn::connector::folder
