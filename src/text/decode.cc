#include <algorithm>
#include <string>

#include "base/ascii.h"
#include "text/analyzer.h"
#include "text/charset.h"
#include "text/icu.h"
#include "text/utf8.h"

namespace tarn::text {
namespace {

using base::is_letter;

constexpr int kMinConfidence = 10;  // of ICU's detector, which gives 10 to short Latin text
constexpr size_t kDetectBytes = size_t{64} << 10;
constexpr size_t kFewHighBytes = 12;   // below, a detector by frequencies tells chance from chance
constexpr uint64_t kFewSequences = 3;  // of UTF-8, that a text of another charset has by chance
constexpr uint64_t kFewWeight = 8;     // the same of longer ones
constexpr uint64_t kDisproved = 4;  // a label is wrong if so many, and one in so many bytes above 0x7F, cannot be read

struct Utf8Count {
  uint64_t sequences = 0, errors = 0;  // well-formed ones of two bytes and more; ill-formed ones
  uint64_t weight = 0;                 // of the well-formed: longer ones are rarer by chance
  uint64_t high_bytes = 0;
  bool cut_end = false;  // the last of the text is the beginning of a character
};

Utf8Count count_utf8(std::string_view bytes) {
  Utf8Count n;
  for (size_t at = find_non_ascii(bytes, 0); at < bytes.size();) {
    const Utf8Char c = utf8_at(bytes, at);
    ++(c.well_formed ? n.sequences : n.errors);
    n.weight += !c.well_formed ? 0 : c.size == 2 ? 1 : c.size == 3 ? 4 : 8;
    n.high_bytes += c.size;
    n.cut_end = !c.well_formed && at + c.size == bytes.size() && static_cast<unsigned char>(bytes[at]) >= 0xC2 &&
                static_cast<unsigned char>(bytes[at]) <= 0xF4;
    at = find_non_ascii(bytes, at + c.size);
  }
  return n;
}

Decoded from_utf8(std::string_view bytes) {
  Decoded d{{}, "utf-8", 0};
  d.text.reserve(bytes.size());
  for (size_t at = 0; at < bytes.size();) {
    const size_t other = find_non_ascii(bytes, at);
    d.text.append(bytes.substr(at, other - at));
    at = other;
    if (at == bytes.size()) break;
    const Utf8Char c = utf8_at(bytes, at);
    if (c.well_formed) {
      d.text.append(bytes.substr(at, c.size));
    } else {
      append_utf8(kReplacement, &d.text);
      ++d.replaced;
    }
    at += c.size;
  }
  return d;
}

// UTF-16 and UTF-32 by hand: few lines, and their mistakes (lone surrogates, a byte too few) are counted as we want.
template <int kWidth>
char32_t unit(std::string_view bytes, size_t at, bool big) {
  char32_t v = 0;
  for (int i = 0; i < kWidth; ++i) {
    const size_t from = at + static_cast<size_t>(big ? i : kWidth - 1 - i);
    v = (v << 8) | static_cast<unsigned char>(bytes[from]);
  }
  return v;
}

Decoded from_utf16(std::string_view bytes, bool big) {
  Decoded d{{}, big ? "utf-16be" : "utf-16le", 0};
  size_t at = 0;
  while (at + 2 <= bytes.size()) {
    char32_t c = unit<2>(bytes, at, big);
    at += 2;
    if (c >= 0xD800 && c < 0xE000) {
      const char32_t low = c < 0xDC00 && at + 2 <= bytes.size() ? unit<2>(bytes, at, big) : 0;
      if (low >= 0xDC00 && low < 0xE000) {
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
        at += 2;
      } else {
        c = kReplacement;
        ++d.replaced;
      }
    }
    append_utf8(c, &d.text);
  }
  if (at < bytes.size()) {
    append_utf8(kReplacement, &d.text);
    ++d.replaced;
  }
  return d;
}

Decoded from_utf32(std::string_view bytes, bool big) {
  Decoded d{{}, big ? "utf-32be" : "utf-32le", 0};
  for (size_t at = 0; at < bytes.size(); at += 4) {
    char32_t c = at + 4 <= bytes.size() ? unit<4>(bytes, at, big) : 0x110000;
    if (c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) {
      c = kReplacement;
      ++d.replaced;
    }
    append_utf8(c, &d.text);
  }
  return d;
}

bool from_charset(std::string_view bytes, const std::string& charset, Decoded* out) {
  if (charset == "utf-8") {
    *out = from_utf8(bytes);
  } else if (charset == "utf-16le" || charset == "utf-16be") {
    *out = from_utf16(bytes, charset.ends_with("be"));
  } else if (charset == "utf-32le" || charset == "utf-32be") {
    *out = from_utf32(bytes, charset.ends_with("be"));
  } else {
    return decode_charset(bytes, charset, out);
  }
  return true;
}

bool is_wide(std::string_view charset) { return charset.starts_with("utf-16") || charset.starts_with("utf-32"); }

// UTF-16 without a byte-order mark: in text, nearly every other byte is zero and the bytes between are not.
std::string guess_utf16(std::string_view bytes) {
  const size_t n = std::min(bytes.size(), size_t{4096}) / 2;
  if (n < 2) return {};
  size_t zero[2] = {0, 0};
  for (size_t i = 0; i < 2 * n; ++i) zero[i % 2] += bytes[i] == '\0';
  if (zero[1] * 10 >= n * 6 && zero[0] * 20 <= n) return "utf-16le";
  if (zero[0] * 10 >= n * 6 && zero[1] * 20 <= n) return "utf-16be";
  return {};
}

// A single byte above 0x7F that stands within no word: damage, not a letter of another charset.
bool is_lone_byte(std::string_view bytes) {
  const size_t at = find_non_ascii(bytes, 0);
  if (at == bytes.size() || find_non_ascii(bytes, at + 1) < bytes.size()) return false;
  return !(at > 0 && is_letter(bytes[at - 1])) && !(at + 1 < bytes.size() && is_letter(bytes[at + 1]));
}

// Whether runs of bytes above 0x7F are those of a Latin charset: short, and at an ASCII letter, as in "Gr\xF6\xDFe".
// One byte by itself is a sign in every charset.
bool looks_latin(std::string_view bytes) {
  constexpr std::string_view kNeverLatin = "\x81\x82\x83\x84\x8D\x8F\x90\x9D";  // control, or Shift_JIS's kana
  size_t runs = 0, latin = 0;
  for (size_t at = find_non_ascii(bytes, 0); at < bytes.size(); at = find_non_ascii(bytes, at)) {
    const size_t start = at;
    while (at < bytes.size() && static_cast<unsigned char>(bytes[at]) >= 0x80) ++at;
    const bool touches = (start > 0 && is_letter(bytes[start - 1])) || (at < bytes.size() && is_letter(bytes[at]));
    if (at - start == 1 && !touches) continue;
    ++runs;
    latin += at - start <= 2 && touches && kNeverLatin.find(bytes[start]) == std::string_view::npos;
  }
  return latin * 10 >= runs * 7;
}

bool is_latin(std::string_view charset) {
  for (const std::string_view one : {"windows-1252", "windows-1250", "windows-1254", "windows-1257", "windows-1258",
                                     "iso-8859-2", "iso-8859-15", "iso-8859-13", "macintosh", "iso-8859-4"}) {
    if (charset == one) return true;
  }
  return false;
}

// What ICU's detector finds likely and can be: never UTF-16, which is told by its zero bytes, nor EBCDIC; of a text
// that is Latin with some accents only what is Latin, and of few accents only what is most used.
bool guess(std::string_view bytes, Decoded* out) {
  if (const std::string escaped = iso_2022_by_escapes(bytes); !escaped.empty()) {
    return from_charset(bytes, escaped, out);
  }
  const size_t first = find_non_ascii(bytes, 0);
  const std::string_view sample = bytes.substr(first > kDetectBytes / 2 ? first - kDetectBytes / 2 : 0, kDetectBytes);
  const bool latin = looks_latin(sample);
  const auto high = static_cast<size_t>(std::count_if(sample.begin(), sample.end(), [](char c) { return c < 0; }));
  if (latin && high < kFewHighBytes) return from_charset(bytes, "windows-1252", out);
  for (const std::string& name : icu::detect_charsets(sample, kMinConfidence)) {
    const std::string charset = charset_of_label(name);
    if (charset == "utf-8" || is_wide(charset) || charset.starts_with("ibm4") || (latin && !is_latin(charset))) {
      continue;
    }
    if (from_charset(bytes, charset, out) && out->replaced * 20 <= high) return true;
  }
  return from_charset(bytes, "windows-1252", out);
}

// Whether bytes that are not well-formed UTF-8 are meant as it: a damaged place or a cut end does not make it another
// charset, and in another charset well-formed sequences are chance. In Latin ones they do not happen: "Ã©".
bool is_damaged_utf8(const Utf8Count& n, std::string_view bytes) {
  if (n.errors == 0 || n.sequences == 0) return false;
  const uint64_t errors = n.errors - n.cut_end;
  return n.weight >= 4 * errors || (n.sequences >= errors && looks_latin(bytes));
}

// Whether well-formed UTF-8 can be a text of `charset` by chance: not in Latin ones, where it would read "Ã©"; in
// others if it is short.
bool may_be_chance(const Utf8Count& n, std::string_view charset) {
  return n.sequences == 0 || (n.sequences < kFewSequences && n.weight < kFewWeight && !is_latin(charset));
}

}  // namespace

bool is_charset(std::string_view label) {
  const std::string charset = charset_of_label(label);
  Decoded out;
  return !charset.empty() && from_charset("a", charset, &out);
}

base::Result<Decoded> decode(std::string_view bytes, std::string_view charset_hint) {
  using namespace std::string_view_literals;
  // UTF-32's little-endian mark begins with UTF-16's.
  if (bytes.starts_with("\xFF\xFE\0\0"sv) && bytes.size() % 4 == 0) return from_utf32(bytes.substr(4), false);
  if (bytes.starts_with("\0\0\xFE\xFF"sv)) return from_utf32(bytes.substr(4), true);
  if (bytes.starts_with("\xEF\xBB\xBF"sv)) return from_utf8(bytes.substr(3));
  if (bytes.starts_with("\xFF\xFE"sv)) return from_utf16(bytes.substr(2), false);
  if (bytes.starts_with("\xFE\xFF"sv)) return from_utf16(bytes.substr(2), true);

  const std::string label = charset_of_label(charset_hint);
  const bool has_zeros = bytes.find('\0') != std::string_view::npos;
  Decoded out, guessed;
  if (is_wide(label) && has_zeros) {
    // A label's "utf-16" is little-endian unless the zeros say otherwise.
    const std::string wide = label.starts_with("utf-16") ? guess_utf16(bytes) : "";
    from_charset(bytes, wide.empty() ? label : wide, &out);
    return out;
  }
  if (const std::string wide = guess_utf16(bytes); !wide.empty()) return from_utf16(bytes, wide == "utf-16be");

  const Utf8Count n = count_utf8(bytes);
  const bool is_utf8 = (n.errors == 0 && n.sequences > 0) || is_damaged_utf8(n, bytes);
  const bool stateful = label.starts_with("iso-2022") || label.starts_with("hz");
  const bool seven_bit = n.errors == 0 && n.sequences == 0;
  if (seven_bit && !stateful && label != "utf-7") {
    if (!iso_2022_by_escapes(bytes).empty() && guess(bytes, &guessed) && guessed.replaced == 0) return guessed;
    // Where a charset is ASCII below 0x80, its name is kept: the page says so.
    if (label.empty() || label == "utf-8" || is_wide(label) || !from_charset(bytes, label, &out)) {
      return from_utf8(bytes);
    }
    return out;
  }
  const bool stated = !label.empty() && label != "utf-8" && !is_wide(label) && from_charset(bytes, label, &out);
  if (is_utf8 && (!stated || !may_be_chance(n, label))) return from_utf8(bytes);
  if (label == "utf-8" && n.errors == 1 && (n.cut_end || is_lone_byte(bytes))) return from_utf8(bytes);
  if (is_wide(label) && !is_utf8 && from_charset(bytes, label, &out) && out.replaced == 0) return out;
  const uint64_t written = seven_bit ? bytes.size() : n.high_bytes;
  if (stated && (out.replaced < kDisproved || out.replaced * kDisproved <= written)) return out;
  if (is_utf8) return from_utf8(bytes);
  guess(bytes, &guessed);
  if (stated && guessed.replaced * 4 >= out.replaced) return out;
  return guessed;
}

}  // namespace tarn::text
