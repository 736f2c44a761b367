#include "inverted/lexicon.h"

#include <gtest/gtest.h>

#include "inverted/corpus_for_tests.h"
#include "inverted/segment.h"

namespace tarn::inverted {
namespace {

using namespace testing_corpus;

std::vector<const Reader*> pointers(const Segments& s) {
  std::vector<const Reader*> out;
  for (const auto& r : s.readers) out.push_back(r.get());
  return out;
}

TEST(Lexicon, HoldsEveryTermOfEverySegment) {
  const uint64_t seed = 31;
  SCOPED_TRACE("seed " + std::to_string(seed));
  base::Random random(seed);
  const Corpus corpus = random_corpus(random, 600, 800, 40);
  const auto s = segments_of(corpus, {1, 7, 7, 100, 300, 301, 550}, false);
  const std::string bytes = build_lexicon(pointers(*s));
  const auto lexicon = Lexicon::open(bytes, "test");
  ASSERT_TRUE(lexicon.ok()) << lexicon.status().to_string();
  EXPECT_EQ((*lexicon)->segment_count(), s->readers.size());
  std::vector<LexiconEntry> entries;
  std::set<std::string> all;
  for (const auto& p : corpus) {
    for (const auto& w : p.words) all.insert(w.first);
  }
  EXPECT_EQ((*lexicon)->term_count(), all.size());
  for (const std::string& term : all) {
    const uint64_t sum = (*lexicon)->find(term, &entries);
    uint64_t want = 0;
    size_t at = 0;
    for (uint32_t i = 0; i < s->readers.size(); ++i) {
      const auto ordinal = s->readers[i]->find(term);
      if (!ordinal) continue;
      ASSERT_LT(at, entries.size());
      const LexiconEntry& e = entries[at++];
      ASSERT_EQ(e.segment, i);
      ASSERT_EQ(e.term.term, *ordinal);
      ASSERT_EQ(e.document_frequency, s->readers[i]->document_frequency(*ordinal));
      const ResolvedTerm own = Segment::of(*s->readers[i]).resolved(ordinal->value);
      ASSERT_EQ(e.term.count, own.count);
      ASSERT_EQ(e.term.place, own.place);
      ASSERT_TRUE(std::equal(std::begin(own.impacts), std::end(own.impacts), std::begin(e.term.impacts)));
      want += e.document_frequency;
    }
    ASSERT_EQ(at, entries.size());
    ASSERT_EQ(sum, want);
  }
  EXPECT_EQ((*lexicon)->find("nobody", &entries), 0u);
  EXPECT_TRUE(entries.empty());
}

TEST(Lexicon, SearchWithItIsSearchWithoutIt) {
  const uint64_t seed = 32;
  SCOPED_TRACE("seed " + std::to_string(seed));
  base::Random random(seed);
  const Corpus corpus = random_corpus(random, 800, 300, 30);
  std::vector<size_t> cuts;
  for (int i = 0; i < 30; ++i) cuts.push_back(random.below(corpus.size()));
  const auto s = segments_of(corpus, cuts, false);
  const std::string bytes = build_lexicon(pointers(*s));
  const auto lexicon = Lexicon::open(bytes, "test").value();
  for (int i = 0; i < 150; ++i) {
    const Query query = random_query(random, corpus, 300);
    Statistics statistics = statistics_of(corpus, query);
    const auto resolution = lexicon->resolve(query);
    ASSERT_EQ(resolution.document_frequency, statistics.document_frequency);  // nothing is deleted here
    auto views = s->views;
    for (uint32_t v = 0; v < views.size(); ++v) views[v].resolved = resolution.of(v);
    const auto got = answers(*s, search(query, statistics, views, 10));
    ASSERT_EQ(got, reference(corpus, query, statistics, 10, false));
  }
}

TEST(Lexicon, AnUpdateIsARebuild) {
  const uint64_t seed = 33;
  SCOPED_TRACE("seed " + std::to_string(seed));
  base::Random random(seed);
  const Corpus corpus = random_corpus(random, 400, 300, 30);
  const auto s = segments_of(corpus, {50, 90, 91, 200, 330}, false);
  const auto readers = pointers(*s);
  // Before: segments 0, 1, 2, 3. After: 5, 0, 2, 4, 3 in this order; 1 is gone.
  const std::string before_bytes = build_lexicon(std::span(readers).first(4));
  const auto before = Lexicon::open(before_bytes, "before").value();
  const Reader* after[] = {readers[5], readers[0], readers[2], readers[4], readers[3]};
  const uint32_t renumber[] = {1, kGone, 2, 4};
  const AddedSegment added[] = {{3, readers[4]}, {0, readers[5]}};
  EXPECT_EQ(update_lexicon(*before, renumber, added, 5), build_lexicon(after));
  EXPECT_EQ(Lexicon::open(build_lexicon({}), "empty").value()->term_count(), 0u);
}

TEST(Lexicon, DamagedBytesAreRefusedOrReadSafely) {
  const uint64_t seed = 34;
  SCOPED_TRACE("seed " + std::to_string(seed));
  base::Random random(seed);
  const Corpus corpus = random_corpus(random, 200, 40, 30);
  const auto s = segments_of(corpus, {50, 90}, false);
  const std::string good = build_lexicon(pointers(*s));
  for (size_t size = 0; size < good.size(); size += 1 + random.below(30)) {
    const auto r = Lexicon::open(std::string(good, 0, size), "cut");
    ASSERT_FALSE(r.ok());
    EXPECT_EQ(r.status().code(), base::Code::corruption);
  }
  std::vector<LexiconEntry> entries;
  Query q;
  q.clauses = {{Occur::should, {"w0"}, {0}}, {Occur::should, {"w1", "w2"}, {0, 1}}};
  int refused = 0;
  for (int round = 0; round < 2000; ++round) {
    std::string bad = good;
    for (uint64_t n = 1 + random.below(4); n > 0; --n) {
      bad[random.below(round % 2 ? bad.size() : 64)] = static_cast<char>(random.below(256));
    }
    const auto r = Lexicon::open(bad, "bad");
    refused += !r.ok();
    if (!r.ok() || (*r)->segment_count() > 1000) continue;
    for (uint64_t w = 0; w < 40; ++w) {
      (*r)->find(word_of(w), &entries);
      for (const LexiconEntry& e : entries) ASSERT_LT(e.segment, (*r)->segment_count());
    }
    const auto resolution = (*r)->resolve(q);
    auto views = s->views;
    for (uint32_t v = 0; v < views.size() && v < (*r)->segment_count(); ++v) views[v].resolved = resolution.of(v);
    search(q, {200, 3000, resolution.document_frequency}, views, 5);
  }
  EXPECT_GT(refused, 100);
}

}  // namespace
}  // namespace tarn::inverted
