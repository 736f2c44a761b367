// Words of a text by UAX #29, as byte spans: one way for ASCII that needs no data, one by ICU for everything else.
// Shape:   a word is a segment between word boundaries that holds a letter or a digit, or an emoji. Text is taken in
//          stretches that end at white space (or, where there is none, at kMaxStretchBytes), so that memory is bounded;
//          both ways agree on every ASCII stretch.
// Source:  UAX #29, WB1 to WB999, as ICU tailors them (a colon parts words), but @ parts words too.
// Threads: free functions; ICU's break iterator is one a thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tarn::text {

struct Word {
  uint32_t start = 0, end = 0;
  bool plain = false;  // ASCII letters and digits only: nothing in it joins parts
  bool emoji = false;
};

inline constexpr size_t kMaxStretchBytes = size_t{64} << 10;

namespace ascii {
// Bits of each byte's class.
inline constexpr uint8_t kLetter = 1, kDigit = 2, kUnderscore = 4, kMidLetter = 8, kMidDigit = 16, kSpace = 32,
                         kUpper = 64;
inline constexpr std::array<uint8_t, 256> kClass = []() {
  std::array<uint8_t, 256> t{};
  for (size_t c = 'a'; c <= 'z'; ++c) t[c] = kLetter;
  for (size_t c = 'A'; c <= 'Z'; ++c) t[c] = kLetter | kUpper;
  for (size_t c = '0'; c <= '9'; ++c) t[c] = kDigit;
  t['_'] = kUnderscore;
  t['.'] = t['\''] = kMidLetter | kMidDigit;
  t[','] = t[';'] = kMidDigit;
  t[' '] = t['\t'] = t['\n'] = t['\r'] = kSpace;
  return t;
}();
inline uint8_t class_of(char c) { return kClass[static_cast<unsigned char>(c)]; }
}  // namespace ascii

// Calls word(Word) for each word of text[from, to), which is ASCII.
template <typename Sink>
void ascii_words(std::string_view text, size_t from, size_t to, Sink&& word) {
  using namespace ascii;
  const auto cls = [&](size_t i) { return class_of(text[i]); };
  constexpr uint8_t kInside = kLetter | kDigit | kUnderscore;
  size_t i = from;
  while (true) {
    while (i < to && !(cls(i) & kInside)) ++i;
    if (i == to) return;
    const size_t start = i;
    uint8_t last = cls(i), seen = last;
    for (++i; i < to; ++i) {
      const uint8_t c = cls(i);
      if (c & kInside) {
        last = c;
        seen |= c;
        continue;
      }
      if (i + 1 == to) break;
      const uint8_t next = cls(i + 1);
      // WB6, WB7: letter (mid) letter; WB11, WB12: digit (mid) digit.
      if (!((c & kMidLetter) && (last & kLetter) && (next & kLetter)) &&
          !((c & kMidDigit) && (last & kDigit) && (next & kDigit))) {
        break;
      }
      seen |= kMidLetter;
      last = next;
      ++i;
    }
    if (seen & (kLetter | kDigit)) {
      word(Word{static_cast<uint32_t>(start), static_cast<uint32_t>(i), !(seen & (kUnderscore | kMidLetter)), false});
    }
  }
}

// Appends the words of text[from, to) by ICU.
void icu_words(std::string_view text, size_t from, size_t to, std::vector<Word>* out);

// Where the stretch that holds the byte at `non_ascii` begins and ends; everything in [from, begin) is ASCII and
// complete words.
struct Stretch {
  size_t begin, end;
};
Stretch stretch_around(std::string_view text, size_t from, size_t non_ascii);

}  // namespace tarn::text
