// Searching a version gives what a rebuild of that version gives, bit for bit: random histories of add, change, rename, delete and merge.
#include <gtest/gtest.h>

#include <bit>
#include <cstdlib>

#include "index/verify.h"
#include "search/test_lake.h"

namespace tarn::search {
namespace {

using base::Random;

// How many histories; fewer under a sanitizer.
int history_count() {
  const char* text = std::getenv("TARN_HISTORIES");
  return text ? std::atoi(text) : 200;
}

// Words so few and so skewed that terms are shared, repeated and now and then gone.
std::string word(Random& random) {
  const auto rank = static_cast<uint64_t>(40 * random.unit() * random.unit());
  return "w" + std::to_string(rank);
}

std::string words(Random& random, size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i) text += (i ? " " : "") + word(random);
  return text;
}

std::string body(Random& random) {
  std::string text;
  const size_t sections = random.below(4);
  for (size_t i = 0; i <= sections; ++i) {
    if (random.below(3) > 0) text += "## " + words(random, 2) + "\n\n";
    text += words(random, random.below(random.below(8) == 0 ? 400 : 30)) + ".\n\n";
  }
  return text;
}

std::string query(Random& random) {
  std::string text = word(random);
  for (uint64_t i = random.below(4); i > 0; --i) {
    switch (random.below(8)) {
      case 0:
        text += " +" + word(random);
        break;
      case 1:
        text += " -" + word(random);
        break;
      case 2:
        text += " \"" + words(random, 2) + "\"";
        break;
      default:
        text += " " + word(random);
    }
  }
  return text;
}

void step(TestLake& lake, TestRows& rows, Random& random, int* next_id) {
  TestRows incoming;
  const auto pick = [&] {
    auto it = rows.begin();
    std::advance(it, static_cast<ptrdiff_t>(random.below(rows.size())));
    return it;
  };
  const uint64_t kind = rows.empty() ? 0 : random.below(7);
  if (kind <= 1) {
    for (uint64_t i = random.below(4) + 1; i > 0; --i) {
      const std::string id = "d" + std::to_string((*next_id)++);
      incoming[id] = {words(random, 2), "u/" + id, body(random)};
    }
  } else if (kind <= 3) {
    for (uint64_t i = random.below(3) + 1; i > 0; --i) {
      auto it = pick();
      incoming[it->first] = {it->second.title, it->second.uri, body(random)};
    }
  } else if (kind == 4) {
    auto it = pick();
    incoming[it->first] = {words(random, 2), it->second.uri + "x", it->second.body};
  } else if (kind == 5) {
    std::vector<std::string> ids;
    for (uint64_t i = random.below(3) + 1; i > 0; --i) ids.push_back(pick()->first);
    const auto version = lake.erase(ids);
    ASSERT_TRUE(version.ok()) << version.status().to_string();
    for (const std::string& id : ids) rows.erase(id);
    return;
  } else {
    const auto version = lake.optimize();
    ASSERT_TRUE(version.ok()) << version.status().to_string();
    return;
  }
  const auto version = lake.put(incoming);
  ASSERT_TRUE(version.ok()) << version.status().to_string();
  for (auto& [id, row] : incoming) rows[id] = row;
}

void expect_same(const Reply& expected, const Reply& found, const std::string& what) {
  ASSERT_EQ(expected.hits.size(), found.hits.size()) << what;
  for (size_t i = 0; i < expected.hits.size(); ++i) {
    const Hit &a = expected.hits[i], &b = found.hits[i];
    EXPECT_EQ(a.id, b.id) << what << ", hit " << i;
    EXPECT_EQ(std::bit_cast<uint32_t>(a.score), std::bit_cast<uint32_t>(b.score))
        << what << ", hit " << i << " " << a.id;
    EXPECT_EQ(a.lexical, b.lexical) << what << ", hit " << i;
    EXPECT_EQ(a.semantic, b.semantic) << what << ", hit " << i;
    EXPECT_EQ(std::tie(a.start, a.end, a.text, a.title, a.uri, a.heading, a.highlights),
              std::tie(b.start, b.end, b.text, b.title, b.uri, b.heading, b.highlights))
        << what << ", hit " << i;
  }
}

TEST(History, SearchAtAVersionEqualsARebuildBitForBit) {
  const auto encoder = encode::make_deterministic();
  for (int seed = 1; seed <= history_count() && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(static_cast<uint64_t>(seed));
    TestLake lake(encoder.get(), static_cast<uint64_t>(seed));
    std::map<int64_t, TestRows> versions;
    TestRows rows;
    int next_id = 0;
    for (int i = 0; i < 7; ++i) {
      step(lake, rows, random, &next_id);
      if (HasFatalFailure()) return;
      const auto snapshot = lake.table().snapshot();
      ASSERT_TRUE(snapshot.ok()) << snapshot.status().to_string();
      versions[(*snapshot)->version.value] = rows;
    }
    auto it = versions.begin();
    std::advance(it, static_cast<ptrdiff_t>(random.below(versions.size())));
    TestLake rebuilt(encoder.get(), 1000 + static_cast<uint64_t>(seed));
    TestRows part;
    for (const auto& [id, row] : it->second) {
      part[id] = row;
      if (random.below(4) == 0) {
        ASSERT_TRUE(rebuilt.put(part).ok());
        part.clear();
      }
    }
    if (!part.empty()) {
      ASSERT_TRUE(rebuilt.put(part).ok());
    }
    for (int q = 0; q < 6; ++q) {
      Request request;
      request.query = query(random);
      request.k = 1 + random.below(6);
      for (const Mode mode : {Mode::lexical, Mode::semantic, Mode::hybrid}) {
        request.mode = mode;
        const auto expected = rebuilt.search(request);
        const auto found = lake.search(request, base::Version(it->first));
        ASSERT_TRUE(expected.ok()) << expected.status().to_string();
        ASSERT_TRUE(found.ok()) << found.status().to_string();
        expect_same(*expected, *found,
                    "version " + std::to_string(it->first) + ", '" + request.query + "', mode " +
                        std::to_string(static_cast<int>(mode)));
      }
    }
    const auto snapshot = lake.table().snapshot();
    const auto verified = index::verify(lake.table(), **snapshot, lake.indexer(), lake.connection());
    ASSERT_TRUE(verified.ok()) << verified.status().to_string();
    EXPECT_EQ(verified->segments, static_cast<int64_t>((*snapshot)->files.size()));
    for (const auto& finding : verified->findings) ADD_FAILURE() << finding.where << ": " << finding.what;
    const auto checked = lake.table().check(lake.connection());
    ASSERT_TRUE(checked.ok()) << checked.status().to_string();
    for (const auto& finding : *checked) ADD_FAILURE() << finding.where << ": " << finding.what;
  }
}

}  // namespace
}  // namespace tarn::search
