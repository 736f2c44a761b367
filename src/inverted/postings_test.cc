#include "inverted/postings.h"

#include <gtest/gtest.h>

#include "inverted/corpus_for_tests.h"
#include "inverted/impacts.h"
#include "inverted/segment.h"

namespace tarn::inverted {
namespace {

using namespace testing_corpus;

void expect_holds(const Reader& reader, const Corpus& corpus, size_t from, size_t to) {
  std::map<std::string, std::map<uint32_t, uint32_t>> terms;  // term → passage → frequency
  uint64_t total = 0;
  ASSERT_EQ(reader.passage_count(), to - from);
  for (size_t i = from; i < to; ++i) {
    const auto p = static_cast<uint32_t>(i - from);
    std::set<uint32_t> positions;
    for (const auto& [word, position] : corpus[i].words) {
      ++terms[word][p];
      positions.insert(position);
    }
    ASSERT_EQ(reader.length(base::PassageOrdinal(p)), positions.size());
    total += positions.size();
    std::vector<std::pair<std::string, uint32_t>> words;
    reader.passage_occurrences(base::PassageOrdinal(p),
                               [&](TermOrdinal t, uint32_t position) { words.emplace_back(reader.term(t), position); });
    ASSERT_EQ(words, corpus[i].words);
    std::vector<TermCount> counts;
    reader.passage_terms(base::PassageOrdinal(p), &counts);
    std::map<std::string, uint32_t> want;
    for (const auto& w : corpus[i].words) ++want[w.first];
    ASSERT_EQ(counts.size(), want.size());
    auto it = want.begin();
    for (const TermCount& c : counts) {
      ASSERT_EQ(reader.term(c.term), it->first);
      ASSERT_EQ(c.frequency, (it++)->second);
    }
  }
  ASSERT_EQ(reader.total_length(), total);
  ASSERT_EQ(reader.term_count(), terms.size());
  uint32_t ordinal = 0;
  Dictionary::Walk walk(Segment::of(reader).dictionary());
  for (const auto& [term, postings] : terms) {
    ASSERT_TRUE(walk.next());
    ASSERT_EQ(walk.term(), term);
    ASSERT_EQ(reader.find(term), TermOrdinal(ordinal));
    ASSERT_EQ(reader.term(TermOrdinal(ordinal)), term);
    ASSERT_EQ(reader.document_frequency(TermOrdinal(ordinal)), postings.size());
    const PostingList list = Segment::of(reader).postings(ordinal);
    std::map<uint32_t, uint32_t> got;
    uint32_t passages[kBlock], frequencies[kBlock];
    for (uint32_t b = 0; b < list.blocks(); ++b) {
      const uint32_t n = list.read_passages(b, reader.passage_count(), passages);
      ASSERT_GT(n, 0u);
      list.read_frequencies(b, frequencies);
      for (uint32_t i = 0; i < n; ++i) {
        got[passages[i]] = frequencies[i];
        const auto covers = [&](const Impact& impact) {
          return impact.frequency >= frequencies[i] &&
                 impact.length <= reader.length(base::PassageOrdinal(passages[i]));
        };
        bool covered = list.is_single(), block_covered = !list.has_records();
        for (uint32_t j = 0; j < list.impacts(); ++j) covered |= covers(list.impact(j));
        if (list.has_records()) {
          const BlockRecord r = list.record(b);
          for (uint32_t j = 0; j < r.impacts; ++j) block_covered |= covers(list.block_impact(r.first_impact + j));
        }
        ASSERT_TRUE(covered && block_covered);
      }
    }
    ASSERT_EQ(got, postings);
    ++ordinal;
  }
  ASSERT_FALSE(walk.next());
  for (const char* absent : {"", "a", "w", "w0x", "zzz", "\xff"}) {
    ASSERT_EQ(reader.find(absent).has_value(), terms.contains(absent));
  }
  ASSERT_EQ(reader.document_frequency(TermOrdinal(ordinal)), 0u);
  ASSERT_EQ(reader.term(TermOrdinal(ordinal)), "");
}

TEST(Postings, WhatWasBuiltIsRead) {
  const uint64_t seed = 11;
  SCOPED_TRACE("seed " + std::to_string(seed));
  base::Random random(seed);
  const struct {
    size_t passages;
    uint64_t vocabulary, longest;
  } shapes[] = {{0, 1, 1}, {1, 3, 20}, {129, 2, 9}, {700, 50, 30}, {900, 4000, 60}, {300, 300, 700}};
  for (const auto& shape : shapes) {
    const Corpus corpus = random_corpus(random, shape.passages, shape.vocabulary, shape.longest);
    const std::string bytes = build(corpus, 0, corpus.size());
    ASSERT_EQ(bytes, build(corpus, 0, corpus.size())) << "a segment is a pure function of its passages";
    const auto reader = Reader::open(bytes, "test");
    ASSERT_TRUE(reader.ok()) << reader.status().to_string();
    expect_holds(**reader, corpus, 0, corpus.size());
  }
}

TEST(Postings, AnyTermAndAnyPosition) {
  Corpus corpus(3);
  corpus[0].words = {{"", 0}, {std::string("a\0b", 3), 0}, {"\xff\xfe", 4000000000u}};
  corpus[2].words = {{std::string(100000, 'x'), 7}, {std::string(100000, 'x'), 7}, {"", 4294967295u}};
  const std::string bytes = build(corpus, 0, 3);
  const auto reader = Reader::open(bytes, "test");
  ASSERT_TRUE(reader.ok()) << reader.status().to_string();
  expect_holds(**reader, corpus, 0, 3);
}

TEST(Postings, ManyPassagesOfOneWordAreSmall) {
  Builder builder;
  const std::vector<Occurrence> one = {{"word", 0}};
  for (int i = 0; i < 10000; ++i) builder.add_passage(one);
  EXPECT_LT(builder.finish().size(), 10000u * 13);
}

TEST(Postings, MergedReadersAreARebuild) {
  const uint64_t seed = 12;
  SCOPED_TRACE("seed " + std::to_string(seed));
  base::Random random(seed);
  Corpus corpus = random_corpus(random, 400, 200, 40);
  for (TestPassage& p : corpus) p.live = random.below(4) != 0;
  Corpus live;
  std::copy_if(corpus.begin(), corpus.end(), std::back_inserter(live), [](const TestPassage& p) { return p.live; });
  const auto s = segments_of(corpus, {100, 101, 250}, false);
  Builder builder;
  for (size_t i = 0; i < s->readers.size(); ++i) builder.add_reader(*s->readers[i], &s->deleted[i]);
  EXPECT_GT(builder.memory_bytes(), 1000u);
  EXPECT_EQ(builder.finish(), build(live, 0, live.size()));
}

TEST(Impacts, FrontsCoverWhatWasAdded) {
  const uint64_t seed = 13;
  SCOPED_TRACE("seed " + std::to_string(seed));
  base::Random random(seed);
  for (int round = 0; round < 300; ++round) {
    ImpactFront front;
    std::vector<std::pair<uint32_t, uint32_t>> added;
    for (uint64_t n = 1 + random.below(60); n > 0; --n) {
      added.emplace_back(1 + random.below(random.below(20) ? 20 : 100000),
                         random.below(random.below(20) ? 300 : 100000));
      front.add(added.back().first, added.back().second);
    }
    const size_t limit = 1 + random.below(8);
    const auto cut = front.cut(limit);
    ASSERT_LE(cut.size(), limit);
    for (const auto& [frequency, length] : added) {
      ASSERT_TRUE(std::any_of(cut.begin(), cut.end(), [&](const Impact& i) {
        return (i.frequency == kManyTimes || i.frequency >= frequency) && i.length <= length;
      }));
    }
  }
}

// Reads all that a reader can give, so that a sanitizer sees any read outside.
void read_everything(const Reader& reader) {
  const Segment& segment = Segment::of(reader);
  const uint32_t terms = std::min(reader.term_count(), 2000u), passages = std::min(reader.passage_count(), 2000u);
  std::vector<TermCount> counts;
  uint32_t values[kBlock];
  for (uint32_t t = 0; t < terms; ++t) {
    reader.find(reader.term(TermOrdinal(t)));
    const PostingList list = segment.postings(t);
    for (uint32_t b = 0; b < std::min(list.blocks(), 50u); ++b) {
      const uint32_t n = list.read_passages(b, reader.passage_count(), values);
      for (uint32_t i = 0; i < n; ++i) ASSERT_LT(values[i], reader.passage_count());
      list.read_frequencies(b, values);
    }
  }
  for (uint32_t p = 0; p < passages; ++p) {
    reader.length(base::PassageOrdinal(p));
    reader.passage_terms(base::PassageOrdinal(p), &counts);
    for (const TermCount& c : counts) ASSERT_LT(c.term.value, reader.term_count());
    reader.passage_occurrences(base::PassageOrdinal(p),
                               [&](TermOrdinal t, uint32_t) { ASSERT_LT(t.value, reader.term_count()); });
  }
}

TEST(Postings, DamagedBytesAreRefusedOrReadSafely) {
  const uint64_t seed = 14;
  SCOPED_TRACE("seed " + std::to_string(seed));
  base::Random random(seed);
  const Corpus corpus = random_corpus(random, 300, 30, 30);
  const std::string good = build(corpus, 0, corpus.size());
  for (size_t size = 0; size < good.size(); size += 1 + random.below(good.size() / 50)) {
    const auto r = Reader::open(std::string(good, 0, size), "cut");
    ASSERT_FALSE(r.ok()) << "cut to " << size;
    EXPECT_EQ(r.status().code(), base::Code::corruption);
    EXPECT_NE(r.status().message().find("cut"), std::string::npos);
  }
  int refused = 0;
  for (int round = 0; round < 400; ++round) {
    std::string bad = good;
    for (uint64_t n = 1 + random.below(4); n > 0; --n) {
      bad[random.below(round % 4 ? bad.size() : 200)] = static_cast<char>(random.below(256));
    }
    const auto r = Reader::open(bad, "bad");
    if (!r.ok()) {
      ++refused;
      continue;
    }
    read_everything(**r);
    Query q;
    q.clauses = {{Occur::should, {"w0"}, {0}}, {Occur::should, {"w1"}, {0}}, {Occur::should, {"w2", "w0"}, {0, 1}}};
    SegmentView view;
    view.reader = r->get();
    const Statistics statistics{300, 4000, {{200}, {150}, {100, 200}}};
    search(q, statistics, {&view, 1}, 5);
    for (Clause& c : q.clauses) c.occur = Occur::must;
    search(q, statistics, {&view, 1}, 5);
  }
  EXPECT_GT(refused, 20);
}

}  // namespace
}  // namespace tarn::inverted
