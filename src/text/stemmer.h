// A Snowball stemmer with a cache of the words that it met lately. Words come folded to lower case.
// Shape:   the cache is direct-mapped, kEntries entries of 64 bytes: text repeats its words, and a stem costs some 300
//          ns.
// Threads: one object a thread.
// Source:  snowballstem.org, libstemmer 2.2.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct sb_stemmer;

namespace tarn::text {

class Stemmer {
 public:
  explicit Stemmer(const std::string& algorithm);  // a name of algorithms()
  ~Stemmer();
  // Valid until the next call. An empty answer is the stemmer's own.
  std::string_view stem(std::string_view word);

  static const std::vector<std::string>& algorithms();
  // This thread's stemmer of that algorithm (an index into algorithms()).
  static Stemmer& of_this_thread(size_t algorithm);

 private:
  static constexpr size_t kEntries = 4096;
  static constexpr size_t kMaxCached = 31;
  struct Entry {
    uint8_t word_size = 0, stem_size = 0;
    char word[kMaxCached];
    char stem[kMaxCached];
  };
  std::string_view stem_uncached(std::string_view word);

  sb_stemmer* snowball_;
  std::vector<Entry> cache_;
};

}  // namespace tarn::text
