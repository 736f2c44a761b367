#include "text/stemmer.h"

#include <libstemmer.h>

#include <cstring>

#include "base/check.h"

namespace tarn::text {
namespace {

uint64_t hash(std::string_view w) {
  uint64_t a = 0, b = 0;
  if (w.size() >= 8) {
    std::memcpy(&a, w.data(), 8);
    std::memcpy(&b, w.data() + w.size() - 8, 8);
    if (w.size() > 16) {
      uint64_t c;
      std::memcpy(&c, w.data() + 8, 8);
      b += c * 0x9E3779B97F4A7C15u;
    }
  } else {
    std::memcpy(&a, w.data(), w.size());
  }
  uint64_t h = (a ^ (b * 0xC2B2AE3D27D4EB4Fu) ^ w.size()) * 0x9E3779B97F4A7C15u;
  return h ^ (h >> 29);
}

}  // namespace

const std::vector<std::string>& Stemmer::algorithms() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> out;
    for (const char** n = sb_stemmer_list(); *n != nullptr; ++n) out.emplace_back(*n);
    return out;
  }();
  return names;
}

Stemmer& Stemmer::of_this_thread(size_t algorithm) {
  thread_local std::vector<std::unique_ptr<Stemmer>> stemmers(algorithms().size());
  auto& s = stemmers[algorithm];
  if (!s) s = std::make_unique<Stemmer>(algorithms()[algorithm]);
  return *s;
}

Stemmer::Stemmer(const std::string& algorithm)
    : snowball_(sb_stemmer_new(algorithm.c_str(), "UTF_8")), cache_(kEntries) {
  TARN_CHECK(snowball_ != nullptr);
}

Stemmer::~Stemmer() { sb_stemmer_delete(snowball_); }

std::string_view Stemmer::stem_uncached(std::string_view word) {
  const sb_symbol* s =
      sb_stemmer_stem(snowball_, reinterpret_cast<const sb_symbol*>(word.data()), static_cast<int>(word.size()));
  TARN_CHECK(s != nullptr);  // null means that memory ran out
  return {reinterpret_cast<const char*>(s), static_cast<size_t>(sb_stemmer_length(snowball_))};
}

std::string_view Stemmer::stem(std::string_view word) {
  if (word.empty() || word.size() > kMaxCached) return stem_uncached(word);
  Entry& e = cache_[hash(word) % kEntries];
  if (e.word_size == word.size() && std::memcmp(e.word, word.data(), word.size()) == 0) return {e.stem, e.stem_size};
  const std::string_view s = stem_uncached(word);
  if (s.size() > kMaxCached) return s;
  e.word_size = static_cast<uint8_t>(word.size());
  e.stem_size = static_cast<uint8_t>(s.size());
  std::memcpy(e.word, word.data(), word.size());
  std::memcpy(e.stem, s.data(), s.size());
  return {e.stem, e.stem_size};
}

}  // namespace tarn::text
