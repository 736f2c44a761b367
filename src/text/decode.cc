#include <algorithm>
#include <string>

#include "text/analyzer.h"
#include "text/icu.h"
#include "text/utf8.h"

namespace tarn::text {
namespace {

constexpr int kMinConfidence = 10;  // of ICU's detector, which gives 10 to short Latin text
constexpr size_t kDetectBytes = size_t{64} << 10;

struct Utf8Count {
  uint64_t sequences = 0, errors = 0;  // well-formed ones of two bytes and more; ill-formed ones
};

Utf8Count count_utf8(std::string_view bytes) {
  Utf8Count n;
  for (size_t at = find_non_ascii(bytes, 0); at < bytes.size();) {
    const Utf8Char c = utf8_at(bytes, at);
    ++(c.well_formed ? n.sequences : n.errors);
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

std::string lower(std::string_view label) {
  std::string out;
  for (const char c : label) {
    if (c == ' ' || c == '\t' || c == '"' || c == '\'') continue;
    out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c == '_' ? '-' : c);
  }
  return out;
}

// What a label means on the web (WHATWG Encoding, section 4.2): Latin-1 and ASCII are read as windows-1252, "utf-16" as little-endian.
std::string meaning(std::string label) {
  for (const std::string_view s :
       {"iso-8859-1", "iso8859-1", "latin1", "latin-1", "l1", "us-ascii", "ascii", "ansi", "cp1252", "x-cp1252"}) {
    if (label == s) return "windows-1252";
  }
  if (label == "utf8") return "utf-8";
  if (label == "utf-16" || label == "utf16" || label == "utf16le" || label == "unicode" || label == "ucs-2")
    return "utf-16le";
  if (label == "utf16be") return "utf-16be";
  if (label == "utf-32" || label == "utf32") return "utf-32le";
  if (label == "shift-jis" || label == "sjis") return "shift_jis";
  return label;
}

bool from_charset(std::string_view bytes, const std::string& charset, Decoded* out) {
  if (charset == "utf-8") {
    *out = from_utf8(bytes);
  } else if (charset == "utf-16le" || charset == "utf-16be") {
    *out = from_utf16(bytes, charset.ends_with("be"));
  } else if (charset == "utf-32le" || charset == "utf-32be") {
    *out = from_utf32(bytes, charset.ends_with("be"));
  } else {
    out->charset = charset;
    return icu::to_utf8(bytes, charset, &out->text, &out->replaced);
  }
  return true;
}

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

}  // namespace

base::Result<Decoded> decode(std::string_view bytes, std::string_view charset_hint) {
  using namespace std::string_view_literals;
  // UTF-32's little-endian mark begins with UTF-16's.
  if (bytes.starts_with("\xFF\xFE\0\0"sv) && bytes.size() % 4 == 0) return from_utf32(bytes.substr(4), false);
  if (bytes.starts_with("\0\0\xFE\xFF"sv)) return from_utf32(bytes.substr(4), true);
  if (bytes.starts_with("\xEF\xBB\xBF"sv)) return from_utf8(bytes.substr(3));
  if (bytes.starts_with("\xFF\xFE"sv)) return from_utf16(bytes.substr(2), false);
  if (bytes.starts_with("\xFE\xFF"sv)) return from_utf16(bytes.substr(2), true);

  Decoded out;
  if (const std::string hint = meaning(lower(charset_hint)); !hint.empty() && from_charset(bytes, hint, &out))
    return out;

  if (const std::string wide = guess_utf16(bytes); !wide.empty()) return from_utf16(bytes, wide == "utf-16be");
  const Utf8Count n = count_utf8(bytes);
  // A damaged place or two do not make UTF-8 another charset; in another charset well-formed sequences are chance.
  if (n.errors == 0 || n.sequences >= 4 * n.errors) return from_utf8(bytes);

  const size_t first = find_non_ascii(bytes, 0);
  const std::string_view sample = bytes.substr(first > kDetectBytes / 2 ? first - kDetectBytes / 2 : 0, kDetectBytes);
  const std::string found = meaning(lower(icu::detect_charset(sample, kMinConfidence)));
  if (!found.empty() && found != "utf-8" && from_charset(bytes, found, &out)) return out;
  out = {};
  if (!from_charset(bytes, "windows-1252", &out)) return from_utf8(bytes);
  return out;
}

}  // namespace tarn::text
