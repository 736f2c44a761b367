// How fast queries are over one segment and over many of the same data, and how fast an inverted file is built.
// TARN_BENCH_PASSAGES chooses the size (default 20,000; the figures in README.md are for 300,000). Every query's answer
// over many segments is compared with that over one, and a sample with scoring every passage.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <numeric>

#include "base/random.h"
#include "inverted/lexicon.h"
#include "inverted/postings.h"
#include "inverted/query.h"
#include "inverted/top_k.h"

namespace tarn::inverted {
namespace {

constexpr uint32_t kWords = 70;  // of a passage
constexpr uint64_t kVocabulary = 200000;
constexpr size_t kQueries = 100;
constexpr size_t kK = 10;

struct Index {
  std::vector<std::string> bytes;
  std::vector<std::shared_ptr<const Reader>> readers;
  std::vector<size_t> first;
  std::string lexicon_bytes;
  std::shared_ptr<const Lexicon> lexicon;
  std::vector<std::string> ids;
  std::vector<SegmentView> views;
};

struct Data {
  size_t passages = 20000;
  std::vector<uint32_t> words;     // kWords of each passage
  std::vector<std::string> names;  // of the vocabulary
  uint64_t text_bytes = 0;
  Index one, many;
  std::vector<Query> any_of, all_of, phrases, stop_words;

  std::string build(size_t from, size_t to) const {
    Builder builder;
    std::vector<Occurrence> occurrences(kWords);
    for (size_t p = from; p < to; ++p) {
      for (uint32_t i = 0; i < kWords; ++i) occurrences[i] = {names[words[p * kWords + i]], i};
      builder.add_passage(occurrences);
    }
    return builder.finish();
  }

  void make(Index* index, size_t segments) const {
    std::vector<const Reader*> readers;
    for (size_t s = 0; s < segments; ++s) {
      const size_t from = passages * s / segments, to = passages * (s + 1) / segments;
      index->bytes.push_back(build(from, to));
      index->first.push_back(from);
    }
    for (size_t p = 0; p < passages; ++p) index->ids.push_back(std::to_string(p));
    for (size_t s = 0; s < segments; ++s) {
      index->readers.push_back(Reader::open(index->bytes[s], "bench").value());
      readers.push_back(index->readers.back().get());
      SegmentView v;
      v.reader = readers.back();
      v.tie = [index, base = index->first[s]](base::PassageOrdinal p) {
        return std::pair<std::string_view, uint32_t>(index->ids[base + p.value], 0);
      };
      index->views.push_back(v);
    }
    index->lexicon_bytes = build_lexicon(readers);
    index->lexicon = Lexicon::open(index->lexicon_bytes, "bench").value();
  }

  Query query(base::Random& random, Occur occur, size_t terms) const {
    Query q;
    const size_t passage = random.below(passages);
    for (size_t t = 0; t < terms; ++t) {
      // Words as text has them; for all_of from one passage, so that there is something to find.
      const size_t p = occur == Occur::must ? passage : random.below(passages);
      q.clauses.push_back({occur, {names[words[p * kWords + random.below(kWords)]]}, {0}});
    }
    return q;
  }

  Data() {
    if (const char* size = std::getenv("TARN_BENCH_PASSAGES")) {
      passages = std::max<size_t>(1000, static_cast<size_t>(std::atoll(size)));
    }
    base::Random random(1);
    for (uint64_t w = 0; w < kVocabulary; ++w) names.push_back("word" + std::to_string(w * 7919 % kVocabulary));
    // Zipf with exponent 1, by its cumulative weights.
    std::vector<double> weights(kVocabulary);
    double sum = 0;
    for (uint64_t w = 0; w < kVocabulary; ++w) weights[w] = sum += 1.0 / static_cast<double>(w + 2);
    for (size_t i = 0; i < passages * kWords; ++i) {
      const auto at = std::lower_bound(weights.begin(), weights.end(), random.unit() * sum);
      words.push_back(static_cast<uint32_t>(at - weights.begin()));
      text_bytes += names[words.back()].size() + 1;
    }
    make(&one, 1);
    make(&many, 512);
    for (size_t i = 0; i < kQueries; ++i) {
      any_of.push_back(query(random, Occur::should, 2 + random.below(4)));
      all_of.push_back(query(random, Occur::must, 2 + random.below(2)));
      stop_words.push_back(query(random, Occur::should, 1));
      stop_words.back().clauses[0].terms[0] = names[i % 10];
      const size_t p = random.below(passages), at = random.below(kWords - 1);
      Query phrase;
      phrase.clauses = {{Occur::should, {names[words[p * kWords + at]], names[words[p * kWords + at + 1]]}, {0, 1}}};
      phrases.push_back(phrase);
    }
  }
};

Data& data() {
  static Data d;
  return d;
}

std::vector<Scored> ask(Index& index, const Query& query, std::vector<SegmentView>& views) {
  const auto resolution = index.lexicon->resolve(query);
  Statistics statistics{data().passages, data().passages * kWords, resolution.document_frequency};
  for (uint32_t v = 0; v < views.size(); ++v) views[v].resolved = resolution.of(v);
  return search(query, statistics, views, kK);
}

std::vector<std::pair<size_t, float>> answer(Index& index, const Query& query) {
  std::vector<std::pair<size_t, float>> out;
  for (const Scored& s : ask(index, query, index.views)) {
    out.emplace_back(index.first[s.segment] + s.passage.value, s.score);
  }
  return out;
}

void check(const std::vector<Query>& queries) {
  Data& d = data();
  for (size_t i = 0; i < queries.size(); ++i) {
    const auto one = answer(d.one, queries[i]);
    if (one != answer(d.many, queries[i])) {
      std::fprintf(stderr, "query %zu differs between 1 and 512 segments\n", i), std::abort();
    }
    if (i >= 2) continue;
    const auto resolution = d.one.lexicon->resolve(queries[i]);
    const Statistics statistics{d.passages, d.passages * kWords, resolution.document_frequency};
    TopK top(kK, d.one.views);
    for (uint32_t p = 0; p < d.passages; ++p) {
      if (const auto s = score(queries[i], statistics, *d.one.readers[0], base::PassageOrdinal(p))) {
        top.add(0, p, double{*s});
      }
    }
    std::vector<std::pair<size_t, float>> want;
    for (const Scored& s : top.take()) want.emplace_back(s.passage.value, s.score);
    if (one != want) std::fprintf(stderr, "query %zu differs from scoring every passage\n", i), std::abort();
  }
}

void run(benchmark::State& state, const std::vector<Query>& queries, Index& index) {
  check(queries);
  size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(ask(index, queries[i++ % queries.size()], index.views));
}

void any_of_1(benchmark::State& s) { run(s, data().any_of, data().one); }
void any_of_512(benchmark::State& s) { run(s, data().any_of, data().many); }
void all_of_1(benchmark::State& s) { run(s, data().all_of, data().one); }
void all_of_512(benchmark::State& s) { run(s, data().all_of, data().many); }
void stop_word_1(benchmark::State& s) { run(s, data().stop_words, data().one); }
void stop_word_512(benchmark::State& s) { run(s, data().stop_words, data().many); }
void phrase_1(benchmark::State& s) { run(s, data().phrases, data().one); }
void phrase_512(benchmark::State& s) { run(s, data().phrases, data().many); }
BENCHMARK(any_of_1)->Unit(benchmark::kMicrosecond);
BENCHMARK(any_of_512)->Unit(benchmark::kMicrosecond);
BENCHMARK(all_of_1)->Unit(benchmark::kMicrosecond);
BENCHMARK(all_of_512)->Unit(benchmark::kMicrosecond);
BENCHMARK(stop_word_1)->Unit(benchmark::kMicrosecond);
BENCHMARK(stop_word_512)->Unit(benchmark::kMicrosecond);
BENCHMARK(phrase_1)->Unit(benchmark::kMicrosecond);
BENCHMARK(phrase_512)->Unit(benchmark::kMicrosecond);

void build_segment(benchmark::State& state) {
  Data& d = data();
  const size_t passages = std::min<size_t>(d.passages, 20000);
  size_t size = 0;
  for (auto _ : state) size = d.build(0, passages).size();
  if (d.build(0, passages) != d.build(0, passages)) std::abort();
  const double text =
      static_cast<double>(d.text_bytes) * static_cast<double>(passages) / static_cast<double>(d.passages);
  state.counters["text_MB/s"] =
      benchmark::Counter(text * static_cast<double>(state.iterations()) / 1e6, benchmark::Counter::kIsRate);
  state.counters["index/text"] = static_cast<double>(size) / text;
}
BENCHMARK(build_segment)->Unit(benchmark::kMillisecond);

void build_lexicon_512(benchmark::State& state) {
  std::vector<const Reader*> readers;
  for (const auto& r : data().many.readers) readers.push_back(r.get());
  size_t size = 0;
  for (auto _ : state) size = build_lexicon(readers).size();
  state.counters["bytes"] = static_cast<double>(size);
}
BENCHMARK(build_lexicon_512)->Unit(benchmark::kMillisecond);

// The same bytes from the lexicon of all segments but the last, which is what a commit leaves to be done.
void update_lexicon_512(benchmark::State& state) {
  std::vector<const Reader*> readers;
  for (const auto& r : data().many.readers) readers.push_back(r.get());
  const auto count = static_cast<uint32_t>(readers.size());
  const std::string before = build_lexicon({readers.data(), count - 1});
  std::vector<uint32_t> same(count - 1);
  std::iota(same.begin(), same.end(), 0u);
  const AddedSegment added{count - 1, readers.back()};
  std::string bytes;
  for (auto _ : state) {
    const auto opened = Lexicon::open(before, "bench").value();
    bytes = update_lexicon(*opened, same, {&added, 1}, count);
  }
  if (bytes != build_lexicon(readers)) std::abort();
}
BENCHMARK(update_lexicon_512)->Unit(benchmark::kMillisecond);

void open_segment(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(Reader::open(data().one.bytes[0], "bench"));
}
BENCHMARK(open_segment)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace tarn::inverted

BENCHMARK_MAIN();
