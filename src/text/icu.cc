#include "text/icu.h"

#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/utf16.h>
#include <unicode/uversion.h>

#include <algorithm>
#include <memory>

#include "base/check.h"
#include "text/unicode.h"
#include "text/utf8.h"

namespace tarn::text::icu {
namespace {

// UTF-16 of a text and where each unit came from.
struct Utf16 {
  std::vector<UChar> units;
  std::vector<uint32_t> offsets;  // one more than units: the last is the text's size

  void assign(std::string_view text) {
    units.clear();
    offsets.clear();
    for (size_t at = 0; at < text.size();) {
      const Utf8Char c = utf8_at(text, at);
      if (c.value < 0x10000) {
        units.push_back(static_cast<UChar>(c.value));
        offsets.push_back(static_cast<uint32_t>(at));
      } else {
        units.push_back(static_cast<UChar>(0xD7C0 + (c.value >> 10)));
        units.push_back(static_cast<UChar>(0xDC00 | (c.value & 0x3FF)));
        offsets.insert(offsets.end(), 2, static_cast<uint32_t>(at));
      }
      at += c.size;
    }
    offsets.push_back(static_cast<uint32_t>(text.size()));
  }
  int32_t size() const { return static_cast<int32_t>(units.size()); }
};

struct CloseBreaks {
  void operator()(UBreakIterator* b) const { ubrk_close(b); }
};
using Breaks = std::unique_ptr<UBreakIterator, CloseBreaks>;

Breaks open_breaks(UBreakIteratorType type) {
  UErrorCode error = U_ZERO_ERROR;
  Breaks b(ubrk_open(type, "root", nullptr, 0, &error));
  TARN_CHECK(U_SUCCESS(error));  // ICU's data is part of the installation
  return b;
}

const UNormalizer2* casefold_normalizer() {
  static const UNormalizer2* n = [] {
    UErrorCode error = U_ZERO_ERROR;
    const UNormalizer2* made = unorm2_getNFKCCasefoldInstance(&error);
    TARN_CHECK(U_SUCCESS(error));
    return made;
  }();
  return n;
}

const UNormalizer2* canonical_normalizer() {
  static const UNormalizer2* n = [] {
    UErrorCode error = U_ZERO_ERROR;
    const UNormalizer2* made = unorm2_getNFCInstance(&error);
    TARN_CHECK(U_SUCCESS(error));
    return made;
  }();
  return n;
}

void append_utf16(const UChar* units, int32_t count, std::string* out) {
  for (int32_t i = 0; i < count;) {
    UChar32 c;
    U16_NEXT(units, i, count, c);
    append_utf8(U_IS_SURROGATE(c) ? kReplacement : static_cast<char32_t>(c), out);
  }
}

bool is_letter_or_digit(UChar32 c) { return (U_MASK(u_charType(c)) & (U_GC_L_MASK | U_GC_N_MASK)) != 0; }

}  // namespace

void word_segments(std::string_view text, std::vector<Segment>* out) {
  thread_local Breaks breaks = open_breaks(UBRK_WORD);
  thread_local Utf16 utf16;
  utf16.assign(text);
  // ICU takes @ for a letter, so that an address is one word. Who searches for "example.com" or "param" wants it to
  // part words.
  std::replace(utf16.units.begin(), utf16.units.end(), u'@', u'!');
  UErrorCode error = U_ZERO_ERROR;
  ubrk_setText(breaks.get(), utf16.units.data(), utf16.size(), &error);
  TARN_CHECK(U_SUCCESS(error));
  int32_t from = ubrk_first(breaks.get());
  for (int32_t to = ubrk_next(breaks.get()); to != UBRK_DONE; from = to, to = ubrk_next(breaks.get())) {
    bool word = false;
    int32_t emoji = to;  // where the first is; marks and joiners may stand before it
    for (int32_t i = from, at = i; i < to && !word; at = i) {
      UChar32 c;
      U16_NEXT(utf16.units.data(), i, to, c);
      word = is_letter_or_digit(c);
      const bool keycap = (c == '#' || c == '*') && to - from > 1 && utf16.units[static_cast<size_t>(to - 1)] == 0x20E3;
      if (emoji == to && (keycap || tarn::text::is_emoji(static_cast<char32_t>(c)))) emoji = at;
    }
    const bool is_emoji = !word && emoji < to;
    out->push_back({utf16.offsets[static_cast<size_t>(is_emoji ? emoji : from)], utf16.offsets[static_cast<size_t>(to)],
                    word, is_emoji});
  }
}

void sentence_breaks(std::string_view text, std::vector<size_t>* out) {
  thread_local Breaks breaks = open_breaks(UBRK_SENTENCE);
  thread_local Utf16 utf16;
  utf16.assign(text);
  UErrorCode error = U_ZERO_ERROR;
  ubrk_setText(breaks.get(), utf16.units.data(), utf16.size(), &error);
  TARN_CHECK(U_SUCCESS(error));
  ubrk_first(breaks.get());
  for (int32_t at = ubrk_next(breaks.get()); at != UBRK_DONE && at < utf16.size(); at = ubrk_next(breaks.get())) {
    out->push_back(utf16.offsets[static_cast<size_t>(at)]);
  }
}

void nfkc_casefold(std::string_view text, std::string* out) {
  thread_local Utf16 utf16;
  thread_local std::vector<UChar> folded(256);
  utf16.assign(text);
  out->clear();
  for (;;) {
    UErrorCode error = U_ZERO_ERROR;
    const int32_t n = unorm2_normalize(casefold_normalizer(), utf16.units.data(), utf16.size(), folded.data(),
                                       static_cast<int32_t>(folded.size()), &error);
    if (error == U_BUFFER_OVERFLOW_ERROR) {
      folded.resize(static_cast<size_t>(n) + 1);
      continue;
    }
    TARN_CHECK(U_SUCCESS(error));
    append_utf16(folded.data(), n, out);
    return;
  }
}

void fold_latin_accents(std::string_view text, std::string* out) {
  out->clear();
  bool after_latin = false;
  for (size_t at = 0; at < text.size();) {
    const Utf8Char c = utf8_at(text, at);
    at += c.size;
    if (c.value >= 0x300 && c.value <= 0x36F) {  // a combining mark that did not compose
      if (!after_latin) append_utf8(c.value, out);
      continue;
    }
    const bool ascii_letter = (c.value | 0x20) >= 'a' && (c.value | 0x20) <= 'z';
    const bool extended = (c.value >= 0xC0 && c.value < 0x250) || (c.value >= 0x1E00 && c.value < 0x1F00);
    after_latin = ascii_letter || extended;
    if (!extended) {
      append_utf8(c.value, out);
      continue;
    }
    switch (c.value) {  // letters whose stroke is no mark of its own
      case 0xF8:
        out->push_back('o');
        continue;
      case 0x142:
        out->push_back('l');
        continue;
      case 0x111:
        out->push_back('d');
        continue;
      case 0x127:
        out->push_back('h');
        continue;
      case 0x131:
        out->push_back('i');
        continue;
      case 0xE6:
        out->append("ae");
        continue;
      case 0x153:
        out->append("oe");
        continue;
      default:
        break;
    }
    UChar parts[32];
    UErrorCode error = U_ZERO_ERROR;
    const int32_t n = unorm2_getDecomposition(canonical_normalizer(), static_cast<UChar32>(c.value), parts, 32, &error);
    if (U_FAILURE(error) || n <= 0) {
      append_utf8(c.value, out);
      continue;
    }
    for (int32_t i = 0; i < n; ++i) {
      if (parts[i] < 0x300 || parts[i] > 0x36F) append_utf16(parts + i, 1, out);
    }
  }
}

std::string version() {
  UVersionInfo v;
  u_getVersion(v);
  char text[U_MAX_VERSION_STRING_LENGTH];
  u_versionToString(v, text);
  return std::string("icu-") + text;
}

}  // namespace tarn::text::icu
