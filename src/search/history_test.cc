// Searching a version gives what a rebuild of that version gives, bit for bit (ids, order, scores, spans, highlights),
// in all modes and with filters: random histories of add, add again, change, rename, delete and merge. Of each history
// a random version and the newest are compared. Two test cases, each with half of the seeds, so that two cores share
// them.
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

// How often each kind of step was done: a history test that merges nothing would prove little.
struct Steps {
  int added = 0, again = 0, changed = 0, renamed = 0, deleted = 0, merged = 0, versions = 0, compared_hits = 0;
};

void step(TestLake& lake, TestRows& rows, Random& random, int* next_id, Steps* steps) {
  TestRows incoming;
  const auto pick = [&] {
    auto it = rows.begin();
    std::advance(it, static_cast<ptrdiff_t>(random.below(rows.size())));
    return it;
  };
  const uint64_t kind = rows.empty() ? 0 : random.below(7);
  if (kind <= 1) {
    for (uint64_t i = random.below(4) + 1; i > 0; --i) {
      // Now and then one that there was before, and may have been deleted.
      const bool again = *next_id > 0 && random.below(4) == 0;
      const uint64_t number =
          again ? random.below(static_cast<uint64_t>(*next_id)) : static_cast<uint64_t>((*next_id)++);
      const std::string id = "d" + std::to_string(number);
      ++(again && rows.count(id) == 0 ? steps->again : steps->added);
      incoming[id] = {words(random, 2), "u/" + id, body(random)};
    }
  } else if (kind <= 3) {
    for (uint64_t i = random.below(3) + 1; i > 0; --i) {
      auto it = pick();
      incoming[it->first] = {it->second.title, it->second.uri, body(random)};
      ++steps->changed;
    }
  } else if (kind == 4) {
    auto it = pick();
    incoming[it->first] = {words(random, 2), it->second.uri + "x", it->second.body};
    ++steps->renamed;
  } else if (kind == 5) {
    std::vector<std::string> ids;
    for (uint64_t i = random.below(3) + 1; i > 0; --i) ids.push_back(pick()->first);
    const auto version = lake.erase(ids);
    ASSERT_TRUE(version.ok()) << version.status().to_string();
    for (const std::string& id : ids) rows.erase(id);
    ++steps->deleted;
    return;
  } else {
    const size_t files = lake.snapshot()->files.size();
    const auto version = lake.optimize();
    ASSERT_TRUE(version.ok()) << version.status().to_string();
    steps->merged += lake.snapshot()->files.size() < files ? 1 : 0;
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
    EXPECT_EQ(std::bit_cast<uint64_t>(a.score), std::bit_cast<uint64_t>(b.score))
        << what << ", hit " << i << " " << a.id;
    EXPECT_EQ(a.scores.lexical, b.scores.lexical) << what << ", hit " << i;
    EXPECT_EQ(a.scores.semantic, b.scores.semantic) << what << ", hit " << i;
    EXPECT_EQ(std::tie(a.passage.start, a.passage.end, a.passage.text, a.title, a.uri, a.passage.heading,
                       a.passage.highlights),
              std::tie(b.passage.start, b.passage.end, b.passage.text, b.title, b.uri, b.passage.heading,
                       b.passage.highlights))
        << what << ", hit " << i;
  }
}

std::vector<Target> target_of(TestLake& lake, std::optional<base::Version> version) {
  const auto snapshot = lake.table().snapshot(version);
  EXPECT_TRUE(snapshot.ok()) << snapshot.status().to_string();
  const auto live = index::LiveSet::open(lake.table(), *snapshot, lake.indexer());
  EXPECT_TRUE(live.ok()) << live.status().to_string();
  EXPECT_EQ((*live)->lexical_coverage(), 1);
  EXPECT_EQ((*live)->semantic_coverage(), 1);
  return {{"main.docs", lake.shared_table(), *live}};
}

void compare(TestLake& lake, base::Version version, const TestRows& rows, encode::Encoder* encoder, Random& random,
             Steps* steps) {
  TestLake rebuilt(encoder, random.next());
  TestRows part;
  for (const auto& [id, row] : rows) {
    part[id] = row;
    if (random.below(4) == 0) {
      ASSERT_TRUE(rebuilt.put(part).ok());
      part.clear();
    }
  }
  if (!part.empty()) {
    ASSERT_TRUE(rebuilt.put(part).ok());
  }
  const std::vector<Target> there = target_of(rebuilt, {}), here = target_of(lake, version);
  EXPECT_EQ(there[0].live->passage_count(), here[0].live->passage_count());
  EXPECT_EQ(there[0].live->total_length(), here[0].live->total_length());
  for (int q = 0; q < 6; ++q) {
    Request request;
    request.query = query(random);
    request.k = 1 + random.below(6);
    request.offset = random.below(4) == 0 ? random.below(3) : 0;
    request.group = random.below(4) > 0;
    if (q == 0 && random.below(4) == 0) request.filter = "uri LIKE '%" + std::to_string(random.below(4)) + "%'";
    for (const Mode mode : {Mode::lexical, Mode::semantic, Mode::hybrid}) {
      request.mode = mode;
      const auto expected = search(request, there, rebuilt.environment(), {});
      const auto found = search(request, here, lake.environment(), {});
      ASSERT_TRUE(expected.ok()) << expected.status().to_string();
      ASSERT_TRUE(found.ok()) << found.status().to_string();
      steps->compared_hits += static_cast<int>(found->hits.size());
      expect_same(*expected, *found,
                  "version " + std::to_string(version.value) + ", '" + request.query + "', mode " +
                      std::to_string(static_cast<int>(mode)));
    }
  }
  ++steps->versions;
}

void run_history(uint64_t seed, encode::Encoder* encoder, Steps* steps) {
  Random random(seed);
  TestLake lake(encoder, seed);
  std::map<int64_t, TestRows> versions;
  TestRows rows;
  int next_id = 0;
  for (int i = 0; i < 7; ++i) {
    step(lake, rows, random, &next_id, steps);
    if (testing::Test::HasFatalFailure()) return;
    versions[lake.snapshot()->version.value] = rows;
  }
  auto it = versions.begin();
  std::advance(it, static_cast<ptrdiff_t>(random.below(versions.size())));
  compare(lake, base::Version(it->first), it->second, encoder, random, steps);
  if (it->first != versions.rbegin()->first) {
    compare(lake, base::Version(versions.rbegin()->first), versions.rbegin()->second, encoder, random, steps);
  }
  if (testing::Test::HasFatalFailure()) return;
  const auto verified = index::verify(lake.table(), *lake.snapshot(), lake.indexer(), lake.connection(), {});
  ASSERT_TRUE(verified.ok()) << verified.status().to_string();
  EXPECT_EQ(verified->segments, static_cast<int64_t>(lake.snapshot()->files.size()));
  for (const auto& finding : verified->findings) ADD_FAILURE() << finding.where << ": " << finding.what;
  index::expect_clean(lake);
}

void run_histories(int first) {
  const auto encoder = encode::make_deterministic();
  Steps steps;
  for (int seed = first; seed <= history_count() && !testing::Test::HasFailure(); seed += 2) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    run_history(static_cast<uint64_t>(seed), encoder.get(), &steps);
  }
  if (history_count() < 200) return;
  for (const int done : {steps.added, steps.again, steps.changed, steps.renamed, steps.deleted, steps.merged}) {
    EXPECT_GE(done, 25) << "added, added again, changed, renamed, deleted or merged too seldom";
  }
  EXPECT_GE(steps.compared_hits, 4000);
}

TEST(History, SearchAtAVersionEqualsARebuildBitForBitOddSeeds) { run_histories(1); }
TEST(History, SearchAtAVersionEqualsARebuildBitForBitEvenSeeds) { run_histories(2); }

}  // namespace
}  // namespace tarn::search
