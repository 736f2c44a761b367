#include <gtest/gtest.h>

#include <cstdlib>

#include "inverted/corpus_for_tests.h"

namespace tarn::inverted {
namespace {

using namespace testing_corpus;

std::string describe(const Query& q) {
  static constexpr const char* kMarks[] = {"", "+", "-"};
  std::string out;
  for (size_t c = 0; c < q.clauses.size(); ++c) {
    out += kMarks[static_cast<size_t>(q.clauses[c].occur)];
    for (size_t t = 0; t < q.clauses[c].terms.size(); ++t) out += (t ? "_" : "") + q.clauses[c].terms[t];
    if (!q.boosts.empty()) out += "^" + std::to_string(q.boosts[c]);
    out += ' ';
  }
  return out;
}

std::string describe(const std::vector<Answer>& answers) {
  std::string out;
  for (const Answer& a : answers) out += std::to_string(a.passage) + ":" + std::to_string(a.score) + " ";
  return out;
}

struct Shape {
  size_t passages;
  uint64_t vocabulary, longest;
  size_t most_segments;
  int queries;
};

void compare_with_reference(uint64_t seed, const Shape& shape) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  base::Random random(seed);
  Corpus corpus = random_corpus(random, shape.passages, shape.vocabulary, shape.longest);
  const uint64_t dead = random.below(3) ? random.below(60) : 0, forbidden = random.below(100);
  for (TestPassage& p : corpus) {
    p.live = random.below(100) >= dead;
    p.allowed = random.below(100) >= forbidden;
  }
  std::vector<size_t> cuts;
  for (uint64_t n = random.below(shape.most_segments); n > 0; --n) cuts.push_back(random.below(corpus.size() + 1));
  for (const bool filtered : {false, true}) {
    const auto many = segments_of(corpus, cuts, filtered);
    const auto one = segments_of(corpus, {}, filtered);
    for (int i = 0; i < shape.queries; ++i) {
      const Query query = random_query(random, corpus, shape.vocabulary);
      const Statistics statistics = statistics_of(corpus, query);
      const size_t k = random.below(3) == 0 ? corpus.size() + 5 : random.below(20);
      const auto want = reference(corpus, query, statistics, k, filtered);
      const auto split = answers(*many, search(query, statistics, many->views, k));
      ASSERT_EQ(split, want) << describe(query) << "k " << k << " filtered " << filtered << "\n got " << describe(split)
                             << "\nwant " << describe(want);
      const auto whole = answers(*one, search(query, statistics, one->views, k));
      ASSERT_EQ(whole, want) << describe(query) << "k " << k << " in one segment\n got " << describe(whole) << "\nwant "
                             << describe(want);
      for (size_t a = 0; a < want.size() && a < 3; ++a) {
        ASSERT_EQ(
            score(query, statistics, *one->readers[0], base::PassageOrdinal(static_cast<uint32_t>(want[a].passage))),
            want[a].score);
      }
    }
  }
}

TEST(Search, EqualsTheReferenceBitForBitInAnyNumberOfSegments) {
  const char* rounds = std::getenv("TARN_SOAK_ROUNDS");
  const int more = rounds ? std::atoi(rounds) : 1;
  for (int round = 0; round < more; ++round) {
    const auto seed = static_cast<uint64_t>(round) * 1000;
    for (uint64_t i = 0; i < 6; ++i) compare_with_reference(seed + i, {200, 60, 30, 40, 40});
    compare_with_reference(seed + 100, {1, 5, 10, 3, 20});
    compare_with_reference(seed + 101, {3000, 40, 12, 4, 15});  // dense lists of many blocks
    compare_with_reference(seed + 102, {2500, 3000, 40, 10, 15});
    if (testing::Test::HasFatalFailure()) return;
  }
}

TEST(Search, EqualScoresComeInTheOrderOfTheirKeys) {
  Corpus corpus(300);
  for (size_t i = 0; i < corpus.size(); ++i) {
    corpus[i].words = {{"same", 0}, {"words", 1}};
    corpus[i].id = std::to_string((i * 7919) % 300 + 1000);
  }
  const auto s = segments_of(corpus, {10, 11, 150, 290}, false);
  Query q;
  q.clauses = {{Occur::should, {"same"}, {0}}, {Occur::should, {"words"}, {0}}};
  const Statistics statistics = statistics_of(corpus, q);
  const auto got = answers(*s, search(q, statistics, s->views, 25));
  ASSERT_EQ(got.size(), 25u);
  for (size_t i = 0; i < got.size(); ++i) EXPECT_EQ(corpus[got[i].passage].id, std::to_string(1000 + i));
}

TEST(Search, NothingToFind) {
  Corpus corpus(3);
  corpus[1].words = {{"a", 0}};
  const auto s = segments_of(corpus, {1}, false);
  Query q;
  EXPECT_TRUE(search(q, {}, s->views, 10).empty());
  q.clauses = {{Occur::must_not, {"a"}, {0}}};
  EXPECT_TRUE(search(q, statistics_of(corpus, q), s->views, 10).empty());
  q.clauses = {{Occur::should, {}, {}}};
  EXPECT_TRUE(search(q, statistics_of(corpus, q), s->views, 10).empty());
  q.clauses = {{Occur::should, {"a"}, {0}}};
  EXPECT_TRUE(search(q, statistics_of(corpus, q), s->views, 0).empty());
  EXPECT_TRUE(search(q, statistics_of(corpus, q), {}, 10).empty());
  EXPECT_EQ(search(q, statistics_of(corpus, q), s->views, 10).size(), 1u);
  // Statistics that fit nothing give some score, never a failure.
  EXPECT_EQ(search(q, Statistics{}, s->views, 10).size(), 1u);
}

}  // namespace
}  // namespace tarn::inverted
