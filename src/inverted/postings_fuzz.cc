// Any bytes → open → everything that a reader can be asked, and a few searches. A valid file with flipped bytes gets
// further than noise, so the input is also laid over one.
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "inverted/corpus_for_tests.h"
#include "inverted/segment.h"

namespace {

using namespace tarn;
using namespace tarn::inverted;

const std::string& valid_file() {
  static const std::string bytes = [] {
    base::Random random(1);
    const auto corpus = testing_corpus::random_corpus(random, 200, 20, 12);
    return testing_corpus::build(corpus, 0, corpus.size());
  }();
  return bytes;
}

void read_all(std::string_view bytes) {
  const auto opened = Reader::open(bytes, "fuzz");
  if (!opened.ok()) return;
  const Reader& reader = **opened;
  const uint32_t terms = std::min(reader.term_count(), 300u), passages = std::min(reader.passage_count(), 300u);
  std::vector<TermCount> counts;
  for (uint32_t t = 0; t < terms; ++t) {
    reader.find(reader.term(TermOrdinal(t)));
    reader.document_frequency(TermOrdinal(t));
  }
  for (uint32_t p = 0; p <= passages; ++p) {
    reader.length(base::PassageOrdinal(p));
    reader.passage_terms(base::PassageOrdinal(p), &counts);
    reader.passage_occurrences(base::PassageOrdinal(p), [](TermOrdinal, uint32_t) {});
  }
  if (reader.passage_count() > 100000) return;
  Query q;
  for (const char* word : {"w0", "w1", "w2"}) q.clauses.push_back({Occur::should, {word}, {0}});
  q.clauses.push_back({Occur::should, {"w1", "w0"}, {0, 1}});
  const Statistics statistics{200, 2000, {{150}, {100}, {80}, {100, 150}}};
  SegmentView view;
  view.reader = &reader;
  for (const Occur occur : {Occur::should, Occur::must, Occur::must_not}) {
    for (size_t c = 1; c < q.clauses.size(); ++c) q.clauses[c].occur = occur;
    search(q, statistics, {&view, 1}, 5);
  }
  score(q, statistics, reader, base::PassageOrdinal(0));
  if (passages < 300) {
    Builder builder;
    builder.add_reader(reader, nullptr);
    builder.finish();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string noise(reinterpret_cast<const char*>(data), size);
  read_all(noise);
  // Pairs of (place, byte) over a valid file.
  std::string damaged = valid_file();
  for (size_t i = 0; i + 3 <= size && i < 60; i += 3) {
    damaged[(data[i] << 8 | data[i + 1]) % damaged.size()] = static_cast<char>(data[i + 2]);
  }
  read_all(damaged);
  return 0;
}
