// Any bytes → open → every lookup, and a lexicon made from it.
#include <cstddef>
#include <cstdint>

#include "inverted/corpus_for_tests.h"
#include "inverted/lexicon.h"

namespace {

using namespace tarn;
using namespace tarn::inverted;

const std::string& valid_file() {
  static const std::string bytes = [] {
    base::Random random(1);
    const auto corpus = testing_corpus::random_corpus(random, 60, 30, 12);
    const auto segments = testing_corpus::segments_of(corpus, {20, 40}, false);
    std::vector<const Reader*> readers;
    for (const auto& r : segments->readers) readers.push_back(r.get());
    return build_lexicon(readers);
  }();
  return bytes;
}

void read_all(std::string_view bytes) {
  const auto opened = Lexicon::open(bytes, "fuzz");
  if (!opened.ok()) return;
  std::vector<LexiconEntry> entries;
  for (uint64_t w = 0; w < 30; ++w) (*opened)->find(testing_corpus::word_of(w), &entries);
  Query q;
  q.clauses = {{Occur::should, {"w0", "w1"}, {0, 1}}};
  if ((*opened)->segment_count() < 1000) (*opened)->resolve(q);
  std::vector<uint32_t> renumber((*opened)->segment_count() < 1000 ? (*opened)->segment_count() : 0);
  for (uint32_t i = 0; i < renumber.size(); ++i) renumber[i] = i;
  if (!renumber.empty()) update_lexicon(**opened, renumber, {}, static_cast<uint32_t>(renumber.size()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  read_all(std::string(reinterpret_cast<const char*>(data), size));
  std::string damaged = valid_file();
  for (size_t i = 0; i + 3 <= size && i < 60; i += 3) {
    damaged[(data[i] << 8 | data[i + 1]) % damaged.size()] = static_cast<char>(data[i + 2]);
  }
  read_all(damaged);
  return 0;
}
