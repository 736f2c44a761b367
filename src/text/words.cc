#include "text/words.h"

#include <cstring>

#include "text/icu.h"
#include "text/utf8.h"

namespace tarn::text {
namespace {

constexpr size_t kQuiet = 64;               // a stretch ends at white space that so much ASCII follows …
constexpr size_t kUsualStretch = 16 << 10;  // … or at the first white space after so much
constexpr size_t kLookBack = 4096;

bool is_space(char c) { return ascii::class_of(c) & ascii::kSpace; }

// Punctuation that always parts words and never belongs to a term ("c++", "utf-8").
bool is_separator(char c) { return is_space(c) || std::strchr("()[]{}<>=/\\|!?*&%^", c) != nullptr; }

}  // namespace

void icu_words(std::string_view text, size_t from, size_t to, std::vector<Word>* out) {
  thread_local std::vector<icu::Segment> segments;
  segments.clear();
  icu::word_segments(text.substr(from, to - from), &segments);
  for (const icu::Segment& s : segments) {
    if (!s.word && !s.emoji) continue;
    out->push_back({static_cast<uint32_t>(from) + s.start, static_cast<uint32_t>(from) + s.end, false, s.emoji});
  }
}

size_t find_non_ascii(std::string_view text, size_t from) {
  constexpr uint64_t kHigh = 0x8080808080808080u;
  size_t i = from;
  for (; i + 32 <= text.size(); i += 32) {
    uint64_t w[4];
    std::memcpy(w, text.data() + i, 32);
    if ((w[0] | w[1] | w[2] | w[3]) & kHigh) break;
  }
  while (i < text.size() && static_cast<unsigned char>(text[i]) < 0x80) ++i;
  return i;
}

Stretch stretch_around(std::string_view text, size_t from, size_t non_ascii) {
  Stretch s{non_ascii, non_ascii};
  const size_t floor = non_ascii - from > kLookBack ? non_ascii - kLookBack : from;
  while (s.begin > floor && !is_space(text[s.begin - 1])) --s.begin;
  if (s.begin == floor && floor > from) {  // one very long line: any separator will do, else the byte itself
    s.begin = non_ascii;
    while (s.begin > floor && !is_separator(text[s.begin - 1])) --s.begin;
    if (s.begin == floor) s.begin = non_ascii;
  }

  const size_t limit = text.size() - s.begin > kMaxStretchBytes ? s.begin + kMaxStretchBytes : text.size();
  size_t last_high = non_ascii, last_space = 0;
  for (s.end = non_ascii; s.end < limit; ++s.end) {
    if (static_cast<unsigned char>(text[s.end]) >= 0x80) {
      last_high = s.end;
    } else if (is_space(text[s.end])) {
      last_space = s.end;
      if (s.end - s.begin >= kUsualStretch) return s;
    }
    if (s.end - last_high > kQuiet && last_space > last_high) {
      s.end = last_space;
      return s;
    }
  }
  if (limit == text.size()) return s;
  if (last_space > non_ascii) {
    s.end = last_space;
    return s;
  }
  // No white space in 64 KiB (Chinese, Japanese, Thai): cut after an ideographic full stop or comma, else between two
  // characters.
  for (size_t i = s.end; i > s.end - kLookBack; --i) {
    const std::string_view before = text.substr(i - 3, 3);
    if (before == "\u3002" || before == "\u3001" || before == "\uFF0C") {
      s.end = i;
      return s;
    }
  }
  s.end = s.begin + utf8_floor(text.substr(s.begin), s.end - s.begin);
  if (s.end <= non_ascii) s.end = limit;  // a run of trailing bytes without a lead: not text anyway
  return s;
}

}  // namespace tarn::text
