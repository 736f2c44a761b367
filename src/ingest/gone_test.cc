#include "ingest/gone.h"

#include <gtest/gtest.h>

namespace tarn::ingest {
namespace {

TEST(Prefixes, CoverWhatStartsSoWhateverTheirOrder) {
  const std::vector<std::string> given = {"f/inbox#", "f/sub/a#", "f/inbox#1", "f/sub/", "g"};
  for (const bool backwards : {false, true}) {
    Prefixes prefixes;
    for (size_t i = 0; i < given.size(); ++i) prefixes.add(given[backwards ? given.size() - 1 - i : i]);
    for (const char* uri : {"f/inbox#", "f/inbox#1", "f/inbox#2@a", "f/sub/a#7", "f/sub/z", "g", "ga"}) {
      EXPECT_TRUE(prefixes.cover(uri)) << uri;
    }
    for (const char* uri : {"", "f", "f/inbox", "f/inbox2#1", "f/sub", "f/suc", "h"}) {
      EXPECT_FALSE(prefixes.cover(uri)) << uri;
    }
  }
  EXPECT_FALSE(Prefixes().cover("f"));
}

}  // namespace
}  // namespace tarn::ingest
